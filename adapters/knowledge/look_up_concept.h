// SPDX-License-Identifier: Apache-2.0
// What a knowledge base knows of one concept, found by code or by name; and value sets, found by URL or by name.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/knowledge_base.h>

namespace vigil {

inline constexpr size_t kRelationKinds = static_cast<size_t>(Relation::kCount);

/// What a relation leads to, in the plural: "ingredients", "side-chain groups".
std::string_view relation_name(Relation relation);

/// The rows of one table of pairs that a concept takes part in.
struct PairCount {
  std::string table;
  size_t pairs = 0;
  std::map<std::string, size_t> tiers;  ///< how many of each; none where the table has no tier
};

/// Views belong to the knowledge base. Classes, groups and pairs are those of the concept and of its ingredients.
struct ConceptReport {
  ConceptId id = 0;
  ConceptInfo info;
  std::array<std::vector<ConceptId>, kRelationKinds> related;  ///< by Relation, each sorted
  bool states_no_allergy = false;
  std::vector<uint32_t> value_sets;  ///< sorted by URL
  std::vector<PairCount> pairs;      ///< tables with at least one

  const std::vector<ConceptId>& of(Relation relation) const { return related[static_cast<size_t>(relation)]; }
};

/// The concepts meant by `system|code`, by a code of any system, or by a name regardless of case; by id. Empty where it
/// resolves to nothing.
///   find_concepts(knowledge, "warfarin")
std::vector<ConceptId> find_concepts(const KnowledgeBase& knowledge, std::string_view text);
/// The value sets of this URL (`url|version`: of that version), or of this name regardless of case; by index.
std::vector<uint32_t> find_value_sets(const KnowledgeBase& knowledge, std::string_view text);
/// Every name that find_concepts or find_value_sets would find, each once, for "did you mean".
std::vector<std::string> known_names(const KnowledgeBase& knowledge);

ConceptReport describe_concept(const KnowledgeBase& knowledge, ConceptId id);

}  // namespace vigil
