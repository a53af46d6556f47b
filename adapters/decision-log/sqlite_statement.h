// SPDX-License-Identifier: Apache-2.0
// SQLite's connections and statements as values; the only header of this room that shows sqlite3.h.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace vigil::decision_log {

class Connection;

/// A prepared statement. What is bound must live until it has run.
class Statement {
 public:
  Statement(Connection& connection, const char* sql);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int place, int64_t number);
  Statement& bind_text(int place, std::string_view text);
  Statement& bind_blob(int place, std::string_view bytes);
  /// True where there is a row; false at the end and on errors, which problem() tells apart.
  bool step();
  /// Runs to the end, and is ready to be bound again.
  std::string run();
  void reset();
  /// Empty where nothing is wrong; `otherwise` where nothing is but there was no row.
  std::string problem(std::string_view otherwise = {}) const;

  int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string_view bytes(int column) const;

 private:
  sqlite3_stmt* statement_ = nullptr;
  int state_ = SQLITE_OK;
};

/// One connection to a file. Not thread-safe.
class Connection {
 public:
  Connection() = default;
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::string open(const std::string& file, bool read_only, int busy_milliseconds);
  std::string run(const char* sql);
  /// The statement of this text, prepared once.
  Statement& prepared(const char* sql);
  sqlite3* get() const { return database_; }

 private:
  sqlite3* database_ = nullptr;
  std::map<const char*, std::unique_ptr<Statement>> prepared_;  ///< by the literal's address
};

}  // namespace vigil::decision_log
