// SPDX-License-Identifier: Apache-2.0
// Finding and describing one concept; finding value sets.
#include "knowledge/look_up_concept.h"

#include <algorithm>
#include <set>

#include "knowledge/pair_table.h"
#include "knowledge/text_file.h"

namespace vigil {

namespace {

/// ASCII only: drug names in RxNorm are.
bool is_same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

void add_related(const KnowledgeBase& knowledge, Relation relation, ConceptId from, std::vector<ConceptId>& to) {
  const auto found = knowledge.related(relation, from);
  to.insert(to.end(), found.begin(), found.end());
}

PairCount count_pairs(const KnowledgeTable& table, const PairColumns& columns, const std::vector<ConceptId>& drugs) {
  PairCount count;
  count.table = table.name();
  for (uint32_t i = 0; i < table.row_count(); ++i) {
    const Value* row = table.row(i).slots;
    const auto is_it = [&](uint32_t column) { return std::ranges::binary_search(drugs, concept_of(row[column])); };
    if (!is_it(columns.a) && !is_it(columns.b)) continue;
    ++count.pairs;
    if (columns.tier) ++count.tiers[cell_text(row[*columns.tier])];
  }
  return count;
}

void sort_once(std::vector<ConceptId>& ids) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

std::string_view relation_name(Relation relation) {
  switch (relation) {
    case Relation::kIngredient: return "ingredients";
    case Relation::kDrugClass: return "classes";
    case Relation::kSideChainGroup: return "side-chain groups";
    case Relation::kCrossReactiveGroup: return "cross-reactive groups";
    case Relation::kAllergenIngredient: return "stands for ingredients";
    case Relation::kAllergenGroup: return "stands for groups";
    case Relation::kRoute: return "routes";
    case Relation::kSameAs: return "means";
    case Relation::kCount: break;
  }
  return {};
}

std::vector<ConceptId> find_concepts(const KnowledgeBase& knowledge, std::string_view text) {
  text = trim(text);
  if (text.empty()) return {};
  if (const size_t bar = text.rfind('|'); bar != std::string_view::npos) {
    const ConceptId id = knowledge.find_concept(text.substr(0, bar), text.substr(bar + 1));
    return id == 0 ? std::vector<ConceptId>{} : std::vector{id};
  }
  std::vector<ConceptId> found;
  for (ConceptId id = 1; id <= knowledge.concept_count(); ++id) {
    const ConceptInfo info = knowledge.concept_info(id);
    if (info.code == text || is_same_name(info.display, text)) found.push_back(id);
  }
  return found;
}

std::vector<uint32_t> find_value_sets(const KnowledgeBase& knowledge, std::string_view text) {
  text = trim(text);
  std::vector<uint32_t> found;
  for (uint32_t i = 0; !text.empty() && i < knowledge.value_set_count(); ++i) {
    const ValueSetInfo info = knowledge.value_set(i);
    const bool is_canonical =
        text.starts_with(info.url) && text.substr(info.url.size()) == "|" + std::string(info.version);
    if (text == info.url || is_canonical || is_same_name(info.name, text)) found.push_back(i);
  }
  return found;
}

std::vector<std::string> known_names(const KnowledgeBase& knowledge) {
  std::set<std::string_view> names;
  for (ConceptId id = 1; id <= knowledge.concept_count(); ++id) names.insert(knowledge.display(id));
  for (uint32_t i = 0; i < knowledge.value_set_count(); ++i) names.insert(knowledge.value_set(i).name);
  names.erase("");
  return {names.begin(), names.end()};
}

ConceptReport describe_concept(const KnowledgeBase& knowledge, ConceptId id) {
  ConceptReport report;
  report.id = id;
  report.info = knowledge.concept_info(id);
  report.states_no_allergy = knowledge.states_no_allergy(id);
  const auto of = [&](Relation relation) -> auto& { return report.related[static_cast<size_t>(relation)]; };
  for (const Relation relation : {Relation::kIngredient, Relation::kAllergenIngredient, Relation::kAllergenGroup,
                                  Relation::kRoute, Relation::kSameAs})
    add_related(knowledge, relation, id, of(relation));
  auto drugs = of(Relation::kIngredient);
  drugs.push_back(id);
  sort_once(drugs);
  for (const Relation relation : {Relation::kDrugClass, Relation::kSideChainGroup, Relation::kCrossReactiveGroup}) {
    for (const ConceptId drug : drugs) add_related(knowledge, relation, drug, of(relation));
    sort_once(of(relation));
  }
  for (uint32_t i = 0; i < knowledge.value_set_count(); ++i)
    if (knowledge.is_member(i, id)) report.value_sets.push_back(i);
  std::ranges::sort(report.value_sets, {}, [&](uint32_t i) { return knowledge.value_set(i).url; });
  for (const KnowledgeTable& table : knowledge.tables())
    if (const auto columns = find_pair_columns(table))
      if (auto count = count_pairs(table, *columns, drugs); count.pairs > 0) report.pairs.push_back(std::move(count));
  return report;
}

}  // namespace vigil
