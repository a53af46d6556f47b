// SPDX-License-Identifier: Apache-2.0
// Tables of a PostgreSQL database, all as they were at one instant.
//
//   const auto database = tables::PostgresDatabase::open("postgresql://reader@warehouse/cdm", "cdm,vocab", sink);
//   for (const auto& table : database->tables()) auto rows = database->read(table, kColumns, sink);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/diagnostic.h>

#include "tables/table_reader.h"

struct pg_conn;  // libpq's

namespace vigil::tables {

/// A table, or a view.
struct PostgresTable {
  std::string name;  ///< in lower case, without its schema
  std::string sql;   ///< as statements name it
  /// In lower case, and as statements name them.
  std::vector<std::pair<std::string, std::string>> columns;
};

/// A connection whose transaction is the instant; readers have connections of their own with the same snapshot, so what
/// others write meanwhile is not seen. Nothing is written. No text given by it holds the password, or a value of a row.
class PostgresDatabase {
 public:
  /// "postgresql://…" or "postgres://…" is a database, anything else a file.
  static bool names(std::string_view source);
  /// The tables of `schemas` (names divided by commas; the first that has a table gives it), or where that is empty
  /// those that the connection's search path finds. Null, with VGL1314, where the server cannot be reached or a schema
  /// is missing.
  static std::unique_ptr<PostgresDatabase> open(const std::string& connection, std::string_view schemas,
                                                DiagnosticSink& sink);

  /// For messages: "PostgreSQL database `cdm`".
  const std::string& name() const { return name_; }
  /// Another text whenever anything has been written to the server.
  const std::string& state() const { return state_; }
  const std::vector<PostgresTable>& tables() const { return tables_; }
  /// Schemas, divided by commas, that hold a table of this name which the user may see. Not thread-safe.
  std::string schemas_with(const std::string& table) const;
  /// None, with VGL1314. Not thread-safe.
  std::optional<uint64_t> count_rows(const PostgresTable& table, DiagnosticSink& sink) const;
  /// The table's rows in any order, with those of `columns` that it has: nothing else is asked for. A row's line() is
  /// the number in the first of them, or in its absence a count. Memory holds a row. Null, with VGL1314, where it
  /// cannot be read; where it breaks later, `sink`, which must outlive the reader, gets that. Any thread.
  std::unique_ptr<TableReader> read(const PostgresTable& table, std::span<const std::string_view> columns,
                                    DiagnosticSink& sink) const;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  using Connection = std::unique_ptr<pg_conn, Finish>;
  friend class PostgresReader;

  PostgresDatabase() = default;
  Connection connect(DiagnosticSink& sink) const;
  bool begin(DiagnosticSink& sink);
  bool find_schemas(std::string_view schemas, DiagnosticSink& sink) const;
  bool find_tables(DiagnosticSink& sink);

  std::string address_;  ///< with the password, should it have one: never in a message
  std::string name_ = "PostgreSQL";
  std::string snapshot_;
  std::string state_;
  std::vector<PostgresTable> tables_;
  Connection connection_;
};

}  // namespace vigil::tables
