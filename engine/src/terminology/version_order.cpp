// SPDX-License-Identifier: Apache-2.0
// The order of versions: piece by piece, numbers as numbers, a pre-release before its release.
#include <algorithm>

#include <vigil/knowledge_base.h>

namespace vigil {

namespace {

/// What a version goes on with, from least to greatest. "-rc1" is a pre-release as in SemVer, "-07" part of a date.
enum class Rest : uint8_t { kPrerelease, kEnd, kNumber, kText };

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Rest rest_of(std::string_view text) {
  if (text.empty()) return Rest::kEnd;
  if (is_digit(text[0])) return Rest::kNumber;
  return text[0] == '-' && text.size() > 1 && is_letter(text[1]) ? Rest::kPrerelease : Rest::kText;
}

/// Takes the digits at the front of `text`, without leading zeros.
std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view digits = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

}  // namespace

std::strong_ordering compare_versions(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() <=> b.size();
  std::string_view left = a;
  std::string_view right = b;
  while (true) {
    const Rest rest = rest_of(left);
    if (const auto order = rest <=> rest_of(right); order != 0) return order;
    if (rest == Rest::kEnd) return a <=> b;  // "1.0" and "1.00": equal in meaning, but one must come first
    if (rest == Rest::kNumber) {
      const std::string_view number = take_number(left);
      const std::string_view other = take_number(right);
      if (const auto order = number.size() <=> other.size(); order != 0) return order;
      if (const auto order = number <=> other; order != 0) return order;
    } else {
      if (const auto order = left.substr(0, 1) <=> right.substr(0, 1); order != 0) return order;
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
}

}  // namespace vigil
