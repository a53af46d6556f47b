// SPDX-License-Identifier: Apache-2.0
// Hashing the content: each item by itself, then the sorted hashes of a section as one.
#include "terminology/content_digest.h"

#include <algorithm>

#include "terminology/hash.h"

namespace vigil {

namespace {

constexpr uint64_t kFormat = 1;  ///< raise when what is hashed changes

class Digester {
 public:
  explicit Digester(const KnowledgeBase::Content& content);
  uint64_t digest();

 private:
  uint64_t pairs(const RelationIndex& index) const;
  uint64_t ids(std::span<const ConceptId> ids) const;
  uint64_t value_set(const ValueSetTable::Entry& entry) const;
  uint64_t table(const KnowledgeTable& table) const;
  uint64_t cell(const Value& value) const;
  static uint64_t section(std::vector<uint64_t> items);

  const KnowledgeBase::Content& content_;
  std::vector<uint64_t> concepts_;  ///< by id - 1: what names it
};

Digester::Digester(const KnowledgeBase::Content& content) : content_(content) {
  concepts_.reserve(content.concepts.count());
  for (ConceptId id = 1; id <= content.concepts.count(); ++id)
    concepts_.push_back(hash_text(content.concepts.code(id), hash_text(content.concepts.system(id))));
}

uint64_t Digester::section(std::vector<uint64_t> items) {
  std::sort(items.begin(), items.end());
  uint64_t hash = mix(kFormat, items.size());
  for (const uint64_t item : items) hash = mix(hash, item);
  return hash;
}

uint64_t Digester::ids(std::span<const ConceptId> ids) const {
  std::vector<uint64_t> items;
  for (const ConceptId id : ids) items.push_back(concepts_[id - 1]);
  return section(std::move(items));
}

uint64_t Digester::pairs(const RelationIndex& index) const {
  std::vector<uint64_t> items;
  index.for_each([&](ConceptId from, ConceptId to) { items.push_back(mix(concepts_[from - 1], concepts_[to - 1])); });
  return section(std::move(items));
}

uint64_t Digester::value_set(const ValueSetTable::Entry& entry) const {
  return mix(hash_text(entry.url, hash_text(entry.version, hash_text(entry.name))), ids(entry.members.ids()));
}

uint64_t Digester::cell(const Value& value) const {
  const auto kind = static_cast<uint64_t>(value.kind);
  const auto decimal = [&](const Decimal& d) { return mix(mix(kind, d.low), static_cast<uint64_t>(d.high)); };
  switch (value.kind) {
    case Kind::kBoolean: return mix(kind, value.boolean ? 1 : 2);
    case Kind::kInteger: return mix(kind, static_cast<uint64_t>(value.integer));
    case Kind::kDecimal: return decimal(value.decimal);
    case Kind::kString: return hash_text(value.string(), kind);
    case Kind::kQuantity: return hash_text(value.quantity->unit, decimal(value.quantity->value));
    case Kind::kCode: return mix(kind, concepts_[value.code->concept_id - 1]);
    default: return mix(kind, 0);  // null; add_row lets nothing else in
  }
}

uint64_t Digester::table(const KnowledgeTable& table) const {
  uint64_t hash = hash_text(table.name());
  for (const auto& column : table.columns())
    hash = mix(hash_text(column.name, hash), static_cast<uint64_t>(column.type));
  for (uint32_t i = 0; i < table.row_count(); ++i)
    for (uint32_t slot = 0; slot < table.row(i).count; ++slot) hash = mix(hash, cell(table.row(i).slots[slot]));
  return mix(hash, table.row_count());
}

uint64_t Digester::digest() {
  std::vector<uint64_t> named;
  for (ConceptId id = 1; id <= content_.concepts.count(); ++id)
    named.push_back(hash_text(content_.concepts.display(id), concepts_[id - 1]));
  std::vector<uint64_t> value_sets;
  for (uint32_t i = 0; i < content_.value_sets.count(); ++i) value_sets.push_back(value_set(content_.value_sets[i]));
  std::vector<uint64_t> tables;
  for (const auto& each : content_.tables) tables.push_back(table(each));

  uint64_t hash = mix(section(std::move(named)), section(std::move(value_sets)));
  hash = mix(hash, section(std::move(tables)));
  hash = mix(hash, pairs(content_.hierarchy.parents));
  constexpr auto kFirstAdded = static_cast<size_t>(Relation::kSameAs);
  for (size_t i = 0; i < kRelationCount; ++i)  // a base without what came later keeps its digest
    if (i < kFirstAdded || !content_.relations[i].empty()) hash = mix(hash, pairs(content_.relations[i]));
  return mix(hash, ids(content_.no_allergy.ids()));
}

}  // namespace

uint64_t digest_content(const KnowledgeBase::Content& content) { return Digester(content).digest(); }

}  // namespace vigil
