// SPDX-License-Identifier: Apache-2.0
// The tokens of a text in a row, and ANTLR's view of a part of them. Private to parser/*.cpp.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <antlr4-runtime.h>

#include <vigil/diagnostic.h>

#include "parser/code_points.h"
#include "parser/token_sets.h"

namespace vigil::parsing {

using Token = antlr4::CommonToken;

/// What the lexer made of a text. Word types change as word_roles.h decides them; `lexed` keeps the lexer's.
struct TokenRow {
  std::vector<std::unique_ptr<Token>> tokens;  ///< without comments; a token's index is its place here
  std::vector<uint16_t> lexed;
  std::vector<Span> comments;
  std::vector<size_t> mistakes;  ///< indexes of tokens that the lexer reported, in order

  size_t size() const { return tokens.size(); }
  /// The type of the token at `i`; EOF behind the last.
  size_t type(size_t i) const { return i < tokens.size() ? tokens[i]->getType() : antlr4::Token::EOF; }
};

inline Span span_of(const CodePoints& text, const antlr4::Token& token) {
  return text.span(token.getStartIndex(), token.getStopIndex() + 1);
}
inline std::u32string_view text_of(const CodePoints& text, const antlr4::Token& token) {
  return text.view(token.getStartIndex(), token.getStopIndex() + 1);
}

/// Whether nothing but space stands before the token on its line.
bool first_on_line(const CodePoints& text, const antlr4::Token& token);

/// Lexes `text`. Wrong characters, unclosed strings, names and comments go to `sink`; an unclosed string or name ends
/// at its line's end, so that what follows survives. Stops after `max_tokens` with VGL0004.
TokenRow lex(const CodePoints& text, uint32_t max_tokens, DiagnosticSink& sink);

/// The tokens [begin, end) of a row as a stream of its own, closed by EOF.
class TokenSlice final : public antlr4::TokenStream {
 public:
  TokenSlice(const TokenRow& row, size_t begin, size_t end, const CodePoints& text);

  size_t begin() const { return begin_; }
  size_t end() const { return end_; }

  antlr4::Token* LT(ssize_t k) override;
  size_t LA(ssize_t k) override { return LT(k)->getType(); }
  void consume() override { at_ += at_ < end_; }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = std::min(index, end_); }
  size_t size() override { return end_ - begin_ + 1; }
  antlr4::Token* get(size_t index) const override;
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getSourceName() const override { return {}; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }

 private:
  const TokenRow& row_;
  size_t begin_;
  size_t end_;
  size_t at_;
  std::unique_ptr<Token> eof_;
};

}  // namespace vigil::parsing
