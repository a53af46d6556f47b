// SPDX-License-Identifier: Apache-2.0
// Strings to JSON strings (RFC 8259, section 7).
#include "decision-log/json_writer.h"

namespace vigil::decision_log {

JsonWriter& JsonWriter::string(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  separate();
  out_ += '"';
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out_ += text.substr(begin, i - begin);
    begin = i + 1;
    out_ += '\\';
    if (byte == '"' || byte == '\\')
      out_ += static_cast<char>(byte);
    else if (byte == '\n')
      out_ += 'n';
    else
      ((out_ += "u00") += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  out_ += text.substr(begin);
  out_ += '"';
  return *this;
}

}  // namespace vigil::decision_log
