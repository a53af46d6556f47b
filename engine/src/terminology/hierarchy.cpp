// SPDX-License-Identifier: Apache-2.0
// Closing the hierarchy: Tarjan's strongly connected components, without recursion. They come parents first, so that
// the ancestors of a concept are the union of its parents' and complete when it is reached.
#include "terminology/hierarchy.h"

#include <algorithm>
#include <string>
#include <utility>

#include "diagnostics/catalogue.h"

namespace vigil {

namespace {

class Closer {
 public:
  Closer(const RelationIndex& parents, ConceptId greatest, size_t limit)
      : parents_(parents), nodes_(size_t{greatest} + 1), limit_(limit) {}

  /// Visits everything above `root`; false when the limit is reached.
  bool visit(ConceptId root);
  std::vector<RelationIndex::Pair> take_pairs() { return std::move(pairs_); }
  std::vector<std::vector<ConceptId>> take_cycles() { return std::move(cycles_); }
  bool in_one_cycle(ConceptId a, ConceptId b) const { return nodes_[a].component == nodes_[b].component; }

 private:
  struct Node {
    uint32_t order = 0;      ///< of the first visit, from 1
    uint32_t low = 0;        ///< least order reachable
    uint32_t component = 0;  ///< from 1, once known
    uint32_t begin = 0;      ///< of its ancestors in pairs_
    uint32_t end = 0;
  };
  struct Frame {
    ConceptId id = 0;
    uint32_t next = 0;  ///< parent to look at
  };

  void enter(ConceptId id) {
    nodes_[id].order = nodes_[id].low = ++visited_;
    path_.push_back(id);
    frames_.push_back({id, 0});
  }
  void leave(ConceptId id);
  void add_ancestors(ConceptId id);

  const RelationIndex& parents_;
  std::vector<Node> nodes_;
  size_t limit_;
  std::vector<Frame> frames_;
  std::vector<ConceptId> path_;  ///< visited, component not yet known
  uint32_t visited_ = 0;
  uint32_t components_ = 0;
  std::vector<RelationIndex::Pair> pairs_;
  std::vector<std::vector<ConceptId>> cycles_;
};

bool Closer::visit(ConceptId root) {
  if (nodes_[root].order != 0) return true;
  enter(root);
  while (!frames_.empty()) {
    const auto [id, next] = frames_.back();
    const auto parents = parents_.related(id);
    if (next == parents.size()) {
      frames_.pop_back();
      if (!frames_.empty()) nodes_[frames_.back().id].low = std::min(nodes_[frames_.back().id].low, nodes_[id].low);
      leave(id);
      if (pairs_.size() > limit_) return false;
      continue;
    }
    ++frames_.back().next;
    const ConceptId parent = parents[next];
    if (nodes_[parent].order == 0) {
      enter(parent);
    } else if (nodes_[parent].component == 0) {
      nodes_[id].low = std::min(nodes_[id].low, nodes_[parent].order);
    }
  }
  return true;
}

void Closer::leave(ConceptId id) {
  if (nodes_[id].low != nodes_[id].order) return;
  const auto first = std::find(path_.rbegin(), path_.rend(), id).base() - 1;
  std::vector<ConceptId> members(first, path_.end());
  path_.erase(first, path_.end());
  ++components_;
  for (const ConceptId member : members) nodes_[member].component = components_;
  for (const ConceptId member : members) {
    add_ancestors(member);
    if (pairs_.size() > limit_) return;
  }
  std::sort(members.begin(), members.end());
  if (members.size() > 1) cycles_.push_back(std::move(members));
}

void Closer::add_ancestors(ConceptId id) {
  const size_t begin = pairs_.size();
  for (const ConceptId parent : parents_.related(id)) {
    if (in_one_cycle(id, parent)) continue;
    pairs_.emplace_back(id, parent);
    for (size_t i = nodes_[parent].begin; i < nodes_[parent].end; ++i) {
      const ConceptId ancestor = pairs_[i].second;
      pairs_.emplace_back(id, ancestor);
    }
    if (pairs_.size() > limit_) return;
  }
  std::sort(pairs_.begin() + static_cast<ptrdiff_t>(begin), pairs_.end());
  pairs_.erase(std::unique(pairs_.begin() + static_cast<ptrdiff_t>(begin), pairs_.end()), pairs_.end());
  nodes_[id].begin = static_cast<uint32_t>(begin);
  nodes_[id].end = static_cast<uint32_t>(pairs_.size());
}

}  // namespace

bool Hierarchy::subsumes(ConceptId ancestor, ConceptId descendant) const {
  if (ancestor == descendant) return true;
  const auto all = ancestors.related(descendant);
  return std::binary_search(all.begin(), all.end(), ancestor);
}

Hierarchy close_hierarchy(std::vector<RelationIndex::Pair> child_to_parent, size_t ancestor_limit) {
  Hierarchy result;
  ConceptId greatest = 0;
  for (const auto& [child, parent] : child_to_parent) {
    greatest = std::max({greatest, child, parent});
    if (child == parent) result.cycles.push_back({child});
  }
  std::erase_if(child_to_parent, [](const auto& row) { return row.first == row.second; });
  const RelationIndex rows(child_to_parent);
  Closer closer(rows, greatest, ancestor_limit);
  for (const auto& row : child_to_parent)
    if (!closer.visit(row.first)) return {{}, {}, {}, true};
  std::erase_if(child_to_parent, [&](const auto& row) { return closer.in_one_cycle(row.first, row.second); });
  result.parents = RelationIndex(std::move(child_to_parent));
  result.ancestors = RelationIndex(closer.take_pairs());
  for (auto& cycle : closer.take_cycles()) result.cycles.push_back(std::move(cycle));
  std::sort(result.cycles.begin(), result.cycles.end());
  result.cycles.erase(std::unique(result.cycles.begin(), result.cycles.end()), result.cycles.end());
  return result;
}

void report_problems(const Hierarchy& hierarchy, const ConceptTable& concepts, DiagnosticSink& sink) {
  const auto name = [&](ConceptId id) { return std::pair(concepts.system(id), concepts.code(id)); };
  for (const auto& cycle : hierarchy.cycles) {
    const auto [system, code] = name(*std::ranges::min_element(cycle, {}, name));
    sink.add(make_diagnostic<Code::VGL1107>(Span{}, system, code)
                 .with_hint("the parents that close the cycle are left out; correct them in the code system"));
  }
  if (hierarchy.too_large) {
    sink.add(make_diagnostic<Code::VGL1109>(Span{}, std::to_string(kAncestorLimit))
                 .with_hint("look for long chains of parents in the code systems"));
  }
}

}  // namespace vigil
