// SPDX-License-Identifier: Apache-2.0
// The stages of an import: open the journal, read the source into sorted runs, merge them into the store, finish.
#include "store/import.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

#include "store/checksum.h"
#include "store/read_source.h"
#include "store/store_format.h"
#include "store/write_store.h"

namespace vigil::store {
namespace {

namespace fs = std::filesystem;
constexpr auto kReportInterval = std::chrono::milliseconds(200);

/// Runs `work` in a thread of its own and reports meanwhile.
template <class Work>
bool with_progress(const ProgressReport& report, ImportProgress progress, const std::atomic<uint64_t>& done,
                   Work work) {
  if (!report) return work();
  std::mutex mutex;
  std::condition_variable finished;
  bool is_finished = false;
  bool result = false;
  std::thread worker([&] {
    result = work();
    const std::lock_guard lock(mutex);
    is_finished = true;
    finished.notify_one();
  });
  std::unique_lock lock(mutex);
  while (!finished.wait_for(lock, kReportInterval, [&] { return is_finished; })) {
    progress.done = std::min(done.load(std::memory_order_relaxed), progress.total);
    report(progress);
  }
  worker.join();
  return result;
}

/// Whether the import was killed when the store was finished and only its runs had still to go.
bool is_only_to_be_tidied(const std::string& folder) {
  std::error_code error;
  return fs::exists(fs::path(folder) / kManifest, error) && fs::exists(fs::path(folder) / kJournal, error);
}

bool prepare_folder(const std::string& folder, DiagnosticSink& sink) {
  std::error_code error;
  if (fs::exists(fs::path(folder) / kManifest, error)) {
    sink.add(data_diagnostic("VGL1307", {}, {folder, "a finished store"})
                 .with_hint("name another folder with --store, or delete this one"));
    return false;
  }
  const bool has_journal = fs::exists(fs::path(folder) / kJournal, error);
  if (!has_journal && fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    sink.add(data_diagnostic("VGL1307", {}, {folder, "it holds something else"})
                 .with_hint("name a folder that is empty or not there yet"));
    return false;
  }
  fs::create_directories(folder, error);
  if (!error) return true;
  sink.add(data_diagnostic("VGL1309", {}, {folder, error.message()}));
  return false;
}

/// A file's digest is that of the checksums of its units, in order.
void describe_sources(const ImportSource& source, std::vector<JournalEntry::Unit> units, Manifest& manifest) {
  std::sort(units.begin(), units.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  std::vector<Digest> digests(source.files().size());
  for (const auto& unit : units) digests[unit.file].add(unit.checksum);
  for (size_t i = 0; i < digests.size(); ++i)
    manifest.sources.push_back({source.files()[i].name, source.files()[i].bytes, digests[i].text()});
}

void finish_log(const ImportSource& source, ImportLog& log, Manifest& manifest, DiagnosticSink& sink) {
  for (const auto file : log.drop_other_files())
    sink.add(data_diagnostic("VGL1316", {}, {source.files()[file].name, "it holds no FHIR resource"}));
  manifest.degraded = log.degraded();
  manifest.totals = log.totals();
  uint64_t read = 0;
  uint64_t rejected = 0;
  for (const auto& [type, totals] : manifest.totals) {
    read += totals.read;
    rejected += totals.rejected;
  }
  if (rejected > 0)
    sink.add(data_diagnostic("VGL1311", {}, {std::to_string(rejected), std::to_string(read)})
                 .with_hint("rejects.ndjson in the store says which, and why"));
}

uint64_t bytes_of(const SourceRead& read) {
  uint64_t bytes = 0;
  for (const auto& run : read.runs) bytes += run.bytes;
  for (const auto& buffer : read.buffers) bytes += buffer->bytes();
  return bytes;
}

}  // namespace

std::optional<Manifest> import(const ImportSource& source, const ImportOptions& options, const ProgressReport& report,
                               DiagnosticSink& sink) {
  const bool is_finished = is_only_to_be_tidied(options.folder);
  if (!is_finished && !prepare_folder(options.folder, sink)) return std::nullopt;
  std::vector<JournalEntry> entries;
  auto journal = Journal::open(options.folder, source, options.restart && !is_finished, entries, sink);
  if (!journal) return std::nullopt;
  if (is_finished) {
    Journal::remove(options.folder);
    return read_manifest(options.folder, sink);
  }
  Manifest manifest;
  manifest.format = kFormat;
  SourceRead read;
  ImportProgress progress;
  progress.in_rows = source.counts_rows();
  for (const auto& file : source.files()) progress.total += file.bytes;
  for (const auto& entry : entries)
    for (const auto& unit : entry.units) progress.found += source.unit_bytes(unit.number);
  std::atomic<uint64_t> done = progress.found;
  const bool is_read = with_progress(report, progress, done, [&] {
    return read_source(source, options, std::move(entries), *journal, done, read, sink);
  });
  if (!is_read) return std::nullopt;
  done = 0;
  ImportLog log;
  log.merge(read.log);
  const bool is_written = with_progress(report, {ImportProgress::Stage::kWriting, 0, bytes_of(read), 0, false}, done,
                                        [&] { return write_blocks(options, read, done, manifest, log, sink); });
  if (!is_written) return std::nullopt;
  finish_log(source, log, manifest, sink);
  describe_sources(source, read.units, manifest);
  if (!write_rejects(options.folder, log, source.files(), sink) || !write_manifest(options.folder, manifest, sink))
    return std::nullopt;
  Journal::remove(options.folder);
  return manifest;
}

}  // namespace vigil::store
