// SPDX-License-Identifier: Apache-2.0
// Building and walking the dependency graph.
#include "graph/rule_graph.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "semantic/typed_walk.h"

namespace vigil {

using typed::ExprId;
using typed::Op;
using Graph = boost::adjacency_list<boost::setS, boost::vecS, boost::bidirectionalS>;

struct RuleGraph::Content {
  std::vector<GraphNode> nodes;
  std::map<std::pair<NodeKind, uint32_t>, uint32_t> by_index;
  std::map<std::string, uint32_t, std::less<>> value_sets;
  Graph graph;
  std::vector<uint32_t> order;
  std::vector<uint32_t> cycle;
};

std::string_view name(NodeKind kind) {
  static constexpr std::string_view kNames[] = {"rule",  "definition", "function",     "parameter",
                                                "table", "value set",  "resource type"};
  return kNames[static_cast<size_t>(kind)];
}

RuleGraph::RuleGraph() : content_(std::make_unique<Content>()) {}
RuleGraph::~RuleGraph() = default;
RuleGraph::RuleGraph(RuleGraph&&) noexcept = default;
RuleGraph& RuleGraph::operator=(RuleGraph&&) noexcept = default;
const std::vector<GraphNode>& RuleGraph::nodes() const { return content_->nodes; }
const std::vector<uint32_t>& RuleGraph::order() const { return content_->order; }
const std::vector<uint32_t>& RuleGraph::cycle() const { return content_->cycle; }

std::vector<uint32_t> RuleGraph::dependencies(uint32_t node) const {
  std::vector<uint32_t> found;
  for (auto [edge, end] = boost::out_edges(node, content_->graph); edge != end; ++edge)
    found.push_back(static_cast<uint32_t>(boost::target(*edge, content_->graph)));
  return found;
}

std::vector<uint32_t> RuleGraph::find(std::string_view wanted) const {
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < content_->nodes.size(); ++i) {
    const auto& node = content_->nodes[i];
    if (node.name == wanted || (!node.library.empty() && node.library + "." + node.name == wanted)) found.push_back(i);
  }
  return found;
}

std::optional<uint32_t> RuleGraph::find(NodeKind kind, uint32_t index) const {
  const auto at = content_->by_index.find({kind, index});
  return at == content_->by_index.end() ? std::nullopt : std::optional(at->second);
}

namespace {

/// Breadth-first from several nodes at once, nearest first; the starts come first.
template <class AnyGraph>
std::vector<uint32_t> breadth_first(const AnyGraph& graph, const std::vector<uint32_t>& starts) {
  std::vector<uint32_t> found;
  std::vector<bool> seen(boost::num_vertices(graph), false);
  for (const auto start : starts)
    if (!seen[start]) {
      seen[start] = true;
      found.push_back(start);
    }
  for (size_t i = 0; i < found.size(); ++i)
    for (auto [edge, end] = boost::out_edges(found[i], graph); edge != end; ++edge) {
      const auto next = static_cast<uint32_t>(boost::target(*edge, graph));
      if (!seen[next]) {
        seen[next] = true;
        found.push_back(next);
      }
    }
  return found;
}

}  // namespace

std::vector<uint32_t> RuleGraph::reachable(uint32_t node) const { return breadth_first(content_->graph, {node}); }

std::vector<uint32_t> RuleGraph::impact(const std::vector<uint32_t>& nodes) const {
  auto found = breadth_first(boost::make_reverse_graph(content_->graph), nodes);
  std::erase_if(found, [&](uint32_t node) { return std::find(nodes.begin(), nodes.end(), node) != nodes.end(); });
  return found;
}

std::vector<ExprId> bodies_of(const typed::Module& module, const GraphNode& node) {
  std::vector<ExprId> bodies;
  switch (node.kind) {
    case NodeKind::kRule:
      typed::for_each_clause(module.rules[node.index], [&](ExprId id) { bodies.push_back(id); });
      break;
    case NodeKind::kDefinition: bodies.push_back(module.definitions[node.index].body); break;
    case NodeKind::kFunction: bodies.push_back(module.functions[node.index].body); break;
    case NodeKind::kParameter: bodies.push_back(module.parameters[node.index].default_value); break;
    default: break;
  }
  std::erase_if(bodies, [](ExprId id) { return !id; });
  return bodies;
}

graph::ElementAccess access_of(const typed::Module& module, const RuleGraph& graph, uint32_t node) {
  graph::ElementAccess access(module);
  for (const auto reached : graph.reachable(node))
    for (const auto body : bodies_of(module, graph.nodes()[reached])) access.add_expression(body);
  return access;
}

namespace {

class GraphBuilder {
 public:
  GraphBuilder(const typed::Module& module, RuleGraph::Content& content) : module_(module), content_(content) {}

  void build() {
    const auto add_all = [&](NodeKind kind, const auto& table) {
      for (uint32_t i = 0; i < table.size(); ++i) {
        if constexpr (requires { table[i].library; })
          add(kind, i, table[i].name, table[i].library);
        else
          add(kind, i, table[i].name, "");
      }
    };
    add_all(NodeKind::kRule, module_.rules);
    add_all(NodeKind::kDefinition, module_.definitions);
    add_all(NodeKind::kFunction, module_.functions);
    add_all(NodeKind::kParameter, module_.parameters);
    add_all(NodeKind::kTable, module_.tables);
    const auto bodies = content_.nodes.size();
    for (uint32_t node = 0; node < bodies; ++node) {
      const auto copy = content_.nodes[node];
      for (const auto body : bodies_of(module_, copy))
        typed::for_each_below(module_, body, [&](ExprId id) { link(node, module_[id]); });
    }
    sort();
  }

 private:
  uint32_t add(NodeKind kind, uint32_t index, std::string name, std::string library) {
    const auto id = static_cast<uint32_t>(boost::add_vertex(content_.graph));
    content_.nodes.push_back({kind, index, std::move(name), std::move(library)});
    content_.by_index[{kind, index}] = id;
    return id;
  }

  void link(uint32_t from, const typed::Expr& expr) {
    const auto to = [&](NodeKind kind) { boost::add_edge(from, content_.by_index.at({kind, expr.a}), content_.graph); };
    switch (expr.op) {
      case Op::kDefinition: to(NodeKind::kDefinition); break;
      case Op::kCallFunction: to(NodeKind::kFunction); break;
      case Op::kParameter: to(NodeKind::kParameter); break;
      case Op::kTableRows: to(NodeKind::kTable); break;
      case Op::kConstant:
        if (const auto& constant = module_.constants[expr.a]; constant.type == model::kValueSet)
          boost::add_edge(from, value_set(constant, expr.a), content_.graph);
        break;
      case Op::kRetrieve: boost::add_edge(from, resource_type(module_.retrieves[expr.a].type), content_.graph); break;
      case Op::kPatient: boost::add_edge(from, resource_type(model::find_type("Patient")), content_.graph); break;
      default: break;
    }
  }

  uint32_t value_set(const typed::Constant& constant, uint32_t index) {
    const auto at = content_.value_sets.find(constant.code);
    if (at != content_.value_sets.end()) return at->second;
    const auto id = add(NodeKind::kValueSet, index, constant.display, "");
    content_.value_sets.emplace(constant.code, id);
    return id;
  }

  uint32_t resource_type(model::FhirTypeId type) {
    const auto at = content_.by_index.find({NodeKind::kResourceType, type});
    return at != content_.by_index.end() ? at->second
                                         : add(NodeKind::kResourceType, type, std::string(model::type(type).name), "");
  }

  /// Tarjan's components come out in reverse topological order: dependencies first.
  void sort() {
    std::vector<int> component(content_.nodes.size());
    if (component.empty()) return;
    boost::strong_components(content_.graph, boost::make_iterator_property_map(
                                                 component.begin(), boost::get(boost::vertex_index, content_.graph)));
    std::map<int, int> sizes;
    for (const auto c : component) ++sizes[c];
    content_.order.resize(component.size());
    for (uint32_t i = 0; i < component.size(); ++i) content_.order[i] = i;
    std::stable_sort(content_.order.begin(), content_.order.end(),
                     [&](uint32_t a, uint32_t b) { return component[a] < component[b]; });
    for (const auto node : content_.order)
      if (sizes[component[node]] > 1 || boost::edge(node, node, content_.graph).second) content_.cycle.push_back(node);
  }

  const typed::Module& module_;
  RuleGraph::Content& content_;
};

std::string quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

RuleGraph build_graph(const typed::Module& module) {
  RuleGraph graph;
  GraphBuilder(module, *graph.content_).build();
  return graph;
}

std::string RuleGraph::to_dot() const {
  static constexpr std::string_view kShapes[] = {"octagon",  "box",    "component", "parallelogram",
                                                 "cylinder", "folder", "note"};
  std::string out = "digraph vigil {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  for (uint32_t i = 0; i < content_->nodes.size(); ++i) {
    const auto& node = content_->nodes[i];
    out += "  n" + std::to_string(i) + " [label=" + quote(node.name) +
           ", shape=" + std::string(kShapes[static_cast<size_t>(node.kind)]) + "];\n";
  }
  for (uint32_t i = 0; i < content_->nodes.size(); ++i)
    for (const auto to : dependencies(i)) out += "  n" + std::to_string(i) + " -> n" + std::to_string(to) + ";\n";
  return out + "}\n";
}

std::string RuleGraph::to_json() const {
  nlohmann::ordered_json json = {{"nodes", nlohmann::ordered_json::array()},
                                 {"edges", nlohmann::ordered_json::array()}};
  for (uint32_t i = 0; i < content_->nodes.size(); ++i) {
    const auto& node = content_->nodes[i];
    nlohmann::ordered_json one = {{"id", i}, {"kind", vigil::name(node.kind)}, {"name", node.name}};
    if (!node.library.empty()) one["library"] = node.library;
    json["nodes"].push_back(one);
    for (const auto to : dependencies(i)) json["edges"].push_back({{"from", i}, {"to", to}});
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace vigil
