// SPDX-License-Identifier: Apache-2.0
// Slow paths over damaged texts.
#include "fhir/text_recovery.h"

#include <algorithm>

#include <vigil/source.h>

namespace vigil::fhir {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpace);
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

Lines::Lines(std::string_view text, size_t begin)
    : text_(text),
      at_(begin),
      number_(1 + static_cast<uint32_t>(
                      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'))) {}

std::optional<Line> Lines::next() {
  while (at_ < text_.size()) {
    const size_t end = std::min(text_.find('\n', at_), text_.size());
    const Line line{trim(text_.substr(at_, end - at_)), number_};
    at_ = end + 1;
    ++number_;
    if (!line.text.empty()) return line;
  }
  return std::nullopt;
}

bool is_line_delimited(std::string_view text) {
  Lines lines(text);
  const auto first = lines.next();
  const auto second = lines.next();
  if (!first || !second || first->text[0] != '{' || second->text[0] != '{') return false;
  return std::string_view("[{,:").find(first->text.back()) == std::string_view::npos;
}

size_t find_broken_string(std::string_view text) {
  size_t at = 0;
  while ((at = text.find('"', at)) != std::string_view::npos) {
    const size_t opening = at++;
    for (; at < text.size() && text[at] != '"'; ++at) {
      if (static_cast<unsigned char>(text[at]) < 0x20) return opening;
      if (text[at] == '\\') ++at;
    }
    if (at >= text.size()) return opening;
    ++at;
  }
  return text.size();
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string repaired(text);
  for (size_t at = 0; at < text.size();) {
    at += find_invalid_utf8(text.substr(at));
    if (at < text.size()) repaired[at++] = '?';
  }
  return repaired;
}

}  // namespace vigil::fhir
