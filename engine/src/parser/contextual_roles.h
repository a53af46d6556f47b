// SPDX-License-Identifier: Apache-2.0
// Which contextual word is a keyword at its place. Private to parser/*.cpp.
#pragma once

#include "parser/contextual_words.h"
#include "parser/token_row.h"

namespace vigil::parsing {

/// A token with its neighbours, and what stands before it.
struct WordPlace {
  const TokenRow& row;
  const CodePoints& text;
  size_t index;
  size_t end;          ///< of the range that is looked at
  bool after_operand;  ///< an operand or a declaration has just ended
  size_t clause;       ///< the clause of a rule or test that was opened last, or kNoWord

  /// The type of the token `distance` further, as decided for those before this one, as lexed for those behind.
  size_t peek(ptrdiff_t distance) const;
  /// The contextual word at that distance, or kNoWord.
  size_t peek_word(ptrdiff_t distance) const;
};

/// The role of `word` in CQL's own phrases and at a table's end, in the clauses of a rule, in the parts of a test: its
/// token type, or kNoWord where it is a name.
size_t phrase_role(size_t word, const WordPlace& place);
size_t rule_role(size_t word, const WordPlace& place);
size_t test_role(size_t word, const WordPlace& place);

/// Whether a word of this role opens a clause.
bool opens_clause(size_t role, const WordPlace& place);

}  // namespace vigil::parsing
