// SPDX-License-Identifier: Apache-2.0
// The dependency graph of rules, definitions, functions, tables, value sets and resource types; on Boost.Graph inside.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/element_access.h"
#include "semantic/typed_module.h"

namespace vigil {

/// Kinds of node.
enum class NodeKind : uint8_t { kRule, kDefinition, kFunction, kParameter, kTable, kValueSet, kResourceType };
std::string_view name(NodeKind kind);

struct GraphNode {
  NodeKind kind = NodeKind::kDefinition;
  uint32_t index = 0;  ///< in the module's table of that kind; of value sets: a constant; of resource types: FHIR type
  std::string name;
  std::string library;  ///< empty for value sets, tables and resource types
};

/// Immutable. An edge goes from what depends to what it depends on.
class RuleGraph {
 public:
  RuleGraph();
  ~RuleGraph();
  RuleGraph(RuleGraph&&) noexcept;
  RuleGraph& operator=(RuleGraph&&) noexcept;

  const std::vector<GraphNode>& nodes() const;
  std::vector<uint32_t> dependencies(uint32_t node) const;
  /// Nodes of this name: "Has statin", or "Library.Has statin".
  std::vector<uint32_t> find(std::string_view name) const;
  std::optional<uint32_t> find(NodeKind kind, uint32_t index) const;
  /// All nodes that `node` depends on, itself included, nearest first.
  std::vector<uint32_t> reachable(uint32_t node) const;
  /// All nodes that depend on any of `nodes`, nearest first, those excluded.
  std::vector<uint32_t> impact(const std::vector<uint32_t>& nodes) const;
  /// Dependencies before dependents. The checker refuses cycles; if one came through, its members are in `cycle()`.
  const std::vector<uint32_t>& order() const;
  const std::vector<uint32_t>& cycle() const;

  std::string to_dot() const;
  std::string to_json() const;

  struct Content;

 private:
  friend RuleGraph build_graph(const typed::Module& module);
  std::unique_ptr<Content> content_;
};

/// Builds the graph of a checked module.
RuleGraph build_graph(const typed::Module& module);

/// The expressions of a node's own body (a rule's clauses, a definition's or function's body).
std::vector<typed::ExprId> bodies_of(const typed::Module& module, const GraphNode& node);
/// What a node and all it depends on read.
graph::ElementAccess access_of(const typed::Module& module, const RuleGraph& graph, uint32_t node);

}  // namespace vigil
