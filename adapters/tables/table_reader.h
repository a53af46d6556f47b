// SPDX-License-Identifier: Apache-2.0
// The rows of one table, by column.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

namespace vigil::tables {

/// Goes over rows once. Not thread-safe.
class TableReader {
 public:
  virtual ~TableReader() = default;
  /// The number of a column; names are compared without regard to case.
  virtual std::optional<size_t> column(std::string_view name) const = 0;
  /// Moves to the next row; false at the end.
  virtual bool next() = 0;
  /// Why the row cannot be used; empty where it can.
  virtual std::string_view problem() const = 0;
  /// A value, valid until next(); empty where it is absent or null.
  virtual std::string_view value(size_t column) const = 0;
  /// The row's line in a CSV file, or its number from 1.
  virtual uint64_t line() const = 0;
  /// How much of the table is behind: bytes of a file, rows of a database.
  virtual uint64_t bytes_done() const = 0;
  /// Whether next() came to an end before the table's, where another try may come to it.
  virtual bool broke() const { return false; }
};

/// A CSV file: the names of columns in the first line, values in double quotes where they need them. Columns are
/// divided by a comma, semicolon or tab, whichever the first line has; with tabs quotes mean nothing (as Athena
/// writes). Null, with VGL1010, where it cannot be read.
std::unique_ptr<TableReader> open_csv_table(const std::string& path, DiagnosticSink& sink);
/// The same of any stream; null where it is empty.
std::unique_ptr<TableReader> read_csv_table(std::unique_ptr<std::istream> text);

/// A table of an SQLite database. Null, with VGL1314, where there is none.
std::unique_ptr<TableReader> open_sqlite_table(const std::string& path, const std::string& table, DiagnosticSink& sink);

/// The tables of an SQLite database, in lower case, with their number of rows. Empty, with VGL1314, where it is none.
struct SqliteTable {
  std::string name;
  uint64_t rows = 0;
};
std::vector<SqliteTable> list_sqlite_tables(const std::string& path, DiagnosticSink& sink);

/// Lower case of ASCII.
std::string lower(std::string_view text);
/// As TableReader::column says, of names in lower case.
std::optional<size_t> find_column(const std::vector<std::string>& names, std::string_view name);

}  // namespace vigil::tables
