// SPDX-License-Identifier: Apache-2.0
// What an import has on disk already, so that it can go on after a kill.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vigil/diagnostic.h>

#include "store/import_log.h"
#include "store/import_source.h"
#include "store/run.h"

namespace vigil::store {

/// A sorted run on disk.
struct RunFile {
  std::string name;
  uint64_t bytes = 0;
  uint64_t checksum = 0;
  BucketOffsets offsets{};
};

/// Units that are read, and where what was read of them is. Nothing else is in these runs, and nothing of these units
/// elsewhere.
struct JournalEntry {
  struct Unit {
    uint64_t number = 0;
    uint64_t checksum = 0;
    uint32_t file = 0;
  };
  std::vector<Unit> units;
  std::vector<RunFile> runs;
  ImportLog log;
};

/// Lines of JSON, each with a checksum before it, appended when runs are on the disk. A line that is not whole was
/// being written when the import was killed, and counts for nothing. Not thread-safe.
class Journal {
 public:
  /// Opens the journal of a folder, or begins one. `entries` gets what it holds, as far as its runs are there. None,
  /// with VGL1308 where it was begun for another source, VGL1309 where it cannot be written.
  static std::optional<Journal> open(const std::string& folder, const ImportSource& source, bool restart,
                                     std::vector<JournalEntry>& entries, DiagnosticSink& sink);
  ~Journal();
  Journal(Journal&& other) noexcept : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

  /// Appends an entry, to the disk.
  bool append(const JournalEntry& entry, DiagnosticSink& sink);
  /// Removes the journal and all runs of the folder: the store is finished.
  static void remove(const std::string& folder);

 private:
  Journal(std::string path, int file) : path_(std::move(path)), file_(file) {}
  bool append_line(const std::string& line, DiagnosticSink& sink);
  static std::string text_of(const JournalEntry& entry);
  static std::optional<JournalEntry> entry_of(const std::string& text);

  std::string path_;
  int file_ = -1;
};

}  // namespace vigil::store
