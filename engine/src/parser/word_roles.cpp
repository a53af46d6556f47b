// SPDX-License-Identifier: Apache-2.0
// One pass over the tokens with little state: open brackets, whether an operand has just ended, the declaration's part.
#include "parser/word_roles.h"

#include <algorithm>

#include "parser/contextual_roles.h"
#include "parser/token_sets.h"

namespace vigil::parsing {
namespace {

class RolePass {
 public:
  RolePass(TokenRow& row, const CodePoints& text, size_t begin, size_t end)
      : row_(row), text_(text), end_(end), i_(begin) {}

  Parts run(Content content) {
    if (content == Content::kExpression) {
      in_body_ = true;
      after_operand_ = false;
    }
    for (; i_ < end_; ++i_) {
      row_.tokens[i_]->setType(row_.lexed[i_]);
      step();
    }
    return std::move(parts_);
  }

 private:
  enum class Kind : uint8_t { kOther, kFunction, kRule, kTest, kTable };
  /// An open bracket, and the `case` expressions open inside it.
  struct Level {
    size_t bracket = 0;
    uint32_t cases = 0;
    bool in_sources = false;  ///< behind `from`, before its query's clauses
  };

  void step() {
    const auto type = row_.lexed[i_];
    if (is_word(type) && peek(-1) == T::DOT) return become(T::IDENTIFIER);
    if (levels_.size() == 1 && after_operand_ && starts_declaration(type)) return begin_declaration(type);
    if (opens(type)) {
      levels_.push_back({type, 0, false});
      after_operand_ = false;
    } else if (closes(type)) {
      if (levels_.size() > 1) levels_.pop_back();
      after_operand_ = true;
    } else if (type == T::IDENTIFIER) {
      identifier();
    } else if (is_type_word(type)) {
      type_word(type);
    } else if (in_body_) {
      body(type);
    } else {
      heading(type);
    }
  }

  void become(size_t type) {
    row_.tokens[i_]->setType(type);
    after_operand_ = type == T::IDENTIFIER;
  }

  // --- declarations

  bool starts_declaration(size_t type) {
    if (type == T::PUBLIC || type == T::PRIVATE) return is_access_target(peek(1));
    if (is_declaration_word(type)) return is_word(peek(1));
    const auto word = type == T::IDENTIFIER ? peek_word(0) : kNoWord;
    return (word == T::RULE || word == T::TEST || word == T::TABLE) && peek(1) == T::IDENTIFIER;
  }

  void begin_declaration(size_t type) {
    parts_.declarations.push_back(i_);
    levels_.assign(1, {});
    angles_ = 0;
    clause_ = type == T::IDENTIFIER ? peek_word(0) : kNoWord;
    after_operand_ = false;
    in_body_ = false;
    opens_body_ = type == T::DEFINE;
    kind_ = Kind::kOther;
    if (type == T::IDENTIFIER) {
      const auto word = clause_;
      become(word);
      kind_ = word == T::RULE ? Kind::kRule : word == T::TEST ? Kind::kTest : Kind::kTable;
    } else if (type == T::DEFINE) {
      for (ptrdiff_t k = 1; k <= 3; ++k) {
        const auto next = peek(k);
        if (next == T::FUNCTION) kind_ = Kind::kFunction;
        if (next != T::PUBLIC && next != T::PRIVATE && next != T::FLUENT) break;
      }
      if (kind_ == Kind::kFunction && peek(1) == T::FUNCTION && peek(2) == T::COLON) kind_ = Kind::kOther;
    }
  }

  // --- before the colon of a definition, and declarations without expressions

  void heading(size_t type) {
    if (levels_.size() == 1 && ((type == T::COLON && opens_body_) || type == T::DEFAULT)) {
      in_body_ = true;
      angles_ = 0;
      after_operand_ = false;
    } else if (type == T::LT || type == T::COLON) {
      after_operand_ = false;
    } else if (type == T::GT || is_literal(type)) {
      after_operand_ = true;
    } else if (is_keyword(type) && is_name_in_heading()) {
      become(T::IDENTIFIER);
    } else {
      after_operand_ = false;
    }
  }

  bool is_name_in_heading() const {
    if (levels_.size() > 1 || (peek(1) == T::COLON && peek(-1) != antlr4::Token::EOF)) return true;
    switch (peek(-1)) {
      case T::FUNCTION:
      case T::PARAMETER:
      case T::CODESYSTEM:
      case T::VALUESET:
      case T::CODE:
      case T::CONCEPT:
      case T::CALLED:
      case T::FROM:
      case T::USING:
      case T::INCLUDE:
      case T::LIBRARY:
      case T::CONTEXT: return true;
      default: return false;
    }
  }

  void type_word(size_t type) {
    const auto next = peek(1);
    const bool selects = type == T::CODE_SELECTOR ? next == T::STRING
                         : type == T::CONCEPT_SELECTOR
                             ? next == T::LBRACE && peek(2) == T::CODE_SELECTOR && peek(3) == T::STRING
                         : type == T::TUPLE  ? next == T::LBRACE
                         : type == T::LIST   ? next == T::LBRACE || next == T::LT
                         : type == T::CHOICE ? next == T::LT
                                             : next == T::LT || next == T::LBRACKET || next == T::LPAREN;
    if (!selects) return become(T::IDENTIFIER);
    after_operand_ = false;
    if (next == T::LT) ++angles_;
  }

  // --- expressions

  void body(size_t type) {
    if (is_keyword(type) && names_element()) return become(T::IDENTIFIER);
    const bool opens_sources = type == T::FROM && !after_operand_ && !is_extractor(peek(-1)) && peek(-1) != T::ACTIVE;
    const bool was_in_sources = levels_.back().in_sources;
    if (type != T::COMMA && type != T::DOT) levels_.back().in_sources = opens_sources;
    switch (type) {
      case T::COMMA:
        if (levels_.back().in_sources && after_operand_ && source_follows()) row_.tokens[i_]->setType(T::SOURCE_COMMA);
        after_operand_ = false;
        return;
      case T::GT:
        after_operand_ = angles_ > 0;
        if (angles_ > 0) --angles_;
        return;
      case T::CASE:
        ++levels_.back().cases;
        after_operand_ = false;
        return;
      case T::END: return end_word();
      case T::PRECISION:
      case T::PRECISIONS: after_operand_ = peek(-1) == T::NUMBER || peek(-1) == T::PER || peek(-1) == T::TO; return;
      case T::COMPONENT:
        if (peek(1) != T::FROM) return become(T::IDENTIFIER);
        after_operand_ = false;
        return;
      case T::ASCENDING:
      case T::DESCENDING:
        if (!after_operand_ && peek(-1) != T::SORT) return become(T::IDENTIFIER);
        after_operand_ = true;
        return;
      case T::LET: let_word(); return;
      case T::WHEN:
        if (in_clauses()) begin_clause_at_when();
        after_operand_ = false;
        return;
      case T::IF:
        if (in_clauses() && after_operand_ && kind_ == Kind::kRule) begin_clause(T::IF);
        after_operand_ = false;
        return;
      default: break;
    }
    if (is_literal(type)) {
      after_operand_ = true;
    } else if (is_keyword(type) && is_name_in_body(type)) {
      become(T::IDENTIFIER);
      levels_.back().in_sources = was_in_sources;
    } else {
      after_operand_ = type == T::EXTERNAL;
    }
  }

  /// Whether a source with its alias stands behind the comma: `A.b(c)[0] X`, `[A] X`, `(A) X`.
  bool source_follows() const {
    size_t depth = 0;
    bool after_name = false;
    for (size_t at = i_ + 1; at < end_; ++at) {
      const auto type = row_.lexed[at];
      if (opens(type)) ++depth;
      if (depth > 0) {
        if (closes(type)) --depth;
        after_name = true;
        continue;
      }
      if (type == T::DOT) {
        after_name = false;
      } else if (is_word(type)) {
        if (after_name) return type == T::IDENTIFIER;
        after_name = true;
      } else {
        return false;
      }
    }
    return false;
  }

  /// `end` closes a case, or opens a phrase: `end of X`, `before end X`.
  void end_word() {
    auto& cases = levels_.back().cases;
    const bool closes_case = after_operand_ && cases > 0 && peek(1) != T::OF;
    if (closes_case) --cases;
    after_operand_ = closes_case;
  }

  void let_word() {
    if (in_clauses() && kind_ == Kind::kRule && after_operand_) {
      row_.tokens[i_]->setType(T::RULE_LET);
      begin_clause(T::RULE_LET);
    }
    after_operand_ = false;
  }

  void begin_clause_at_when() {
    if (kind_ == Kind::kRule && clause_ == T::TIER) return;  // `tier passive when ...`
    begin_clause(T::WHEN);
  }

  /// `{ end: 1 }`, `let code: x`: before a colon, where only a name can stand.
  bool names_element() const {
    if (peek(1) != T::COLON) return false;
    const auto before = peek(-1);
    return before == T::LET || before == T::RULE_LET || before == T::COMMA ||
           (before == T::LBRACE && levels_.size() > 1);
  }

  bool is_name_in_body(size_t type) const {
    if (after_operand_ || !is_soft_keyword(type)) return false;
    switch (type) {
      case T::SUCCESSOR:
      case T::PREDECESSOR: return peek(1) != T::OF;
      case T::INCLUDES: return peek(-1) != T::PROPERLY;
      case T::BY: return peek(-1) != T::SORT;
      case T::DEFINE: return peek(-1) != T::EXPECT;
      case T::EXTERNAL: return kind_ != Kind::kFunction || peek(-1) != T::COLON || levels_.size() > 1;
      default: return true;
    }
  }

  // --- contextual words

  bool in_clauses() const {
    return levels_.size() == 1 && levels_.back().cases == 0 && (kind_ == Kind::kRule || kind_ == Kind::kTest);
  }

  void begin_clause(size_t word) {
    clause_ = word;
    parts_.clauses.push_back(i_);
  }

  void identifier() {
    const auto word = peek_word(0);
    const auto role = word == kNoWord ? kNoWord : decide(word);
    if (role == kNoWord) {
      after_operand_ = true;
      if (kind_ == Kind::kRule || kind_ == Kind::kTest) in_body_ = true;  // the name has been read
      return;
    }
    become(role);
    if (opens_clause(role, here())) begin_clause(role);
    after_operand_ = role == T::SHADOW || role == T::OBTAINED || role == T::PATIENT;  // words that are complete
  }

  size_t decide(size_t word) const {
    const auto place = here();
    if (in_body_ || kind_ == Kind::kTable)
      if (const auto role = phrase_role(word, place); role != kNoWord) return role;
    if (!in_body_ || !in_clauses()) return kNoWord;
    return kind_ == Kind::kRule ? rule_role(word, place) : test_role(word, place);
  }

  WordPlace here() const { return {row_, text_, i_, end_, after_operand_, clause_}; }
  size_t peek(ptrdiff_t distance) const { return here().peek(distance); }
  size_t peek_word(ptrdiff_t distance) const { return here().peek_word(distance); }

  TokenRow& row_;
  const CodePoints& text_;
  size_t end_;
  size_t i_;
  Parts parts_;
  Kind kind_ = Kind::kOther;
  std::vector<Level> levels_{1};
  uint32_t angles_ = 0;
  size_t clause_ = kNoWord;  ///< the clause of a rule or test that was opened last
  bool in_body_ = false;     ///< behind the heading
  bool opens_body_ = false;  ///< the heading ends at its colon
  bool after_operand_ =
      true;  ///< an operand or a declaration has just ended: an operator, a clause or an alias may follow
};

}  // namespace

Parts assign_word_roles(TokenRow& row, const CodePoints& text, size_t begin, size_t end, Content content) {
  return RolePass(row, text, begin, end).run(content);
}

}  // namespace vigil::parsing
