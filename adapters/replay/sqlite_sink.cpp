// SPDX-License-Identifier: Apache-2.0
// One SQLite file with a STRICT table for each table, indexes and a few views.
#include <sqlite3.h>

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "replay/sqlite_views.h"
#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

std::string_view type_name(ColumnType type) {
  return type == ColumnType::kText ? " TEXT" : type == ColumnType::kInteger ? " INTEGER" : " REAL";
}

std::string create_table(const TableInfo& info) {
  std::string sql = "CREATE TABLE " + std::string(info.name) + " (  -- " + std::string(info.meaning) + "\n";
  for (size_t c = 0; c < info.columns.size(); ++c) {
    const auto& column = info.columns[c];
    sql.append("  ").append(column.name).append(type_name(column.type));
    sql.append(c + 1 < info.columns.size() ? "," : "");
    if (!column.meaning.empty()) sql.append("  -- ").append(column.meaning);
    sql += '\n';
  }
  return sql + ") STRICT;";
}

std::string insert_into(const TableInfo& info) {
  std::string sql = "INSERT INTO " + std::string(info.name) + " VALUES (";
  for (size_t c = 0; c < info.columns.size(); ++c) sql += c == 0 ? "?" : ",?";
  return sql + ")";
}

class SqliteSink : public TableSink {
 public:
  SqliteSink(ResultKind kind, const std::string& folder)
      : kind_(kind),
        path_(folder + (kind == ResultKind::kCompare ? "/compare.sqlite" : "/replay.sqlite")),
        part_(path_ + ".part") {}
  ~SqliteSink() override { close(); }
  SqliteSink(const SqliteSink&) = delete;
  SqliteSink& operator=(const SqliteSink&) = delete;

  bool begin(DiagnosticSink& sink) override {
    std::error_code error;
    std::filesystem::remove(part_, error);
    if (sqlite3_open(part_.c_str(), &database_) != SQLITE_OK) return fail(sink);
    // Nobody sees the file before it is whole, so it needs no journal.
    if (!execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; BEGIN", sink))
      return false;
    for (size_t t = 0; t < kTableCount; ++t) {
      const auto& info = table(static_cast<TableId>(t));
      if (!info.is_part_of(kind_)) continue;
      if (!execute(create_table(info).c_str(), sink)) return false;
      if (sqlite3_prepare_v2(database_, insert_into(info).c_str(), -1, &inserts_[t], nullptr) != SQLITE_OK)
        return fail(sink);
    }
    return true;
  }

  bool add(const TableRow& row, DiagnosticSink& sink) override {
    sqlite3_stmt* insert = inserts_[static_cast<size_t>(row.table)];
    const auto columns = table(row.table).columns;
    for (size_t c = 0; c < row.cells.size(); ++c) {
      const int place = static_cast<int>(c) + 1;
      const auto& cell = row.cells[c];
      if (cell.is_null()) {
        sqlite3_bind_null(insert, place);
      } else if (columns[c].type == ColumnType::kInteger) {
        sqlite3_bind_int64(insert, place, cell.number());
      } else if (columns[c].type == ColumnType::kReal) {
        sqlite3_bind_double(insert, place, cell.real());
      } else {
        const auto text = cell.text();
        sqlite3_bind_text(insert, place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
      }
    }
    const bool done = sqlite3_step(insert) == SQLITE_DONE;
    sqlite3_reset(insert);
    return done || fail(sink);
  }

  bool finish(DiagnosticSink& sink) override {
    for (const auto& info : tables()) {
      if (!info.is_part_of(kind_)) continue;
      std::string sql = "CREATE UNIQUE INDEX ";
      sql.append(info.name).append("_key ON ").append(info.name).append("(").append(info.primary_key).append(")");
      if (!execute(sql.c_str(), sink)) return false;
    }
    if (!execute(kind_ == ResultKind::kCompare ? kCompareViews : kReplayViews, sink) || !execute("COMMIT", sink))
      return false;
    close();
    std::error_code error;
    std::filesystem::rename(part_, path_, error);
    return !error || report_unwritable(path_, error.message(), sink);
  }

 private:
  bool execute(const char* sql, DiagnosticSink& sink) {
    return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK || fail(sink);
  }
  bool fail(DiagnosticSink& sink) {
    return report_unwritable(path_, database_ == nullptr ? "there is no memory" : sqlite3_errmsg(database_), sink);
  }
  void close() {
    for (auto& insert : inserts_) sqlite3_finalize(std::exchange(insert, nullptr));
    sqlite3_close(std::exchange(database_, nullptr));
  }

  ResultKind kind_;
  std::string path_;
  std::string part_;
  sqlite3* database_ = nullptr;
  std::array<sqlite3_stmt*, kTableCount> inserts_{};
};

}  // namespace

std::unique_ptr<TableSink> make_sqlite_sink(ResultKind kind, const std::string& folder) {
  return std::make_unique<SqliteSink>(kind, folder);
}

}  // namespace vigil::replay
