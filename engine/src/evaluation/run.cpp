// SPDX-License-Identifier: Apache-2.0
// The evaluator's core: dispatch, frames, memo, limits.
#include "evaluation/run.h"

#include <algorithm>

#include "diagnostics/catalogue.h"

namespace vigil {
namespace {

/// Nested evaluation beyond this is refused (VGL0910): it protects the stack; definitions nest by the tens.
constexpr uint32_t kMaxDepth = 1200;
constexpr uint32_t kMaxOperandsOnStack = 16;

/// Aggregates leave nulls out (CQL 1.5, Aggregate Operators); what is missing could change them all the same.
bool skips_nulls(Op op) {
  switch (op) {
    case Op::kCount:
    case Op::kSum:
    case Op::kMin:
    case Op::kMax:
    case Op::kAvg:
    case Op::kMedian:
    case Op::kMode:
    case Op::kProduct:
    case Op::kGeometricMean:
    case Op::kVariance:
    case Op::kStdDev:
    case Op::kPopulationVariance:
    case Op::kPopulationStdDev:
    case Op::kCollapse:
    case Op::kExpand: return true;
    default: return false;
  }
}

}  // namespace

Run::Run(const Program& program, const EvaluateOptions& options)
    : program_(program), options_(options), arena_(options.max_bytes) {
  definitions_.resize(program.definitions.size());
  retrieves_.resize(program.retrieves.size());
  parameters_.resize(program.parameters.size());
  frame_.resize(256);
}

void Run::begin(const Snapshot& snapshot, const Temporal& now, const Trigger* trigger) {
  snapshot_ = &snapshot;
  trigger_ = trigger;
  now_ = now;
  ++generation_;
  steps_ = 0;
  depth_ = 0;
  base_ = 0;
  top_ = 0;
  scratch_.clear();
  maybe_.clear();
  errors_.clear();
  arena_.reset();
}

Run::Frame::Frame(Run& run, uint32_t size) : run_(run), old_base_(run.base_), old_top_(run.top_) {
  run.base_ = run.top_;
  run.top_ += size;
  if (run.frame_.size() < run.top_) run.frame_.resize(2 * static_cast<size_t>(run.top_));
}

Run::Frame::~Frame() {
  run_.base_ = old_base_;
  run_.top_ = old_top_;
}

void Run::count_step(InstructionId id) {
  if (++steps_ > options_.max_steps)
    fail(make_diagnostic<Code::VGL0904>(program_.spans[id.value], std::to_string(options_.max_steps)));
  if (arena_.exceeded())
    fail(make_diagnostic<Code::VGL0905>(program_.spans[id.value], std::to_string(options_.max_bytes)));
}

Value Run::evaluate(InstructionId id) {
  const auto& x = program_[id];
  switch (x.op) {
    case Op::kConstant: return program_.constants[x.a];
    case Op::kLocal: return frame_[base_ + x.a];
    default: break;
  }
  count_step(id);
  if (++depth_ > kMaxDepth) {
    depth_ = 0;
    fail(make_diagnostic<Code::VGL0910>(program_.spans[id.value], std::to_string(kMaxDepth)));
  }
  const auto value =
      typed::policy(x.op) == typed::Policy::kSpecial ? evaluate_special(id, x) : evaluate_function(id, x);
  --depth_;
  return value;
}

Value Run::evaluate_function(InstructionId id, const Instruction& x) {
  Value operands[kMaxOperandsOnStack];
  const auto policy = typed::policy(x.op);
  uint8_t flags = 0;
  bool any_null = false;
  bool any_uncertain = false;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    operands[i] = evaluate(program_.operand(x, i));
    flags = static_cast<uint8_t>(flags | operands[i].flags);
    any_null = any_null || operands[i].is_null();
    any_uncertain = any_uncertain || operands[i].kind == Kind::kUncertain;
  }
  if (skips_nulls(x.op) && operands[0].kind == Kind::kList)
    for (const auto& element : operands[0])
      flags = static_cast<uint8_t>(flags | (element.is_null() ? Value::kUndetermined : 0));
  // `x is true` of a null is false to CQL, but the datum that made it null could make it true.
  if ((x.op == Op::kIsTrue || x.op == Op::kIsFalse) && any_null) flags = Value::kUndetermined;
  const uint8_t undetermined = flags != 0 ? uint8_t{Value::kUndetermined} : uint8_t{0};
  if (policy == typed::Policy::kStrict && any_null) return Value::null().with_flags(undetermined);
  if (any_uncertain) return evaluate_uncertain(id, x, operands).with_flags(undetermined);
  const auto result = function_of(x.op)(
      *this, {operands, x.operand_count, x.a, x.b, program_.types[id.value], program_.spans[id.value]});
  return policy == typed::Policy::kDetermined ? result : result.with_flags(undetermined);
}

Value Run::evaluate_special(InstructionId id, const Instruction& x) {
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
    case Op::kMakeTuple: return evaluate_make_tuple(x);
    case Op::kMakeInterval: return evaluate_make_interval(id, x);
    case Op::kMakeObject: return evaluate_make_object(x);
    case Op::kIs:
    case Op::kAs:
    case Op::kCast: return evaluate_type_test(id, x);
    case Op::kToSystem: return to_system(evaluate(program_.operand(x, 0)), static_cast<Kind>(x.a));
    case Op::kToFhir: return evaluate_to_fhir(x);
    case Op::kConvertElements: return evaluate_convert_elements(x);
    case Op::kTemplate: return evaluate_template(x);
    case Op::kNow: return Value::of(Kind::kDateTime, now_);
    case Op::kToday: return Value::of(Kind::kDate, date_from(now_));
    case Op::kTimeOfDay: return Value::of(Kind::kTime, time_from(now_).value_or(Temporal{}));
    case Op::kPatient: return evaluate_patient();
    default: return Value::null();
  }
}

Condition Run::condition(InstructionId id) {
  const auto value = evaluate(id);
  if (value.is_null()) return {false, true};
  return {value.is_true(), value.undetermined()};
}

const Value& Run::definition(uint32_t index) {
  auto& memo = definitions_[index];
  if (memo.generation == generation_) {
    if (memo.state == Memo::State::kFailed) throw EvaluationError{errors_[memo.error]};
    return memo.value;
  }
  const auto& plan = program_.definitions[index];
  const Frame frame(*this, plan.frame_size);
  const auto depth = depth_;
  const auto scratch = scratch_.size();
  const auto maybe = maybe_.size();
  try {
    memo.value = evaluate(plan.body);
    memo.state = Memo::State::kDone;
  } catch (const EvaluationError& error) {
    depth_ = depth;
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
  memo.generation = generation_;
  return memo.value;
}

Value Run::evaluate_parameter(InstructionId id, const Instruction& x) {
  auto& memo = parameters_[x.a];
  if (memo.generation == generation_) return memo.value;
  const auto& plan = program_.parameters[x.a];
  if (!plan.value) fail(make_diagnostic<Code::VGL0907>(program_.spans[id.value], program_.module.parameters[x.a].name));
  const Frame frame(*this, plan.frame_size);
  memo.value = evaluate(plan.value);
  memo.generation = generation_;
  return memo.value;
}

Value Run::evaluate_call(InstructionId id, const Instruction& x) {
  (void)id;
  const auto& function = program_.functions[x.a];
  const auto mark = scratch_.size();
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto operand = evaluate(program_.operand(x, i));
    scratch_.push_back(operand);
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
