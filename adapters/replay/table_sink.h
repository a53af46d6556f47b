// SPDX-License-Identifier: Apache-2.0
// Where the rows of a replay go: a database or files, by the name of a format.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

#include "replay/table_rows.h"

namespace vigil::replay {

/// Takes rows in their final order and makes files of them, which appear under their names only when all is written.
/// Not thread-safe.
class TableSink {
 public:
  virtual ~TableSink() = default;
  /// False, with VGL1226 in the sink given, where it cannot be written.
  virtual bool begin(DiagnosticSink& sink) = 0;
  virtual bool add(const TableRow& row, DiagnosticSink& sink) = 0;
  virtual bool finish(DiagnosticSink& sink) = 0;
};

/// The formats there are, the default first.
std::span<const std::string_view> sink_formats();
/// A sink into a folder that exists; null where there is no such format. "none" writes nothing.
std::unique_ptr<TableSink> make_table_sink(std::string_view format, ResultKind kind, const std::string& folder);

/// Whether what the format needs is there; else VGL1233. To be asked before hours of work.
bool can_write(std::string_view format, DiagnosticSink& sink);

// Each of its own file.
std::unique_ptr<TableSink> make_sqlite_sink(ResultKind kind, const std::string& folder);
std::unique_ptr<TableSink> make_ndjson_sink(ResultKind kind, const std::string& folder);
std::unique_ptr<TableSink> make_parquet_sink(ResultKind kind, const std::string& folder);

/// VGL1226, and false.
bool report_unwritable(const std::string& path, const std::string& why, DiagnosticSink& sink);

}  // namespace vigil::replay
