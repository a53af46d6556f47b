// SPDX-License-Identifier: Apache-2.0
// Rows that repeat, contradict, or cannot do what their table is for.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "knowledge/check_knowledge.h"
#include "knowledge/pair_table.h"

namespace vigil {

namespace {

/// All cells as one text; the two codes of a pair in a fixed order.
std::string row_key(const KnowledgeTable& table, const TupleValue& row, const std::optional<PairColumns>& pair) {
  std::string key;
  const auto add = [&](const Value& cell) {
    const std::string text = cell_text(cell);
    key.append(cell.is_null() ? "-" : std::to_string(text.size())).append(":").append(text);
  };
  const bool swap = pair && cell_text(row.slots[pair->b]) < cell_text(row.slots[pair->a]);
  for (uint32_t i = 0; i < table.columns().size(); ++i) {
    if (swap && i == pair->a)
      add(row.slots[pair->b]);
    else if (swap && i == pair->b)
      add(row.slots[pair->a]);
    else
      add(row.slots[i]);
  }
  return key;
}

std::string name_of(const KnowledgeBase& knowledge, ConceptId id) {
  const ConceptInfo info = knowledge.concept_info(id);
  return std::string(info.display.empty() ? info.code : info.display);
}

/// The concepts that some drug holds as ingredient.
std::unordered_set<ConceptId> held_ingredients(const KnowledgeBase& knowledge) {
  std::unordered_set<ConceptId> held;
  for (ConceptId id = 1; id <= knowledge.concept_count(); ++id)
    for (const ConceptId ingredient : knowledge.related(Relation::kIngredient, id)) held.insert(ingredient);
  return held;
}

}  // namespace

void check_rows(const LoadedTable& loaded, const KnowledgeTable& table, DiagnosticSink& sink) {
  const auto pair = find_pair_columns(table);
  std::unordered_map<std::string, uint32_t> first_rows;
  for (uint32_t i = 0; i < table.row_count(); ++i) {
    const auto [first, is_new] = first_rows.try_emplace(row_key(table, table.row(i), pair), i);
    if (!is_new)
      sink.add(data_diagnostic("VGL1116", loaded.place(i), {std::to_string(loaded.lines[first->second])})
                   .with_hint("remove one of the two"));
  }
  const auto ingredient = table.find_column("ingredient");
  const auto drug_class = table.find_column("class");
  if (loaded.source.role != TableRole::kClass || !ingredient || !drug_class) return;
  for (uint32_t i = 0; i < table.row_count(); ++i) {
    const Value& cell = table.row(i).slots[*ingredient];
    const ConceptId id = concept_of(cell);
    if (id != 0 && id == concept_of(table.row(i).slots[*drug_class]))
      sink.add(data_diagnostic("VGL1117", loaded.place(i), {cell.code->code})
                   .with_hint("a class has a code of its own, of a code system of classes"));
  }
}

void check_groups(const LoadedTable& loaded, const KnowledgeTable& table, DiagnosticSink& sink) {
  const auto group = table.find_column("group");
  const auto level = table.find_column("level");
  const auto ingredient = table.find_column("ingredient");
  if (loaded.source.role != TableRole::kCrossReactivity || !group || !level || !ingredient) return;
  struct Group {
    uint32_t row;  ///< its first
    std::set<ConceptId> members;
  };
  std::map<std::string, Group> groups;
  for (uint32_t i = 0; i < table.row_count(); ++i) {
    const TupleValue& row = table.row(i);
    // A side chain of its own is a fact worth stating: it tells "shared with none" from "not known".
    if (cell_text(row.slots[*level]) != "class") continue;
    Group& each = groups.try_emplace(cell_text(row.slots[*group]), Group{i, {}}).first->second;
    if (const ConceptId id = concept_of(row.slots[*ingredient])) each.members.insert(id);
  }
  for (const auto& [name, each] : groups)
    if (each.members.size() == 1)
      sink.add(data_diagnostic("VGL1118", loaded.place(each.row), {name})
                   .with_hint("nothing cross-reacts with a single drug: add the others, or take the group out"));
}

void check_pairs(const LoadedTable& loaded, const KnowledgeTable& table, const KnowledgeBase& knowledge,
                 DiagnosticSink& sink) {
  const auto columns = find_pair_columns(table);
  if (!columns) return;
  const auto held = held_ingredients(knowledge);
  std::set<ConceptId> told;  // a drug of many pairs is told once
  std::map<std::pair<ConceptId, ConceptId>, uint32_t> first_rows;
  for (uint32_t i = 0; i < table.row_count(); ++i) {
    const TupleValue& row = table.row(i);
    const ConceptId a = concept_of(row.slots[columns->a]);
    const ConceptId b = concept_of(row.slots[columns->b]);
    for (const ConceptId id : {a, b}) {
      if (id == 0 || held.contains(id) || !told.insert(id).second) continue;
      sink.add(data_diagnostic("VGL1113", loaded.place(i), {name_of(knowledge, id)})
                   .with_hint("pairs are of ingredients; a table of role `ingredient` says which drugs hold them"));
    }
    if (!columns->tier) continue;
    const auto [first, is_new] = first_rows.try_emplace(std::minmax(a, b), i);
    const std::string tier = cell_text(row.slots[*columns->tier]);
    const std::string other = cell_text(table.row(first->second).slots[*columns->tier]);
    if (is_new || tier == other) continue;
    sink.add(data_diagnostic("VGL1114", loaded.place(i),
                             {name_of(knowledge, a), name_of(knowledge, b), tier, other,
                              std::to_string(loaded.lines[first->second])})
                 .with_hint("keep the tier that holds, and name both sources in that row"));
  }
}

}  // namespace vigil
