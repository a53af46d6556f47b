// SPDX-License-Identifier: Apache-2.0
// How tightly the operators of a row bind: CQL 1.5, Author's Guide, "Operator Precedence", from loose to tight. Private
// to parser/*.cpp.
#pragma once

#include <optional>

#include "ast/ast.h"
#include "parser/grammar_run.h"

namespace vigil::parsing {

/// The order is that of binding; operators of one line group from the left.
enum class Binding : uint8_t {
  kRest,  ///< distinct flatten expand collapse from, `if ... else`: take all that follows
  kPer,   ///< per, of expand and collapse
  kSet,   ///< union intersect except
  kImplies,
  kOr,  ///< or xor
  kAnd,
  kMembership,      ///< in contains
  kEquality,        ///< = != ~ !~
  kTiming,          ///< before, during, overlaps ...
  kComparison,      ///< < <= > >=
  kBetween,         ///< between ... and ...
  kNot,             ///< not exists
  kType,            ///< is T, as T
  kTest,            ///< is null, is true, is false
  kTerm,            ///< `days between X and`: the last operand is a term of arithmetic
  kAdditive,        ///< + - &
  kMultiplicative,  ///< * / div mod
  kPower,
  kExtractor,  ///< start of, date from, width of ...
  kSign,       ///< + - before an operand
};

struct InfixOperator {
  ast::Operator op;
  Binding binding;
};

inline InfixOperator infix_operator(size_t token_type) {
  using O = ast::Operator;
  switch (token_type) {
    case P::PLUS: return {O::kAdd, Binding::kAdditive};
    case P::MINUS: return {O::kSubtract, Binding::kAdditive};
    case P::AMPERSAND: return {O::kConcatenate, Binding::kAdditive};
    case P::STAR: return {O::kMultiply, Binding::kMultiplicative};
    case P::SLASH: return {O::kDivide, Binding::kMultiplicative};
    case P::DIV: return {O::kTruncatedDivide, Binding::kMultiplicative};
    case P::MOD: return {O::kModulo, Binding::kMultiplicative};
    case P::CARET: return {O::kPower, Binding::kPower};
    case P::EQ: return {O::kEqual, Binding::kEquality};
    case P::NE: return {O::kNotEqual, Binding::kEquality};
    case P::EQUIVALENT: return {O::kEquivalent, Binding::kEquality};
    case P::NOT_EQUIVALENT: return {O::kNotEquivalent, Binding::kEquality};
    case P::LT: return {O::kLess, Binding::kComparison};
    case P::LE: return {O::kLessOrEqual, Binding::kComparison};
    case P::GT: return {O::kGreater, Binding::kComparison};
    case P::GE: return {O::kGreaterOrEqual, Binding::kComparison};
    case P::AND: return {O::kAnd, Binding::kAnd};
    case P::OR: return {O::kOr, Binding::kOr};
    case P::XOR: return {O::kXor, Binding::kOr};
    case P::IMPLIES: return {O::kImplies, Binding::kImplies};
    case P::IN: return {O::kIn, Binding::kMembership};
    case P::CONTAINS: return {O::kContains, Binding::kMembership};
    case P::INTERSECT: return {O::kIntersect, Binding::kSet};
    case P::EXCEPT: return {O::kExcept, Binding::kSet};
    default: return {O::kUnion, Binding::kSet};  // UNION, PIPE
  }
}

/// Operators whose chain of three or more is one node.
inline bool makes_chains(ast::Operator op) {
  using O = ast::Operator;
  return op == O::kAnd || op == O::kOr || op == O::kAdd || op == O::kConcatenate || op == O::kUnion;
}

}  // namespace vigil::parsing
