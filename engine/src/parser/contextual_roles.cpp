// SPDX-License-Identifier: Apache-2.0
// The rules of grammar/LANGUAGE.md, "Words and ambiguities" about contextual keywords.
#include "parser/contextual_roles.h"

namespace vigil::parsing {
namespace {

bool is_direction(size_t type) { return type == T::BEFORE || type == T::AFTER; }

size_t more_or_less(size_t word, const WordPlace& place, bool opens_timing) {
  if (place.peek(-1) == T::OR)
    return is_quantity_end(place.peek(-2)) && (is_direction(place.peek(1)) || place.peek_word(1) == T::ON) ? word
                                                                                                           : kNoWord;
  return opens_timing && place.peek_word(1) == T::THAN && place.peek(2) == T::NUMBER ? word : kNoWord;
}

}  // namespace

size_t WordPlace::peek(ptrdiff_t distance) const {
  const auto at = static_cast<ptrdiff_t>(index) + distance;
  if (at < 0 || at >= static_cast<ptrdiff_t>(end)) return antlr4::Token::EOF;
  return distance > 0 ? row.lexed[static_cast<size_t>(at)] : row.type(static_cast<size_t>(at));
}

size_t WordPlace::peek_word(ptrdiff_t distance) const {
  const auto at = index + static_cast<size_t>(distance);
  return at < end && row.lexed[at] == T::IDENTIFIER ? contextual_word(text_of(text, *row.tokens[at])) : kNoWord;
}

size_t phrase_role(size_t word, const WordPlace& place) {
  const auto before = place.peek(-1);
  const bool opens_timing = place.after_operand || before == T::STARTS || before == T::ENDS || before == T::OCCURS;
  switch (word) {
    case T::ON:
      if (before == T::OR && is_direction(place.peek(-2))) return word;
      return (opens_timing || before == T::MORE || before == T::LESS) && place.peek(1) == T::OR &&
                     is_direction(place.peek(2))
                 ? word
                 : kNoWord;
    case T::INCLUDED: return (opens_timing || before == T::PROPERLY) && place.peek(1) == T::IN ? word : kNoWord;
    case T::SUCH: return place.after_operand && place.peek_word(1) == T::THAT ? word : kNoWord;
    case T::THAT: return before == T::SUCH ? word : kNoWord;
    case T::THAN: return before == T::MORE || before == T::LESS ? word : kNoWord;
    case T::MORE:
    case T::LESS: return more_or_less(word, place, opens_timing);
    case T::SYMMETRIC:
      return before == T::RBRACE && place.peek(1) == T::LPAREN && place.clause == T::TABLE ? word : kNoWord;
    default: return kNoWord;
  }
}

size_t rule_role(size_t word, const WordPlace& place) {
  const auto next = place.peek(1);
  const auto before = place.peek(-1);
  switch (word) {
    case T::ORDERED:
    case T::CURRENT: {
      const bool at_source = before == T::FOR || (before == T::COMMA && place.clause == T::FOR);
      int bracket = 1;  // of a retrieve, or of the first one of a union in parentheses
      while (place.peek(bracket) == T::LPAREN) ++bracket;
      const bool at_retrieve = place.peek(bracket) == T::LBRACKET && place.peek(bracket + 1) == T::IDENTIFIER;
      return at_source && at_retrieve ? word : kNoWord;
    }
    case T::UNKNOWN: return before == T::IF && place.clause == T::IF ? word : kNoWord;
    case T::ALERT:
      if (before == T::ONE) return word;
      break;
    default: break;
  }
  if (!place.after_operand) return kNoWord;
  switch (word) {
    case T::ON: return next == T::STRING ? size_t{T::ON_HOOK} : kNoWord;
    case T::CATEGORY:
    case T::ALERT:
    case T::DETAIL:
    case T::SUGGEST:
    case T::RECOMMEND:
    case T::PERFORM:
    case T::LINK:
    case T::BECAUSE: return next == T::STRING ? word : kNoWord;
    case T::LAUNCH: return next == T::STRING || (next == T::IDENTIFIER && place.peek(2) == T::STRING) ? word : kNoWord;
    case T::FOR:
    case T::UNLESS:
    case T::SEVERITY:
    case T::TIER:
    case T::CITE:
    case T::OVERRIDE: return starts_operand(next) ? word : kNoWord;
    case T::ONCE: return next == T::PER ? word : kNoWord;
    case T::ONE: return place.peek_word(1) == T::ALERT ? word : kNoWord;
    case T::ACTIVE: return next == T::FROM || next == T::TO ? word : kNoWord;
    case T::EVIDENCE:
    case T::SHADOW: return continues_operand(next) ? kNoWord : word;
    default: return kNoWord;
  }
}

size_t test_role(size_t word, const WordPlace& place) {
  const auto next = place.peek(1);
  const auto before = place.peek(-1);
  switch (word) {
    case T::PATIENT: {
      const bool at_fact = before == T::GIVEN || (before == T::AND && place.clause == T::GIVEN);
      return at_fact && next != T::LBRACE && next != T::DOT && next != T::NOT ? word : kNoWord;
    }
    case T::OBTAINED: return before == T::NOT ? word : kNoWord;
    case T::GIVEN:
    case T::AT: return place.after_operand && starts_operand(next) ? word : kNoWord;
    case T::EXPECT: return place.after_operand && (next == T::IDENTIFIER || next == T::DEFINE) ? word : kNoWord;
    case T::BECAUSE:
    case T::SAYING: return place.after_operand && next == T::STRING ? word : kNoWord;
    default: return kNoWord;
  }
}

bool opens_clause(size_t role, const WordPlace& place) {
  switch (role) {
    case T::ALERT: return place.peek(-1) != T::ONE;
    case T::FOR: return place.peek(1) != T::STRING;  // not the audience of a text
    case T::CITE: return place.clause != T::EVIDENCE;
    default: return is_clause_token(role);
  }
}

}  // namespace vigil::parsing
