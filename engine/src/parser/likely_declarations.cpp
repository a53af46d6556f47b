// SPDX-License-Identifier: Apache-2.0
// After an error: where the next declaration seems to begin, though brackets may be open or its word misspelled.
#include "diagnostics/suggest.h"
#include "parser/contextual_words.h"
#include "parser/token_sets.h"
#include "parser/word_roles.h"

namespace vigil::parsing {
namespace {

/// A word that, first on its line, can only open a declaration: `define X`, `code "X": '1'`, `rule "X"`.
bool opens_declaration(const TokenRow& row, const CodePoints& text, size_t i, size_t end) {
  const auto type = row.lexed[i];
  const size_t next = i + 1 < end ? row.lexed[i + 1] : antlr4::Token::EOF;
  const size_t second = i + 2 < end ? row.lexed[i + 2] : antlr4::Token::EOF;
  switch (type) {
    case T::DEFINE: return true;
    case T::CODESYSTEM:
    case T::VALUESET:
    case T::CODE:
    case T::CONCEPT: return is_word(next) && second == T::COLON;
    case T::PUBLIC:
    case T::PRIVATE: return is_access_target(next);
    case T::LIBRARY:
    case T::USING:
    case T::INCLUDE:
    case T::PARAMETER:
    case T::CONTEXT: return next == T::IDENTIFIER && second != T::COMMA;
    case T::IDENTIFIER: break;
    default: return false;
  }
  if (next != T::IDENTIFIER) return false;
  const auto words = text_of(text, *row.tokens[i]);
  const auto word = contextual_word(words);
  if (word == T::RULE || word == T::TEST || word == T::TABLE) return true;
  return words.size() >= 4 && word == kNoWord && !nearest_name(to_utf8(words), declaration_words()).empty();
}

}  // namespace

std::vector<size_t> find_likely_declarations(const TokenRow& row, const CodePoints& text, size_t begin, size_t end) {
  std::vector<size_t> found;
  for (size_t i = begin + 1; i < end; ++i)
    if (opens_declaration(row, text, i, end) && first_on_line(text, *row.tokens[i])) found.push_back(i);
  return found;
}

}  // namespace vigil::parsing
