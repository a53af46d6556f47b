// SPDX-License-Identifier: Apache-2.0
// Logical operators and conditionals: three-valued as CQL defines them, lazily, with determinacy beside.
//
// A Boolean here is true, false or null, and may be undetermined. Kleene's tables tell whether the other operands could
// change the result: `false and x` is false whatever x becomes, if that false is determined.
#include "evaluation/run.h"

namespace vigil {
namespace {

constexpr uint8_t kUndetermined = Value::kUndetermined;

/// For a list: it may be another list altogether.
uint8_t flag(bool undetermined) {
  return undetermined ? static_cast<uint8_t>(kUndetermined | Value::kOpen) : uint8_t{0};
}

}  // namespace

Value Run::evaluate_and_or(const Instruction& x, bool is_and) {
  // `deciding` decides alone: false for `and`, true for `or`.
  bool any_null = false;
  bool undetermined = false;
  bool decided = false;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto value = evaluate(program_.operand(x, i));
    if (value.is_null()) {
      any_null = true;
      undetermined = undetermined || value.undetermined();
    } else if (value.boolean != is_and) {
      if (!value.undetermined()) return Value::of(!is_and);
      decided = true;
      undetermined = true;
    } else {
      undetermined = undetermined || value.undetermined();
    }
  }
  if (decided) return Value::of(!is_and).with_flags(kUndetermined);
  if (any_null) return Value::null().with_flags(flag(undetermined));
  return Value::of(is_and).with_flags(flag(undetermined));
}

Value Run::evaluate_xor(const Instruction& x) {
  const auto a = evaluate(program_.operand(x, 0));
  const auto b = evaluate(program_.operand(x, 1));
  const auto flags = flag(a.undetermined() || b.undetermined());
  if (a.is_null() || b.is_null()) return Value::null().with_flags(flags);
  return Value::of(a.boolean != b.boolean).with_flags(flags);
}

Value Run::evaluate_implies(const Instruction& x) {
  const auto a = evaluate(program_.operand(x, 0));
  if (a.is_false() && !a.undetermined()) return Value::of(true);
  const auto b = evaluate(program_.operand(x, 1));
  if (b.is_true() && !b.undetermined()) return Value::of(true);
  const auto flags = flag(a.undetermined() || b.undetermined());
  if (a.is_false() || b.is_true()) return Value::of(true).with_flags(flags);
  if (a.is_null() || b.is_null()) return Value::null().with_flags(flags);
  return Value::of(false).with_flags(flags);
}

/// A value in whose place another could stand: of a list, no element is certain.
Value Run::another_possible(const Value& value) {
  if (value.kind != Kind::kList) return value.with_flags(flag(true));
  const auto mark = scratch_.size();
  for (const auto& element : value) scratch_.push_back(element.with_flags(Value::kPresence));
  return finish_list(mark, static_cast<uint8_t>(flag(true) | Value::kUndeterminedElements));
}

Value Run::evaluate_if(const Instruction& x) {
  const auto condition = evaluate(program_.operand(x, 0));
  const auto value = evaluate(program_.operand(x, condition.is_true() ? 1 : 2));
  // A null condition takes `else` (CQL 1.5, If), but the datum that made it null could take the other branch.
  return condition.undetermined() || condition.is_null() ? another_possible(value) : value;
}

Value Run::evaluate_case(const Instruction& x) {
  bool undetermined = false;
  for (uint32_t i = 0; i + 1 < x.operand_count; i += 2) {
    const auto condition = evaluate(program_.operand(x, i));
    undetermined = undetermined || condition.undetermined() || condition.is_null();
    if (!condition.is_true()) continue;
    const auto value = evaluate(program_.operand(x, i + 1));
    return undetermined ? another_possible(value) : value;
  }
  const auto value = evaluate(program_.operand(x, x.operand_count - 1u));
  return undetermined ? another_possible(value) : value;
}

Value Run::evaluate_coalesce(const Instruction& x) {
  bool undetermined = false;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto value = evaluate(program_.operand(x, i));
    // A condition that is null is not known; an element that is null is known not to be there.
    const bool condition = program_.types[program_.operand(x, i).value] == model::kBoolean;
    undetermined = undetermined || value.undetermined() || (condition && value.is_null());
    if (!value.is_null()) return value.with_flags(flag(undetermined));
  }
  return Value::null().with_flags(flag(undetermined));
}

}  // namespace vigil
