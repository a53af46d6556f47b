// SPDX-License-Identifier: Apache-2.0
// Arithmetic on vigil::Decimal: exact, base ten, 8 fraction digits, without heap or binary floating point.
//
// Range: CQL gives Decimal "28 digits, 8 of them fractional", which is kMinDecimal to kMaxDecimal and what `minimum`
// and `maximum Decimal` answer, and also "-10^28 + 10^-8 to 10^28 - 10^-8". Results up to 10^28 itself are carried, as
// HL7's tests need; beyond it the result is nullopt, CQL's null (1.5, "results that cannot be represented"). Results
// with more than 8 fraction digits are rounded half away from zero. nullopt is also what an undefined operation gives
// (division by zero, the logarithm of 0); whether that is null or an error is the evaluator's to say.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "values/fixed_text.h"
#include "vigil/value.h"

namespace vigil {

// __extension__ stands before a typedef, and before no alias.
__extension__ typedef __int128 Int128;            // NOLINT(modernize-use-using)
__extension__ typedef unsigned __int128 Uint128;  // NOLINT(modernize-use-using)

inline constexpr int kFractionDigits = 8;
inline constexpr int kIntegerDigits = 28;
inline constexpr int64_t kDecimalScale = 100'000'000;

/// The value times 10^8.
constexpr Int128 scaled(Decimal d) {
  return static_cast<Int128>((static_cast<Uint128>(static_cast<uint64_t>(d.high)) << 64) | d.low);
}
/// The decimal of `value` / 10^8; the caller keeps it in range.
constexpr Decimal decimal_from_scaled(Int128 value) {
  return {static_cast<uint64_t>(value), static_cast<int64_t>(value >> 64)};
}
constexpr Decimal decimal_from_int64(int64_t value) {
  return decimal_from_scaled(static_cast<Int128>(value) * kDecimalScale);
}

inline constexpr Decimal kZeroDecimal{};
inline constexpr Decimal kOneDecimal = decimal_from_int64(1);
/// 10^28, scaled: the first magnitude out of range.
inline constexpr Int128 kScaledLimit = static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000'000'000'000;
/// 99999999999999999999.99999999 and its negative.
inline constexpr Decimal kMaxDecimal = decimal_from_scaled(kScaledLimit / kDecimalScale - 1);
inline constexpr Decimal kMinDecimal = decimal_from_scaled(-scaled(kMaxDecimal));

/// `[+-]digits[.digits]`, at most 28 integer digits (leading zeros aside) and 8 fraction digits; else nullopt.
std::optional<Decimal> parse_decimal(std::string_view text);
/// A JSON number, also with exponent and more than 8 fraction digits: rounded half away from zero. nullopt: not a
/// number, or out of range.
std::optional<Decimal> parse_decimal_rounding(std::string_view text);

using DecimalText = FixedText<40>;
/// The shortest form with at least one fraction digit: "1.0", "-0.05".
DecimalText to_string(Decimal d);
/// For display and transcendental functions only.
double to_double(Decimal d);
long double to_long_double(Decimal d);
/// Rounded to 8 fraction digits; nullopt when out of range or not a number.
std::optional<Decimal> decimal_from(long double value);

inline std::strong_ordering compare(Decimal a, Decimal b) {
  const Int128 left = scaled(a), right = scaled(b);
  return left < right   ? std::strong_ordering::less
         : left > right ? std::strong_ordering::greater
                        : std::strong_ordering::equal;
}
/// CQL `~`: "the comparison done on values rounded to the precision of the least precise operand; trailing zeroes
/// after the decimal are ignored in determining precision".
bool equivalent(Decimal a, Decimal b);

inline bool is_zero(Decimal d) { return scaled(d) == 0; }
inline bool is_negative(Decimal d) { return d.high < 0; }
inline bool is_whole(Decimal d) { return scaled(d) % kDecimalScale == 0; }
inline Decimal negate(Decimal d) { return decimal_from_scaled(-scaled(d)); }
inline Decimal abs(Decimal d) { return is_negative(d) ? negate(d) : d; }

std::optional<Decimal> add(Decimal a, Decimal b);
std::optional<Decimal> sub(Decimal a, Decimal b);
std::optional<Decimal> mul(Decimal a, Decimal b);
std::optional<Decimal> div(Decimal a, Decimal b);
/// CQL `div`: the quotient without its fraction. nullopt by zero.
std::optional<Decimal> truncated_div(Decimal a, Decimal b);
/// CQL `mod`: the remainder of `truncated_div`, with the sign of `a`. nullopt by zero.
std::optional<Decimal> modulo(Decimal a, Decimal b);

/// To a whole number; nullopt outside int64. Whether it fits an Integer is the caller's question.
std::optional<int64_t> ceiling(Decimal d);
std::optional<int64_t> floor(Decimal d);
std::optional<int64_t> truncate(Decimal d);
/// To `digits` fraction digits, half away from zero (CQL 2.0 and HL7's tests since 2026: Round(-0.5) = -1.0). More
/// than 8: unchanged; negative, or rounded out of range: nullopt.
std::optional<Decimal> round(Decimal d, int digits = 0);

/// Exact where the result is representable and the exponent whole; else correct to about 19 significant digits.
/// 0 to the power 0 is 1; nullopt where undefined (a root of a negative, 0 to a negative power).
std::optional<Decimal> power(Decimal base, Decimal exponent);
std::optional<Decimal> square_root(Decimal d);
std::optional<Decimal> exponential(Decimal d);
std::optional<Decimal> natural_log(Decimal d);
/// nullopt for a value or base not above 0, and for base 1.
std::optional<Decimal> log(Decimal d, Decimal base);

/// The next one, 10^-8 apart; nullopt from kMaxDecimal, kMinDecimal on, where CQL raises an error.
std::optional<Decimal> successor(Decimal d);
std::optional<Decimal> predecessor(Decimal d);

/// Fraction digits, trailing zeros aside: 1.50 has 1 (CQL Precision).
int fraction_digits(Decimal d);
/// The least and greatest value that `d`, known to its own fraction digits, can be at `digits` fraction digits:
/// LowBoundary(1.587, 8) = 1.587, HighBoundary(1.587, 8) = 1.58799999. With fewer digits than `d` has: truncated to
/// them. nullopt for digits outside 0..8.
std::optional<Decimal> low_boundary(Decimal d, int digits = kFractionDigits);
std::optional<Decimal> high_boundary(Decimal d, int digits = kFractionDigits);

}  // namespace vigil
