// SPDX-License-Identifier: Apache-2.0
// Concepts that tables name but nothing defines.
#include <algorithm>
#include <string>
#include <unordered_set>

#include "knowledge/check_knowledge.h"
#include "knowledge/knowledge_reader.h"
#include "knowledge/pair_table.h"
#include "knowledge/table_role.h"

namespace vigil {

namespace {

/// Finds what is defined, then what is named without being so. Drugs are defined by tables of drugs wherever there is
/// one: an allergen or a value set may name any code, that makes it no drug.
class ReferenceChecker {
 public:
  ReferenceChecker(const KnowledgeInventory& inventory, DiagnosticSink& sink)
      : knowledge_(*inventory.knowledge), sources_(inventory.sources), sink_(sink) {}

  void check() {
    for (const LoadedTable& loaded : sources_.tables)
      if (const KnowledgeTable* table = find(loaded)) define(loaded.source, *table);
    for (const CodeSystemSource& each : sources_.terminology.code_systems)
      defined_.insert(each.codes.begin(), each.codes.end());
    for (uint32_t i = 0; i < knowledge_.value_set_count(); ++i)
      for (const ConceptId id : knowledge_.members(i)) defined_.insert(id);
    for (const LoadedTable& loaded : sources_.tables)
      if (const KnowledgeTable* table = find(loaded)) check_table(loaded, *table);
  }

 private:
  const KnowledgeTable* find(const LoadedTable& loaded) const {
    const KnowledgeTable* table = knowledge_.find_table(loaded.source.name);
    return table && table->row_count() == loaded.lines.size() ? table : nullptr;
  }

  /// The column whose codes a table defines; empty where it defines none.
  static std::string_view defining_column(const TableSource& source) {
    switch (source.role) {
      case TableRole::kDrug: return "rxcui";
      case TableRole::kAllergen:
      case TableRole::kCrosswalk: return "code";
      case TableRole::kCrossReactivity: return "group";
      case TableRole::kIngredient:
      case TableRole::kClass: return {};
      case TableRole::kNone: break;
    }
    // A table that names things defines its first code: "class,name".
    const auto names = [](const ColumnSource& each) {
      return each.column.name == "name" || each.column.name == "display";
    };
    const auto code =
        std::ranges::find(source.columns, ColumnType::kCode, [](const ColumnSource& each) { return each.column.type; });
    if (code == source.columns.end() || std::ranges::none_of(source.columns, names)) return {};
    return code->column.name;
  }

  void define(const TableSource& source, const KnowledgeTable& table) {
    if (source.role == TableRole::kDrug) has_drugs_ = true;
    const auto column = table.find_column(defining_column(source));
    if (!column) return;
    for (uint32_t i = 0; i < table.row_count(); ++i) {
      const ConceptId id = resolve(source, *column, table.row(i).slots[*column]);
      (source.role == TableRole::kDrug ? drugs_ : defined_).insert(id);
    }
  }

  void check_table(const LoadedTable& loaded, const KnowledgeTable& table) {
    const std::string_view defining = defining_column(loaded.source);
    // What a crosswalk leads to is often the business of another knowledge base: of NDC, that with RxNorm.
    if (loaded.source.role == TableRole::kCrosswalk && !has_drugs_) return;
    for (uint32_t column = 0; column < table.columns().size(); ++column) {
      const std::string& name = table.columns()[column].name;
      if (name == defining || (!is_code(table, column) && !is_group(loaded.source, name))) continue;
      for (uint32_t i = 0; i < table.row_count(); ++i) {
        const Value& cell = table.row(i).slots[column];
        const ConceptId id = resolve(loaded.source, column, cell);
        if (cell.is_null() || is_defined(loaded.source, name, id)) continue;
        sink_.add(data_diagnostic("VGL1111", loaded.place(i), {cell_text(cell), name})
                      .with_hint("give it in the table that defines such codes, or correct the code"));
      }
    }
  }

  bool is_defined(const TableSource& source, std::string_view column, ConceptId id) const {
    const bool is_drug = source.role != TableRole::kNone && (column == "drug" || column == "ingredient");
    if (drugs_.contains(id)) return true;
    return !(is_drug && has_drugs_) && defined_.contains(id);
  }

  static bool is_code(const KnowledgeTable& table, uint32_t column) {
    return table.columns()[column].type == ColumnType::kCode;
  }
  /// Groups are codes even where the table declares them as text.
  static bool is_group(const TableSource& source, std::string_view column) {
    return column == "group" && (source.role == TableRole::kAllergen || source.role == TableRole::kCrossReactivity);
  }
  ConceptId resolve(const TableSource& source, uint32_t column, const Value& cell) const {
    if (cell.kind == Kind::kString && is_group(source, source.columns[column].column.name))
      return knowledge_.find_concept(kCrossReactivitySystem, cell.string());
    return concept_of(cell);
  }

  const KnowledgeBase& knowledge_;
  const KnowledgeSources& sources_;
  DiagnosticSink& sink_;
  bool has_drugs_ = false;
  std::unordered_set<ConceptId> drugs_;
  std::unordered_set<ConceptId> defined_;
};

}  // namespace

void check_references(const KnowledgeInventory& inventory, DiagnosticSink& sink) {
  ReferenceChecker(inventory, sink).check();
}

}  // namespace vigil
