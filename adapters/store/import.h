// SPDX-License-Identifier: Apache-2.0
// Makes a store of what a source holds.
//
//   const auto source = store::open_fhir_source("export", diagnostics);
//   if (source) store::import(*source, {.folder = "hospital.store"}, {}, diagnostics);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <vigil/diagnostic.h>

#include "store/import_source.h"
#include "store/manifest.h"

namespace vigil::store {

struct ImportOptions {
  std::string folder;  ///< of the store; made if absent
  /// Of records in memory; what is more is sorted in runs on the disk of the store.
  size_t memory_bytes = size_t{1} << 30;
  unsigned threads = 1;
  /// Begin anew where an import was interrupted.
  bool restart = false;
};

/// How far an import is.
struct ImportProgress {
  enum class Stage : uint8_t { kReading, kWriting };
  Stage stage = Stage::kReading;
  uint64_t done = 0;  ///< bytes: of the sources (or rows, as they count), then of the records
  uint64_t total = 0;
  uint64_t found = 0;  ///< of `done`, what an interrupted import had read
  bool in_rows = false;
};
/// Called about five times a second, in the thread that imports.
using ProgressReport = std::function<void(const ImportProgress&)>;

/// Imports. None where there is no store after it: the folder holds one already (VGL1307), an interrupted import of
/// other data (VGL1308), a file cannot be written (VGL1309), or a server breaks off (VGL1314). A source file that
/// cannot be read is VGL1010, and the store is degraded. The same data gives the same store, whatever the order of
/// files and lines, the memory, the threads and how often the import was interrupted: run again, it goes on behind the
/// last run that was written.
std::optional<Manifest> import(const ImportSource& source, const ImportOptions& options, const ProgressReport& report,
                               DiagnosticSink& sink);

}  // namespace vigil::store
