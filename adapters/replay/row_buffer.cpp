// SPDX-License-Identifier: Apache-2.0
// Writes cells.
#include "replay/row_buffer.h"

#include <array>
#include <charconv>

#include "json/json_writer.h"

namespace vigil::replay {

RowBuffer& RowBuffer::begin(TableId id) {
  text_ += '[';
  text_ += std::to_string(static_cast<int>(id));
  return *this;
}

RowBuffer& RowBuffer::add(std::string_view text) {
  if (text.empty()) return add_null();
  text_ += ",\"";
  json::append_escaped(text, text_);
  text_ += '"';
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

}  // namespace vigil::replay
