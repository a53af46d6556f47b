// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, Developer's Guide, "Character Escape Sequences"; \uXXXX is a UTF-16 unit, two of them may make one
// character.
#include "parser/string_escapes.h"

#include <optional>

namespace vigil::parsing {
namespace {

char32_t simple_escape(char32_t c) {
  switch (c) {
    case U'\'':
    case U'"':
    case U'`':
    case U'\\':
    case U'/': return c;
    case U'f': return U'\f';
    case U'n': return U'\n';
    case U'r': return U'\r';
    case U't': return U'\t';
    default: return 0;
  }
}

/// The value of `\uXXXX` at `at`, which is the backslash.
std::optional<char32_t> unicode_escape(const CodePoints& text, size_t at, size_t end) {
  if (at + 6 > end || text.characters[at] != U'\\' || text.characters[at + 1] != U'u') return std::nullopt;
  char32_t value = 0;
  for (size_t i = at + 2; i < at + 6; ++i) {
    const char32_t c = text.characters[i];
    const char32_t digit = c >= U'0' && c <= U'9'   ? c - U'0'
                           : c >= U'a' && c <= U'f' ? c - U'a' + 10
                           : c >= U'A' && c <= U'F' ? c - U'A' + 10
                                                    : 16;
    if (digit == 16) return std::nullopt;
    value = value * 16 + digit;
  }
  return value;
}

constexpr bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
constexpr bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

/// The character that an escape at `at` means, and its length; none where it is no escape.
std::optional<std::pair<char32_t, size_t>> escape(const CodePoints& text, size_t at, size_t end) {
  if (at + 1 < end)
    if (const auto c = simple_escape(text.characters[at + 1]); c != 0) return std::pair(c, size_t{2});
  const auto unit = unicode_escape(text, at, end);
  if (!unit || is_low_surrogate(*unit)) return std::nullopt;
  if (!is_high_surrogate(*unit)) return std::pair(*unit, size_t{6});
  const auto low = unicode_escape(text, at + 6, end);
  if (!low || !is_low_surrogate(*low)) return std::nullopt;
  return std::pair(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), size_t{12});
}

}  // namespace

Unescaped unescape(const CodePoints& text, size_t begin, size_t end) {
  Unescaped out;
  for (size_t at = begin; at < end;) {
    out.positions.push_back(at);
    if (text.characters[at] != U'\\') {
      out.characters += text.characters[at++];
      continue;
    }
    if (const auto found = escape(text, at, end)) {
      out.characters += found->first;
      at += found->second;
    } else {
      out.wrong.emplace_back(at, std::min(at + 2, end));
      out.characters += text.characters[at++];
    }
  }
  out.positions.push_back(end);
  return out;
}

}  // namespace vigil::parsing
