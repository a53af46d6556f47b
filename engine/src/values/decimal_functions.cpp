// SPDX-License-Identifier: Apache-2.0
// Powers, roots, logarithms: exact where that is possible, else through long double (64 bits of mantissa).
#include <cmath>

#include "values/decimal.h"

namespace vigil {
namespace {

/// a * b when no digit is lost.
std::optional<Decimal> exact_mul(Decimal a, Decimal b) {
  if (fraction_digits(a) + fraction_digits(b) > kFractionDigits) return std::nullopt;
  return mul(a, b);
}

/// nullopt where the result, or a step on the way to it, is not exact.
std::optional<Decimal> exact_power(Decimal base, int64_t exponent) {
  Decimal result = kOneDecimal;
  while (exponent > 0) {
    if (exponent & 1) {
      const auto product = exact_mul(result, base);
      if (!product) return std::nullopt;
      result = *product;
    }
    exponent >>= 1;
    if (exponent == 0) break;
    const auto square = exact_mul(base, base);
    if (!square) return std::nullopt;
    base = *square;
  }
  return result;
}

}  // namespace

double to_double(Decimal d) { return static_cast<double>(to_long_double(d)); }

long double to_long_double(Decimal d) {
  return static_cast<long double>(scaled(d)) / static_cast<long double>(kDecimalScale);
}

std::optional<Decimal> decimal_from(long double value) {
  if (!(std::fabs(value) < 1e28L)) return std::nullopt;
  const long double whole = std::trunc(value);
  const long double fraction = std::round((value - whole) * static_cast<long double>(kDecimalScale));
  return add(decimal_from_scaled(static_cast<Int128>(whole) * kDecimalScale),
             decimal_from_scaled(static_cast<Int128>(fraction)));
}

std::optional<Decimal> power(Decimal base, Decimal exponent) {
  const auto whole = truncate(exponent);
  if (whole && is_whole(exponent)) {
    if (const auto exact = exact_power(base, *whole < 0 ? 0 : *whole); exact && *whole >= 0) return exact;
  }
  return decimal_from(std::pow(to_long_double(base), to_long_double(exponent)));
}

std::optional<Decimal> square_root(Decimal d) { return decimal_from(std::sqrt(to_long_double(d))); }

std::optional<Decimal> exponential(Decimal d) { return decimal_from(std::exp(to_long_double(d))); }

std::optional<Decimal> natural_log(Decimal d) {
  if (scaled(d) <= 0) return std::nullopt;
  return decimal_from(std::log(to_long_double(d)));
}

std::optional<Decimal> log(Decimal d, Decimal base) {
  if (scaled(d) <= 0 || scaled(base) <= 0 || base == kOneDecimal) return std::nullopt;
  return decimal_from(std::log(to_long_double(d)) / std::log(to_long_double(base)));
}

}  // namespace vigil
