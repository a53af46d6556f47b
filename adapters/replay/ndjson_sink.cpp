// SPDX-License-Identifier: Apache-2.0
// A file of NDJSON a table, an object a row.
#include <array>
#include <filesystem>
#include <fstream>

#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

class NdjsonSink : public TableSink {
 public:
  NdjsonSink(ResultKind kind, std::string folder) : kind_(kind), folder_(std::move(folder)) {}

  bool begin(DiagnosticSink& sink) override {
    for (size_t t = 0; t < kTableCount; ++t) {
      if (!tables()[t].is_part_of(kind_)) continue;
      files_[t].open(part_path(t), std::ios::binary | std::ios::trunc);
      if (!files_[t]) return report_unwritable(part_path(t), "it cannot be opened", sink);
    }
    return true;
  }

  bool add(const TableRow& row, DiagnosticSink& sink) override {
    const auto columns = table(row.table).columns;
    line_ = "{";
    for (size_t c = 0; c < columns.size(); ++c) {
      line_.append(c == 0 ? "\"" : ",\"").append(columns[c].name).append("\":");
      // A column of texts may be given numbers (run.value); they are text in SQLite's STRICT tables too.
      const bool is_number_as_text =
          columns[c].type == ColumnType::kText && !row.cells[c].is_null() && !row.cells[c].is_text();
      line_.append(is_number_as_text ? "\"" : "").append(row.cells[c].json).append(is_number_as_text ? "\"" : "");
    }
    line_ += "}\n";
    auto& file = files_[static_cast<size_t>(row.table)];
    file.write(line_.data(), static_cast<std::streamsize>(line_.size()));
    return file ? true : report_unwritable(part_path(static_cast<size_t>(row.table)), "writing failed", sink);
  }

  bool finish(DiagnosticSink& sink) override {
    for (size_t t = 0; t < kTableCount; ++t) {
      if (!tables()[t].is_part_of(kind_)) continue;
      files_[t].close();
      std::error_code error;
      if (files_[t]) std::filesystem::rename(part_path(t), path(t), error);
      if (!files_[t] || error) return report_unwritable(path(t), "writing failed", sink);
    }
    return true;
  }

 private:
  std::string path(size_t t) const {
    return folder_ + "/" + std::string(table(static_cast<TableId>(t)).name) + ".ndjson";
  }
  std::string part_path(size_t t) const { return path(t) + ".part"; }

  ResultKind kind_;
  std::string folder_;
  std::array<std::ofstream, kTableCount> files_;
  std::string line_;
};

}  // namespace

std::unique_ptr<TableSink> make_ndjson_sink(ResultKind kind, const std::string& folder) {
  return std::make_unique<NdjsonSink>(kind, folder);
}

}  // namespace vigil::replay
