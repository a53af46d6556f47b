// SPDX-License-Identifier: Apache-2.0
// Runs the generated parser over a slice of tokens: a parse tree, or the first syntax error. Private to parser/*.cpp.
#pragma once

#include <optional>

#include "VigilParser.h"
#include "parser/token_row.h"

namespace vigil::parsing {

using P = VigilParser;  ///< for the names of rules and contexts

/// Where the parser enters the grammar.
enum class Entry : uint8_t { kDeclaration, kRuleClause, kTestPart, kExpression };

/// What the parser met, and what could have stood there.
struct SyntaxError {
  antlr4::Token* offending = nullptr;
  antlr4::misc::IntervalSet expected;
  bool too_deep = false;  ///< stopped by the nesting limit; `expected` is empty
};

/// A parser whose trees live until its next run. Not thread-safe; the prediction cache behind it is shared and is.
class GrammarRun {
 public:
  explicit GrammarRun(uint32_t max_nesting);
  ~GrammarRun();

  /// The tree, or null with `error()` set. Predicts by one-token-set lookahead (SLL), which is all the grammar needs.
  antlr4::ParserRuleContext* parse(TokenSlice& tokens, Entry entry);
  /// Again after an error: with full prediction (LL) where that is cheap enough, noting all that was expected.
  antlr4::ParserRuleContext* parse_thoroughly(TokenSlice& tokens, Entry entry);

  const SyntaxError& error() const { return error_; }

 private:
  class LimitedParser;
  class FirstErrorStrategy;

  antlr4::ParserRuleContext* run(TokenSlice& tokens, Entry entry);

  std::unique_ptr<LimitedParser> parser_;
  std::shared_ptr<FirstErrorStrategy> strategy_;
  SyntaxError error_;
};

}  // namespace vigil::parsing
