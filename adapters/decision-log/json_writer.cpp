// SPDX-License-Identifier: Apache-2.0
// Strings to JSON strings (RFC 8259, section 7).
#include "decision-log/json_writer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace vigil::decision_log {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

/// Whether one of these eight bytes does: a byte whose high bit is set by subtracting, and was not before, was smaller.
bool needs_escape(const char* eight) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  const uint64_t quotes = word ^ (kOnes * '"');
  const uint64_t backslashes = word ^ (kOnes * '\\');
  const uint64_t found =
      ((word - kOnes * 0x20) & ~word) | ((quotes - kOnes) & ~quotes) | ((backslashes - kOnes) & ~backslashes);
  return (found & (kOnes * 0x80)) != 0;
}

bool needs_escape(std::string_view text) {
  constexpr size_t kStep = sizeof(uint64_t);
  if (text.size() < kStep) return std::any_of(text.begin(), text.end(), [](char c) { return needs_escape(c); });
  for (size_t i = 0; i + kStep < text.size(); i += kStep)
    if (needs_escape(text.data() + i)) return true;
  return needs_escape(text.data() + text.size() - kStep);
}

}  // namespace

void JsonWriter::escape(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  if (!needs_escape(text)) {
    out_ += text;
    return;
  }
  size_t begin = 0;
  for (size_t i = 0; i < text.size();) {
    if (!needs_escape(text[i])) {
      ++i;
      continue;
    }
    out_ += text.substr(begin, i - begin);
    const auto byte = static_cast<unsigned char>(text[i]);
    begin = ++i;
    out_ += '\\';
    if (byte == '"' || byte == '\\')
      out_ += static_cast<char>(byte);
    else if (byte == '\n')
      out_ += 'n';
    else
      ((out_ += "u00") += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  out_ += text.substr(begin);
}

}  // namespace vigil::decision_log
