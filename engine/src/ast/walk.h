// SPDX-License-Identifier: Apache-2.0
// Visits the children of an expression, in source order.
#pragma once

#include "ast/ast.h"

namespace vigil::ast {

namespace detail {

/// One function for each kind of expression that has children.
template <class Visit>
struct ChildVisitor {
  Visit& visit;

  void one(ExprId id) {
    if (id) visit(id);
  }
  template <class... Ids>
  void take(Ids... ids) {
    (one(ids), ...);
  }
  void all(const std::vector<ExprId>& ids) {
    for (const auto id : ids) one(id);
  }
  void values(const std::vector<NamedValue>& named) {
    for (const auto& v : named) one(v.value);
  }

  void operator()(const MemberExpr& e) { one(e.source); }
  void operator()(const IndexExpr& e) { take(e.source, e.index); }
  void operator()(const CallExpr& e) {
    one(e.target);
    all(e.arguments);
  }
  void operator()(const OperationExpr& e) { all(e.operands); }
  void operator()(const BetweenExpr& e) { take(e.operand, e.low, e.high); }
  void operator()(const TimingExpr& e) { take(e.left, e.phrase.quantity, e.right); }
  void operator()(const DurationExpr& e) { take(e.low, e.high); }
  void operator()(const IfExpr& e) { take(e.condition, e.then_value, e.else_value); }
  void operator()(const CaseExpr& e) {
    one(e.comparand);
    for (const auto& item : e.items) take(item.when, item.then_value);
    one(e.else_value);
  }
  void operator()(const TypeExpr& e) { one(e.operand); }
  void operator()(const IntervalExpr& e) { take(e.low, e.high); }
  void operator()(const ListExpr& e) { all(e.elements); }
  void operator()(const TupleExpr& e) { values(e.elements); }
  void operator()(const InstanceExpr& e) { values(e.elements); }
  void operator()(const ConceptExpr& e) { all(e.codes); }
  void operator()(const RetrieveExpr& e) { take(e.context, e.terminology); }
  void operator()(const QueryExpr& e) {
    for (const auto& source : e.sources) one(source.source);
    for (const auto& let : e.lets) one(let.value);
    for (const auto& r : e.relationships) take(r.source.source, r.such_that);
    one(e.where);
    if (e.returns) one(e.returns->value);
    if (e.aggregate) take(e.aggregate->starting, e.aggregate->value);
    for (const auto& item : e.sort) one(item.value);
  }
  void operator()(const SetAggregateExpr& e) { take(e.operand, e.per); }
  void operator()(const TemplateExpr& e) { all(e.holes); }
  /// All others have none.
  template <class Leaf>
  void operator()(const Leaf& /*leaf*/) {}
};

}  // namespace detail

/// Calls `visit(ExprId)` for each direct child that is there.
template <class Visit>
void for_each_child(const Expr& expr, Visit visit) {
  std::visit(detail::ChildVisitor<Visit>{visit}, expr.kind);
}

}  // namespace vigil::ast
