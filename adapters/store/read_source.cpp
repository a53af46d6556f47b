// SPDX-License-Identifier: Apache-2.0
// Threads that take units, and spill.
#include "store/read_source.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

#include "store/checksum.h"
#include "store/intake.h"
#include "store/whole_file.h"

namespace vigil::store {
namespace {

constexpr uint64_t kToldBytes = uint64_t{256} << 10;
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
  explicit Reader(Shared& shared)
      : shared_(shared),
        share_(shared.options.memory_bytes / shared.options.threads),
        records_(std::make_unique<RunBuffer>()) {}

  void run() {
    for (size_t at = shared_.next_unit++; at < shared_.units.size() && !shared_.has_failed; at = shared_.next_unit++) {
      const uint64_t number = shared_.units[at];
      JournalEntry::Unit unit{number, 0, 0};
      unit.checksum = shared_.source.read_unit(number, *this, unit.file);
      tell_done();
      // What ended early is not read: the journal must not say so.
      if (shared_.has_failed) break;
      if (!shared_.fits_in_memory) shared_.source.release(number);
      entry_.units.push_back(unit);
      // Between units alone can the journal tell what is read; within one, runs wait for its end.
      if ((!entry_.runs.empty() || is_full()) && !(spill() && commit())) break;
    }
    const std::lock_guard lock(shared_.mutex);
    hand_over(std::move(entry_));
    if (!records_->empty()) shared_.read.buffers.push_back(std::move(records_));
    for (auto& diagnostic : sink_.take()) shared_.sink.add(std::move(diagnostic));
  }

  void add(const SourceText& text) override { intake_.add(*records_, text); }
  bool advance(uint64_t bytes) override {
    done_ += bytes;
    if (done_ >= kToldBytes) tell_done();
    return !shared_.has_failed && (!is_full() || spill());
  }
  void abandon() override { shared_.has_failed = true; }
  ImportLog& log() override { return entry_.log; }
  DiagnosticSink& sink() override { return sink_; }

 private:
  bool is_full() const { return records_->bytes() > share_; }
  void tell_done() { shared_.done.fetch_add(std::exchange(done_, 0), std::memory_order_relaxed); }

  bool spill() {
    if (records_->empty()) return true;
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
  size_t share_;  ///< of memory
  std::unique_ptr<RunBuffer> records_;
  uint64_t done_ = 0;  ///< not told yet
  JournalEntry entry_;
  DiagnosticSink sink_;
  Intake intake_{entry_.log, shared_.fits_in_memory};
};

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
    for (RunCursor cursor(records, bucket); cursor.next();) {
      Record record = cursor.record();
      record.json_stays = false;
      const size_t begin = piece.size();
      piece.resize(begin + record_size(record));
      write_record(record, piece.data() + begin);
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
