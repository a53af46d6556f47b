// SPDX-License-Identifier: Apache-2.0
// Sorted runs to the files of a store.
#pragma once

#include <string>
#include <vector>

#include <vigil/diagnostic.h>

#include "store/import.h"
#include "store/import_log.h"
#include "store/manifest.h"
#include "store/run.h"

namespace vigil::store {

/// Merges the runs and writes all but the manifest; sets its digest, counts and files. What is repeated or contradicts
/// goes to `log`. False where a file cannot be written (VGL1309).
bool write_blocks(const std::string& folder, std::vector<RunCursor> runs, uint64_t bytes, const ProgressReport& report,
                  Manifest& manifest, ImportLog& log, DiagnosticSink& sink);

}  // namespace vigil::store
