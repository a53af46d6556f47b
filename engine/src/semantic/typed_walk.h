// SPDX-License-Identifier: Apache-2.0
// Visits a typed expression and everything under it that belongs to the same body: operands, and the parts of queries
// and retrieves.
#pragma once

#include "semantic/typed_module.h"

namespace vigil::typed {

/// Calls `visit(ExprId)` for each direct part of `expr`.
template <class Visit>
void for_each_part(const Module& module, const Expr& expr, Visit visit) {
  const auto one = [&](ExprId id) {
    if (id) visit(id);
  };
  for (const auto id : expr.operands) one(id);
  if (expr.op == Op::kRetrieve) one(module.retrieves[expr.a].terminology);
  if (expr.op != Op::kQuery) return;
  const auto& query = module.queries[expr.a];
  for (const auto& source : query.sources) one(source.value);
  for (const auto& let : query.lets) one(let.value);
  for (const auto& r : query.relationships) {
    one(r.source.value);
    one(r.such_that);
  }
  one(query.where);
  one(query.result);
  if (query.aggregate) {
    one(query.aggregate->starting);
    one(query.aggregate->value);
  }
  for (const auto& item : query.sort) one(item.value);
}

/// Calls `visit(ExprId)` for `root` and all below it, parents first. Iterative: depth costs no stack.
template <class Visit>
void for_each_below(const Module& module, ExprId root, Visit visit) {
  std::vector<ExprId> todo;
  if (root) todo.push_back(root);
  while (!todo.empty()) {
    const auto id = todo.back();
    todo.pop_back();
    visit(id);
    for_each_part(module, module[id], [&](ExprId part) { todo.push_back(part); });
  }
}

/// The expressions a rule consists of, of all its clauses.
template <class Visit>
void for_each_clause(const Rule& rule, Visit visit) {
  const auto one = [&](ExprId id) {
    if (id) visit(id);
  };
  for (const auto& source : rule.sources) one(source.value);
  for (const auto& let : rule.lets) one(let.value);
  one(rule.when);
  for (const auto& u : rule.unless) {
    one(u.condition);
    one(u.because);
  }
  for (const auto& t : rule.tiers) {
    one(t.value);
    one(t.when);
    one(t.because);
  }
  one(rule.severity);
  for (const auto id : rule.group_by) one(id);
  for (const auto& t : rule.alerts) one(t.text);
  for (const auto& t : rule.details) one(t.text);
  for (const auto& s : rule.suggestions) {
    one(s.label);
    for (const auto& action : s.actions) {
      one(action.target);
      one(action.resource);
    }
  }
  for (const auto id : rule.overrides) one(id);
  for (const auto& link : rule.links) {
    one(link.label);
    one(link.app_context);
  }
  for (const auto id : rule.cites) one(id);
  one(rule.unknown_text);
  for (const auto& e : rule.evidence) one(e.value);
  one(rule.active_from);
  one(rule.active_to);
  one(rule.once_period);
}

}  // namespace vigil::typed
