// SPDX-License-Identifier: Apache-2.0
// Strings to JSON strings (RFC 8259, section 7).
#include "decision-log/json_writer.h"

#include <array>

namespace vigil::decision_log {
namespace {

constexpr std::array<bool, 256> kNeedsEscape = [] {
  std::array<bool, 256> needs{};
  for (size_t c = 0; c < ' '; ++c) needs[c] = true;
  needs['"'] = needs['\\'] = true;
  return needs;
}();

}  // namespace

JsonWriter& JsonWriter::string(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  separate();
  out_ += '"';
  const char* begin = text.data();
  const char* const end = begin + text.size();
  for (const char* c = begin; c != end; ++c) {
    const auto byte = static_cast<unsigned char>(*c);
    if (!kNeedsEscape[byte]) continue;
    out_.append(begin, c);
    begin = c + 1;
    out_ += '\\';
    if (byte == '"' || byte == '\\')
      out_ += static_cast<char>(byte);
    else if (byte == '\n')
      out_ += 'n';
    else
      ((out_ += "u00") += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  out_.append(begin, end);
  out_ += '"';
  return *this;
}

}  // namespace vigil::decision_log
