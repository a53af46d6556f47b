// SPDX-License-Identifier: Apache-2.0
// Rows of CSV through a mapping to table drafts.
#include "knowledge/import_csv.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <vigil/primitives.h>

#include "knowledge/csv_mapping.h"
#include "knowledge/knowledge_sources.h"
#include "knowledge/knowledge_writer.h"
#include "knowledge/row_reader.h"

namespace vigil {

namespace {

/// Whether a column of this type can hold the text; empty is null.
bool fits(ColumnType type, std::string_view text) {
  if (text.empty()) return true;
  switch (type) {
    case ColumnType::kString:
    case ColumnType::kCode: return true;
    case ColumnType::kInteger: return parse_fhir_primitive(Kind::kInteger, text).has_value();
    case ColumnType::kDecimal: return parse_fhir_primitive(Kind::kDecimal, text).has_value();
    case ColumnType::kBoolean: return parse_fhir_primitive(Kind::kBoolean, text).has_value();
    case ColumnType::kQuantity:
      return parse_fhir_primitive(Kind::kDecimal, text.substr(0, std::min(text.find(' '), text.size()))).has_value();
  }
  return false;
}

/// Writes the rows of one file.
class CsvTableImporter {
 public:
  CsvTableImporter(const MappedCsv& mapped, const TextFile& file, DiagnosticSink& sink)
      : mapped_(mapped), file_(file), sink_(sink) {
    for (const MappedColumn& each : mapped.columns) {
      if (!each.column.empty()) wanted_.push_back({each.column});
      const auto& [column, system, system_column] = each.target;
      draft_.add_column(column.name, column.type, system, system_column);
    }
    draft_.source.name = mapped.name;
    draft_.source.role = mapped.role;
    draft_.source.provenance = mapped.provenance;
  }

  TableDraft import(const std::string& file_name, CsvImport& result) {
    draft_.source.file = file_name;
    const auto visit = [&](const TextRow& row) {
      if (auto problem = take(row)) {
        ++result.broken_rows;
        sink_.add(data_diagnostic("VGL1110", file_.place(row.line), {std::to_string(row.line), *problem})
                      .with_hint("the row is left out"));
        return;
      }
      ++result.rows;
      draft_.add_row(cells_);
    };
    result.broken_rows += read_rows(
        file_, wanted_, [] {}, visit, sink_, mapped_.separator);
    return std::move(draft_);
  }

 private:
  /// Fills `cells_`, or tells why it cannot.
  std::optional<std::string> take(const TextRow& row) {
    cells_.clear();
    size_t next = 0;
    for (const MappedColumn& each : mapped_.columns) {
      if (each.column.empty()) {
        cells_.push_back(each.text);
        continue;
      }
      const std::string_view text = trim(row.cells[next++]);
      const std::string quoted = "`" + excerpt(text) + "` of column `" + each.column + "`";
      if (text.empty()) {
        if (each.required) return "column `" + each.column + "` is empty";
        cells_.emplace_back();
        continue;
      }
      const auto named = each.values.find(std::string(text));
      if (!each.values.empty() && named == each.values.end()) return quoted + " is not among the mapping's values";
      std::string cell = each.text + (each.values.empty() ? std::string(text) : named->second);
      const ColumnType type = each.target.column.type;
      if (!fits(type, cell)) return quoted + " is no " + std::string(column_type_name(type));
      cells_.push_back(std::move(cell));
    }
    return std::nullopt;
  }

  const MappedCsv& mapped_;
  const TextFile& file_;
  DiagnosticSink& sink_;
  std::vector<WantedColumn> wanted_;  ///< those of mapped_ that have a column, in order
  TableDraft draft_;
  std::vector<std::string> cells_;
};

/// "Dose limits" to "dose_limits.csv".
std::string file_name_of(std::string_view table) {
  std::string name;
  for (const char c : table) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += is_letter ? c : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : '_';
  }
  return name + ".csv";
}

CsvImport import_mapped(const CsvMapping& mapping, const std::filesystem::path& out,
                        const std::function<void(std::string_view)>& progress, DiagnosticSink& sink) {
  CsvImport result;
  std::vector<TableDraft> drafts;
  for (const MappedCsv& each : mapping.tables) {
    progress(each.file.filename().generic_string());
    const auto file = read_text_file(each.file, sink, kImportFileLimit);
    if (!file) return {};
    auto draft = CsvTableImporter(each, *file, sink).import(file_name_of(each.name), result);
    if (draft.text.empty()) continue;
    drafts.push_back(std::move(draft));
    ++result.tables;
  }
  result.done = write_knowledge(out, mapping.name, mapping.version, drafts, {}, sink);
  return result;
}

}  // namespace

CsvImport import_csv(const std::filesystem::path& mapping, const std::filesystem::path& out,
                     const std::function<void(std::string_view)>& progress, DiagnosticSink& sink) {
  try {
    const auto read = read_csv_mapping(mapping, sink);
    return read ? import_mapped(*read, out, progress, sink) : CsvImport{};
  } catch (const std::exception& failure) {  // memory, file names
    report_unreadable(mapping, failure.what(), sink);
    return {};
  }
}

}  // namespace vigil
