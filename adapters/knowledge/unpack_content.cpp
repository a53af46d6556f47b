// SPDX-License-Identifier: Apache-2.0
// Bytes to knowledge. What a damaged file says is read within its bounds, and refused at the end.
#include <algorithm>
#include <utility>
#include <vector>

#include "knowledge/byte_stream.h"
#include "knowledge/expand_value_sets.h"
#include "knowledge/packed_content.h"

namespace vigil {
namespace {

class Unpacker {
 public:
  Unpacker(std::string_view body, std::string_view file_name, KnowledgeBaseBuilder& builder)
      : in_(body), file_(file_name), builder_(builder) {}

  KnowledgeSources unpack(DiagnosticSink& sink) {
    for (auto* text : {&sources_.name, &sources_.version, &sources_.date}) *text = in_.text();
    concepts();
    relations();
    for (uint64_t left = in_.count(); left > 0; --left) code_system();
    for (uint64_t left = in_.count(); left > 0; --left) value_set();
    for (uint64_t left = in_.count(); left > 0; --left) table();
    if (!in_.failed()) expand_value_sets(sources_.terminology, builder_, sink);
    return std::move(sources_);
  }
  bool is_whole() const { return !in_.failed() && in_.at_end(); }

 private:
  void concepts() {
    std::vector<std::string_view> systems(in_.count());
    for (auto& system : systems) system = in_.text();
    ids_.push_back(0);
    for (uint64_t left = in_.count(); left > 0; --left) {
      const uint64_t system = in_.index(systems.size());
      const auto code = in_.text();
      const auto display = in_.text();
      if (in_.failed()) return;
      const ConceptId id = builder_.intern(systems[system], code);
      if (!display.empty()) builder_.name(id, display);
      ids_.push_back(id);
    }
  }

  ConceptId id() { return ids_[in_.index(ids_.size())]; }

  std::vector<ConceptId> ids() {
    std::vector<ConceptId> result(in_.count());
    uint64_t last = 0;
    for (auto& each : result) {
      last += in_.number();
      each = last < ids_.size() ? ids_[last] : 0;
    }
    std::ranges::sort(result);
    return result;
  }

  void relations() {
    for (const ConceptId each : ids()) builder_.add_no_allergy(each);
    for (uint8_t kind = 0; kind < static_cast<uint8_t>(Relation::kCount); ++kind)
      for (const ConceptId from : ids())
        for (const ConceptId to : ids()) builder_.add_relation(static_cast<Relation>(kind), from, to);
  }

  Provenance provenance() {
    Provenance result;
    for (auto* text : {&result.source, &result.version, &result.licence, &result.date}) *text = in_.text();
    return result;
  }

  void head(TerminologyHead& each) {
    for (auto* text : {&each.url, &each.version, &each.name}) *text = in_.text();
    each.provenance = provenance();
    each.place = file_;
  }

  void code_system() {
    CodeSystemSource each;
    head(each);
    each.complete = in_.number() != 0;
    each.subsumes = in_.number() != 0;
    each.codes = ids();
    for (uint64_t left = in_.count(); left > 0; --left) {
      const ConceptId child = id();
      each.parents.emplace_back(child, id());
    }
    sources_.terminology.code_systems.push_back(std::move(each));
  }

  void value_set() {
    ValueSetSource each;
    head(each);
    each.expanded = true;
    each.members = ids();
    sources_.terminology.value_sets.push_back(std::move(each));
  }

  void table() {
    LoadedTable each;
    each.source.name = in_.text();
    each.source.role = static_cast<TableRole>(in_.index(static_cast<uint64_t>(TableRole::kCrosswalk) + 1));
    each.source.provenance = provenance();
    each.source.file = file_;
    each.source.place = file_;
    std::vector<TableColumn> columns;
    for (uint64_t left = in_.count(); left > 0; --left) {
      ColumnSource& column = each.source.columns.emplace_back();
      column.column.name = in_.text();
      column.column.type = static_cast<ColumnType>(in_.index(static_cast<uint64_t>(ColumnType::kQuantity) + 1));
      column.system = in_.text();
      column.system_column = in_.text();
      columns.push_back(column.column);
    }
    builder_.begin_table(each.source.name, columns);
    std::vector<Value> cells(columns.size());
    const uint64_t rows = in_.count();
    for (uint64_t row = 0; row < rows && !in_.failed(); ++row) {
      for (size_t i = 0; i < cells.size(); ++i) cells[i] = cell(columns[i].type);
      builder_.add_row(cells);
      each.lines.push_back(static_cast<uint32_t>(row + 1));
    }
    sources_.tables.push_back(std::move(each));
  }

  Value cell(ColumnType type) {
    if (in_.number() == 0) return Value::null();
    switch (type) {
      case ColumnType::kString: return builder_.text_cell(text());
      case ColumnType::kCode: return builder_.code_cell(id());
      case ColumnType::kInteger: return Value::of(static_cast<int32_t>(static_cast<uint32_t>(in_.number())));
      case ColumnType::kBoolean: return Value::of(in_.number() != 0);
      case ColumnType::kDecimal: return Value::of(decimal());
      case ColumnType::kQuantity: {
        const Decimal value = decimal();
        return builder_.quantity_cell(value, text());
      }
    }
    return Value::null();
  }
  Decimal decimal() {
    Decimal value;
    value.low = in_.number();
    value.high = static_cast<int64_t>(in_.number());
    return value;
  }
  std::string_view text() {
    const uint64_t number = in_.index(texts_.size() + 1);
    if (number == texts_.size()) texts_.push_back(in_.text());
    return texts_[number];
  }

  ByteReader in_;
  std::string file_;
  KnowledgeBaseBuilder& builder_;
  KnowledgeSources sources_;
  std::vector<ConceptId> ids_;  ///< of the builder, by number in the file
  std::vector<std::string_view> texts_;
};

}  // namespace

std::optional<KnowledgeSources> unpack_content(std::string_view content, std::string_view file_name,
                                               KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  Unpacker unpacker(content, file_name, builder);
  auto sources = unpacker.unpack(sink);
  if (!unpacker.is_whole()) return std::nullopt;
  return sources;
}

}  // namespace vigil
