// SPDX-License-Identifier: Apache-2.0
// How long the values of definitions hold while one patient's timeline goes on: which facts they depend on, and whether
// they look at the clock or at the order under review.
#include <algorithm>
#include <iterator>

#include "program/lowering.h"
#include "semantic/typed_walk.h"

namespace vigil::lowering {
namespace {

using typed::Op;

/// Of one expression, without what stands below it.
Horizon horizon_of(const typed::Module& module, const typed::Expr& expr) {
  switch (expr.op) {
    case Op::kToday: return Horizon::kDay;
    case Op::kNow:
    case Op::kTimeOfDay:
    case Op::kLatestWithin: return Horizon::kInstant;
    case Op::kRetrieve:
      return module.retrieves[expr.a].scope == ast::RetrieveScope::kPlain ? Horizon::kTimeline : Horizon::kInstant;
    default: return Horizon::kTimeline;
  }
}

/// What a node of the graph depends on, directly or not.
struct Reach {
  std::vector<model::FhirTypeId> reads;  ///< sorted
  Horizon horizon = Horizon::kTimeline;

  void add(const Reach& other) {
    std::vector<model::FhirTypeId> both;
    std::set_union(reads.begin(), reads.end(), other.reads.begin(), other.reads.end(), std::back_inserter(both));
    reads = std::move(both);
    horizon = std::max(horizon, other.horizon);
  }
};

}  // namespace

void Lowering::plan_reuse() {
  const auto& graph = program_.graph;
  std::vector<Reach> reach(graph.nodes().size());
  for (const auto number : graph.order()) {  // dependencies first
    const auto& node = graph.nodes()[number];
    auto& here = reach[number];
    if (node.kind == NodeKind::kResourceType) here.reads.push_back(static_cast<model::FhirTypeId>(node.index));
    for (const auto body : bodies_of(module_, node))
      typed::for_each_below(
          module_, body, [&](ExprId id) { here.horizon = std::max(here.horizon, horizon_of(module_, module_[id])); });
    for (const auto dependency : graph.dependencies(number)) here.add(reach[dependency]);
    if (node.kind != NodeKind::kDefinition) continue;
    auto& plan = program_.definitions[node.index];
    plan.reads = here.reads;
    plan.horizon = here.horizon;
  }
}

}  // namespace vigil::lowering
