// SPDX-License-Identifier: Apache-2.0
// Decimal arithmetic: 128-bit scaled integers, with 256-bit products where a value is large.
#include "values/decimal.h"

#include <algorithm>

namespace vigil {
namespace {

constexpr Uint128 magnitude(Decimal d) {
  const Int128 value = scaled(d);
  return static_cast<Uint128>(value < 0 ? -value : value);
}

std::optional<Decimal> checked(Int128 value) {
  if (value < -kScaledLimit || value > kScaledLimit) return std::nullopt;
  return decimal_from_scaled(value);
}

std::optional<Decimal> with_sign(Uint128 value, bool negative) {
  if (value > static_cast<Uint128>(kScaledLimit)) return std::nullopt;
  const auto result = static_cast<Int128>(value);
  return decimal_from_scaled(negative ? -result : result);
}

struct Uint256 {
  Uint128 high = 0;
  Uint128 low = 0;
};

/// The exact product, by 64-bit limbs.
Uint256 multiply(Uint128 a, Uint128 b) {
  const Uint128 mask = ~uint64_t{0};
  const Uint128 low = (a & mask) * (b & mask);
  const Uint128 middle1 = (a >> 64) * (b & mask);
  const Uint128 middle2 = (a & mask) * (b >> 64);
  const Uint128 carry = (low >> 64) + (middle1 & mask) + (middle2 & mask);
  return {(a >> 64) * (b >> 64) + (middle1 >> 64) + (middle2 >> 64) + (carry >> 64), (carry << 64) | (low & mask)};
}

struct Division {
  Uint128 quotient = 0;
  Uint128 remainder = 0;
  bool overflow = false;
};

/// Binary long division; `divisor` is below 2^127.
Division divide(Uint256 dividend, Uint128 divisor) {
  if (dividend.high == 0) return {dividend.low / divisor, dividend.low % divisor, false};
  if (dividend.high >= divisor) return {0, 0, true};
  Division result{0, dividend.high, false};
  for (int bit = 127; bit >= 0; --bit) {
    result.remainder = (result.remainder << 1) | ((dividend.low >> bit) & 1);
    result.quotient <<= 1;
    if (result.remainder >= divisor) {
      result.remainder -= divisor;
      result.quotient |= 1;
    }
  }
  return result;
}

std::optional<Decimal> rounded(const Division& d, Uint128 divisor, bool negative) {
  if (d.overflow) return std::nullopt;
  return with_sign(d.quotient + (d.remainder >= divisor - d.remainder ? 1 : 0), negative);
}

constexpr Int128 power_of_ten(int exponent) {
  Int128 result = 1;
  while (exponent-- > 0) result *= 10;
  return result;
}

/// `value` divided by `step`, half away from zero, times `step`.
Int128 round_to_step(Int128 value, Int128 step) {
  const Int128 half = step / 2;
  return (value < 0 ? value - half : value + half) / step * step;
}

}  // namespace

bool equivalent(Decimal a, Decimal b) {
  const int digits = std::min(fraction_digits(a), fraction_digits(b));
  const Int128 step = power_of_ten(kFractionDigits - digits);
  return round_to_step(scaled(a), step) == round_to_step(scaled(b), step);
}

std::optional<Decimal> add(Decimal a, Decimal b) { return checked(scaled(a) + scaled(b)); }
std::optional<Decimal> sub(Decimal a, Decimal b) { return checked(scaled(a) - scaled(b)); }

std::optional<Decimal> mul(Decimal a, Decimal b) {
  const bool negative = is_negative(a) != is_negative(b);
  return rounded(divide(multiply(magnitude(a), magnitude(b)), kDecimalScale), kDecimalScale, negative);
}

std::optional<Decimal> div(Decimal a, Decimal b) {
  if (is_zero(b)) return std::nullopt;
  const Uint128 divisor = magnitude(b);
  return rounded(divide(multiply(magnitude(a), kDecimalScale), divisor), divisor, is_negative(a) != is_negative(b));
}

std::optional<Decimal> truncated_div(Decimal a, Decimal b) {
  if (is_zero(b)) return std::nullopt;
  const Uint128 quotient = magnitude(a) / magnitude(b);
  if (quotient >= static_cast<Uint128>(kScaledLimit / kDecimalScale)) return std::nullopt;
  return with_sign(quotient * kDecimalScale, is_negative(a) != is_negative(b));
}

std::optional<Decimal> modulo(Decimal a, Decimal b) {
  if (is_zero(b)) return std::nullopt;
  return decimal_from_scaled(scaled(a) % scaled(b));
}

std::optional<int64_t> truncate(Decimal d) {
  const Int128 whole = scaled(d) / kDecimalScale;
  if (whole < INT64_MIN || whole > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(whole);
}

std::optional<int64_t> floor(Decimal d) {
  const bool below = is_negative(d) && !is_whole(d);
  return truncate(below ? decimal_from_scaled(scaled(d) - (kDecimalScale - 1)) : d);
}

std::optional<int64_t> ceiling(Decimal d) {
  const bool above = !is_negative(d) && !is_whole(d);
  return truncate(above ? decimal_from_scaled(scaled(d) + (kDecimalScale - 1)) : d);
}

std::optional<Decimal> round(Decimal d, int digits) {
  if (digits < 0) return std::nullopt;
  if (digits >= kFractionDigits) return d;
  return checked(round_to_step(scaled(d), power_of_ten(kFractionDigits - digits)));
}

std::optional<Decimal> successor(Decimal d) {
  if (scaled(d) >= scaled(kMaxDecimal)) return std::nullopt;
  return decimal_from_scaled(scaled(d) + 1);
}

std::optional<Decimal> predecessor(Decimal d) {
  if (scaled(d) <= scaled(kMinDecimal)) return std::nullopt;
  return decimal_from_scaled(scaled(d) - 1);
}

int fraction_digits(Decimal d) {
  Uint128 fraction = magnitude(d) % kDecimalScale;
  if (fraction == 0) return 0;
  int digits = kFractionDigits;
  for (; fraction % 10 == 0; fraction /= 10) --digits;
  return digits;
}

std::optional<Decimal> low_boundary(Decimal d, int digits) {
  if (digits < 0 || digits > kFractionDigits) return std::nullopt;
  const int own = fraction_digits(d);
  if (is_negative(d) && digits > own) {  // towards minus infinity
    return checked(scaled(d) - (power_of_ten(kFractionDigits - own) - power_of_ten(kFractionDigits - digits)));
  }
  const Int128 step = power_of_ten(kFractionDigits - digits);
  return decimal_from_scaled(scaled(d) / step * step);
}

std::optional<Decimal> high_boundary(Decimal d, int digits) {
  if (digits < 0 || digits > kFractionDigits) return std::nullopt;
  const int own = fraction_digits(d);
  if (!is_negative(d) && digits > own) {
    return checked(scaled(d) + (power_of_ten(kFractionDigits - own) - power_of_ten(kFractionDigits - digits)));
  }
  const Int128 step = power_of_ten(kFractionDigits - digits);
  return decimal_from_scaled(scaled(d) / step * step);
}

}  // namespace vigil
