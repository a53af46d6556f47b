// SPDX-License-Identifier: Apache-2.0
// Threads that take units, and spill.
#include "store/read_source.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "store/checksum.h"
#include "store/intake.h"
#include "store/whole_file.h"

namespace vigil::store {
namespace {

constexpr size_t kWriteBytes = size_t{256} << 10;  // still in the cache when it is written

/// What the threads share.
struct Shared {
  const ImportSource& source;
  const ImportOptions& options;
  Journal& journal;
  std::atomic<uint64_t>& done;
  SourceRead& read;
  DiagnosticSink& sink;
  /// Texts that stay where they are need not be copied; but where memory does not hold the source, going from patient
  /// to patient through it would read the disk all over.
  bool fits_in_memory = false;
  std::vector<uint64_t> units = {};  ///< to be read
  std::atomic<size_t> next_unit = 0;
  std::atomic<size_t> next_run = 0;
  std::atomic<bool> has_failed = false;
  std::mutex mutex = {};  ///< of the journal, and of `read` and `sink` at the end
};

/// One thread: a buffer, and what is in it.
class Reader : public Receiver {
 public:
  explicit Reader(Shared& shared) : shared_(shared), records_(std::make_unique<RunBuffer>()) {}

  void run() {
    for (size_t at = shared_.next_unit++; at < shared_.units.size() && !shared_.has_failed; at = shared_.next_unit++) {
      const uint64_t number = shared_.units[at];
      JournalEntry::Unit unit{number, 0, 0};
      unit.checksum = shared_.source.read_unit(number, *this, unit.file);
      // What ended early is not read: the journal must not say so.
      if (shared_.has_failed) break;
      if (!shared_.fits_in_memory) shared_.source.release(number);
      entry_.units.push_back(unit);
      // Between units alone can the journal tell what is read; within one, runs wait for its end.
      if ((!entry_.runs.empty() || is_full()) && !(spill() && commit())) break;
    }
    records_->sort();
    const std::lock_guard lock(shared_.mutex);
    hand_over(std::move(entry_));
    if (!records_->empty()) shared_.read.buffers.push_back(std::move(records_));
    for (auto& diagnostic : sink_.take()) shared_.sink.add(std::move(diagnostic));
  }

  void add(const SourceText& text) override {
    SourceText taken = text;
    taken.stays &= shared_.fits_in_memory;
    intake_.add(*records_, taken);
  }
  bool advance(uint64_t bytes) override {
    shared_.done.fetch_add(bytes, std::memory_order_relaxed);
    return !shared_.has_failed && (!is_full() || spill());
  }
  void abandon() override { shared_.has_failed = true; }
  ImportLog& log() override { return entry_.log; }
  DiagnosticSink& sink() override { return sink_; }

 private:
  bool is_full() const { return records_->bytes() > shared_.options.memory_bytes / shared_.options.threads; }

  bool spill() {
    if (records_->empty()) return true;
    records_->sort();
    auto& run = entry_.runs.emplace_back();
    run.name = "run-" + std::to_string(shared_.next_run++);
    if (!write_run(shared_.options.folder, *records_, run, sink_)) shared_.has_failed = true;
    records_->clear();
    return !shared_.has_failed;
  }

  bool commit() {
    const std::lock_guard lock(shared_.mutex);
    if (!shared_.journal.append(entry_, sink_)) shared_.has_failed = true;
    hand_over(std::exchange(entry_, {}));
    return !shared_.has_failed;
  }

  void hand_over(JournalEntry entry) {
    auto& read = shared_.read;
    read.log.merge(entry.log);
    std::move(entry.runs.begin(), entry.runs.end(), std::back_inserter(read.runs));
    std::move(entry.units.begin(), entry.units.end(), std::back_inserter(read.units));
  }

  Shared& shared_;
  std::unique_ptr<RunBuffer> records_;
  JournalEntry entry_;
  DiagnosticSink sink_;
  Intake intake_{entry_.log};
};

}  // namespace

namespace {

/// A record with its text, should that stay elsewhere.
void append_for_disk(std::string_view bytes, std::string& piece) {
  Record record;
  size_t offset = 0;
  if (!read_record(bytes, offset, record) || !record.json_stays) {
    piece += bytes;
    return;
  }
  record.json_stays = false;
  const size_t begin = piece.size();
  piece.resize(begin + record_size(record));
  write_record(record, piece.data() + begin);
}

}  // namespace

bool write_run(const std::string& folder, const RunBuffer& records, RunFile& run, DiagnosticSink& sink) {
  FileWriter writer;
  if (!writer.open(folder + "/" + run.name, sink)) return false;
  Checksum sum;
  std::string piece;
  const auto flush = [&] {
    sum.add(piece);
    const bool is_written = writer.write(piece, sink);
    piece.clear();
    return is_written;
  };
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    run.offsets[bucket] = writer.size() + piece.size();
    for (size_t i = 0; i < records.count(bucket); ++i) {
      append_for_disk(records.record_bytes(bucket, i), piece);
      if (piece.size() >= kWriteBytes && !flush()) return false;
    }
  }
  if (!flush()) return false;
  run.bytes = run.offsets[kBuckets] = writer.size();
  run.checksum = sum.value();
  return writer.close(false, sink);  // should the machine fail, the checksum tells
}

bool read_source(const ImportSource& source, const ImportOptions& options, std::vector<JournalEntry> entries,
                 Journal& journal, std::atomic<uint64_t>& done, SourceRead& read, DiagnosticSink& sink) {
  std::vector<bool> is_read(source.unit_count());
  uint64_t bytes = 0;
  for (const auto& file : source.files()) bytes += file.bytes;
  Shared shared{source, options, journal, done, read, sink, bytes <= options.memory_bytes};
  for (auto& entry : entries) {
    for (const auto& unit : entry.units) is_read[unit.number] = true;
    for (const auto& run : entry.runs)
      shared.next_run = std::max<size_t>(shared.next_run, std::stoull(run.name.substr(run.name.find('-') + 1)) + 1);
    read.log.merge(entry.log);
    std::move(entry.runs.begin(), entry.runs.end(), std::back_inserter(read.runs));
    std::move(entry.units.begin(), entry.units.end(), std::back_inserter(read.units));
  }
  for (uint64_t unit = 0; unit < is_read.size(); ++unit)
    if (!is_read[unit]) shared.units.push_back(unit);
  std::vector<std::thread> threads;
  const auto wanted = std::min<size_t>(options.threads, shared.units.size());
  for (size_t i = 0; i < wanted; ++i) threads.emplace_back([&shared] { Reader(shared).run(); });
  for (auto& thread : threads) thread.join();
  return !shared.has_failed;
}

}  // namespace vigil::store
