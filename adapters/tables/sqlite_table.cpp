// SPDX-License-Identifier: Apache-2.0
// Tables of an SQLite database; the only file here that knows SQLite.
#include <sqlite3.h>

#include <algorithm>

#include "tables/table_reader.h"

namespace vigil::tables {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Database open_database(const std::string& path, DiagnosticSink& sink) {
  sqlite3* opened = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
  Database database(opened);
  if (status == SQLITE_OK) return database;
  sink.add(data_diagnostic("VGL1314", path, {sqlite3_errstr(status)}));
  return nullptr;
}

Statement prepare(const Database& database, const std::string& sql, const std::string& path, DiagnosticSink& sink) {
  sqlite3_stmt* prepared = nullptr;
  const int status = sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &prepared, nullptr);
  Statement statement(prepared);
  if (status == SQLITE_OK) return statement;
  sink.add(data_diagnostic("VGL1314", path, {sqlite3_errmsg(database.get())}));
  return nullptr;
}

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? "\"\"" : std::string(1, c));
  return text + "\"";
}

class SqliteReader : public TableReader {
 public:
  SqliteReader(Database database, Statement statement)
      : database_(std::move(database)), statement_(std::move(statement)) {
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i)
      columns_.push_back(lower(sqlite3_column_name(statement_.get(), i)));
  }
  std::optional<size_t> column(std::string_view name) const override { return find_column(columns_, name); }
  bool next() override {
    problem_ = {};
    if (is_over_) return false;
    const int status = sqlite3_step(statement_.get());
    if (status == SQLITE_ROW) {
      ++row_;
      return true;
    }
    is_over_ = true;
    if (status == SQLITE_DONE) return false;
    problem_ = "the database is damaged";
    ++row_;
    return true;
  }
  std::string_view problem() const override { return problem_; }
  std::string_view value(size_t column) const override {
    const auto index = static_cast<int>(column);
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), index));
    if (text == nullptr) return {};
    return {text, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), index))};
  }
  uint64_t line() const override { return row_; }
  uint64_t bytes_done() const override { return row_; }

 private:
  Database database_;
  Statement statement_;
  std::vector<std::string> columns_;
  std::string_view problem_;
  uint64_t row_ = 0;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<TableReader> open_sqlite_table(const std::string& path, const std::string& table,
                                               DiagnosticSink& sink) {
  auto database = open_database(path, sink);
  if (!database) return nullptr;
  auto statement = prepare(database, "select * from " + quoted(table), path, sink);
  if (!statement) return nullptr;
  return std::make_unique<SqliteReader>(std::move(database), std::move(statement));
}

std::vector<SqliteTable> list_sqlite_tables(const std::string& path, DiagnosticSink& sink) {
  std::vector<SqliteTable> tables;
  const auto database = open_database(path, sink);
  if (!database) return tables;
  const auto names =
      prepare(database, "select name from sqlite_master where type in ('table', 'view') order by name", path, sink);
  if (!names) return tables;
  while (sqlite3_step(names.get()) == SQLITE_ROW) {
    const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(names.get(), 0));
    const auto count = prepare(database, "select count(*) from " + quoted(name), path, sink);
    if (!count || sqlite3_step(count.get()) != SQLITE_ROW) continue;
    tables.push_back({lower(name), static_cast<uint64_t>(sqlite3_column_int64(count.get(), 0))});
  }
  return tables;
}

}  // namespace vigil::tables
