// SPDX-License-Identifier: Apache-2.0
// Which resource types a definition depends on, directly or not: while their facts stay, its value may be kept.
#include <algorithm>
#include <iterator>

#include "program/lowering.h"

namespace vigil::lowering {

void Lowering::plan_reuse() {
  using Types = std::vector<model::FhirTypeId>;  // sorted
  const auto& graph = program_.graph;
  std::vector<Types> reads(graph.nodes().size());
  for (const auto number : graph.order()) {  // dependencies first
    const auto& node = graph.nodes()[number];
    auto& here = reads[number];
    if (node.kind == NodeKind::kResourceType) here.push_back(static_cast<model::FhirTypeId>(node.index));
    for (const auto dependency : graph.dependencies(number)) {
      Types both;
      std::set_union(here.begin(), here.end(), reads[dependency].begin(), reads[dependency].end(),
                     std::back_inserter(both));
      here = std::move(both);
    }
    if (node.kind == NodeKind::kDefinition) program_.definitions[node.index].reads = here;
  }
}

}  // namespace vigil::lowering
