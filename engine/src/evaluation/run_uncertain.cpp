// SPDX-License-Identifier: Apache-2.0
// Operators on numbers known within a range only (CQL 1.5, language semantics, "Uncertainty"): what comes out of them
// is a range too, and a comparison is decided where the whole range decides it.
#include "evaluation/equality.h"
#include "evaluation/run.h"

namespace vigil {
namespace {

/// Operators whose least and greatest results lie at the ends of their operands' ranges.
bool keeps_ranges(Op op) {
  switch (op) {
    case Op::kAddInteger:
    case Op::kAddLong:
    case Op::kAddDecimal:
    case Op::kAddQuantity:
    case Op::kSubtractInteger:
    case Op::kSubtractLong:
    case Op::kSubtractDecimal:
    case Op::kSubtractQuantity:
    case Op::kMultiplyInteger:
    case Op::kMultiplyLong:
    case Op::kMultiplyDecimal:
    case Op::kMultiplyQuantity:
    case Op::kNegateInteger:
    case Op::kNegateLong:
    case Op::kNegateDecimal:
    case Op::kNegateQuantity:
    case Op::kConvertIntegerToLong:
    case Op::kConvertIntegerToDecimal:
    case Op::kConvertIntegerToQuantity:
    case Op::kConvertLongToDecimal:
    case Op::kConvertDecimalToQuantity: return true;
    default: return false;
  }
}

bool compares(Op op) {
  return op == Op::kLess || op == Op::kLessOrEqual || op == Op::kGreater || op == Op::kGreaterOrEqual;
}

const Value& end_of(const Value& v, bool low) {
  if (v.kind != Kind::kUncertain) return v;
  return low ? v.interval->low : v.interval->high;
}

}  // namespace

/// At least one operand is uncertain; operators have two operands at most where that has a meaning. All others are
/// null.
Value Run::evaluate_uncertain(InstructionId id, const Instruction& x, const Value* operands) {
  if (x.op == Op::kIsNull) return Value::of(false);
  if (x.op == Op::kEqual) {
    const auto result = equal(operands[0], operands[1], default_offset());
    return result == Truth::kUnknown ? Value::null() : Value::of(result == Truth::kTrue);
  }
  if (x.op == Op::kEquivalent) return Value::of(false);
  if ((!keeps_ranges(x.op) && !compares(x.op)) || x.operand_count > 2) return Value::null();
  Value least, greatest;
  for (uint32_t corner = 0; corner < (1U << x.operand_count); ++corner) {
    Value ends[2];
    for (uint32_t i = 0; i < x.operand_count; ++i) ends[i] = end_of(operands[i], (corner >> i & 1U) == 0);
    const auto one =
        function_of(x.op)(*this, {ends, x.operand_count, x.a, x.b, program_.types[id.value], program_.spans[id.value]});
    if (one.is_null()) return Value::null();
    if (corner == 0 || order(one, least, default_offset()) == Comparison::kLess) least = one;
    if (corner == 0 || order(one, greatest, default_offset()) == Comparison::kGreater) greatest = one;
  }
  if (order(least, greatest, default_offset()) == Comparison::kEqual) return least;
  if (compares(x.op)) return Value::null();
  return Value::of_uncertain(arena_.make<IntervalValue>(IntervalValue{least, greatest, true, true}));
}

}  // namespace vigil
