// SPDX-License-Identifier: Apache-2.0
// Bytes of UTF-8 (RFC 3629). Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace vigil {

/// Whether a byte goes on with a code point that another began.
inline bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/// The beginning of valid UTF-8 in at most so many bytes; no code point is cut in two.
inline std::string_view cut_utf8(std::string_view utf8, size_t most) {
  if (utf8.size() <= most) return utf8;
  while (most > 0 && is_continuation(utf8[most])) --most;
  return utf8.substr(0, most);
}

/// Writes a code point to `out`, which has room for 4 bytes, and returns how many it took.
inline size_t write_utf8(char32_t c, char* out) {
  const auto write = [&](size_t i, char32_t bits) { out[i] = static_cast<char>(static_cast<unsigned char>(bits)); };
  if (c < 0x80) {
    write(0, c);
    return 1;
  }
  const size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = length - 1; i > 0; --i, c >>= 6) write(i, 0x80 | (c & 0x3F));
  constexpr char32_t kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  write(0, kLead[length] | c);
  return length;
}

}  // namespace vigil
