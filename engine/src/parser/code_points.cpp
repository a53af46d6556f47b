// SPDX-License-Identifier: Apache-2.0
// UTF-8 to code points and back.
#include "parser/code_points.h"

#include "source/utf8.h"

namespace vigil::parsing {

CodePoints decode_utf8(SourceId source, std::string_view utf8, uint32_t base) {
  CodePoints text{source, {}, {}};
  text.characters.reserve(utf8.size());
  text.offsets.reserve(utf8.size() + 1);
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(utf8[i]); };
  for (size_t i = 0; i < utf8.size();) {
    text.offsets.push_back(base + static_cast<uint32_t>(i));
    const unsigned first = byte(i);
    const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? first : first & (0x7Fu >> length);
    for (size_t k = 1; k < length; ++k) c = (c << 6) | (byte(i + k) & 0x3Fu);
    text.characters.push_back(c);
    i += length;
  }
  text.offsets.push_back(base + static_cast<uint32_t>(utf8.size()));
  return text;
}

void append_utf8(std::string& out, char32_t c) {
  char bytes[4];
  out.append(bytes, write_utf8(c, bytes));
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

}  // namespace vigil::parsing
