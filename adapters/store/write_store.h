// SPDX-License-Identifier: Apache-2.0
// The second stage of an import: sorted runs to the files of a store.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>

#include "store/import_log.h"
#include "store/manifest.h"
#include "store/mapped_file.h"
#include "store/read_source.h"

namespace vigil::store {

/// Merges what was read and writes all but the manifest; sets its digest, counts and files. What is repeated or
/// contradicts goes to `log`. Each thread takes a segment at a time. False where a file cannot be written (VGL1309).
bool write_blocks(const ImportOptions& options, const SourceRead& read, std::atomic<uint64_t>& done, Manifest& manifest,
                  ImportLog& log, DiagnosticSink& sink);

/// rejects.ndjson: file, line or entry, type, code and reason. Offsets of lines become their numbers.
bool write_rejects(const std::string& folder, const ImportLog& log, const std::vector<InputFile>& files,
                   DiagnosticSink& sink);

}  // namespace vigil::store
