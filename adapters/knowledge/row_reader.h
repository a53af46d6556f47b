// SPDX-License-Identifier: Apache-2.0
// Rows of named columns from CSV or JSON, as texts in the order the caller wants.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "knowledge/text_file.h"

namespace vigil {

/// A column looked for. Without an optional one the file is read all the same, its cells empty.
struct WantedColumn {
  std::string_view name;
  bool optional = false;
};

/// One row: a cell for each wanted column, empty where there is none. Good until the visitor returns.
struct TextRow {
  size_t line = 0;
  std::span<const std::string_view> cells;
};
using VisitRow = std::function<void(const TextRow&)>;

/// Calls `begin` once when the columns are found, then `visit` for each row that can be read; tells what is wrong with
/// the rest. JSON where the file's name ends in .json, else CSV with this separator. How many rows of CSV were left
/// out.
size_t read_rows(const TextFile& file, std::span<const WantedColumn> columns, const std::function<void()>& begin,
                 const VisitRow& visit, DiagnosticSink& sink, char separator = ',');

}  // namespace vigil
