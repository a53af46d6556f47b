// SPDX-License-Identifier: Apache-2.0
// A flat row of operands and operators becomes a tree: precedence climbing with two stacks, no recursion, linear in the
// row's length. Private to parser/*.cpp.
#pragma once

#include "parser/build_context.h"
#include "parser/operator_binding.h"

namespace vigil::parsing {

class OperatorRow {
 public:
  explicit OperatorRow(BuildContext& build) : build_(build) {}

  /// An operand with the prefixes before it.
  void operand(P::OperandContext* context);
  /// A sign or word between two operands; `precision` of `in day of`.
  void infix(const antlr4::Token* sign, std::optional<Precision> precision = std::nullopt);
  void tail(P::TailContext* context);
  /// The last operand becomes the source of a query.
  void query(P::QuerySuffixContext* context);
  /// Applies all that is left; the row's value.
  ast::ExprId finish();

 private:
  /// An operand read or built, with the bytes it takes, its parentheses included.
  struct Item {
    ast::ExprId id;
    Span extent;
    bool is_chain = false;    ///< built here by an operator that makes chains: may grow
    bool is_literal = false;  ///< just read: cannot be a query's source
    ast::ExprId per;          ///< of `X per Y`, for the `expand` that waits
  };
  /// An operator that still waits for its right operand: an infix, a timing phrase, `between` or a prefix.
  struct Waiting {
    Binding binding;
    ast::Operator op = ast::Operator::kAdd;
    std::optional<Precision> precision;
    P::TailContext* tail = nullptr;
    P::PrefixContext* prefix = nullptr;
    Span sign{};  ///< of an infix or a prefix
  };

  void push_prefix(P::PrefixContext* context);
  /// Applies the waiting operators that bind at least as tightly.
  void reduce(Binding binding);
  void apply(const Waiting& waiting);
  void apply_prefix(const Waiting& waiting);
  void apply_duration(P::PrefixContext* prefix);
  void apply_infix(const Waiting& waiting);
  void apply_tail(const Waiting& waiting);
  void apply_is_or_as(P::TailContext* context);
  void per(P::TailContext* context);
  /// The last operand, with an alias and no clauses.
  void alias(const antlr4::Token* identifier);
  ast::AliasedSource take_source(const antlr4::Token* alias);
  bool takes_sources() const;
  /// A query of the last operand, with `from` where that waits; `extent` grows to it.
  ast::QueryExpr begin_query(const antlr4::Token* alias, Span& extent);
  void replace_top(Span extent, decltype(ast::Expr::kind) kind);

  BuildContext& build_;
  std::vector<Item> operands_;
  std::vector<Waiting> waiting_;
};

/// An operand without its prefixes, with the bytes it takes.
struct Core {
  ast::ExprId id;
  Span extent;
  bool is_literal = false;  ///< or a phrase: no source of a query
};
/// Builds what stands in `context` from its child `first` on: a primary with selectors, or a phrase. `negated`: a minus
/// stands before it; where the literal needs it (-2147483648), it is taken into the literal and `negated` becomes
/// false.
Core build_core(BuildContext& build, P::OperandContext* context, size_t first, bool& negated);
ast::ExprId build_timing(BuildContext& build, P::TimingContext* context, ast::ExprId left, ast::ExprId right,
                         Span span);
/// The precision a word names; an error where it is `week`, which no comparison knows.
std::optional<Precision> build_precision(BuildContext& build, const antlr4::Token* word);
std::optional<Precision> build_precision(BuildContext& build, antlr4::tree::TerminalNode* word);

}  // namespace vigil::parsing
