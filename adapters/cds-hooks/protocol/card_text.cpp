// SPDX-License-Identifier: Apache-2.0
// Summaries, Markdown and codes of texts.
#include "cds-hooks/protocol/card_text.h"

#include <array>

namespace vigil::hooks {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// One line, without blanks at its ends or two in a row.
std::string on_one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte != 0x7F)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

/// Where the code point with this number begins; the size where there are fewer.
size_t offset_of(std::string_view text, size_t number) {
  size_t at = 0;
  while (at < text.size()) {
    if (number-- == 0) return at;
    do ++at;
    while (at < text.size() && continues(text[at]));
  }
  return at;
}

// GFM 0.29, 6.1: any of ASCII's punctuation may be escaped. Those that are the beginning of markup are, wherever they
// stand; `.`, `:` and `@` only where an autolink could begin (6.9); `-`, `+` and digits' points only at a line's
// beginning (5.2); `<`, `>` and `&` as entities, which no renderer takes for HTML.
constexpr std::string_view kAlwaysEscaped = "\\`*_{}[]#|~!";

/// Bytes that are copied as they are within a line.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (size_t c = ' '; c < plain.size(); ++c) plain[c] = true;
  for (const char c : kAlwaysEscaped) plain[static_cast<unsigned char>(c)] = false;
  for (const char c : std::string_view("&<>:@.")) plain[static_cast<unsigned char>(c)] = false;
  return plain;
}();

/// How many bytes from `begin` on are plain.
size_t plain_run(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && kPlain[static_cast<unsigned char>(text[end])]) ++end;
  return end - begin;
}

bool is_letter_or_digit(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

size_t code_points(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += continues(c) ? 0 : 1;
  return count;
}

std::string to_summary(std::string_view text, size_t length) {
  std::string line = on_one_line(text);
  if (code_points(line) <= length) return line;
  line.resize(offset_of(line, length - 1));
  // At a word, unless that would lose much of it.
  const size_t blank = line.rfind(' ');
  if (blank != std::string::npos && blank > line.size() - line.size() / 4) line.resize(blank);
  return line + "…";
}

std::string escape_markdown(std::string_view text) {
  std::string out;
  bool at_line_begin = true;
  bool after_number = false;  // digits since the line began
  out.reserve(text.size() + text.size() / 8);
  for (size_t i = 0; i < text.size(); ++i) {
    if (!at_line_begin && !after_number) {
      const size_t run = plain_run(text, i);
      out += text.substr(i, run);
      i += run;
      if (i == text.size()) break;
    }
    const char c = text[i];
    if (c == '\r') continue;
    if (c == '\n') {
      out += "  \n";
      at_line_begin = true;
      after_number = false;
      continue;
    }
    const bool is_digit = c >= '0' && c <= '9';
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (static_cast<unsigned char>(c) < ' ') {
      out += ' ';
    } else {
      const auto behind = text.substr(i + 1);
      const bool begins_link =
          (c == ':' && behind.starts_with("//")) || c == '@' ||
          (c == '.' && i >= 3 && (text.substr(i - 3, 3) == "www" || text.substr(i - 3, 3) == "WWW"));
      const bool begins_item =
          (at_line_begin && (c == '-' || c == '+' || c == '=')) || (after_number && (c == '.' || c == ')'));
      if (kAlwaysEscaped.find(c) != std::string_view::npos || begins_link || begins_item) out += '\\';
      out += c;
    }
    after_number = is_digit && (at_line_begin || after_number);
    if (c != ' ') at_line_begin = false;
  }
  return out;
}

std::string to_code(std::string_view text) {
  std::string code;
  for (const char c : text) {
    if (is_letter_or_digit(c))
      code += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    else if (!code.empty() && code.back() != '-')
      code += '-';
  }
  while (code.ends_with('-')) code.pop_back();
  return code;
}

}  // namespace vigil::hooks
