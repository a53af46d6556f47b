// SPDX-License-Identifier: Apache-2.0
// Sinks by name.
#include "replay/table_sink.h"

#include <array>

#include "replay/duckdb_library.h"

namespace vigil::replay {

namespace {

class NoSink : public TableSink {
 public:
  bool begin(DiagnosticSink&) override { return true; }
  bool add(const TableRow&, DiagnosticSink&) override { return true; }
  bool finish(DiagnosticSink&) override { return true; }
};

}  // namespace

std::span<const std::string_view> sink_formats() {
  static constexpr std::array<std::string_view, 4> kFormats = {"sqlite", "parquet", "ndjson", "none"};
  return kFormats;
}

std::unique_ptr<TableSink> make_table_sink(std::string_view format, ResultKind kind, const std::string& folder) {
  if (format == "sqlite") return make_sqlite_sink(kind, folder);
  if (format == "parquet") return make_parquet_sink(kind, folder);
  if (format == "ndjson") return make_ndjson_sink(kind, folder);
  return format == "none" ? std::make_unique<NoSink>() : nullptr;
}

bool can_write(std::string_view format, DiagnosticSink& sink) {
  return format != "parquet" || DuckDb::open(sink) != nullptr;
}

bool report_unwritable(const std::string& path, const std::string& why, DiagnosticSink& sink) {
  sink.add(data_diagnostic("VGL1226", path, {path, why}));
  return false;
}

}  // namespace vigil::replay
