// SPDX-License-Identifier: Apache-2.0
// Conversion and comparison across units: exact in 128 bits where the factors are whole numbers, else in long double.
#include "values/ucum.h"

#include <cmath>
#include <numeric>

#include "values/decimal.h"

namespace vigil::ucum {
namespace {

constexpr long double kRelativeTolerance = 1e-15L;

/// One `a` in `b`: p / q * 10^ten, exactly if `exact`.
struct Ratio {
  int64_t p = 1;
  int64_t q = 1;
  int ten = 0;
  bool exact = false;
  long double approximate = 1;  ///< p / q, without the power of ten
};

bool is_whole_number(long double value) { return value >= 1 && value < 9.2e18L && value == std::trunc(value); }

Ratio ratio_of(const Unit& a, const Unit& b) {
  Ratio r;
  r.ten = a.ten - b.ten;
  r.approximate = (a.numerator / b.numerator) * (b.denominator / a.denominator);
  if (!is_whole_number(a.numerator) || !is_whole_number(b.numerator) || !is_whole_number(a.denominator) ||
      !is_whole_number(b.denominator)) {
    return r;
  }
  auto numerator_a = static_cast<int64_t>(a.numerator), numerator_b = static_cast<int64_t>(b.numerator);
  auto denominator_a = static_cast<int64_t>(a.denominator), denominator_b = static_cast<int64_t>(b.denominator);
  const auto reduce = [](int64_t& x, int64_t& y) {
    const int64_t common = std::gcd(x, y);
    x /= common;
    y /= common;
  };
  reduce(numerator_a, numerator_b);
  reduce(denominator_b, denominator_a);
  reduce(numerator_a, denominator_a);
  reduce(denominator_b, numerator_b);
  r.exact = !__builtin_mul_overflow(numerator_a, denominator_b, &r.p) &&
            !__builtin_mul_overflow(numerator_b, denominator_a, &r.q);
  return r;
}

long double power_of_ten(int exponent) { return std::pow(10.0L, static_cast<long double>(exponent)); }

/// value * 10^exponent; nullopt when it does not fit 126 bits.
std::optional<Int128> times_ten(Int128 value, int exponent) {
  constexpr Int128 kMost = static_cast<Int128>(1) << 122;
  for (; exponent > 0; --exponent) {
    if (value > kMost || value < -kMost) return std::nullopt;
    value *= 10;
  }
  return value;
}

std::optional<Int128> times(Int128 value, int64_t factor) {
  Int128 product = 0;
  if (__builtin_mul_overflow(value, static_cast<Int128>(factor), &product)) return std::nullopt;
  return product;
}

struct Pair {
  Int128 left;
  Int128 right;
};

/// The two sides of a * (p/q * 10^ten) against b, without fractions; nullopt when too large.
std::optional<Pair> cross_multiply(Int128 a, Int128 b, const Ratio& r) {
  if (!r.exact) return std::nullopt;
  auto left = times(a, r.p), right = times(b, r.q);
  if (left) left = times_ten(*left, r.ten);
  if (right) right = times_ten(*right, -r.ten);
  if (!left || !right) return std::nullopt;
  return Pair{*left, *right};
}

std::optional<Decimal> convert_exactly(Decimal value, const Ratio& r) {
  const auto sides = cross_multiply(scaled(value), 1, r);  // value * p * 10^ten over q * 10^-ten
  if (!sides) return std::nullopt;
  const Int128 magnitude = sides->left < 0 ? -sides->left : sides->left;
  Int128 quotient = magnitude / sides->right;
  const Int128 remainder = magnitude % sides->right;
  if (remainder >= sides->right - remainder) ++quotient;
  if (quotient >= kScaledLimit) return std::nullopt;
  return decimal_from_scaled(sides->left < 0 ? -quotient : quotient);
}

/// A special unit's number as a number of its reference unit, and back. NaN outside the domain.
long double to_reference(Special special, long double x) {
  switch (special) {
    case Special::kNone: return x;
    case Special::kCelsius: return x + 273.15L;
    case Special::kFahrenheit: return (x + 459.67L) * 5 / 9;
    case Special::kReaumur: return x * 1.25L + 273.15L;
    case Special::kPh:
    case Special::kHomeopathicX: return std::pow(10.0L, -x);
    case Special::kNeper: return std::exp(x);
    case Special::kBel: return std::pow(10.0L, x);
    case Special::kBel2: return std::pow(10.0L, x / 2);
    case Special::kBit: return std::exp2(x);
    case Special::kPrismDiopter:
    case Special::kSlope: return std::atan(x / 100);
    case Special::kSquareRoot: return x * x;
    case Special::kHomeopathicC: return std::pow(100.0L, -x);
    case Special::kHomeopathicM: return std::pow(1000.0L, -x);
    case Special::kHomeopathicQ: return std::pow(50'000.0L, -x);
  }
  return x;
}

long double from_reference(Special special, long double y) {
  switch (special) {
    case Special::kNone: return y;
    case Special::kCelsius: return y - 273.15L;
    case Special::kFahrenheit: return y * 9 / 5 - 459.67L;
    case Special::kReaumur: return (y - 273.15L) / 1.25L;
    case Special::kPh:
    case Special::kHomeopathicX: return -std::log10(y);
    case Special::kNeper: return std::log(y);
    case Special::kBel: return std::log10(y);
    case Special::kBel2: return 2 * std::log10(y);
    case Special::kBit: return std::log2(y);
    case Special::kPrismDiopter:
    case Special::kSlope: return 100 * std::tan(y);
    case Special::kSquareRoot: return std::sqrt(y);
    case Special::kHomeopathicC: return -std::log10(y) / 2;
    case Special::kHomeopathicM: return -std::log10(y) / 3;
    case Special::kHomeopathicQ: return -std::log10(y) / std::log10(50'000.0L);
  }
  return y;
}

long double reference_value(Decimal value, const Unit& unit) {
  return to_reference(unit.special, to_long_double(value) * power_of_ten(unit.scale_ten));
}

bool is_special(const Unit& a, const Unit& b) { return a.special != Special::kNone || b.special != Special::kNone; }

bool same_scale(const Unit& a, const Unit& b) {
  return a.special == b.special && a.scale_ten == b.scale_ten && a.numerator == b.numerator &&
         a.denominator == b.denominator && a.ten == b.ten;
}

Comparison compare_approximately(long double a, long double b) {
  if (!std::isfinite(a) || !std::isfinite(b)) return Comparison::kUnknown;
  if (std::fabs(a - b) <= kRelativeTolerance * std::fmax(std::fabs(a), std::fabs(b))) return Comparison::kEqual;
  return a < b ? Comparison::kLess : Comparison::kGreater;
}

}  // namespace

bool commensurable(const Unit& a, const Unit& b) { return a.exponents == b.exponents && a.arbitrary == b.arbitrary; }

std::optional<Decimal> convert(Decimal value, const Unit& from, const Unit& to) {
  if (!commensurable(from, to)) return std::nullopt;
  if (same_scale(from, to)) return value;
  const Ratio r = ratio_of(from, to);
  if (!is_special(from, to)) {
    if (const auto exact = convert_exactly(value, r)) return exact;
    return decimal_from(to_long_double(value) * r.approximate * power_of_ten(r.ten));
  }
  const long double reference = reference_value(value, from) * r.approximate * power_of_ten(r.ten);
  return decimal_from(from_reference(to.special, reference) * power_of_ten(-to.scale_ten));
}

Comparison compare(Decimal a, const Unit& unit_a, Decimal b, const Unit& unit_b) {
  if (!commensurable(unit_a, unit_b)) return Comparison::kUnknown;
  if (same_scale(unit_a, unit_b)) return comparison_of(vigil::compare(a, b));
  const Ratio r = ratio_of(unit_a, unit_b);
  if (!is_special(unit_a, unit_b)) {
    if (const auto sides = cross_multiply(scaled(a), scaled(b), r)) {
      return comparison_of(sides->left <=> sides->right);
    }
  }
  return compare_approximately(reference_value(a, unit_a) * r.approximate * power_of_ten(r.ten),
                               reference_value(b, unit_b));
}

long double ratio(const Unit& a, const Unit& b) {
  if (!commensurable(a, b)) return 0;
  const Ratio r = ratio_of(a, b);
  return r.approximate * power_of_ten(r.ten);
}

}  // namespace vigil::ucum
