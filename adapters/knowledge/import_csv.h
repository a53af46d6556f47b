// SPDX-License-Identifier: Apache-2.0
// CSV files of any columns to tables of a Vigil knowledge base, as a mapping tells (csv_mapping.h).
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil {

/// What an import found and wrote.
struct CsvImport {
  bool done = false;
  size_t tables = 0;
  size_t rows = 0;
  size_t broken_rows = 0;
};

/// Reads the files that the mapping names and writes a knowledge base into `out`. A row is broken, told with its line
/// and left out, where it has another number of columns, lacks a required value, or has a value that its column cannot
/// hold or that the mapping does not name. Does not throw.
CsvImport import_csv(const std::filesystem::path& mapping, const std::filesystem::path& out,
                     const std::function<void(std::string_view)>& progress, DiagnosticSink& sink);

}  // namespace vigil
