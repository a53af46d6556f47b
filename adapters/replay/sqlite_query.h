// SPDX-License-Identifier: Apache-2.0
// Queries of a SQLite file, row by row.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace vigil::replay {

/// The row at hand of a query; columns from 0.
class QueryRow {
 public:
  explicit QueryRow(sqlite3_stmt* statement) : statement_(statement) {}
  std::string text(int column) const;  ///< empty: null
  int64_t number(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// A file opened for reading. After a failure it stays failed, and queries give nothing.
class ReadDatabase {
 public:
  explicit ReadDatabase(const std::string& path);
  ~ReadDatabase();
  ReadDatabase(const ReadDatabase&) = delete;
  ReadDatabase& operator=(const ReadDatabase&) = delete;

  void each(const char* sql, std::initializer_list<std::string_view> values,
            const std::function<void(const QueryRow&)>& visit);
  int64_t number(const char* sql);
  /// Empty: none.
  const std::string& error() const { return error_; }

 private:
  sqlite3* database_ = nullptr;
  std::string error_;
};

}  // namespace vigil::replay
