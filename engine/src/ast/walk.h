// SPDX-License-Identifier: Apache-2.0
// Visits the children of an expression, in source order.
#pragma once

#include "ast/ast.h"

namespace vigil::ast {

/// Calls `visit(ExprId)` for each direct child that is there.
template <class Visit>
void for_each_child(const Expr& expr, Visit visit) {
  const auto one = [&](ExprId id) {
    if (id) visit(id);
  };
  const auto all = [&](const std::vector<ExprId>& ids) {
    for (const auto id : ids) one(id);
  };
  const auto named = [&](const std::vector<NamedValue>& values) {
    for (const auto& v : values) one(v.value);
  };
  std::visit(
      [&](const auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, MemberExpr>)
          one(e.source);
        else if constexpr (std::is_same_v<E, IndexExpr>) {
          one(e.source);
          one(e.index);
        } else if constexpr (std::is_same_v<E, CallExpr>) {
          one(e.target);
          all(e.arguments);
        } else if constexpr (std::is_same_v<E, OperationExpr>)
          all(e.operands);
        else if constexpr (std::is_same_v<E, BetweenExpr>) {
          one(e.operand);
          one(e.low);
          one(e.high);
        } else if constexpr (std::is_same_v<E, TimingExpr>) {
          one(e.left);
          one(e.phrase.quantity);
          one(e.right);
        } else if constexpr (std::is_same_v<E, DurationExpr>) {
          one(e.low);
          one(e.high);
        } else if constexpr (std::is_same_v<E, IfExpr>) {
          one(e.condition);
          one(e.then_value);
          one(e.else_value);
        } else if constexpr (std::is_same_v<E, CaseExpr>) {
          one(e.comparand);
          for (const auto& item : e.items) {
            one(item.when);
            one(item.then_value);
          }
          one(e.else_value);
        } else if constexpr (std::is_same_v<E, TypeExpr>)
          one(e.operand);
        else if constexpr (std::is_same_v<E, IntervalExpr>) {
          one(e.low);
          one(e.high);
        } else if constexpr (std::is_same_v<E, ListExpr>)
          all(e.elements);
        else if constexpr (std::is_same_v<E, TupleExpr> || std::is_same_v<E, InstanceExpr>)
          named(e.elements);
        else if constexpr (std::is_same_v<E, ConceptExpr>)
          all(e.codes);
        else if constexpr (std::is_same_v<E, RetrieveExpr>) {
          one(e.context);
          one(e.terminology);
        } else if constexpr (std::is_same_v<E, QueryExpr>) {
          for (const auto& source : e.sources) one(source.source);
          for (const auto& let : e.lets) one(let.value);
          for (const auto& r : e.relationships) {
            one(r.source.source);
            one(r.such_that);
          }
          one(e.where);
          if (e.returns) one(e.returns->value);
          if (e.aggregate) {
            one(e.aggregate->starting);
            one(e.aggregate->value);
          }
          for (const auto& item : e.sort) one(item.value);
        } else if constexpr (std::is_same_v<E, SetAggregateExpr>) {
          one(e.operand);
          one(e.per);
        } else if constexpr (std::is_same_v<E, TemplateExpr>)
          all(e.holes);
      },
      expr.kind);
}

}  // namespace vigil::ast
