// SPDX-License-Identifier: Apache-2.0
// Rows back from the text a RowBuffer made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "replay/tables.h"

namespace vigil::replay {

/// One cell, as JSON: null, a number, or a string in quotes. A view of the line.
struct Cell {
  std::string_view json;
  bool is_null() const { return json == "null"; }
  bool is_text() const { return json.starts_with('"'); }
  int64_t number() const;    ///< of a number; else 0
  double real() const;       ///< of a number; else 0
  std::string text() const;  ///< of a string, unescaped; of a number, its digits
};

struct TableRow {
  TableId table = TableId::kTriggers;
  std::vector<Cell> cells;
};

/// False where the line is no row of a table with as many cells as the table has columns.
bool parse_row(std::string_view line, TableRow& row);

}  // namespace vigil::replay
