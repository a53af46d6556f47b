// SPDX-License-Identifier: Apache-2.0
// Numbers (B.5). What cannot be represented is null.
#include <boost/multiprecision/cpp_bin_float.hpp>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

/// Rounded towards zero, as div and Truncate do.
BigInteger quotient(const BigInteger& a, const BigInteger& b) { return a / b; }

Value truncated_divide(const Value& a, const Value& b) {
  if (b.number == 0) return {};
  const auto whole_part = quotient(a.number, b.number);
  return a.kind == Kind::kDecimal ? decimal(whole_part * kDecimalUnit) : whole(a.kind, whole_part);
}

/// What div leaves: a = (a div b) * b + (a mod b).
Value modulo(const Value& a, const Value& b) {
  if (b.number == 0) return {};
  const BigInteger rest = a.number - quotient(a.number, b.number) * b.number;
  return a.kind == Kind::kDecimal ? decimal(rest) : whole(a.kind, rest);
}

BigInteger floor_of(const BigInteger& scaled) {
  const BigInteger cut = scaled / kDecimalUnit;
  return scaled < 0 && cut * kDecimalUnit != scaled ? BigInteger(cut - 1) : cut;
}

/// The nearest multiple of 10^-digits.
Value round(const Value& number, const Value& digits) {
  int64_t kept = digits.is_null() ? 0 : static_cast<int64_t>(digits.number);
  if (kept >= 8) return number;
  if (kept < 0) throw NotCovered("Round to a negative precision");
  BigInteger step = 1;
  for (; kept < 8; ++kept) step *= 10;
  return decimal(divide_rounded(number.number, step) * step);
}

template <class Combine>
Value combine_numbers(const Value& a, const Value& b, Combine combine) {
  const BigInteger result = combine(a.number, b.number);
  return a.kind == Kind::kDecimal ? decimal(result) : whole(a.kind, result);
}

/// Null where any operand is, else what `Compute` gives.
template <Value (*Compute)(const Call&)>
Value strict(const Call& c) {
  return c.any_null() ? Value() : Compute(c);
}

Value add(const Call& c) {
  return combine_numbers(c[0], c[1], [](const auto& a, const auto& b) { return BigInteger(a + b); });
}
Value subtract(const Call& c) {
  return combine_numbers(c[0], c[1], [](const auto& a, const auto& b) { return BigInteger(a - b); });
}
Value multiply(const Call& c) {
  if (c[0].kind == Kind::kDecimal) return decimal(divide_rounded(c[0].number * c[1].number, kDecimalUnit));
  return whole(c[0].kind, c[0].number * c[1].number);
}
Value divide(const Call& c) {
  return c[1].number == 0 ? Value() : decimal(divide_rounded(c[0].number * kDecimalUnit, c[1].number));
}
Value negate(const Call& c) {
  return c[0].kind == Kind::kDecimal ? decimal(-c[0].number) : whole(c[0].kind, -c[0].number);
}
Value absolute(const Call& c) {
  return c[0].kind == Kind::kDecimal ? decimal(abs(c[0].number)) : whole(c[0].kind, abs(c[0].number));
}
Value div(const Call& c) { return truncated_divide(c[0], c[1]); }
Value mod(const Call& c) { return modulo(c[0], c[1]); }
Value ceiling(const Call& c) { return whole(Kind::kInteger, -floor_of(-c[0].number)); }
Value floor(const Call& c) { return whole(Kind::kInteger, floor_of(c[0].number)); }
Value truncate(const Call& c) { return whole(Kind::kInteger, c[0].number / kDecimalUnit); }

using Real = boost::multiprecision::cpp_bin_float_100;

Real real(const Value& v) { return Real(v.number) / Real(v.kind == Kind::kDecimal ? kDecimalUnit : BigInteger(1)); }

Value to_decimal(const Real& value) {
  if (!isfinite(value) || abs(value) > Real("1e29")) return {};
  const Real scaled = value * Real(kDecimalUnit);
  return decimal(BigInteger(boost::multiprecision::round(scaled)));
}

Value exp(const Call& c) {
  const Value result = real(c[0]) > 90 ? Value() : to_decimal(boost::multiprecision::exp(real(c[0])));
  if (result.is_null()) throw EvaluationError("exp");  // HL7's tests
  return result;
}
Value ln(const Call& c) {
  if (c[0].number == 0) throw EvaluationError("ln");  // HL7's tests
  return c[0].number <= 0 ? Value() : to_decimal(boost::multiprecision::log(real(c[0])));
}
Value log(const Call& c) {
  if (c[0].number <= 0 || c[1].number <= 0 || c[1].number == kDecimalUnit) return {};
  return to_decimal(boost::multiprecision::log(real(c[0])) / boost::multiprecision::log(real(c[1])));
}
Value power(const Call& c) {
  const Real base = real(c[0]);
  const Real exponent = real(c[1]);
  const bool whole_exponent = c[1].kind != Kind::kDecimal || c[1].number % kDecimalUnit == 0;
  if (base == 0 && exponent < 0) return {};
  if (base < 0 && !whole_exponent) return {};
  if (base == 0) {
    const int zero_power = exponent == 0 ? 1 : 0;
    return c[0].kind == Kind::kDecimal ? decimal(zero_power * kDecimalUnit) : whole(c[0].kind, zero_power);
  }
  if (c[0].kind == Kind::kDecimal && whole_exponent && exponent > 1) {
    // Rounded on the way or at the end: they may differ in the last digit.
    BigInteger rest = abs(c[0].number) % kDecimalUnit;
    int digits = rest == 0 ? 0 : 8;
    for (; digits > 0 && rest % 10 == 0; rest /= 10) --digits;
    if (digits * exponent > 8) throw NotCovered("powers of more than 8 digits");
  }
  const Real size = boost::multiprecision::log(boost::multiprecision::abs(base)) * exponent;
  if (size > 90) return {};
  Real result = size < -90 ? Real(0) : Real(boost::multiprecision::exp(size));
  const BigInteger whole_part = c[1].kind == Kind::kDecimal ? BigInteger(c[1].number / kDecimalUnit) : c[1].number;
  if (base < 0 && whole_part % 2 != 0) result = -result;
  if (c.module.types.name(c.expr.type) == "Decimal") return to_decimal(result);
  // Of whole numbers: a whole power is a whole number.
  if (exponent < 0) throw NotCovered("whole power with a negative exponent");
  return whole(c[0].kind, BigInteger(boost::multiprecision::round(result)));
}

}  // namespace

void add_arithmetic(Operations& to) {
  for (const char* type : {"Integer", "Long", "Decimal"}) {
    const auto put = [&](const std::string& name, Operation operation) { to[name + type] = operation; };
    put("Add", strict<add>);
    put("Subtract", strict<subtract>);
    put("Multiply", strict<multiply>);
    put("Div", strict<div>);
    put("Mod", strict<mod>);
    put("Negate", strict<negate>);
    put("Abs", strict<absolute>);
    put("Power", strict<power>);
  }
  to["DivideDecimal"] = strict<divide>;
  to["Ceiling"] = strict<ceiling>;
  to["Floor"] = strict<floor>;
  to["Truncate"] = strict<truncate>;
  to["Round"] = [](const Call& c) { return c[0].is_null() ? Value() : round(c[0], c.size() > 1 ? c[1] : Value()); };
  to["Exp"] = strict<exp>;
  to["Ln"] = strict<ln>;
  to["Log"] = strict<log>;
}

}  // namespace vigil::oracle
