// SPDX-License-Identifier: Apache-2.0
// Code points and their simple case mappings.
#include "evaluation/text_case.h"

#include "source/utf8.h"

namespace vigil {
namespace {

/// Bytes of the code point that a byte begins; 1 for a byte that begins none.
size_t length_of(unsigned char lead) {
  if (lead >= 0xF0) return lead < 0xF8 ? 4 : 1;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC2 ? 2 : 1;
}

/// Bytes of the first code point of `text`; a broken one is a byte of its own.
size_t first_length(std::string_view text) {
  const auto length = length_of(static_cast<unsigned char>(text.front()));
  if (length > text.size()) return 1;
  for (size_t i = 1; i < length; ++i)
    if (!is_continuation(text[i])) return 1;
  return length;
}

/// Blocks in which capital and small letters stand in turn, the capital at an even code point.
bool alternates_even(uint32_t c) {
  return (c >= 0x100 && c <= 0x137 && c != 0x130 && c != 0x131) || (c >= 0x14A && c <= 0x177) ||
         (c >= 0x1E00 && c <= 0x1E95) || (c >= 0x1EA0 && c <= 0x1EFF) || (c >= 0x460 && c <= 0x481) ||
         (c >= 0x48A && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x52F);
}
/// The same with the capital at an odd one.
bool alternates_odd(uint32_t c) { return (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E); }

}  // namespace

uint32_t take_code_point(std::string_view& text) {
  const auto length = first_length(text);
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i])); };
  uint32_t c = byte(0);
  if (length == 2) c = (c & 0x1Fu) << 6;
  if (length == 3) c = (c & 0x0Fu) << 12;
  if (length == 4) c = (c & 0x07u) << 18;
  for (size_t i = 1; i < length; ++i) c |= (byte(i) & 0x3Fu) << (6 * (length - 1 - i));
  text.remove_prefix(length);
  return c;
}

size_t byte_of_code_point(std::string_view text, uint32_t index) {
  const auto size = text.size();
  for (uint32_t i = 0; i < index; ++i) {
    if (text.empty()) return std::string_view::npos;
    text.remove_prefix(first_length(text));
  }
  return size - text.size();
}

uint32_t to_upper(uint32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  if (c >= 0xE0 && c <= 0xFE && c != 0xF7) return c - 32;
  if (c == 0xFF) return 0x178;
  if (alternates_even(c)) return c & ~1u;
  if (alternates_odd(c)) return c % 2 == 0 ? c - 1 : c;
  if (c == 0x3AC) return 0x386;
  if (c >= 0x3AD && c <= 0x3AF) return c - 37;
  if (c == 0x3C2) return 0x3A3;
  if (c >= 0x3B1 && c <= 0x3CB) return c - 32;
  if (c == 0x3CC) return 0x38C;
  if (c == 0x3CD || c == 0x3CE) return c - 63;
  if (c >= 0x430 && c <= 0x44F) return c - 32;
  if (c >= 0x450 && c <= 0x45F) return c - 80;
  return c;
}

uint32_t to_lower(uint32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if (c == 0x178) return 0xFF;
  if (alternates_even(c)) return c | 1u;
  if (alternates_odd(c)) return c % 2 == 1 ? c + 1 : c;
  if (c == 0x386) return 0x3AC;
  if (c >= 0x388 && c <= 0x38A) return c + 37;
  if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) return c + 32;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 63;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

std::string_view map_text(std::string_view text, uint32_t (*map)(uint32_t), Arena& arena) {
  // No mapping above makes a code point longer than one more byte for each of its own.
  auto* const bytes = static_cast<char*>(arena.allocate(2 * text.size(), 1));
  size_t size = 0;
  while (!text.empty()) {
    const auto broken = first_length(text) == 1 && static_cast<unsigned char>(text.front()) >= 0x80;
    if (broken) {
      bytes[size++] = text.front();
      text.remove_prefix(1);
    } else {
      size += write_utf8(map(take_code_point(text)), bytes + size);
    }
  }
  return {bytes, size};
}

bool is_blank(uint32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace vigil
