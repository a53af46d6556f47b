// SPDX-License-Identifier: Apache-2.0
// Sets of token types. Private to parser/*.cpp.
#pragma once

#include "VigilLexer.h"

namespace vigil::parsing {

using T = VigilLexer;  ///< for the names of token types

// The ranges below follow the order of VigilLexer.g4.
inline bool is_keyword(size_t type) { return type >= T::LIBRARY && type <= T::COMPONENT; }
inline bool is_word(size_t type) { return type == T::IDENTIFIER || is_keyword(type); }

inline bool opens(size_t type) { return type == T::LPAREN || type == T::LBRACKET || type == T::LBRACE; }
inline bool closes(size_t type) { return type == T::RPAREN || type == T::RBRACKET || type == T::RBRACE; }

inline bool is_literal(size_t type) {
  return (type >= T::STRING && type <= T::TIME) || type == T::NIL || type == T::TRUE || type == T::FALSE ||
         type == T::ITERATION || type == T::EXTERNAL_CONSTANT;
}

inline bool is_type_word(size_t type) { return type >= T::INTERVAL && type <= T::CONCEPT_SELECTOR; }

/// What a quantity can end with: `3`, `3 days`, `3 'mg'`.
inline bool is_quantity_end(size_t type) {
  return type == T::PRECISION || type == T::PRECISIONS || type == T::STRING || type == T::NUMBER;
}

/// The words that take `from` as their own: `singleton from`, `date from`.
inline bool is_extractor(size_t type) {
  return type == T::SINGLETON || type == T::POINT || type == T::COMPONENT || type == T::PRECISION;
}

inline bool is_declaration_word(size_t type) {
  switch (type) {
    case T::LIBRARY:
    case T::USING:
    case T::INCLUDE:
    case T::CODESYSTEM:
    case T::VALUESET:
    case T::CODE:
    case T::CONCEPT:
    case T::PARAMETER:
    case T::CONTEXT:
    case T::DEFINE: return true;
    default: return false;
  }
}

/// The words that begin a clause of a rule or test.
inline bool is_clause_token(size_t type) {
  switch (type) {
    case T::CATEGORY:
    case T::ON_HOOK:
    case T::FOR:
    case T::RULE_LET:
    case T::UNLESS:
    case T::TIER:
    case T::SEVERITY:
    case T::ONCE:
    case T::ONE:
    case T::ALERT:
    case T::DETAIL:
    case T::SUGGEST:
    case T::RECOMMEND:
    case T::PERFORM:
    case T::OVERRIDE:
    case T::LINK:
    case T::LAUNCH:
    case T::CITE:
    case T::EVIDENCE:
    case T::ACTIVE:
    case T::SHADOW:
    case T::GIVEN:
    case T::AT:
    case T::EXPECT: return true;
    default: return false;
  }
}

/// The declarations that `public` and `private` stand before.
inline bool is_access_target(size_t type) {
  return type == T::CODESYSTEM || type == T::VALUESET || type == T::CODE || type == T::CONCEPT || type == T::PARAMETER;
}

/// Keywords that CQL lets stand for names where an operand is expected (its keywordIdentifier).
inline bool is_soft_keyword(size_t type) {
  if (type >= T::LIBRARY && type <= T::EXTERNAL) return true;
  switch (type) {
    case T::BY:
    case T::STARTING:
    case T::IMPLIES:
    case T::CONTAINS:
    case T::INCLUDES:
    case T::MEETS:
    case T::DIV:
    case T::MOD:
    case T::SUCCESSOR:
    case T::PREDECESSOR: return true;
    default: return false;
  }
}

/// Whether the token continues an operand before it, so that a word before it is a name: `alert.code`, `alert where
/// ...`.
inline bool continues_operand(size_t type) {
  switch (type) {
    case T::WHERE:
    case T::RETURN:
    case T::SORT:
    case T::AGGREGATE:
    case T::WITHOUT:
    case T::AND:
    case T::OR:
    case T::XOR:
    case T::IMPLIES:
    case T::IS:
    case T::AS:
    case T::IN:
    case T::CONTAINS:
    case T::BETWEEN:
    case T::PROPERLY:
    case T::INCLUDES:
    case T::DURING:
    case T::WITHIN:
    case T::SAME:
    case T::BEFORE:
    case T::AFTER:
    case T::MEETS:
    case T::OVERLAPS:
    case T::STARTS:
    case T::ENDS:
    case T::OCCURS:
    case T::UNION:
    case T::INTERSECT:
    case T::EXCEPT:
    case T::DIV:
    case T::MOD:
    case T::THEN:
    case T::ELSE:
    case T::WITH: return true;
    default:
      return (type >= T::RPAREN && type <= T::GE && type != T::LBRACKET && type != T::LBRACE) || type == T::LPAREN;
  }
}

/// Whether an expression can begin so.
inline bool starts_operand(size_t type) {
  if (type == T::LPAREN || type == T::LBRACKET || type == T::LBRACE || is_literal(type)) return true;
  return is_word(type) && !continues_operand(type) && type != T::WHEN && type != T::LET && type != T::BY;
}

}  // namespace vigil::parsing
