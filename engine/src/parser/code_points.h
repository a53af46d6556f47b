// SPDX-License-Identifier: Apache-2.0
// Text as code points, as ANTLR reads it, each with the byte where it stands in the source.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/source.h>

namespace vigil::parsing {

/// A text to lex: a whole source, or the decoded hole of a string in it. Token positions index `characters`; `offsets`
/// maps them back, with one entry more for the end.
struct CodePoints {
  SourceId source;
  std::u32string characters;
  std::vector<uint32_t> offsets;

  size_t size() const { return characters.size(); }
  /// The bytes of the code points [begin, end).
  Span span(size_t begin, size_t end) const { return {source, offsets[begin], offsets[end]}; }
  std::u32string_view view(size_t begin, size_t end) const {
    return std::u32string_view(characters).substr(begin, end - begin);
  }
};

/// Decodes valid UTF-8; `base` is the byte offset of `utf8` in the source.
CodePoints decode_utf8(SourceId source, std::string_view utf8, uint32_t base = 0);

void append_utf8(std::string& out, char32_t c);
std::string to_utf8(std::u32string_view text);

}  // namespace vigil::parsing
