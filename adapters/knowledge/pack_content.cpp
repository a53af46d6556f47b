// SPDX-License-Identifier: Apache-2.0
// Knowledge to bytes.
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "knowledge/byte_stream.h"
#include "knowledge/packed_content.h"

namespace vigil {
namespace {

class Packer {
 public:
  explicit Packer(const KnowledgeInventory& inventory)
      : sources_(inventory.sources), knowledge_(*inventory.knowledge) {}

  std::string pack() {
    for (const auto& text : {sources_.name, sources_.version, sources_.date}) out_.text(text);
    concepts();
    relations();
    out_.number(sources_.terminology.code_systems.size());
    for (const auto& each : sources_.terminology.code_systems) code_system(each);
    value_sets();
    out_.number(sources_.tables.size());
    for (const auto& each : sources_.tables) table(each);
    return std::move(bytes_);
  }

 private:
  void concepts() {
    std::map<std::string_view, uint64_t> systems;
    for (ConceptId id = 1; id <= knowledge_.concept_count(); ++id) systems[knowledge_.concept_info(id).system] = 0;
    out_.number(systems.size());
    uint64_t number = 0;
    for (auto& [system, index] : systems) {
      out_.text(system);
      index = number++;
    }
    out_.number(knowledge_.concept_count());
    for (ConceptId id = 1; id <= knowledge_.concept_count(); ++id) {
      const auto info = knowledge_.concept_info(id);
      out_.number(systems[info.system]);
      out_.text(info.code);
      out_.text(info.display);
    }
  }

  /// By `from`, ascending, each as its difference from the one before.
  void relations() {
    std::vector<ConceptId> none;
    for (ConceptId id = 1; id <= knowledge_.concept_count(); ++id)
      if (knowledge_.states_no_allergy(id)) none.push_back(id);
    ids(none);
    for (uint8_t kind = 0; kind < static_cast<uint8_t>(Relation::kCount); ++kind) {
      std::vector<ConceptId> from;
      for (ConceptId id = 1; id <= knowledge_.concept_count(); ++id)
        if (!knowledge_.related(static_cast<Relation>(kind), id).empty()) from.push_back(id);
      ids(from);
      for (const ConceptId id : from) ids(knowledge_.related(static_cast<Relation>(kind), id));
    }
  }

  void ids(std::span<const ConceptId> sorted) {
    out_.number(sorted.size());
    ConceptId last = 0;
    for (const ConceptId id : sorted) {
      out_.number(id - last);
      last = id;
    }
  }

  void provenance(const Provenance& each) {
    for (const auto& text : {each.source, each.version, each.licence, each.date}) out_.text(text);
  }

  void head(const TerminologyHead& each) {
    for (const auto& text : {each.url, each.version, each.name}) out_.text(text);
    provenance(each.provenance);
  }

  void code_system(const CodeSystemSource& each) {
    head(each);
    out_.number(each.complete ? 1 : 0);
    out_.number(each.subsumes ? 1 : 0);
    ids(each.codes);
    out_.number(each.parents.size());
    for (const auto& [child, parent] : each.parents) {
      out_.number(child);
      out_.number(parent);
    }
  }

  /// Those that could be expanded.
  void value_sets() {
    std::vector<std::pair<const ValueSetSource*, uint32_t>> held;
    for (const auto& each : sources_.terminology.value_sets)
      if (const auto index = knowledge_.find_value_set(each.url, each.version)) held.emplace_back(&each, *index);
    out_.number(held.size());
    for (const auto& [each, index] : held) {
      head(*each);
      ids(knowledge_.members(index));
    }
  }

  void table(const LoadedTable& each) {
    const KnowledgeTable& table = *knowledge_.find_table(each.source.name);
    out_.text(each.source.name);
    out_.number(static_cast<uint64_t>(each.source.role));
    provenance(each.source.provenance);
    out_.number(table.columns().size());
    for (size_t i = 0; i < table.columns().size(); ++i) {
      out_.text(table.columns()[i].name);
      out_.number(static_cast<uint64_t>(table.columns()[i].type));
      out_.text(each.source.columns[i].system);
      out_.text(each.source.columns[i].system_column);
    }
    out_.number(table.row_count());
    for (uint32_t row = 0; row < table.row_count(); ++row)
      for (uint32_t i = 0; i < table.row(row).count; ++i) cell(table.row(row).slots[i]);
  }

  /// Null as 0; else what the column's type asks for, behind a 1.
  void cell(const Value& value) {
    out_.number(value.is_null() ? 0 : 1);
    switch (value.kind) {
      case Kind::kString: return text(value.string());
      case Kind::kCode: return out_.number(value.code->concept_id);
      case Kind::kInteger: return out_.number(static_cast<uint32_t>(value.integer));
      case Kind::kBoolean: return out_.number(value.boolean ? 1 : 0);
      case Kind::kDecimal: return decimal(value.decimal);
      case Kind::kQuantity: decimal(value.quantity->value); return text(value.quantity->unit);
      default: return;
    }
  }
  void decimal(const Decimal& value) {
    out_.number(value.low);
    out_.number(static_cast<uint64_t>(value.high));
  }
  /// Tables repeat few words often: a text is written once, then by its number.
  void text(std::string_view text) {
    const auto [at, is_new] = texts_.try_emplace(text, texts_.size());
    out_.number(at->second);
    if (is_new) out_.text(text);
  }

  const KnowledgeSources& sources_;
  const KnowledgeBase& knowledge_;
  std::map<std::string_view, uint64_t> texts_;
  std::string bytes_;
  ByteWriter out_{bytes_};
};

}  // namespace

std::string pack_content(const KnowledgeInventory& inventory) { return Packer(inventory).pack(); }

}  // namespace vigil
