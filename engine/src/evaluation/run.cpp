// SPDX-License-Identifier: Apache-2.0
// The evaluator's core: dispatch, frames, memo, limits.
#include "evaluation/run.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "diagnostics/catalogue.h"
#include "evaluation/show.h"
#include "evaluation/text_case.h"

namespace vigil {
namespace {

/// Nested evaluation beyond this is refused (VGL0910): it protects the stack; definitions nest by the tens.
constexpr uint32_t kMaxDepth = 1200;
constexpr uint32_t kMaxOperandsOnStack = 16;
/// Steps between two questions whether the caller has time: some tens of microseconds, a thousand times what asking
/// takes.
constexpr uint64_t kStepsBetweenLooks = 4096;

/// Room for operands that are made one by one: most operators have one or two.
union OperandStorage {
  OperandStorage() {}
  Value values[kMaxOperandsOnStack];
};

constexpr Value kNothing;  ///< where the elements of an empty list would begin

}  // namespace

Run::Run(const Program& program, const EvaluateOptions& options)
    : program_(program),
      code_(program.instructions.data()),
      operands_(program.operands.data()),
      constants_(program.constants.data()),
      options_(options),
      arena_(options.max_bytes) {
  definitions_.resize(program.definitions.size());
  retrieves_.resize(program.retrieves.size());
  parameters_.resize(program.parameters.size());
  frame_.resize(256);
}

void Run::begin(const Snapshot& snapshot, const Temporal& now, const Trigger* trigger) {
  // Elements stand in the slots of a plan: by another they would be taken for one another.
  if (const auto plan = snapshot.plan_digest(); plan != 0 && plan != program_.read_plan.digest())
    throw std::invalid_argument("the snapshot was read by the plan of another rulebook");
  ++generation_;
  keep_or_forget(now);
  snapshot_ = &snapshot;
  static const auto kPatient = model::find_type("Patient");
  patient_stamp_ = follows_ ? snapshot.stamp(kPatient) : 0;
  trigger_ = trigger;
  now_ = now;
  steps_ = 0;
  steps_before_ = 0;
  stopped_ = false;
  steps_to_look_ = next_look();
  depth_ = 0;
  base_ = 0;
  top_ = 0;
  scratch_.clear();
  maybe_.clear();
  errors_.clear();
  text_.clear();
  arena_.set_limit(kept_bytes_ + options_.max_bytes);
}

void Run::begin_part() {
  steps_before_ += steps_;
  steps_ = steps_before_ < kParts * options_.max_steps ? 0 : options_.max_steps;
  steps_to_look_ = is_stopped() ? 0 : next_look();
  arena_.set_limit(std::min(arena_.bytes_used() + options_.max_bytes, kept_bytes_ + kParts * options_.max_bytes));
}

uint64_t Run::next_look() const {
  return options_.stop ? std::min(options_.max_steps, steps_ + kStepsBetweenLooks) : options_.max_steps;
}

void Run::look_at_limits(InstructionId id) {
  if (steps_ > options_.max_steps)
    fail(make_diagnostic<Code::VGL0904>(program_.spans[id.value], std::to_string(options_.max_steps)));
  if (arena_.exceeded())
    fail(make_diagnostic<Code::VGL0905>(program_.spans[id.value], std::to_string(options_.max_bytes)));
  if (is_stopped()) {
    steps_to_look_ = 0;
    fail(make_diagnostic<Code::VGL0915>(program_.spans[id.value]));
  }
  steps_to_look_ = next_look();
}

/// What an operator that failed was given.
void Run::name_operands(EvaluationError& error, const Call& call) const {
  if (!error.diagnostic.hint.empty() || call.count == 0) return;
  constexpr size_t kMaxText = 60;
  std::string text;
  for (uint32_t i = 0; i < call.count; ++i) {
    auto one = to_cql(program_, call[i], model::kAny);
    if (one.size() > kMaxText) one = one.substr(0, byte_of_code_point(one, kMaxText)) + " ...";
    text += (i == 0 ? "" : ", ") + one;
  }
  error.diagnostic.hint = (call.count == 1 ? "its operand is " : "its operands are ") + text;
}

Value Run::call_function(OperatorFunction function, const Call& call, bool undetermined) try {
  auto result = function(*this, call);
  if (undetermined) result.flags = static_cast<uint8_t>(result.flags | Value::kUndetermined);
  return result;
} catch (EvaluationError& error) {
  name_operands(error, call);
  throw;
}

Value Run::evaluate_function(InstructionId id, const Instruction& x) {
  const auto& entry = kOperators[static_cast<size_t>(x.op)];
  OperandStorage storage;
  auto* const operands = storage.values;
  uint8_t flags = 0;
  bool any_null = false;
  bool any_uncertain = false;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    ::new (static_cast<void*>(operands + i)) Value(evaluate(operand(x, i)));
    flags = static_cast<uint8_t>(flags | operands[i].flags);
    any_null = any_null || operands[i].is_null();
    any_uncertain = any_uncertain || operands[i].kind == Kind::kUncertain;
  }
  if (entry.skips_nulls && x.operand_count > 0 && operands[0].kind == Kind::kList)
    for (const auto& element : operands[0])
      flags = static_cast<uint8_t>(flags | (element.is_null() ? Value::kUndetermined : 0));
  if (entry.decides_null && any_null) flags = Value::kUndetermined;
  const bool undetermined = flags != 0;
  if (entry.policy == typed::Policy::kStrict && any_null)
    return Value::null().with_flags(undetermined ? uint8_t{Value::kUndetermined} : uint8_t{0});
  if (any_uncertain) [[unlikely]]
    return evaluate_uncertain(id, x, operands).with_flags(undetermined ? uint8_t{Value::kUndetermined} : uint8_t{0});
  return call_function(entry.function,
                       {operands, x.operand_count, x.a, x.b, program_.types[id.value], program_.spans[id.value]},
                       undetermined && entry.policy != typed::Policy::kDetermined);
}

[[gnu::always_inline]] inline Value Run::dispatch(InstructionId id, const Instruction& x) {
  switch (x.op) {
    case Op::kDefinition: return definition(x.a);
    case Op::kParameter: return evaluate_parameter(id, x);
    case Op::kCallFunction: return evaluate_call(id, x);
    case Op::kProperty: return evaluate_property(x);
    case Op::kTraverseProperty: return evaluate_traverse(x);
    case Op::kTupleElement: {
      const auto tuple = evaluate(program_.operand(x, 0));
      return tuple.is_null() ? tuple : tuple.tuple->slots[x.a].with_flags(tuple.flags);
    }
    case Op::kSystemElement: return evaluate_system_element(x);
    case Op::kRetrieve: return retrieve(x.a);
    case Op::kTableRows: return evaluate_table(x);
    case Op::kQuery: return evaluate_query(program_.queries[x.a]);
    case Op::kIf: return evaluate_if(x);
    case Op::kCase: return evaluate_case(x);
    case Op::kAnd: return evaluate_and_or(x, true);
    case Op::kOr: return evaluate_and_or(x, false);
    case Op::kXor: return evaluate_xor(x);
    case Op::kImplies: return evaluate_implies(x);
    case Op::kCoalesce: return evaluate_coalesce(x);
    case Op::kMakeList: return evaluate_make_list(x);
    case Op::kMakeTuple: return evaluate_make_tuple(id, x);
    case Op::kMakeInterval: return evaluate_make_interval(id, x);
    case Op::kMakeObject: return evaluate_make_object(x);
    case Op::kIs:
    case Op::kAs:
    case Op::kCast: return evaluate_type_test(id, x);
    case Op::kToSystem: return to_system(evaluate(program_.operand(x, 0)), static_cast<Kind>(x.a));
    case Op::kToFhir: return evaluate_to_fhir(x);
    case Op::kConvertElements: return evaluate_convert_elements(x);
    case Op::kTemplate: return evaluate_template(x);
    case Op::kNow: return Value::of(Kind::kDateTime, now());
    case Op::kToday: return Value::of(Kind::kDate, today());
    case Op::kTimeOfDay: return Value::of(Kind::kTime, time_from(now()).value_or(Temporal{}));
    case Op::kPatient: return evaluate_patient();
    default: return evaluate_function(id, x);
  }
}

namespace {

/// Counts nested steps. A guard, so that evaluate_step makes its result where the caller wants it: a value just made is
/// slow to copy.
class DepthGuard {
 public:
  explicit DepthGuard(uint32_t& depth) : depth_(depth) { ++depth_; }
  ~DepthGuard() { --depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  uint32_t& depth_;
};

}  // namespace

/// One operation.
Value Run::evaluate_step(InstructionId id, const Instruction& x) {
  if (x.op == Op::kMakeList && x.b != 0) return constants_[x.b - 1];
  count_step(id);
  if (depth_ >= kMaxDepth) [[unlikely]]
    fail(make_diagnostic<Code::VGL0910>(program_.spans[id.value], std::to_string(kMaxDepth)));
  const DepthGuard guard(depth_);
  return dispatch(id, x);
}

const Value& Run::definition(uint32_t index) {
  auto& memo = definitions_[index];
  if (memo.generation == generation_) {
    shorten(memo.horizon);
    if (memo.state == Memo::State::kFailed) throw EvaluationError{errors_[memo.error]};
    return memo.value;
  }
  const auto& plan = program_.definitions[index];
  if (follows_ && still_holds(memo, plan)) {
    shorten(memo.horizon);
    memo.generation = generation_;
    return memo.value;
  }
  const HorizonOfPart part(*this);
  const Frame frame(*this, plan.frame_size);
  const auto scratch = scratch_.size();
  const auto maybe = maybe_.size();
  try {
    ::new (static_cast<void*>(&memo.value)) Value(evaluate(plan.body));
    memo.state = Memo::State::kDone;
    if (follows_) memo.stamp = stamp_of(plan);
  } catch (const EvaluationError& error) {
    memo.horizon = horizon_;
    scratch_.resize(scratch);
    maybe_.resize(maybe);
    memo.state = Memo::State::kFailed;
    memo.error = static_cast<uint32_t>(errors_.size());
    auto diagnostic = error.diagnostic;
    if (diagnostic.labels.size() < 8)
      diagnostic.label(program_.module.definitions[index].span,
                       "while evaluating `" + program_.module.definitions[index].name + "`");
    errors_.push_back(std::move(diagnostic));
    memo.generation = generation_;
    throw EvaluationError{errors_.back()};
  }
  memo.horizon = horizon_;
  memo.generation = generation_;
  return memo.value;
}

Value Run::evaluate_parameter(InstructionId id, const Instruction& x) {
  auto& memo = parameters_[x.a];
  if (memo.generation == generation_) {
    shorten(memo.horizon);
    return memo.value;
  }
  const auto& plan = program_.parameters[x.a];
  if (!plan.value) fail(make_diagnostic<Code::VGL0907>(program_.spans[id.value], program_.module.parameters[x.a].name));
  const HorizonOfPart part(*this);
  const Frame frame(*this, plan.frame_size);
  memo.value = evaluate(plan.value);
  memo.horizon = horizon_;
  memo.generation = generation_;
  return memo.value;
}

Value Run::evaluate_call(InstructionId id, const Instruction& x) {
  (void)id;
  const auto& function = program_.functions[x.a];
  if (x.operand_count == 1) {
    const auto argument = evaluate(operand(x, 0));
    const Frame frame(*this, function.frame_size);
    local(0) = argument;
    return evaluate(function.body);
  }
  const auto mark = scratch_.size();
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto argument = evaluate(operand(x, i));
    scratch_.push_back(argument);
  }
  const Frame frame(*this, function.frame_size);
  for (uint32_t i = 0; i < x.operand_count; ++i) local(i) = scratch_[mark + i];
  scratch_.resize(mark);
  return evaluate(function.body);
}

Value Run::make_list(std::span<const Value> elements, uint8_t flags) {
  auto* copy = arena_.array<Value>(elements.size());
  std::copy(elements.begin(), elements.end(), copy);
  return Value::of(copy, static_cast<uint32_t>(elements.size())).with_flags(flags);
}

Value Run::finish_list(size_t mark, uint8_t flags) {
  const auto list = make_list({scratch_.data() + mark, scratch_.size() - mark}, flags);
  scratch_.resize(mark);
  return list;
}

Value Run::finish_list(size_t mark, size_t maybe_mark, uint8_t flags) {
  constexpr size_t kMaxPossible = UINT16_MAX;
  const auto count = scratch_.size() - mark;
  auto possible = maybe_.size() - maybe_mark;
  if (count + possible == 0) return Value::of(&kNothing, 0).with_flags(flags);
  if (possible > 0) flags = static_cast<uint8_t>(flags | Value::kUndetermined);
  if (possible > kMaxPossible) {
    flags = static_cast<uint8_t>(flags | Value::kOpen);
    possible = kMaxPossible;
  }
  auto* elements = arena_.array<Value>(count + possible);
  std::copy_n(scratch_.begin() + static_cast<ptrdiff_t>(mark), count, elements);
  std::copy_n(maybe_.begin() + static_cast<ptrdiff_t>(maybe_mark), possible, elements + count);
  scratch_.resize(mark);
  maybe_.resize(maybe_mark);
  auto list = Value::of(elements, static_cast<uint32_t>(count)).with_flags(flags);
  list.fhir_type = static_cast<uint16_t>(possible);
  return list;
}

Value Run::make_code(ConceptId id) {
  const auto info = snapshot_->concept_info(id);
  return Value::of(
      static_cast<const CodeValue*>(arena_.make<CodeValue>(CodeValue{info.code, info.system, {}, info.display, id})));
}

}  // namespace vigil
