// SPDX-License-Identifier: Apache-2.0
// Strings to JSON strings (RFC 8259, section 7).
#include "json/json_writer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace vigil::json {
namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

/// Whether one of the word's bytes does: one whose high bit is set by subtracting, and was not before, was smaller.
bool any_needs_escape(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  const uint64_t quotes = word ^ (kOnes * '"');
  const uint64_t backslashes = word ^ (kOnes * '\\');
  const uint64_t found =
      ((word - kOnes * 0x20) & ~word) | ((quotes - kOnes) & ~quotes) | ((backslashes - kOnes) & ~backslashes);
  return (found & (kOnes * 0x80)) != 0;
}

template <class Word>
Word load(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// Looks at words; the last one, and the second half of a short text, may hold bytes once more.
bool needs_escape(std::string_view text) {
  constexpr size_t kStep = sizeof(uint64_t), kHalf = sizeof(uint32_t);
  if (text.size() < kHalf) return std::any_of(text.begin(), text.end(), [](char c) { return needs_escape(c); });
  const char* const end = text.data() + text.size();
  if (text.size() < kStep)
    return any_needs_escape(load<uint32_t>(text.data()) | uint64_t{load<uint32_t>(end - kHalf)} << 32);
  for (const char* at = text.data(); at + kStep < end; at += kStep)
    if (any_needs_escape(load<uint64_t>(at))) return true;
  return any_needs_escape(load<uint64_t>(end - kStep));
}

}  // namespace

void append_escaped(std::string_view text, std::string& to) {
  static constexpr char kDigits[] = "0123456789abcdef";
  if (!needs_escape(text)) {
    to += text;
    return;
  }
  size_t begin = 0;
  for (size_t i = 0; i < text.size();) {
    if (!needs_escape(text[i])) {
      ++i;
      continue;
    }
    to += text.substr(begin, i - begin);
    const auto byte = static_cast<unsigned char>(text[i]);
    begin = ++i;
    to += '\\';
    if (byte == '"' || byte == '\\')
      to += static_cast<char>(byte);
    else if (byte == '\n')
      to += 'n';
    else
      ((to += "u00") += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  to += text.substr(begin);
}

}  // namespace vigil::json
