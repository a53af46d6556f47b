// SPDX-License-Identifier: Apache-2.0
// Writing and reading packed knowledge bases.
#include "knowledge/packed_knowledge.h"

#include <algorithm>
#include <map>
#include <vector>

#include "knowledge/byte_stream.h"
#include "knowledge/expand_value_sets.h"
#include "knowledge/text_file.h"

namespace vigil {
namespace {

constexpr uint64_t kPackedVersion = 2;  ///< raise when the layout changes
constexpr size_t kChecksumBytes = 8;

/// FNV-1a: finds damage, not forgery.
uint64_t checksum(std::string_view bytes) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  return hash;
}

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

std::string pack_knowledge(const KnowledgeInventory& inventory) {
  const std::string body = Packer(inventory).pack();
  std::string file(kPackedMagic);
  ByteWriter(file).number(kPackedVersion);
  const uint64_t sum = checksum(body);
  for (size_t i = 0; i < kChecksumBytes; ++i) file += static_cast<char>((sum >> (8 * i)) & 0xFF);
  return file + body;
}

KnowledgeSources unpack_knowledge(std::string_view bytes, std::string_view file_name, KnowledgeBaseBuilder& builder,
                                  DiagnosticSink& sink) {
  const auto refuse = [&](std::string_view why) {
    sink.add(data_diagnostic("VGL1101", std::string(file_name), {file_name, why}));
    return KnowledgeSources{};
  };
  constexpr size_t kHeader = kPackedMagic.size() + 1 + kChecksumBytes;
  if (!bytes.starts_with(kPackedMagic) || bytes.size() < kHeader) return refuse("it is no packed knowledge base");
  const auto version = static_cast<unsigned char>(bytes[kPackedMagic.size()]);
  if (version != kPackedVersion)
    return refuse("it has the layout version " + std::to_string(version) + ", and this program reads " +
                  std::to_string(kPackedVersion));
  uint64_t sum = 0;
  for (size_t i = 0; i < kChecksumBytes; ++i)
    sum |= uint64_t{static_cast<unsigned char>(bytes[kPackedMagic.size() + 1 + i])} << (8 * i);
  const auto body = bytes.substr(kHeader);
  if (checksum(body) != sum) return refuse("it was damaged: the checksum differs");
  Unpacker unpacker(body, file_name, builder);
  auto sources = unpacker.unpack(sink);
  if (!unpacker.is_whole()) return refuse("its parts do not fit together");
  return sources;
}

}  // namespace vigil
