// SPDX-License-Identifier: Apache-2.0
// What a definition depends on, directly or not: while these facts stay, its value may be kept. A retrieve whose codes
// are known depends on the facts that pass them and on those that may, not on the others of their type.
#include <algorithm>
#include <iterator>

#include "program/lowering.h"
#include "semantic/typed_walk.h"

namespace vigil::lowering {
namespace {

template <class T>
void unite(std::vector<T>& here, const std::vector<T>& more) {  // sorted, both
  std::vector<T> both;
  std::set_union(here.begin(), here.end(), more.begin(), more.end(), std::back_inserter(both));
  here = std::move(both);
}

}  // namespace

/// What the retrieves of a node's own body depend on.
Lowering::FactUse Lowering::fact_use_of(const GraphNode& node) const {
  FactUse use;
  for (const auto body : bodies_of(module_, node))
    typed::for_each_below(module_, body, [&](ExprId id) {
      if (module_[id].op != Op::kRetrieve) return;
      const auto lowered = lowered_[id.value];
      const auto* plan = lowered == 0 ? nullptr : &program_.retrieves[program_.instructions[lowered].a];
      if (plan == nullptr || plan->filter == CodeFilters::kNone) {
        use.types.push_back(module_.retrieves[module_[id].a].type);
      } else {
        use.filters.push_back(plan->filter);
        use.filters.push_back(plan->unsettled);
      }
    });
  const auto sort = [](auto& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  sort(use.types);
  sort(use.filters);
  return use;
}

void Lowering::plan_reuse() {
  const auto& graph = program_.graph;
  std::vector<FactUse> uses(graph.nodes().size());
  for (const auto number : graph.order()) {  // dependencies first
    const auto& node = graph.nodes()[number];
    auto& here = uses[number] = fact_use_of(node);
    for (const auto dependency : graph.dependencies(number)) {
      unite(here.types, uses[dependency].types);
      unite(here.filters, uses[dependency].filters);
    }
    if (node.kind != NodeKind::kDefinition) continue;
    auto& plan = program_.definitions[node.index];
    plan.reads = here.types;
    plan.filters = here.filters;
  }
}

}  // namespace vigil::lowering
