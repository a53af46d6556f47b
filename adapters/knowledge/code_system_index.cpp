// SPDX-License-Identifier: Apache-2.0
// Finding code systems and walking down their hierarchies.
#include "knowledge/code_system_index.h"

#include <algorithm>
#include <unordered_set>

namespace vigil {

CodeSystemIndex::CodeSystemIndex(std::span<const CodeSystemSource> code_systems) {
  for (const auto& each : code_systems) systems_.push_back(&each);
  std::ranges::stable_sort(systems_, [](const CodeSystemSource* a, const CodeSystemSource* b) {
    if (a->url != b->url) return a->url < b->url;
    if (const auto order = compare_versions(a->version, b->version); order != 0) return order > 0;
    return a->complete && !b->complete;
  });
}

const CodeSystemSource* CodeSystemIndex::find(std::string_view url, std::string_view version) const {
  const auto url_of = [](const auto* each) -> std::string_view { return each->url; };
  const auto first = std::ranges::lower_bound(systems_, url, {}, url_of);
  const auto last = std::ranges::upper_bound(systems_, url, {}, url_of);
  const auto fits = [&](const auto* each) { return version.empty() || each->version == version; };
  const auto complete = std::find_if(first, last, [&](const auto* each) { return each->complete && fits(each); });
  if (complete != last) return *complete;
  const auto any = std::find_if(first, last, fits);
  return any == last ? nullptr : *any;
}

std::vector<ConceptId> CodeSystemIndex::descendants(const CodeSystemSource& code_system, ConceptId ancestor) {
  auto [entry, is_new] = children_.try_emplace(&code_system);
  Children& children = entry->second;
  if (is_new)
    for (const auto& [child, parent] : code_system.parents) children[parent].push_back(child);

  std::unordered_set<ConceptId> seen{ancestor};
  std::vector<ConceptId> found{ancestor};
  for (size_t i = 0; i < found.size(); ++i) {
    const auto below = children.find(found[i]);
    if (below == children.end()) continue;
    for (const ConceptId child : below->second)
      if (seen.insert(child).second) found.push_back(child);
  }
  found.erase(found.begin());
  std::ranges::sort(found);
  return found;
}

void CodeSystemIndex::add_parents(KnowledgeBaseBuilder& builder) const {
  const CodeSystemSource* greatest = nullptr;
  for (const CodeSystemSource* each : systems_) {
    if (!greatest || greatest->url != each->url) greatest = each;
    if (!each->subsumes || each->version != greatest->version) continue;
    for (const auto& [child, parent] : each->parents) builder.add_parent(child, parent);
  }
}

}  // namespace vigil
