// SPDX-License-Identifier: Apache-2.0
// Arithmetic on Integer, Long, Decimal and Quantity (CQL 1.5, B.6). What cannot be represented, and division by zero,
// is null.
#include "evaluation/results.h"

namespace vigil {
namespace {

Value integer_result(int32_t value, bool overflow) { return overflow ? Value::null() : Value::of(value); }
Value long_result(int64_t value, bool overflow) { return overflow ? Value::null() : Value::of_long(value); }

/// Integer `div` and `mod`: the least number divided by -1 overflows, its remainder is 0.
template <class Integer>
std::optional<Integer> divide(Integer a, Integer b) {
  if (b == 0 || (b == -1 && a == std::numeric_limits<Integer>::min())) return std::nullopt;
  return a / b;
}
template <class Integer>
std::optional<Integer> remainder(Integer a, Integer b) {
  if (b == 0) return std::nullopt;
  return b == -1 ? Integer{0} : a % b;
}
template <class Integer>
std::optional<Integer> negated(Integer a) {
  if (a == std::numeric_limits<Integer>::min()) return std::nullopt;
  return -a;
}
template <class Integer>
std::optional<Integer> magnitude(Integer a) {
  return a < 0 ? negated(a) : a;
}

Value to_value(std::optional<int32_t> i) { return i ? Value::of(*i) : Value::null(); }
Value to_long(std::optional<int64_t> i) { return i ? Value::of_long(*i) : Value::null(); }

}  // namespace

// CQL 1.5, B.6.2 Add.
Value op_AddInteger(Run&, const Call& call) {
  int32_t sum = 0;
  const bool overflow = __builtin_add_overflow(call[0].integer, call[1].integer, &sum);
  return integer_result(sum, overflow);
}
Value op_AddLong(Run&, const Call& call) {
  int64_t sum = 0;
  const bool overflow = __builtin_add_overflow(call[0].long_integer, call[1].long_integer, &sum);
  return long_result(sum, overflow);
}
Value op_AddDecimal(Run&, const Call& call) { return value_of(add(call[0].decimal, call[1].decimal)); }
Value op_AddQuantity(Run& run, const Call& call) { return value_of(run, add(*call[0].quantity, *call[1].quantity)); }

// CQL 1.5, B.6.22 Subtract.
Value op_SubtractInteger(Run&, const Call& call) {
  int32_t difference = 0;
  const bool overflow = __builtin_sub_overflow(call[0].integer, call[1].integer, &difference);
  return integer_result(difference, overflow);
}
Value op_SubtractLong(Run&, const Call& call) {
  int64_t difference = 0;
  const bool overflow = __builtin_sub_overflow(call[0].long_integer, call[1].long_integer, &difference);
  return long_result(difference, overflow);
}
Value op_SubtractDecimal(Run&, const Call& call) { return value_of(sub(call[0].decimal, call[1].decimal)); }
Value op_SubtractQuantity(Run& run, const Call& call) {
  return value_of(run, sub(*call[0].quantity, *call[1].quantity));
}

// CQL 1.5, B.6.15 Multiply.
Value op_MultiplyInteger(Run&, const Call& call) {
  int32_t product = 0;
  const bool overflow = __builtin_mul_overflow(call[0].integer, call[1].integer, &product);
  return integer_result(product, overflow);
}
Value op_MultiplyLong(Run&, const Call& call) {
  int64_t product = 0;
  const bool overflow = __builtin_mul_overflow(call[0].long_integer, call[1].long_integer, &product);
  return long_result(product, overflow);
}
Value op_MultiplyDecimal(Run&, const Call& call) { return value_of(mul(call[0].decimal, call[1].decimal)); }
Value op_MultiplyQuantity(Run& run, const Call& call) {
  return value_of(run, mul(*call[0].quantity, *call[1].quantity));
}

// CQL 1.5, B.6.4 Divide.
Value op_DivideDecimal(Run&, const Call& call) { return value_of(div(call[0].decimal, call[1].decimal)); }
Value op_DivideQuantity(Run& run, const Call& call) { return value_of(run, div(*call[0].quantity, *call[1].quantity)); }

// CQL 1.5, B.6.26 Truncated Divide.
Value op_DivInteger(Run&, const Call& call) { return to_value(divide(call[0].integer, call[1].integer)); }
Value op_DivLong(Run&, const Call& call) { return to_long(divide(call[0].long_integer, call[1].long_integer)); }
Value op_DivDecimal(Run&, const Call& call) { return value_of(truncated_div(call[0].decimal, call[1].decimal)); }

// CQL 1.5, B.6.14 Modulo.
Value op_ModInteger(Run&, const Call& call) { return to_value(remainder(call[0].integer, call[1].integer)); }
Value op_ModLong(Run&, const Call& call) { return to_long(remainder(call[0].long_integer, call[1].long_integer)); }
Value op_ModDecimal(Run&, const Call& call) { return value_of(modulo(call[0].decimal, call[1].decimal)); }

// CQL 1.5, B.6.16 Negate.
Value op_NegateInteger(Run&, const Call& call) { return to_value(negated(call[0].integer)); }
Value op_NegateLong(Run&, const Call& call) { return to_long(negated(call[0].long_integer)); }
Value op_NegateDecimal(Run&, const Call& call) { return Value::of(negate(call[0].decimal)); }
Value op_NegateQuantity(Run& run, const Call& call) {
  return make_quantity(run, negate(call[0].quantity->value), call[0].quantity->unit);
}

// CQL 1.5, B.6.1 Abs.
Value op_AbsInteger(Run&, const Call& call) { return to_value(magnitude(call[0].integer)); }
Value op_AbsLong(Run&, const Call& call) { return to_long(magnitude(call[0].long_integer)); }
Value op_AbsDecimal(Run&, const Call& call) { return Value::of(abs(call[0].decimal)); }
Value op_AbsQuantity(Run& run, const Call& call) {
  return make_quantity(run, abs(call[0].quantity->value), call[0].quantity->unit);
}

/// CQL 1.5, B.6.3 Ceiling.
Value op_Ceiling(Run&, const Call& call) { return integer_of(ceiling(call[0].decimal)); }

/// CQL 1.5, B.6.6 Floor.
Value op_Floor(Run&, const Call& call) { return integer_of(floor(call[0].decimal)); }

/// CQL 1.5, B.6.25 Truncate.
Value op_Truncate(Run&, const Call& call) { return integer_of(truncate(call[0].decimal)); }

/// CQL 1.5, B.6.21 Round: to 0 digits where no precision is given.
Value op_Round(Run&, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const int digits = call.count > 1 && !call[1].is_null() ? call[1].integer : 0;
  return value_of(round(call[0].decimal, digits));
}

}  // namespace vigil
