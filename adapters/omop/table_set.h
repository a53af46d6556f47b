// SPDX-License-Identifier: Apache-2.0
// Where OMOP's tables stand: a folder of CSV files, an SQLite database or a PostgreSQL database.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "tables/table_reader.h"

namespace vigil::omop {

struct StoredTable {
  std::string name;   ///< in lower case
  std::string label;  ///< for messages: of the file, or of the table
  std::string path;   ///< of the file it is in; empty of a server
  uint64_t size = 0;  ///< bytes of a file, rows of a database
};

/// Tables by name. Any number of threads may open them.
class TableSet {
 public:
  virtual ~TableSet() = default;
  const std::vector<StoredTable>& tables() const { return tables_; }
  const StoredTable* find(std::string_view name) const;

  /// A reader of at least those of `columns` that the table has; `sink` must outlive it. Null, with a diagnostic, where
  /// it cannot be read.
  virtual std::unique_ptr<tables::TableReader> open(const StoredTable& table, std::span<const std::string_view> columns,
                                                    DiagnosticSink& sink) const = 0;
  /// Whether sizes are of rows.
  virtual bool counts_rows() const { return true; }
  /// Whether what cannot be read now may be read in another try, as of a server.
  virtual bool may_come_back() const { return false; }
  /// Another text where the content is another; empty where the files' dates tell.
  virtual std::string state() const { return {}; }

 protected:
  std::vector<StoredTable> tables_;  ///< by name
};

/// Whether a source is an address of a database, an SQLite database, or a folder with a table PERSON.
bool holds_omop_tables(const std::string& source);

/// `schemas` are those of a PostgreSQL database, divided by commas. Null, with VGL1306 where PERSON or CONCEPT is
/// missing, or the diagnostic of what cannot be read.
std::unique_ptr<TableSet> open_table_set(const std::string& source, std::string_view schemas, DiagnosticSink& sink);

}  // namespace vigil::omop
