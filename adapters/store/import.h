// SPDX-License-Identifier: Apache-2.0
// Makes a store of what sources hold.
//
//   store::ImportOptions options;
//   options.source = "export";
//   options.folder = "hospital.store";
//   const auto manifest = store::import_fhir(options, {}, diagnostics);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <vigil/diagnostic.h>

#include "store/manifest.h"

namespace vigil::store {

struct ImportOptions {
  std::string source;  ///< a folder or a file
  std::string folder;  ///< of the store; made if absent
  /// Of records in memory; what is more is sorted in runs of this size on the disk of the store.
  size_t memory_bytes = size_t{512} << 20;
};

/// How far an import is.
struct ImportProgress {
  enum class Stage : uint8_t { kReading, kWriting };
  Stage stage = Stage::kReading;
  uint64_t done = 0;  ///< bytes: of the sources, then of the records
  uint64_t total = 0;
};
using ProgressReport = std::function<void(const ImportProgress&)>;

/// Imports FHIR. None where there is no store after it: the folder holds one already (VGL1307), nothing could be read
/// (VGL1306), or a file could not be written (VGL1309). A source file that cannot be read is VGL1010, and the store is
/// degraded. The same data gives the same store, whatever the order of files and lines.
std::optional<Manifest> import_fhir(const ImportOptions& options, const ProgressReport& report, DiagnosticSink& sink);

}  // namespace vigil::store
