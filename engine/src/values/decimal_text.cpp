// SPDX-License-Identifier: Apache-2.0
// Decimals from and to text.
#include <algorithm>

#include "values/decimal.h"

namespace vigil {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits at the front of `text` off.
std::string_view take_digits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// A number as written: [sign] integer [. fraction] and what follows.
struct Numeral {
  bool negative = false;
  std::string_view integer;
  std::string_view fraction;
  std::string_view rest;
  bool well_formed = false;
};

Numeral split(std::string_view text) {
  Numeral n;
  n.negative = take(text, '-');
  if (!n.negative) take(text, '+');
  n.integer = take_digits(text);
  n.well_formed = !n.integer.empty();
  if (take(text, '.')) {
    n.fraction = take_digits(text);
    n.well_formed = n.well_formed && !n.fraction.empty();
  }
  n.rest = text;
  return n;
}

std::string_view without_leading_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

Decimal signed_decimal(Int128 value, bool negative) { return decimal_from_scaled(negative ? -value : value); }

/// The number `rest` of "e-3" gives; nullopt if it is not an exponent. Capped, far beyond what matters.
std::optional<int> parse_exponent(std::string_view rest) {
  if (rest.empty()) return 0;
  if (!take(rest, 'e') && !take(rest, 'E')) return std::nullopt;
  const bool negative = take(rest, '-');
  if (!negative) take(rest, '+');
  const auto digits = take_digits(rest);
  if (digits.empty() || !rest.empty()) return std::nullopt;
  int exponent = 0;
  for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), 100'000'000);
  return negative ? -exponent : exponent;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  const Numeral n = split(text);
  if (!n.well_formed || !n.rest.empty() || n.fraction.size() > kFractionDigits) return std::nullopt;
  const auto integer = without_leading_zeros(n.integer);
  if (integer.size() > kIntegerDigits) return std::nullopt;
  Int128 value = 0;
  for (const char c : integer) value = value * 10 + (c - '0');
  for (size_t i = 0; i < kFractionDigits; ++i) value = value * 10 + (i < n.fraction.size() ? n.fraction[i] - '0' : 0);
  return signed_decimal(value, n.negative);
}

std::optional<Decimal> parse_decimal_rounding(std::string_view text) {
  const Numeral n = split(text);
  const auto exponent = parse_exponent(n.rest);
  if (!n.well_formed || !exponent) return std::nullopt;
  // The digits of the scaled value: all that stand before the point once it is moved by the exponent and by eight.
  const size_t count = n.integer.size() + n.fraction.size();
  const auto digit = [&](size_t i) {
    return (i < n.integer.size() ? n.integer[i] : n.fraction[i - n.integer.size()]) - '0';
  };
  const int64_t point = static_cast<int64_t>(n.integer.size()) + *exponent + kFractionDigits;
  Int128 value = 0;
  for (int64_t i = 0; i < point; ++i) {
    if (i >= static_cast<int64_t>(count) && value == 0) break;
    value = value * 10 + (i < static_cast<int64_t>(count) ? digit(static_cast<size_t>(i)) : 0);
    if (value >= kScaledLimit) return std::nullopt;
  }
  if (point >= 0 && point < static_cast<int64_t>(count) && digit(static_cast<size_t>(point)) >= 5) ++value;
  if (value >= kScaledLimit) return std::nullopt;
  return signed_decimal(value, n.negative);
}

DecimalText to_string(Decimal d) {
  const Int128 value = scaled(d);
  auto rest = static_cast<Uint128>(value < 0 ? -value : value);
  char digits[kIntegerDigits + kFractionDigits + 1];
  int count = 0;
  for (; rest != 0 || count <= kFractionDigits; rest /= 10) {
    digits[count++] = static_cast<char>('0' + static_cast<int>(rest % 10));
  }
  int last = 0;  // the last fraction digit that is written
  while (last < kFractionDigits - 1 && digits[last] == '0') ++last;
  DecimalText text;
  if (value < 0) text.append('-');
  for (int i = count - 1; i >= last; --i) {
    text.append(digits[i]);
    if (i == kFractionDigits) text.append('.');
  }
  return text;
}

}  // namespace vigil
