// SPDX-License-Identifier: Apache-2.0
// Closing the crosswalks, then copying along them: look-ups by such a code cost what others do.
#include "terminology/apply_crosswalks.h"

#include <algorithm>

namespace vigil {

namespace {

using Pairs = std::vector<RelationIndex::Pair>;

void sort_once(Pairs& pairs) {
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
}

/// The rows that begin with `from`; `pairs` are sorted.
std::span<const RelationIndex::Pair> rows_of(const Pairs& pairs, ConceptId from) {
  const auto begin = std::lower_bound(pairs.begin(), pairs.end(), RelationIndex::Pair{from, 0});
  const auto end = std::lower_bound(begin, pairs.end(), RelationIndex::Pair{from + 1, 0});
  return {begin, end};
}

/// Each code with all that it means, over several crosswalks too.
Pairs close(const Pairs& direct) {
  Pairs closed;
  std::vector<ConceptId> reached;
  for (size_t i = 0; i < direct.size(); ++i) {
    const ConceptId from = direct[i].first;
    if (i > 0 && direct[i - 1].first == from) continue;
    reached.assign(1, from);
    for (size_t next = 0; next < reached.size(); ++next)
      for (const auto& [code, meant] : rows_of(direct, reached[next]))
        if (std::ranges::find(reached, meant) == reached.end()) reached.push_back(meant);
    for (const ConceptId meant : reached)
      if (meant != from) closed.emplace_back(from, meant);
  }
  sort_once(closed);
  return closed;
}

/// What `from` has, `to` has too, of one relation.
void copy_rows(const Pairs& same, Pairs& rows) {
  sort_once(rows);
  Pairs more;
  for (const auto& [code, meant] : same)
    for (const auto& row : rows_of(rows, meant)) more.emplace_back(code, row.second);
  rows.insert(rows.end(), more.begin(), more.end());
}

}  // namespace

void apply_crosswalks(KnowledgeBase::Content& content) {
  auto& draft = *content.draft;
  auto& same = draft.relations[static_cast<size_t>(Relation::kSameAs)];
  if (same.empty()) return;
  sort_once(same);
  same = close(same);
  for (const auto& [code, meant] : same)
    content.concepts.set_display(code, content.concepts.display(meant), false, content.arena);
  for (const Relation relation :
       {Relation::kIngredient, Relation::kRoute, Relation::kAllergenIngredient, Relation::kAllergenGroup})
    copy_rows(same, draft.relations[static_cast<size_t>(relation)]);
  const ConceptSet none(draft.no_allergy);
  for (const auto& [code, meant] : same)
    if (none.contains(meant)) draft.no_allergy.push_back(code);
  content.value_sets.add_equivalents(same);
}

}  // namespace vigil
