// SPDX-License-Identifier: Apache-2.0
// Powers, logarithms, precision and boundaries, neighbours (CQL 1.5, B.6 Arithmetic Operators).
#include "diagnostics/catalogue.h"
#include "evaluation/numbers.h"
#include "evaluation/results.h"
#include "values/temporal.h"

namespace vigil {
namespace {

/// By squaring; none beyond the range, and for a negative exponent unless the result is whole.
template <class Integer>
std::optional<Integer> integer_power(Integer base, Integer exponent) {
  if (exponent < 0) {
    if (base == 1) return Integer{1};
    if (base == -1) return exponent % 2 == 0 ? Integer{1} : Integer{-1};
    return std::nullopt;
  }
  Integer result = 1;
  Integer square = base;
  for (auto rest = exponent; rest > 0; rest /= 2) {
    if (rest % 2 == 1 && __builtin_mul_overflow(result, square, &result)) return std::nullopt;
    if (rest > 1 && __builtin_mul_overflow(square, square, &square)) return std::nullopt;
  }
  return result;
}

bool is_temporal(const Value& v) { return v.kind == Kind::kDate || v.kind == Kind::kDateTime || v.kind == Kind::kTime; }

/// The value next to the operand; beyond the type's end there is none, which is an error.
Value neighbour_of(Run& run, const Call& call, bool up) {
  const auto next = neighbour(call[0], up, *run.arena().make<Quantity>());
  if (!next) run.fail(make_diagnostic<Code::VGL0908>(call.span, up ? "the successor" : "the predecessor"));
  return *next;
}

Value boundary(const Call& call, bool low) {
  if (call[0].is_null()) return Value::null();
  if (!is_temporal(call[0])) {
    const int digits = call[1].is_null() ? kFractionDigits : call[1].integer;
    return value_of(low ? low_boundary(call[0].decimal, digits) : high_boundary(call[0].decimal, digits));
  }
  const auto kind = call[0].kind;
  const auto precision = call[1].is_null() ? std::optional<Precision>(finest_precision(kind))
                                           : precision_from_digits(kind, call[1].integer);
  if (!precision) return Value::null();
  return Value::of(
      kind, low ? low_boundary(kind, call[0].temporal, *precision) : high_boundary(kind, call[0].temporal, *precision));
}

}  // namespace

// CQL 1.5, B.6 Power: null where the result cannot be represented.
Value op_PowerInteger(Run&, const Call& call) {
  const auto result = integer_power(call[0].integer, call[1].integer);
  return result ? Value::of(*result) : Value::null();
}
Value op_PowerLong(Run&, const Call& call) {
  const auto result = integer_power(call[0].long_integer, call[1].long_integer);
  return result ? Value::of_long(*result) : Value::null();
}
Value op_PowerDecimal(Run&, const Call& call) { return value_of(power(call[0].decimal, call[1].decimal)); }

/// CQL 1.5, B.6 Exp: "if the result cannot be represented, a run-time error is thrown".
Value op_Exp(Run& run, const Call& call) {
  const auto result = exponential(call[0].decimal);
  if (!result) run.fail(make_diagnostic<Code::VGL0908>(call.span, "the exponential"));
  return Value::of(*result);
}

/// CQL 1.5, B.6 Ln: that of 0 has no value to be represented, that of a negative number is null.
Value op_Ln(Run& run, const Call& call) {
  if (is_zero(call[0].decimal)) run.fail(make_diagnostic<Code::VGL0908>(call.span, "the logarithm of 0"));
  return value_of(natural_log(call[0].decimal));
}

/// CQL 1.5, B.6 Log.
Value op_Log(Run&, const Call& call) { return value_of(log(call[0].decimal, call[1].decimal)); }

/// CQL 1.5, B.6 Precision: of a decimal its digits after the point, of a date or time the digits it is written with.
Value op_PrecisionOf(Run&, const Call& call) {
  if (is_temporal(call[0])) return Value::of(static_cast<int32_t>(precision_digits(call[0].kind, call[0].temporal)));
  return Value::of(static_cast<int32_t>(fraction_digits(call[0].decimal)));
}

/// CQL 1.5, B.6 LowBoundary.
Value op_LowBoundary(Run&, const Call& call) { return boundary(call, true); }

/// CQL 1.5, B.6 HighBoundary.
Value op_HighBoundary(Run&, const Call& call) { return boundary(call, false); }

/// CQL 1.5, B.6 Successor.
Value op_Successor(Run& run, const Call& call) { return neighbour_of(run, call, true); }

/// CQL 1.5, B.6 Predecessor.
Value op_Predecessor(Run& run, const Call& call) { return neighbour_of(run, call, false); }

// CQL 1.5, B.6 Truncated Divide, Modulo of quantities.
Value op_DivQuantity(Run& run, const Call& call) {
  return value_of(run, truncated_div(*call[0].quantity, *call[1].quantity));
}
Value op_ModQuantity(Run& run, const Call& call) { return value_of(run, modulo(*call[0].quantity, *call[1].quantity)); }

}  // namespace vigil
