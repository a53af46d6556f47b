// SPDX-License-Identifier: Apache-2.0
// Runs the generated lexer and reports what it could not read.
#include "parser/token_row.h"

#include "diagnostics/catalogue.h"

namespace vigil::parsing {
namespace {

/// ANTLR's view of CodePoints.
class CharacterStream final : public antlr4::CharStream {
 public:
  explicit CharacterStream(const CodePoints& text) : text_(text) {}

  void consume() override { ++at_; }
  size_t LA(ssize_t k) override {
    const size_t i = k > 0 ? at_ + static_cast<size_t>(k) - 1 : at_ - static_cast<size_t>(-k);
    return i < text_.size() ? text_.characters[i] : antlr4::IntStream::EOF;
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = index; }
  size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return {}; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string toString() const override { return {}; }

 private:
  const CodePoints& text_;
  size_t at_ = 0;
};

bool is_line_end(char32_t c) { return c == U'\n' || c == U'\r'; }

size_t line_end(const CodePoints& text, size_t from) {
  while (from < text.size() && !is_line_end(text.characters[from])) ++from;
  return from;
}

bool is_quote(char32_t c) { return c == U'\'' || c == U'"' || c == U'`'; }

/// Whether a closed string or name over several lines holds a line that opens a declaration: then most likely its quote
/// is the one that was forgotten.
bool swallows_declaration(std::u32string_view token) {
  static constexpr std::u32string_view kOpeners[] = {U"define ",   U"rule ",       U"test ", U"table ",  U"parameter ",
                                                     U"valueset ", U"codesystem ", U"code ", U"context "};
  for (size_t at = token.find(U'\n'); at != std::u32string_view::npos; at = token.find(U'\n', at + 1))
    for (const auto opener : kOpeners)
      if (token.substr(at + 1).starts_with(opener)) return true;
  return false;
}

std::string hint_for(char32_t c) {
  if (c == U'\u2018' || c == U'\u2019' || c == U'\u201C' || c == U'\u201D')
    return "write straight quotes: '…' for a text, \"…\" for a name";
  if (c == U'\u2013' || c == U'\u2014' || c == U'\u2212') return "write a plain `-`";
  if (c == U'\u2264') return "write `<=`";
  if (c == U'\u2265') return "write `>=`";
  if (c == U'\u2260') return "write `!=`";
  if (c == U'@') return "a date is written @2026-01-31, a time @T14:30";
  if (c == U'!') return "write `not`, or `!=` for unequal";
  if (c == U';') return "a declaration ends where the next begins; no `;` is needed";
  if (c == U'#') return "a comment begins with `//`";
  if (c >= 0x80) return "a name with other letters than a to z stands in double quotes";
  return {};
}

class Lexing {
 public:
  Lexing(const CodePoints& text, DiagnosticSink& sink) : text_(text), stream_(text), lexer_(&stream_), sink_(sink) {
    lexer_.removeErrorListeners();
  }

  TokenRow run(uint32_t max_tokens) {
    for (;;) {
      auto next = lexer_.nextToken();
      std::unique_ptr<Token> token(static_cast<Token*>(next.release()));
      if (token->getType() == antlr4::Token::EOF) break;
      if (token->getChannel() != 0) {
        row_.comments.push_back(span_of(text_, *token));
        continue;
      }
      if (!take(std::move(token))) break;
      if (row_.size() > max_tokens) {
        const auto& last = *row_.tokens.back();
        add_error(last.getStartIndex(),
                  make_diagnostic<Code::VGL0004>(span_of(text_, last), std::to_string(max_tokens)));
        row_.tokens.clear();
        row_.mistakes.clear();
        break;
      }
    }
    for (auto& [at, error] : errors_) sink_.add(std::move(error));
    for (const auto& token : row_.tokens) row_.lexed.push_back(static_cast<uint16_t>(token->getType()));
    return std::move(row_);
  }

 private:
  /// Adds the token; false to stop.
  bool take(std::unique_ptr<Token> token) {
    switch (token->getType()) {
      case T::UNCLOSED_STRING:
      case T::UNCLOSED_IDENTIFIER: return take_unclosed(std::move(token));
      case T::UNCLOSED_COMMENT: take_unclosed_comment(*token); return true;
      case T::UNKNOWN_CHARACTER: take_unknown(std::move(token)); return true;
      default: add(std::move(token)); return true;
    }
  }

  void add(std::unique_ptr<Token> token) {
    token->setTokenIndex(row_.size());
    row_.tokens.push_back(std::move(token));
  }

  void add_mistake(std::unique_ptr<Token> token) {
    row_.mistakes.push_back(row_.size());
    add(std::move(token));
  }

  /// The quote that was forgotten is that of this token, or of an earlier one that reaches over a declaration's begin.
  bool take_unclosed(std::unique_ptr<Token> token) {
    size_t culprit = row_.size();
    for (size_t i = searched_; i < row_.size(); ++i) {
      const auto words = text_of(text_, *row_.tokens[i]);
      if (is_quote(words[0]) && swallows_declaration(words)) {
        culprit = i;
        break;
      }
    }
    if (culprit < row_.size()) {
      token = std::move(row_.tokens[culprit]);
      row_.tokens.resize(culprit);
      while (!row_.mistakes.empty() && row_.mistakes.back() >= culprit) row_.mistakes.pop_back();
      while (!errors_.empty() && errors_.back().first >= token->getStartIndex()) errors_.pop_back();
      while (!row_.comments.empty() && row_.comments.back().begin >= span_of(text_, *token).begin)
        row_.comments.pop_back();
    }
    searched_ = row_.size() + 1;
    const auto begin = token->getStartIndex();
    const auto end = std::max(line_end(text_, begin), begin + 1);
    const bool is_text = text_.characters[begin] == U'\'';
    const auto span = text_.span(begin, end);
    add_error(begin, (is_text ? make_diagnostic<Code::VGL0102>(span) : make_diagnostic<Code::VGL0103>(span))
                         .with_hint(is_text ? "end it with `'`; inside, write \\' for an apostrophe"
                                            : "end it with the same quote"));
    token->setStopIndex(end - 1);
    token->setType(is_text ? T::STRING : T::IDENTIFIER);
    add_mistake(std::move(token));
    resume(end);
    return ++broken_ < kMaxBroken;
  }

  void take_unclosed_comment(const Token& token) {
    add_error(token.getStartIndex(),
              make_diagnostic<Code::VGL0104>(text_.span(token.getStartIndex(), token.getStartIndex() + 2))
                  .with_hint("end it with `*/`"));
    const auto end = line_end(text_, token.getStartIndex());
    row_.comments.push_back(text_.span(token.getStartIndex(), end));
    resume(end);
  }

  /// Neighbouring wrong characters make one diagnostic.
  void take_unknown(std::unique_ptr<Token> token) {
    const auto at = token->getStartIndex();
    const bool continues = !row_.mistakes.empty() && row_.mistakes.back() + 1 == row_.size() &&
                           row_.tokens.back()->getStopIndex() + 1 == at;
    if (!continues) {
      std::string shown;
      append_utf8(shown, text_.characters[at]);
      add_error(
          at, make_diagnostic<Code::VGL0105>(text_.span(at, at + 1), shown).with_hint(hint_for(text_.characters[at])));
    }
    add_mistake(std::move(token));
  }

  void add_error(size_t at, Diagnostic error) { errors_.emplace_back(at, std::move(error)); }

  void resume(size_t at) {
    stream_.seek(at);
    lexer_.hitEOF = false;
  }

  static constexpr int kMaxBroken = 50;  ///< each costs reading on to the end once more

  const CodePoints& text_;
  CharacterStream stream_;
  VigilLexer lexer_;
  DiagnosticSink& sink_;
  TokenRow row_;
  std::vector<std::pair<size_t, Diagnostic>> errors_;  ///< with where they begin; some are taken back
  size_t searched_ = 0;
  int broken_ = 0;
};

}  // namespace

bool first_on_line(const CodePoints& text, const antlr4::Token& token) {
  for (size_t i = token.getStartIndex(); i-- > 0;) {
    const char32_t c = text.characters[i];
    if (is_line_end(c)) return true;
    if (c != U' ' && c != U'\t') return false;
  }
  return true;
}

TokenRow lex(const CodePoints& text, uint32_t max_tokens, DiagnosticSink& sink) {
  return Lexing(text, sink).run(max_tokens);
}

TokenSlice::TokenSlice(const TokenRow& row, size_t begin, size_t end, const CodePoints& text)
    : row_(row), begin_(begin), end_(end), at_(begin), eof_(std::make_unique<Token>(antlr4::Token::EOF)) {
  const size_t at = end < row.size() ? row.tokens[end]->getStartIndex() : text.size();
  eof_->setStartIndex(at);
  eof_->setStopIndex(at - 1);
  eof_->setTokenIndex(end);
}

antlr4::Token* TokenSlice::LT(ssize_t k) {
  if (k < 0) {
    const auto back = static_cast<size_t>(-k);
    return at_ - begin_ >= back ? row_.tokens[at_ - back].get() : nullptr;
  }
  return get(at_ + static_cast<size_t>(k) - 1);
}

antlr4::Token* TokenSlice::get(size_t index) const { return index < end_ ? row_.tokens[index].get() : eof_.get(); }

}  // namespace vigil::parsing
