// SPDX-License-Identifier: Apache-2.0
// Rows of text to rows of typed cells.
#include <algorithm>
#include <array>
#include <functional>

#include <vigil/primitives.h>

#include "knowledge/row_reader.h"
#include "knowledge/table_role.h"
#include "knowledge/table_source.h"

namespace vigil {

namespace {

constexpr std::array<std::string_view, 6> kColumnTypeNames = {"Code",    "String",  "Integer",
                                                              "Decimal", "Boolean", "Quantity"};

/// Fills one table, and what its role asks for.
class TableReader {
 public:
  TableReader(const TableSource& source, const TextFile& file, KnowledgeBaseBuilder& builder, DiagnosticSink& sink)
      : source_(source), file_(file), builder_(builder), sink_(sink), role_(source, builder) {}

  std::vector<uint32_t> read();

 private:
  void add_row(const TextRow& row);
  /// None where the text does not fit the column; an empty text is null.
  std::optional<Value> parse_cell(size_t column, const TextRow& row);
  std::optional<Value> parse_code(std::string_view text, size_t column, const TextRow& row);
  std::optional<Value> parse_quantity(std::string_view text);

  const TableSource& source_;
  const TextFile& file_;
  KnowledgeBaseBuilder& builder_;
  DiagnosticSink& sink_;
  RoleWriter role_;
  std::vector<WantedColumn> wanted_;    ///< the table's columns, then those that only name code systems
  std::vector<size_t> system_columns_;  ///< by column: the one of wanted_ that names its code system, or SIZE_MAX
  std::vector<Value> cells_;
  std::vector<uint32_t> lines_;  ///< of the rows taken
};

std::vector<uint32_t> TableReader::read() {
  if (!role_.check_columns(file_.name(), sink_)) return {};
  std::vector<TableColumn> columns;
  for (const ColumnSource& each : source_.columns) {
    wanted_.push_back({each.column.name});
    columns.push_back(each.column);
  }
  for (const ColumnSource& each : source_.columns) {
    if (each.system_column.empty()) {
      system_columns_.push_back(SIZE_MAX);
      continue;
    }
    const auto at = std::ranges::find(wanted_, each.system_column, &WantedColumn::name);
    system_columns_.push_back(static_cast<size_t>(at - wanted_.begin()));
    if (at == wanted_.end()) wanted_.push_back({each.system_column});
  }
  cells_.resize(columns.size());
  const auto begin = [&] { builder_.begin_table(source_.name, columns); };
  const auto visit = [&](const TextRow& row) { add_row(row); };
  read_rows(file_, wanted_, begin, visit, sink_);
  return std::move(lines_);
}

void TableReader::add_row(const TextRow& row) {
  bool fits = true;
  for (size_t i = 0; i < cells_.size(); ++i) {
    const auto value = parse_cell(i, row);
    if (value) {
      cells_[i] = *value;
      continue;
    }
    fits = false;
    const TableColumn& column = source_.columns[i].column;
    sink_.add(data_diagnostic("VGL0505", file_.place(row.line),
                              {column.name, source_.name, excerpt(row.cells[i]), column_type_name(column.type)})
                  .with_hint("the row is left out"));
  }
  if (!fits) return;
  builder_.add_row(cells_);
  lines_.push_back(static_cast<uint32_t>(row.line));
  role_.add_row(cells_, file_.place(row.line), sink_);
}

std::optional<Value> TableReader::parse_cell(size_t column, const TextRow& row) {
  const ColumnType type = source_.columns[column].column.type;
  const std::string_view text = trim(row.cells[column]);
  if (text.empty()) return Value::null();
  switch (type) {
    case ColumnType::kString: return builder_.text_cell(row.cells[column]);
    case ColumnType::kCode: return parse_code(text, column, row);
    case ColumnType::kQuantity: return parse_quantity(text);
    case ColumnType::kInteger: return parse_fhir_primitive(Kind::kInteger, text);
    case ColumnType::kDecimal: return parse_fhir_primitive(Kind::kDecimal, text);
    case ColumnType::kBoolean: return parse_fhir_primitive(Kind::kBoolean, text);
  }
  return std::nullopt;
}

std::optional<Value> TableReader::parse_code(std::string_view text, size_t column, const TextRow& row) {
  std::string_view system = source_.columns[column].system;
  if (const size_t at = system_columns_[column]; at != SIZE_MAX && !trim(row.cells[at]).empty())
    system = trim(row.cells[at]);
  if (const size_t bar = text.find('|'); bar != std::string_view::npos) {
    if (bar > 0) system = text.substr(0, bar);
    text.remove_prefix(bar + 1);
  }
  const ConceptId id = builder_.intern(system, text);
  if (id == 0) return std::nullopt;
  return builder_.code_cell(id);
}

std::optional<Value> TableReader::parse_quantity(std::string_view text) {
  const size_t space = std::min(text.find(' '), text.size());
  const auto number = parse_fhir_primitive(Kind::kDecimal, text.substr(0, space));
  if (!number) return std::nullopt;
  std::string_view unit = trim(text.substr(space));
  if (unit.size() > 2 && unit.front() == '\'' && unit.back() == '\'')
    unit = unit.substr(1, unit.size() - 2);  // as CQL writes it
  return builder_.quantity_cell(number->decimal, unit.empty() ? "1" : unit);
}

}  // namespace

std::optional<ColumnType> parse_column_type(std::string_view text) {
  const auto at = std::ranges::find(kColumnTypeNames, text);
  if (at == kColumnTypeNames.end()) return std::nullopt;
  return static_cast<ColumnType>(at - kColumnTypeNames.begin());
}

std::string_view column_type_name(ColumnType type) { return kColumnTypeNames[static_cast<size_t>(type)]; }

std::vector<uint32_t> read_table_source(const TableSource& source, KnowledgeBaseBuilder& builder,
                                        DiagnosticSink& sink) {
  const auto file = read_text_file(source.file, sink);
  if (!file) return {};
  return TableReader(source, *file, builder, sink).read();
}

}  // namespace vigil
