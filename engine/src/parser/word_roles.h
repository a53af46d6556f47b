// SPDX-License-Identifier: Apache-2.0
// Between lexer and parser: which words are names and which are keywords, told by their neighbours. With that, `rule`,
// `alert` or `on` are free as names in CQL, and the parser decides each step by the next token. Private to
// parser/*.cpp.
#pragma once

#include "parser/token_row.h"

namespace vigil::parsing {

/// Where the parts of a row begin, as token indexes.
struct Parts {
  std::vector<size_t> declarations;
  std::vector<size_t> clauses;  ///< of rules, and parts of tests
};

/// What a range of tokens is: declarations, or a lone expression.
enum class Content : uint8_t { kDeclarations, kExpression };

/// Sets the types of the words in [begin, end) of `row` from the lexer's, and finds the parts. The rules are listed in
/// grammar/LANGUAGE.md, "Words and ambiguities".
Parts assign_word_roles(TokenRow& row, const CodePoints& text, size_t begin, size_t end, Content content);

/// Where in [begin, end), after a syntax error, a declaration seems to begin: a declaration word, or one nearly so,
/// first on its line and followed by a name. Without `begin` itself.
std::vector<size_t> find_likely_declarations(const TokenRow& row, const CodePoints& text, size_t begin, size_t end);

/// The words that open a declaration, or a clause of a rule or test; for "did you mean".
std::span<const std::string_view> declaration_words();
std::span<const std::string_view> clause_words();

}  // namespace vigil::parsing
