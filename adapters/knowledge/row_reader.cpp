// SPDX-License-Identifier: Apache-2.0
// Matching the columns of CSV headers and JSON rows with those wanted.
#include "knowledge/row_reader.h"

#include <algorithm>
#include <optional>

#include "knowledge/csv_reader.h"
#include "knowledge/json_tree.h"

namespace vigil {

namespace {

void report_missing(std::string place, std::string_view column, std::span<const std::string_view> present,
                    DiagnosticSink& sink) {
  std::string hint = "the columns are";
  constexpr size_t kShown = 20;
  for (size_t i = 0; i < std::min(present.size(), kShown); ++i)
    hint.append(i == 0 ? " " : ", ").append(excerpt(present[i]));
  if (present.size() > kShown) hint.append(", ...");
  sink.add(data_diagnostic("VGL1104", std::move(place), {column}).with_hint(std::move(hint)));
}

size_t read_csv_rows(const TextFile& file, std::span<const WantedColumn> columns, const std::function<void()>& begin,
                     const VisitRow& visit, DiagnosticSink& sink, char separator) {
  CsvReader reader(file.text(), separator);
  CsvRow row;
  const auto broken = [&] {
    if (row.problem.empty()) return false;
    sink.add(data_diagnostic("VGL1110", file.place(row.line), {std::to_string(row.line), row.problem}));
    return true;
  };
  if (!reader.next(row)) {
    sink.add(data_diagnostic("VGL1101", file.name(), {file.name(), "it is empty"}));
    return 0;
  }
  if (broken()) return 1;
  std::vector<std::string_view> header(row.cells.size());
  std::ranges::transform(row.cells, header.begin(), trim);
  const size_t width = header.size();
  std::vector<size_t> sources;
  bool complete = true;
  for (const WantedColumn& column : columns) {
    const auto at = static_cast<size_t>(std::ranges::find(header, column.name) - header.begin());
    sources.push_back(at);
    if (at < width || column.optional) continue;
    complete = false;
    report_missing(file.place(row.line), column.name, header, sink);
  }
  if (!complete) return 0;
  begin();
  size_t left_out = 0;
  std::vector<std::string_view> cells(columns.size());
  while (reader.next(row)) {
    if (broken()) {
      ++left_out;
      continue;
    }
    if (row.cells.size() != width) {
      ++left_out;
      sink.add(data_diagnostic("VGL1103", file.place(row.line),
                               {std::to_string(row.line), std::to_string(row.cells.size()), std::to_string(width)}));
      continue;
    }
    for (size_t i = 0; i < cells.size(); ++i)
      cells[i] = sources[i] < width ? row.cells[sources[i]] : std::string_view{};
    visit({row.line, cells});
  }
  return left_out;
}

/// The text of a JSON cell; null is empty. None for arrays and objects.
std::optional<std::string_view> cell_text(const JsonNode& node) {
  if (node.is_array() || node.is_object()) return std::nullopt;
  return node.kind == JsonNode::Kind::kNull ? std::string_view{} : node.text;
}

/// Rows of a JSON array.
class JsonRows {
 public:
  JsonRows(const TextFile& file, std::span<const WantedColumn> columns, const VisitRow& visit, DiagnosticSink& sink)
      : file_(file), columns_(columns), visit_(visit), sink_(sink), cells_(columns.size()), seen_(columns.size()) {}

  void read(const JsonNode& root) {
    for (const JsonNode& row : root.children()) {
      std::ranges::fill(cells_, std::string_view{});
      const size_t line = file_.line_of(row.offset);
      if (row.is_array() ? take_cells(row, line) : take_members(row, line)) visit_({line, cells_});
    }
    for (size_t i = 0; i < columns_.size() && has_objects_; ++i)
      if (!seen_[i] && !columns_[i].optional) report_missing(file_.name(), columns_[i].name, keys_of_first_, sink_);
  }

 private:
  bool take_cells(const JsonNode& row, size_t line) {
    if (row.count > columns_.size()) {
      sink_.add(data_diagnostic("VGL1103", file_.place(line),
                                {std::to_string(line), std::to_string(row.count), std::to_string(columns_.size())}));
      return false;
    }
    for (size_t i = 0; i < row.count; ++i)
      if (!take(row.first[i], i, line)) return false;
    return true;
  }

  bool take_members(const JsonNode& row, size_t line) {
    if (!row.is_object()) return report(line, "a row is neither array nor object");
    if (!has_objects_)
      for (const JsonNode& member : row.children()) keys_of_first_.push_back(member.key);
    has_objects_ = true;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const JsonNode* member = row.find(columns_[i].name);
      if (member && !take(*member, i, line)) return false;
    }
    return true;
  }

  bool take(const JsonNode& cell, size_t column, size_t line) {
    const auto text = cell_text(cell);
    if (!text) return report(line, "column `" + std::string(columns_[column].name) + "` holds no single value");
    cells_[column] = *text;
    seen_[column] = true;
    return true;
  }

  bool report(size_t line, std::string_view why) {
    sink_.add(data_diagnostic("VGL1110", file_.place(line), {std::to_string(line), why}));
    return false;
  }

  const TextFile& file_;
  std::span<const WantedColumn> columns_;
  const VisitRow& visit_;
  DiagnosticSink& sink_;
  std::vector<std::string_view> cells_;
  std::vector<bool> seen_;
  bool has_objects_ = false;
  std::vector<std::string_view> keys_of_first_;
};

}  // namespace

size_t read_rows(const TextFile& file, std::span<const WantedColumn> columns, const std::function<void()>& begin,
                 const VisitRow& visit, DiagnosticSink& sink, char separator) {
  if (!file.name().ends_with(".json")) return read_csv_rows(file, columns, begin, visit, sink, separator);
  const auto tree = JsonTree::parse(file, sink);
  if (!tree) return 0;
  if (!tree->root().is_array()) {
    sink.add(data_diagnostic("VGL1101", file.name(), {file.name(), "a table is an array of rows"}));
    return 0;
  }
  begin();
  JsonRows(file, columns, visit, sink).read(tree->root());
  return 0;
}

}  // namespace vigil
