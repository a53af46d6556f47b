// SPDX-License-Identifier: Apache-2.0
// Writes cells.
#include "replay/row_buffer.h"

#include <array>
#include <charconv>

namespace vigil::replay {

RowBuffer& RowBuffer::begin(TableId id) {
  text_ += '[';
  text_ += std::to_string(static_cast<int>(id));
  return *this;
}

RowBuffer& RowBuffer::add(std::string_view text) {
  if (text.empty()) return add_null();
  text_ += ',';
  append_json_string(text, text_);
  return *this;
}

RowBuffer& RowBuffer::add(int64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  text_ += ',';
  text_.append(digits.begin(), end);
  return *this;
}

RowBuffer& RowBuffer::add(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed, 4).ptr;
  text_ += ',';
  text_.append(digits.begin(), end);
  return *this;
}

RowBuffer& RowBuffer::add_null() {
  text_ += ",null";
  return *this;
}

void append_json_string(std::string_view text, std::string& to) {
  constexpr std::string_view kHex = "0123456789abcdef";
  to += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      to += '\\';
      to += c;
    } else if (byte >= 0x20) {
      to += c;
    } else if (c == '\n') {
      to += "\\n";
    } else {
      to.append("\\u00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    }
  }
  to += '"';
}

}  // namespace vigil::replay
