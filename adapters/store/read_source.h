// SPDX-License-Identifier: Apache-2.0
// The first stage of an import: units of a source to sorted runs, by several threads.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/import.h"
#include "store/journal.h"

namespace vigil::store {

/// What was read: runs on disk, and what still is in memory.
struct SourceRead {
  std::vector<RunFile> runs;
  std::vector<std::unique_ptr<RunBuffer>> buffers;
  ImportLog log;
  std::vector<JournalEntry::Unit> units;
};

/// Reads the units that `entries` do not hold yet. Each thread reads whole units into memory; when its share of memory
/// is full, it writes a run and tells the journal. `done` counts bytes of the source as they are read. False where a
/// file cannot be written.
bool read_source(const ImportSource& source, const ImportOptions& options, std::vector<JournalEntry> entries,
                 Journal& journal, std::atomic<uint64_t>& done, SourceRead& read, DiagnosticSink& sink);

/// Writes records, sorted, to a file. VGL1309.
bool write_run(const std::string& folder, const RunBuffer& records, RunFile& run, DiagnosticSink& sink);

}  // namespace vigil::store
