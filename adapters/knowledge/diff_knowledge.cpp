// SPDX-License-Identifier: Apache-2.0
// Both knowledge bases as facts under the same keys, then the facts that differ.
#include "knowledge/diff_knowledge.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "knowledge/look_up_concept.h"
#include "knowledge/pair_table.h"

namespace vigil {

namespace {

/// In the order of areas, then by what names the fact in any knowledge base.
struct Key {
  int rank = 0;
  std::string area;
  std::string name;
  auto operator<=>(const Key&) const = default;
};

struct Fact {
  std::string subject;
  std::string text;
  std::string identity = text;  ///< what is compared: names may change without the fact
};

using Facts = std::map<Key, Fact>;

enum Rank { kDrugs, kRelations, kNoAllergy, kValueSets, kPairs, kWording, kRows };

class Collector {
 public:
  explicit Collector(const KnowledgeInventory& inventory) : knowledge_(*inventory.knowledge) {
    for (ConceptId id = 1; id <= knowledge_.concept_count(); ++id) add_concept(id);
    for (uint32_t i = 0; i < knowledge_.value_set_count(); ++i) add_value_set(i);
    // What tables with a role say stands in the relations.
    for (const LoadedTable& each : inventory.sources.tables)
      if (const auto* const table = knowledge_.find_table(each.source.name);
          table != nullptr && each.source.role == TableRole::kNone)
        add_table(*table);
  }
  Facts take() { return std::move(facts_); }

 private:
  std::string key_of(ConceptId id) const {
    const auto info = knowledge_.concept_info(id);
    return std::string(info.system).append("|").append(info.code);
  }
  std::string name_of(ConceptId id) const {
    const auto info = knowledge_.concept_info(id);
    if (info.display.empty()) return std::string(info.code);
    return std::string(info.display).append(" (").append(info.code).append(")");
  }

  void add_concept(ConceptId id) {
    if (knowledge_.recognises(Relation::kIngredient, id))
      facts_[{kDrugs, "drugs", key_of(id)}] = {name_of(id), std::string(knowledge_.display(id))};
    for (size_t kind = 0; kind < kRelationKinds; ++kind) {
      const auto relation = static_cast<Relation>(kind);
      std::map<std::string, std::string> named;  // by code
      for (const ConceptId to : knowledge_.related(relation, id))
        if (to != id) named[key_of(to)] = name_of(to);
      if (named.empty()) continue;
      std::string text, codes;
      for (const auto& [code, name] : named) {
        text.append(text.empty() ? "" : ", ").append(name);
        codes.append(code).append(" ");
      }
      facts_[{kRelations, std::string(relation_name(relation)), key_of(id)}] = {name_of(id), text, codes};
    }
    if (knowledge_.states_no_allergy(id))
      facts_[{kNoAllergy, "codes for no known allergy", key_of(id)}] = {name_of(id), "states that there is none"};
  }

  void add_value_set(uint32_t index) {
    const auto info = knowledge_.value_set(index);
    const std::string area = "value set " + std::string(info.name.empty() ? info.url : info.name);
    for (const ConceptId id : knowledge_.members(index))
      facts_[{kValueSets, area, key_of(id)}] = {name_of(id), "member"};
  }

  void add_table(const KnowledgeTable& table) {
    const auto pair = find_pair_columns(table);
    for (uint32_t i = 0; i < table.row_count(); ++i) {
      if (pair) {
        add_pair(table, *pair, table.row(i));
      } else {
        const auto text = cells(table, table.row(i), {});
        facts_[{kRows, table.name(), text}] = {text, "row"};
      }
    }
  }

  void add_pair(const KnowledgeTable& table, const PairColumns& columns, const TupleValue& row) {
    auto a = concept_of(row.slots[columns.a]), b = concept_of(row.slots[columns.b]);
    if (a == 0 || b == 0) return;
    if (key_of(b) < key_of(a)) std::swap(a, b);
    const std::string name = key_of(a) + " " + key_of(b), subject = name_of(a) + " with " + name_of(b);
    const auto tier = columns.tier ? cell_text(row.slots[*columns.tier]) : std::string();
    facts_[{kPairs, table.name(), name}] = {subject, tier.empty() ? "listed" : tier};
    facts_[{kWording, table.name() + ", wording", name}] = {subject, cells(table, row, columns)};
  }

  /// The cells that are not the pair itself, by column.
  static std::string cells(const KnowledgeTable& table, const TupleValue& row, const std::optional<PairColumns>& pair) {
    std::string text;
    for (uint32_t i = 0; i < row.count; ++i) {
      if (pair && (i == pair->a || i == pair->b || i == pair->tier)) continue;
      const auto cell = cell_text(row.slots[i]);
      if (!cell.empty())
        text.append(text.empty() ? "" : "; ").append(table.columns()[i].name).append(": ").append(cell);
    }
    return text;
  }

  const KnowledgeBase& knowledge_;
  Facts facts_;
};

/// How many facts each area holds, of those that come and go as a whole: value sets and tables.
std::map<std::pair<int, std::string>, size_t> count_areas(const Facts& facts) {
  std::map<std::pair<int, std::string>, size_t> counts;
  for (const auto& [key, fact] : facts)
    if (key.rank >= kValueSets && key.rank != kWording) ++counts[{key.rank, key.area}];
  return counts;
}

using Changes = std::vector<std::pair<Key, KnowledgeChange>>;

/// One change for each area that only one of the two has; its facts are not told one by one.
void add_whole_areas(const Facts& old, const Facts& now, Changes& changes) {
  const auto before = count_areas(old), after = count_areas(now);
  const auto entries = [](size_t count) { return std::to_string(count) + (count == 1 ? " entry" : " entries"); };
  for (const auto& [area, count] : before)
    if (!after.contains(area))
      changes.push_back({{area.first, area.second, {}}, {area.second, "all of it", entries(count), {}}});
  for (const auto& [area, count] : after)
    if (!before.contains(area))
      changes.push_back({{area.first, area.second, {}}, {area.second, "all of it", {}, entries(count)}});
}

}  // namespace

std::vector<KnowledgeChange> diff_knowledge(const KnowledgeInventory& before, const KnowledgeInventory& after) {
  const Facts old = Collector(before).take();
  const Facts now = Collector(after).take();
  Changes changes;
  add_whole_areas(old, now, changes);
  const auto is_told = [](const Key& key, const std::map<std::pair<int, std::string>, size_t>& areas) {
    // A pair that came or went has no wording to speak of.
    return key.rank != kWording && (key.rank < kValueSets || areas.contains({key.rank, key.area}));
  };
  const auto old_areas = count_areas(old), now_areas = count_areas(now);
  for (const auto& [key, fact] : old) {
    const auto at = now.find(key);
    if (at == now.end()) {
      if (is_told(key, now_areas)) changes.push_back({key, {key.area, fact.subject, fact.text, {}}});
    } else if (at->second.identity != fact.identity) {
      changes.push_back({key, {key.area, at->second.subject, fact.text, at->second.text}});
    }
  }
  for (const auto& [key, fact] : now)
    if (!old.contains(key) && is_told(key, old_areas))
      changes.push_back({key, {key.area, fact.subject, {}, fact.text}});
  std::ranges::sort(changes, [](const auto& a, const auto& b) {
    return std::tie(a.first.rank, a.first.area, a.second.subject, a.first.name) <
           std::tie(b.first.rank, b.first.area, b.second.subject, b.first.name);
  });
  std::vector<KnowledgeChange> result;
  result.reserve(changes.size());
  for (auto& [key, change] : changes) result.push_back(std::move(change));
  return result;
}

}  // namespace vigil
