// SPDX-License-Identifier: Apache-2.0
// Line index and UTF-8 helpers.
#include <vigil/source.h>

#include "source/utf8.h"

namespace vigil {

SourceText::SourceText(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_begins_.push_back(0);
  for (uint32_t i = 0; i < text_.size(); ++i) {
    const bool lone_return = text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n');
    if (text_[i] == '\n' || lone_return) line_begins_.push_back(i + 1);
  }
}

std::string_view SourceText::text(Span span) const {
  const auto begin = std::min<size_t>(span.begin, text_.size());
  const auto end = std::min<size_t>(std::max(span.end, span.begin), text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

LineColumn SourceText::line_column(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  const auto next = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const auto line = static_cast<uint32_t>(next - line_begins_.begin());
  const auto begin = line_begins_[line - 1];
  return {line, 1 + count_code_points(std::string_view(text_).substr(begin, offset - begin))};
}

uint32_t SourceText::line_begin(uint32_t number) const {
  if (number == 0 || number > line_begins_.size()) return static_cast<uint32_t>(text_.size());
  return line_begins_[number - 1];
}

std::string_view SourceText::line(uint32_t number) const {
  if (number == 0 || number > line_begins_.size()) return {};
  const auto begin = line_begins_[number - 1];
  const auto end = number < line_begins_.size() ? line_begins_[number] : static_cast<uint32_t>(text_.size());
  auto line = std::string_view(text_).substr(begin, end - begin);
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

SourceId SourceSet::add(std::string name, std::string text) {
  texts_.emplace_back(std::move(name), std::move(text));
  return {static_cast<uint32_t>(texts_.size())};
}

std::string SourceSet::place(Span span) const {
  if (!span.source) return {};
  const auto& source = (*this)[span.source];
  const auto at = source.line_column(span.begin);
  return source.name() + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

namespace {

/// The length of the valid UTF-8 sequence at the front, 0 where there is none.
size_t sequence_length(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                        : first >= 0xE0 && first <= 0xEF ? 3
                        : first >= 0xF0 && first <= 0xF4 ? 4
                                                         : 0;
  if (length == 0 || s.size() < length) return 0;
  for (size_t i = 1; i < length; ++i)
    if (!is_continuation(s[i])) return 0;
  const auto second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

size_t find_invalid_utf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto length = sequence_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return at;
}

uint32_t count_code_points(std::string_view utf8) {
  uint32_t count = 0;
  for (const char c : utf8) count += is_continuation(c) ? 0 : 1;
  return count;
}

}  // namespace vigil
