// SPDX-License-Identifier: Apache-2.0
// What a knowledge base holds, and what only its builder holds.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <vigil/knowledge_base.h>

#include "terminology/concept_set.h"
#include "terminology/concept_table.h"
#include "terminology/hierarchy.h"
#include "terminology/relation_index.h"
#include "terminology/value_set_table.h"
#include "values/arena.h"

namespace vigil {

inline constexpr size_t kRelationCount = static_cast<size_t>(Relation::kCount);

/// Rows as they come, until build() packs them.
struct KnowledgeDraft {
  std::array<std::vector<RelationIndex::Pair>, kRelationCount> relations;
  std::vector<RelationIndex::Pair> parents;
  std::vector<ConceptId> no_allergy;
  std::unordered_set<std::string_view> texts;  ///< cells' texts, each kept once: tables repeat few words often
  std::vector<CodeValue*> code_cells;          ///< by concept id; null where no cell needs one
  std::vector<Diagnostic> problems;            ///< of rows, told by build()
  size_t open_table = SIZE_MAX;                ///< of Content::tables; where add_row adds
};

struct KnowledgeBase::Content {
  Arena arena;  ///< owns every string and cell below
  ConceptTable concepts;
  ValueSetTable value_sets;
  Hierarchy hierarchy;
  std::array<RelationIndex, kRelationCount> relations;
  ConceptSet no_allergy;
  std::vector<KnowledgeTable> tables;  ///< by name, once built
  uint64_t digest = 0;
  std::unique_ptr<KnowledgeDraft> draft = std::make_unique<KnowledgeDraft>();  ///< null once built
};

}  // namespace vigil
