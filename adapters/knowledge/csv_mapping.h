// SPDX-License-Identifier: Apache-2.0
// What the columns of someone's CSV files mean as columns of knowledge tables.
//
//   name = "House interactions"
//   version = "2026-11"
//   [[table]]
//   file = "pairs.csv"                 # beside the mapping
//   separator = ";"                    # "," where none is given; "\t" for tabs
//   name = "Interactions"              # as rules name it
//   role = "ingredient"                # optional: what README.md says of roles
//   source = "House formulary committee"
//   licence = "internal use"
//   date = "2026-11-01"
//   [table.columns]
//   a      = { column = "Drug A", type = "Code", required = true }     # RxNorm where no `system` is given
//   b      = { column = "Drug B", type = "Code", required = true }
//   tier   = { column = "Severity", values = { Major = "interruptive", Minor = "passive" } }
//   source = "house"                                                   # the same in every row
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>

#include "knowledge/table_source.h"

namespace vigil {

/// One column of a table to be written.
struct MappedColumn {
  ColumnSource target;
  std::string column;                         ///< of the file; empty: `text` in every row
  std::string text;                           ///< the value, or what goes before the column's
  bool required = false;                      ///< a row without it is broken
  std::map<std::string, std::string> values;  ///< where there are any, a row with another value is broken
};

struct MappedCsv {
  std::filesystem::path file;
  char separator = ',';
  std::string name;
  TableRole role = TableRole::kNone;
  Provenance provenance;
  std::vector<MappedColumn> columns;  ///< by name
};

struct CsvMapping {
  std::string name;
  std::string version;
  std::vector<MappedCsv> tables;
};

/// Reads a mapping file. None, with VGL1312 and its line, where it is wrong; VGL1106 where it cannot be read.
std::optional<CsvMapping> read_csv_mapping(const std::filesystem::path& path, DiagnosticSink& sink);

}  // namespace vigil
