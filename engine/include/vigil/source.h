// SPDX-License-Identifier: Apache-2.0
// Rule text with its line index, and spans in it: the lowest header, so that every stage can say where something
// stands.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// Names one text of a SourceSet. Value 0 is "no source": built-in or generated code.
struct SourceId {
  uint32_t value = 0;
  bool operator==(const SourceId&) const = default;
  explicit operator bool() const { return value != 0; }
};

/// A half-open range of bytes [begin, end) in one source text.
struct Span {
  SourceId source;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool operator==(const Span&) const = default;
  uint32_t size() const { return end - begin; }
};

/// The smallest span that covers both; both are of one source.
inline Span cover(Span a, Span b) {
  if (!a.source) return b;
  if (!b.source) return a;
  return {a.source, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

/// A place as people count it: both from 1, the column in Unicode code points.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

/// One text (a file, an expression of the command line, a test's string). Immutable; safe to share between threads.
class SourceText {
 public:
  SourceText(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  std::string_view text(Span span) const;

  /// The place of a byte offset; an offset past the end is the place behind the last character.
  LineColumn line_column(uint32_t offset) const;
  /// The line with this number (from 1) without its line end; empty where there is no such line.
  std::string_view line(uint32_t number) const;
  uint32_t line_begin(uint32_t number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_begins_;
};

/// The texts of one compilation. References stay valid as texts are added. Not thread-safe while adding.
class SourceSet {
 public:
  SourceId add(std::string name, std::string text);
  /// `id` must be of this set and not 0.
  const SourceText& operator[](SourceId id) const { return texts_[id.value - 1]; }
  std::string_view text(Span span) const { return span.source ? (*this)[span.source].text(span) : std::string_view{}; }
  /// "file.vigil:3:14"; empty for a span without source.
  std::string place(Span span) const;
  size_t size() const { return texts_.size(); }

 private:
  std::deque<SourceText> texts_;
};

/// The byte offset of the first invalid UTF-8 sequence (RFC 3629), or `text.size()` where all is valid.
size_t find_invalid_utf8(std::string_view text);
/// The number of code points of valid UTF-8.
uint32_t count_code_points(std::string_view utf8);

}  // namespace vigil
