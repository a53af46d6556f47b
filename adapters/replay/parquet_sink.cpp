// SPDX-License-Identifier: Apache-2.0
// A Parquet file a table: NDJSON first, which DuckDB turns into Parquet (docs/decisions/0016).
#include <filesystem>
#include <system_error>

#include "replay/duckdb_library.h"
#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

namespace fs = std::filesystem;

std::string sql_text(std::string_view text) {
  std::string sql = "'";
  for (const char c : text) sql.append(c == '\'' ? 2 : 1, c);
  return sql + "'";
}

std::string_view type_name(ColumnType type) {
  return type == ColumnType::kText ? "VARCHAR" : type == ColumnType::kInteger ? "BIGINT" : "DOUBLE";
}

/// Rows keep their order: one thread reads, and one writes.
std::string copy_statement(const TableInfo& info, const std::string& from, const std::string& to) {
  std::string columns;
  for (const auto& column : info.columns)
    columns.append(columns.empty() ? "" : ", ")
        .append(sql_text(column.name))
        .append(": ")
        .append(sql_text(type_name(column.type)));
  return "COPY (SELECT * FROM read_json(" + sql_text(from) + ", format = 'newline_delimited', columns = {" + columns +
         "})) TO " + sql_text(to) + " (FORMAT parquet, COMPRESSION zstd)";
}

class ParquetSink : public TableSink {
 public:
  ParquetSink(ResultKind kind, std::string folder)
      : kind_(kind), folder_(std::move(folder)), rows_folder_(folder_ + "/parquet.part") {}
  ~ParquetSink() override {
    std::error_code ignored;
    fs::remove_all(rows_folder_, ignored);
  }
  ParquetSink(const ParquetSink&) = delete;
  ParquetSink& operator=(const ParquetSink&) = delete;

  bool begin(DiagnosticSink& sink) override {
    duckdb_ = DuckDb::open(sink);
    if (duckdb_ == nullptr) return false;
    std::error_code error;
    fs::remove_all(rows_folder_, error);
    fs::create_directories(rows_folder_, error);
    if (error) return report_unwritable(rows_folder_, error.message(), sink);
    rows_ = make_ndjson_sink(kind_, rows_folder_);
    return rows_->begin(sink);
  }

  bool add(const TableRow& row, DiagnosticSink& sink) override { return rows_->add(row, sink); }

  bool finish(DiagnosticSink& sink) override {
    if (!rows_->finish(sink)) return false;
    for (const std::string& setting :
         {std::string("SET threads = 1"), "SET temp_directory = " + sql_text(rows_folder_)})
      if (const auto problem = duckdb_->run(setting); !problem.empty())
        return report_unwritable(folder_, problem, sink);
    for (const auto& info : tables())
      if (info.is_part_of(kind_) && !write(info, sink)) return false;
    return true;
  }

 private:
  bool write(const TableInfo& info, DiagnosticSink& sink) {
    const std::string name(info.name);
    const auto part = rows_folder_ + "/" + name + ".parquet";
    const auto to = folder_ + "/" + name + ".parquet";
    auto problem = duckdb_->run(copy_statement(info, rows_folder_ + "/" + name + ".ndjson", part));
    std::error_code error;
    if (problem.empty()) fs::rename(part, to, error);
    if (error) problem = error.message();
    return problem.empty() || report_unwritable(to, problem, sink);
  }

  ResultKind kind_;
  std::string folder_;
  std::string rows_folder_;
  std::unique_ptr<DuckDb> duckdb_;
  std::unique_ptr<TableSink> rows_;
};

}  // namespace

std::unique_ptr<TableSink> make_parquet_sink(ResultKind kind, const std::string& folder) {
  return std::make_unique<ParquetSink>(kind, folder);
}

}  // namespace vigil::replay
