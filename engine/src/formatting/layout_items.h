// SPDX-License-Identifier: Apache-2.0
// The tokens and comments of a text with the white space before each: as it was written, then as it shall be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parser/source_tokens.h"

namespace vigil::formatting {

/// A token or comment.
struct Item {
  std::string text;
  TokenRole role = TokenRole::kPlain;
  uint32_t breaks = 0;         ///< line breaks before it: 0, 1, or 2 for an empty line
  bool indented = false;       ///< written behind white space on its line
  bool inside_breaks = false;  ///< its text goes over several lines
  bool belongs_above = false;  ///< a comment at the end of a declaration, not one before the next
  uint32_t padding = 0;        ///< spaces behind it, above what its neighbour asks for

  bool is_comment() const { return role == TokenRole::kComment; }
  bool is_line_comment() const { return is_comment() && text.starts_with("//"); }
  bool opens() const { return text == "(" || text == "[" || text == "{"; }
  bool closes() const { return text == ")" || text == "]" || text == "}"; }
};

using Items = std::vector<Item>;

/// Whether the item begins a line of its own wherever it stands.
inline bool begins_line(TokenRole role) {
  return role == TokenRole::kDeclaration || role == TokenRole::kClause || role == TokenRole::kSubClause ||
         role == TokenRole::kEvidenceItem;
}

/// The items of a text without errors, as it was written.
Items read_items(std::string_view text, const std::vector<SourceToken>& tokens);

/// Sets each item's `breaks`: adds and takes away what the style asks for, and keeps the author's breaks elsewhere.
void decide_breaks(Items& items);

/// Sets `padding` so that the operands of clauses, and the values of declarations that follow each other, are aligned.
/// Needs breaks decided.
void align(Items& items);

/// The spaces between the items at `i - 1` and `i` where both stand on one line, without padding.
uint32_t spaces_before(const Items& items, size_t i);

/// The items as text: lines with their indentation.
std::string write_lines(const Items& items);

}  // namespace vigil::formatting
