// SPDX-License-Identifier: Apache-2.0
// Looks at digits; what a number is worth is for others.
#include "json/json_number.h"

#include <algorithm>

namespace vigil::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_number(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (at == begin || (text[begin] == '0' && at - begin > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    if (++at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == exponent) return false;
  }
  return at == text.size();
}

std::string to_number(std::string_view text) {
  if (std::none_of(text.begin(), text.end(), is_digit)) return {};  // a point alone, as some write where nothing is
  std::string number(text);
  if (number.starts_with('+')) number.erase(0, 1);
  const size_t first = number.starts_with('-') ? 1 : 0;
  if (number.size() > first && number[first] == '.') number.insert(first, "0");
  if (number.ends_with('.')) number.pop_back();
  return is_number(number) ? number : std::string();
}

}  // namespace vigil::json
