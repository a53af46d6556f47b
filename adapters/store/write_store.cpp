// SPDX-License-Identifier: Apache-2.0
// One owner after another: versions resolved, put into a block, written.
#include "store/write_store.h"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

#include "store/block.h"
#include "store/checksum.h"
#include "store/indexed_blocks.h"
#include "store/resolve_versions.h"
#include "store/store_format.h"

namespace vigil::store {
namespace {

/// The blocks of one bucket.
class Bucket {
 public:
  bool write(uint32_t number, const std::string& folder, std::vector<RunCursor> runs, SegmentWriter& segment,
             std::atomic<uint64_t>& done) {
    is_shared_ = number == kSharedBucket;
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), "patients-%03u.data", number);
    if (!segment.open(folder, is_shared_ ? "shared-000.data" : name.data(), sink)) return false;
    RunMerge merge(std::move(runs));
    std::vector<Record> records;
    while (merge.next(records)) {
      uint64_t bytes = 0;
      for (const auto& record : records) bytes += kRecordHeadBytes + record.json.size();
      done.fetch_add(bytes, std::memory_order_relaxed);
      if (!add(records, segment)) return false;
    }
    segment.begin_finish();
    return true;
  }

  VersionResolver resolver;
  ImportLog log;
  DiagnosticSink sink;
  Digest digest;
  uint64_t versions = 0;

 private:
  bool add(std::vector<Record>& records, SegmentWriter& segment) {
    auto key = records.front().owner;
    resolver.resolve(records, resolved_, log);
    if (is_shared_) {
      key.remove_prefix(1);
      for (const auto& [type, from] : resolved_.degraded)
        log.degrade(type, from);  // whose it was lost for, nobody knows
    }
    if (resolved_.versions.empty() && (is_shared_ || resolved_.degraded.empty())) return true;
    const size_t size = block_.lay_out(resolved_.versions, resolved_.degraded);
    if (size == 0) {
      sink.add(data_diagnostic("VGL1309", "Patient/" + std::string(key), {segment.name(), "more than 4 GiB of data"}));
      return false;
    }
    char* bytes = segment.extend(size);
    block_.write(bytes);
    versions += resolved_.versions.size();
    digest.add(key.size());
    digest.add(key);
    digest.add({bytes, sizeof(BlockHeader)});  // with the block's checksum
    return segment.add(key, sink);
  }

  bool is_shared_ = false;
  ResolvedPatient resolved_;
  BlockMaker block_;
};

bool map_runs(const std::string& folder, const std::vector<RunFile>& runs, std::vector<MappedFile>& files,
              DiagnosticSink& sink) {
  for (const auto& run : runs) {
    std::string reason;
    auto file = MappedFile::open(folder + "/" + run.name, MappedFile::Access::kSequential, reason);
    if (!file || file->text().size() != run.bytes) {
      sink.add(data_diagnostic("VGL1010", {}, {run.name, file ? "it was changed" : reason}));
      return false;
    }
    files.push_back(std::move(*file));
  }
  return true;
}

}  // namespace

bool write_blocks(const ImportOptions& options, const SourceRead& read, std::atomic<uint64_t>& done, Manifest& manifest,
                  ImportLog& log, DiagnosticSink& sink) {
  std::vector<MappedFile> files;
  if (!map_runs(options.folder, read.runs, files, sink)) return false;
  std::vector<Bucket> buckets(kBuckets);
  std::vector<SegmentWriter> segments(kBuckets);
  std::atomic<uint32_t> next = 0;
  std::atomic<bool> has_failed = false;
  const auto work = [&] {
    for (uint32_t b = next++; b < kBuckets && !has_failed; b = next++) {
      std::vector<RunCursor> runs;
      for (size_t i = 0; i < files.size(); ++i) {
        const auto& offsets = read.runs[i].offsets;
        runs.emplace_back(files[i], offsets[b], offsets[b + 1]);
      }
      for (const auto& buffer : read.buffers) runs.emplace_back(*buffer, b);
      if (!buckets[b].write(b, options.folder, std::move(runs), segments[b], done)) has_failed = true;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  Digest digest;
  for (uint32_t b = 0; b < kBuckets; ++b) {
    digest.add(buckets[b].digest.text());
    log.merge(buckets[b].log);
    for (auto& diagnostic : buckets[b].sink.take()) sink.add(std::move(diagnostic));
    if (b == kSharedBucket) continue;
    manifest.versions += buckets[b].versions;
    manifest.patients += segments[b].rows().size();
    for (size_t i = 0; i < manifest.known_sources.size(); ++i)
      manifest.known_sources[i] += buckets[b].resolver.known_sources()[i];
  }
  manifest.shared_resources = segments[kSharedBucket].rows().size();
  manifest.digest = digest.text();
  const std::span all(segments);
  bool is_written = !has_failed &&
                    write_index(options.folder, "patients", all.first(kSegments), manifest.patient_files, sink) &&
                    write_index(options.folder, "shared", all.last(1), manifest.shared_files, sink);
  for (auto& segment : segments) is_written &= segment.finish(sink);  // the disk had time meanwhile
  return is_written;
}

}  // namespace vigil::store
