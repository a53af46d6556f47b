// SPDX-License-Identifier: Apache-2.0
// One evaluation of a program against a snapshot: lazy, memoised, reusing its memory from run to run.
#pragma once

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include <vigil/evaluate.h>

#include "evaluation/call.h"
#include "evaluation/function_ref.h"
#include "evaluation/pattern_cache.h"
#include "values/decimal.h"
#include "values/temporal.h"
#include "values/three_valued.h"

namespace vigil {

/// A run-time error of CQL (more than one element, a failed cast) or a limit: ends the definition or rule it stands in.
/// Thrown and caught inside the evaluation and alerts rooms only.
struct EvaluationError {
  Diagnostic diagnostic;
};

/// How a condition came out of a row: what CQL says, and whether data could make it otherwise.
struct Condition {
  bool holds = false;
  bool undetermined = false;
};

/// How long a value holds while the facts it was made of stay as they are. Later ones are shorter.
enum class Horizon : uint8_t {
  kTimeline,  ///< as long as the facts: making it did not look at the clock
  kDay,       ///< until midnight, by the offset of the evaluation: it asked for Today()
  kInstant,   ///< this evaluation only: it asked for Now(), or for the orders under review
};

/// Evaluates instructions. Not thread-safe; the program may be shared.
class Run {
 public:
  Run(const Program& program, const EvaluateOptions& options);

  /// Starts a run; what the run before made is gone, its memory stays. But while a timeline is followed, values of
  /// definitions stay as long as they hold.
  void begin(const Snapshot& snapshot, const Temporal& now, const Trigger* trigger);
  /// See Evaluator::follow_timeline().
  void follow_timeline();
  /// Starts a definition or rule that is asked for. Its limits are its own, so that one beyond them takes no other
  /// down; all together have kParts times as much.
  void begin_part();

  Value evaluate(InstructionId id) {
    const auto& x = code_[id.value];
    if (x.op == Op::kConstant) return constants_[x.a];
    if (x.op == Op::kLocal) return frame_[base_ + x.a];
    return evaluate_step(id, x);
  }
  /// The memoised value of a definition; throws the error again that it ended in.
  const Value& definition(uint32_t index);
  Condition condition(InstructionId id) {
    const auto value = evaluate(id);
    if (value.is_null()) return {false, true};
    return {value.is_true(), value.undetermined()};
  }

  /// Goes through the rows of a query: binds sources and lets, tests relationships and the condition, calls
  /// `row(undetermined)` for each row that holds; for a row that may be there though CQL has it not (its condition is
  /// null, its element only possible), `maybe()`. Returns true where a source may have elements that are not known at
  /// all.
  bool for_each_row(const QueryPlan& query, FunctionRef<void(bool)> row, FunctionRef<void()> maybe);

  /// Of names in texts that are filled from now on, in code points; see append_plain().
  void cut_names(uint32_t longest) { longest_name_ = longest; }

  // For operators.
  const Program& program() const { return program_; }
  const Snapshot& snapshot() const { return *snapshot_; }
  const KnowledgeBase& knowledge() const { return *program_.knowledge; }
  Arena& arena() { return arena_; }
  /// The clock. What is being evaluated then holds at this instant only.
  const Temporal& now() {
    shorten(Horizon::kInstant);
    return now_;
  }
  /// The date of the clock: what is being evaluated then holds this day only.
  Temporal today() {
    shorten(Horizon::kDay);
    return date_from(now_);
  }
  int default_offset() const { return now_.offset_minutes == Temporal::kNoOffset ? 0 : now_.offset_minutes; }
  /// An element of a FHIR object by id; null where it is not there. Debug builds hold that it was planned to be read:
  /// what graph/element_access.h forgets would be taken as missing from the data.
  Value element(const Object& object, uint32_t element) const {
    const auto slot = program_.slot(object.fhir_type, element);
    assert(slot < object.slot_count || !has_element(object, element));
    return slot < object.slot_count ? object.slots[slot] : Value();
  }
  const Fact* fact_of(const Object& resource) const;
  /// Whether a fact of the retrieve's type passes its code filter, or may.
  bool may_pass(const RetrievePlan& plan, const Fact& fact);
  /// Whether the knowledge base holds a code, or a rule names it.
  bool recognises(ConceptId id) const;
  Value make_list(std::span<const Value> elements, uint8_t flags = 0);
  Value make_code(ConceptId id);
  Value make_text(std::string_view text) { return Value::of(arena_.copy(text)); }
  /// A list under construction: push to this, then `finish_list(mark)`. Lists may nest.
  std::vector<Value>& scratch() { return scratch_; }
  Value finish_list(size_t mark, uint8_t flags = 0);
  /// The same with the possible elements pushed to `maybe()` since `maybe_mark` behind it; see Value::possible().
  Value finish_list(size_t mark, size_t maybe_mark, uint8_t flags);
  std::vector<Value>& maybe() { return maybe_; }
  PatternCache& patterns() { return patterns_; }
  [[noreturn]] void fail(Diagnostic diagnostic) const { throw EvaluationError{std::move(diagnostic)}; }
  /// A FHIR value as the System value of `kind`; null where it holds none.
  Value to_system(const Value& value, Kind kind);
  bool is_instance(const Value& value, model::TypeId type) const;
  bool is_instance(const TupleValue& tuple, const model::TypeNode& type) const;
  /// Whether a fact is in force: its status says so; undetermined where the status is missing, "unknown", "on-hold" or
  /// no code of FHIR.
  Condition is_active(const Fact& fact) const;

  /// Whether a fact is an order under review in this run.
  bool is_order(const Fact& fact) const;
  /// Whether an order under review is none that forbids something nor, of drafts, one that was taken back: cancelled,
  /// stopped, revoked or entered in error.
  bool asks_for_something(const Fact& fact) const;
  /// Whether a fact is in force or, of drafts under review, asks for something: what `current` takes.
  Condition is_current(const Fact& fact) const;
  /// What is being evaluated then holds at this instant only: at the next, other drafts are under review.
  void depends_on_trigger() { shorten(Horizon::kInstant); }

  /// Frames: a rule or definition has its locals from `base`.
  Value& local(uint32_t slot) { return frame_[base_ + slot]; }
  /// Opens a frame of `size` slots above the current one; the destructor closes it.
  class Frame {
   public:
    Frame(Run& run, uint32_t size) : run_(run), old_base_(run.base_), old_top_(run.top_) {
      run.base_ = run.top_;
      run.top_ += size;
      if (run.frame_.size() < run.top_) [[unlikely]]
        run.frame_.resize(2 * static_cast<size_t>(run.top_));
    }
    ~Frame() {
      run_.base_ = old_base_;
      run_.top_ = old_top_;
    }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

   private:
    Run& run_;
    uint32_t old_base_;
    uint32_t old_top_;
  };

 private:
  /// Whether the object's type has this element.
  bool has_element(const Object& object, uint32_t element) const;
  /// Of a request: that it asks to leave something undone.
  bool is_prohibition(const Fact& fact) const;
  struct Memo {
    Value value;
    uint64_t stamp = 0;  ///< of the facts a definition depends on, while a timeline is followed
    uint32_t generation = 0;
    Horizon horizon = Horizon::kTimeline;  ///< of making it
    enum class State : uint8_t { kDone, kFailed } state = State::kDone;
    uint32_t error = 0;
  };

  Value evaluate_step(InstructionId id, const Instruction& x);
  Value dispatch(InstructionId id, const Instruction& x);
  Value evaluate_function(InstructionId id, const Instruction& x);
  Value evaluate_uncertain(InstructionId id, const Instruction& x, const Value* operands);
  Value call_function(OperatorFunction function, const Call& call, bool undetermined);
  InstructionId operand(const Instruction& x, uint32_t i) const { return {operands_[x.first_operand + i]}; }
  Value evaluate_and_or(const Instruction& x, bool is_and);
  Value evaluate_xor(const Instruction& x);
  Value evaluate_implies(const Instruction& x);
  Value evaluate_if(const Instruction& x);
  Value evaluate_case(const Instruction& x);
  Value another_possible(const Value& value);
  Value evaluate_coalesce(const Instruction& x);
  Value evaluate_call(InstructionId id, const Instruction& x);
  Value evaluate_parameter(InstructionId id, const Instruction& x);
  Value evaluate_property(const Instruction& x);
  Value evaluate_traverse(const Instruction& x);
  Value evaluate_system_element(const Instruction& x);
  Value evaluate_convert_elements(const Instruction& x);
  Value evaluate_make_list(const Instruction& x);
  Value evaluate_make_tuple(InstructionId id, const Instruction& x);
  Value evaluate_make_interval(InstructionId id, const Instruction& x);
  Value evaluate_make_object(const Instruction& x);
  Value evaluate_to_fhir(const Instruction& x);
  Value evaluate_type_test(InstructionId id, const Instruction& x);
  Value evaluate_template(const Instruction& x);
  Value evaluate_table(const Instruction& x);
  Value evaluate_patient();

  // run_query.cpp
  Value evaluate_query(const QueryPlan& query);
  Value aggregate(const QueryPlan& query, size_t mark, bool open);
  bool sort_rows(const QueryPlan& query, size_t mark);
  struct RowState {
    bool undetermined = false;
    bool possible = false;
  };
  template <class Walk>
  Value source_value(Walk& walk, const SourcePlan& source, size_t number);
  template <class Walk>
  void walk_source(Walk& walk, size_t index, RowState row);
  template <class Walk>
  void walk_elements(Walk& walk, size_t index, const Value& value, RowState row);
  template <class Walk>
  void walk_probe(Walk& walk, size_t index, RowState row);
  template <class Walk>
  void walk_row(Walk& walk, RowState row);
  bool takes_place_of(const Object& order, const Object& request);
  bool belongs_to_row(const QueryPlan& query, size_t index, const Value& element);
  Condition related(const RelationshipPlan& relationship, const Value& value);

  // run_open_rows.cpp
  /// What concerns only rows that CQL does not have: where it ends in an error, that is none of the query's.
  Condition attempt(FunctionRef<Condition()> body);
  bool can_match(const TableProbe& probe, const std::vector<uint32_t>& unbound);
  bool can_hold(InstructionId id, const std::vector<uint32_t>& unbound);
  void bind_lets(const QueryPlan& query, std::vector<uint32_t>& unbound);
  bool can_have_rows(const QueryPlan& query, size_t index);

  // run_retrieve.cpp
  const Value& retrieve(uint32_t index);
  Value make_retrieve(const RetrievePlan& plan);
  Truth matches(const RetrievePlan& plan, const Value& terminology, const Fact& fact);
  Truth matches_element(const RetrievePlan& plan, const Value& terminology, const Fact& fact);
  bool holds_code(const RetrievePlan& plan, const Value& terminology, const Value& value) const;
  bool concept_matches(const RetrievePlan& plan, const Value& terminology, ConceptId id) const;
  void take_listed(const RetrievePlan& plan);
  void take_fact(const RetrievePlan& plan, const Fact& fact, Truth holds);

  // run_convert.cpp
  Value object_to_system(const Object& object, Kind kind);
  Value coding_to_code(const Object& coding);
  Value quantity_to_system(const Object& quantity);

  // run_reuse.cpp
  void shorten(Horizon horizon) { horizon_ = std::max(horizon_, horizon); }
  /// Tells apart the horizon of a part from that of the whole, which it shortens in the end.
  class HorizonOfPart {
   public:
    explicit HorizonOfPart(Run& run) : run_(run), outer_(std::exchange(run.horizon_, Horizon::kTimeline)) {}
    ~HorizonOfPart() { run_.shorten(outer_); }
    HorizonOfPart(const HorizonOfPart&) = delete;
    HorizonOfPart& operator=(const HorizonOfPart&) = delete;

   private:
    Run& run_;
    Horizon outer_;
  };
  void keep_or_forget(const Temporal& now);
  uint64_t stamp_of(const DefinitionPlan& plan) const;
  bool still_holds(const Memo& memo, const DefinitionPlan& plan) const;

  void name_operands(EvaluationError& error, const Call& call) const;
  void count_step(InstructionId id) {
    if (++steps_ > steps_to_look_ || arena_.exceeded()) [[unlikely]]
      look_at_limits(id);
  }
  void look_at_limits(InstructionId id);
  bool is_stopped() { return stopped_ = stopped_ || (options_.stop && options_.stop()); }
  uint64_t next_look() const;

  const Program& program_;
  const Instruction* code_;   ///< the program's
  const uint32_t* operands_;  ///< of the instructions
  const Value* constants_;
  EvaluateOptions options_;
  const Snapshot* snapshot_ = nullptr;
  const Trigger* trigger_ = nullptr;
  Temporal now_;
  uint32_t generation_ = 0;
  Horizon horizon_ = Horizon::kTimeline;  ///< of what is being evaluated
  uint64_t patient_stamp_ = 0;            ///< of the Patient, whom definitions ask for without a retrieve
  bool follows_ = false;                  ///< all snapshots since follow_timeline() are of one timeline
  bool starts_timeline_ = false;          ///< nothing was evaluated of it yet
  uint32_t oldest_kept_ = 0;              ///< generation of the first values still in the arena
  uint32_t oldest_of_day_ = 0;            ///< generation of the first values of this day
  size_t kept_bytes_ = 0;                 ///< of the arena, used by earlier runs
  static constexpr size_t kParts = 4;
  uint64_t steps_ = 0;
  uint64_t steps_before_ = 0;   ///< of parts that are done
  uint64_t steps_to_look_ = 0;  ///< behind so many steps limits are looked at
  bool stopped_ = false;        ///< the caller said so during this run
  uint32_t depth_ = 0;
  Arena arena_;
  std::vector<Value> frame_;
  uint32_t base_ = 0;
  uint32_t top_ = 0;
  std::vector<Value> scratch_;
  std::vector<Value> maybe_;
  std::vector<Memo> definitions_;
  std::vector<Memo> retrieves_;
  std::vector<Memo> parameters_;
  std::vector<Diagnostic> errors_;
  std::string text_;  ///< of the templates being filled, the inner one's at the end
  uint32_t longest_name_ = UINT32_MAX;
  PatternCache patterns_;
};

}  // namespace vigil
