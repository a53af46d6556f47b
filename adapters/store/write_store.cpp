// SPDX-License-Identifier: Apache-2.0
// One owner after another: versions resolved, put into a block, written.
#include "store/write_store.h"

#include "store/block.h"
#include "store/checksum.h"
#include "store/indexed_blocks.h"
#include "store/resolve_versions.h"

namespace vigil::store {
namespace {

class Blocks {
 public:
  Blocks(const std::string& folder, Manifest& manifest, ImportLog& log, DiagnosticSink& sink)
      : patients_(folder, "patients"), shared_(folder, "shared"), manifest_(manifest), log_(log), sink_(sink) {}

  bool add(std::vector<Record>& records) {
    const std::string_view owner = records.front().owner;
    resolver_.resolve(records, resolved_, log_);
    if (owner.starts_with(kSharedOwner)) return add_shared(owner.substr(1));
    return add_patient(owner);
  }

  bool finish() {
    manifest_.known_sources = resolver_.known_sources();
    manifest_.digest = digest_.text();
    return patients_.finish(manifest_.patient_files, sink_) && shared_.finish(manifest_.shared_files, sink_);
  }

 private:
  bool add_patient(std::string_view patient) {
    if (resolved_.versions.empty() && resolved_.degraded.empty()) return true;
    ++manifest_.patients;
    manifest_.versions += resolved_.versions.size();
    return write(patients_, patient);
  }

  /// Of what is about no patient its last version.
  bool add_shared(std::string_view reference) {
    if (resolved_.versions.empty()) return true;
    resolved_.versions = {resolved_.versions.back()};
    resolved_.degraded.clear();
    ++manifest_.shared_resources;
    return write(shared_, reference);
  }

  bool write(BlockWriter& writer, std::string_view key) {
    block_.clear();
    if (!append_block(resolved_.versions, resolved_.degraded, block_)) {
      sink_.add(data_diagnostic("VGL1309", "Patient/" + std::string(key), {"the block", "it has 4 GiB or more"}));
      return false;
    }
    digest_.add(key.size());
    digest_.add(key);
    digest_.add(block_);
    return writer.add(key, block_, sink_);
  }

  BlockWriter patients_;
  BlockWriter shared_;
  Manifest& manifest_;
  ImportLog& log_;
  DiagnosticSink& sink_;
  VersionResolver resolver_;
  ResolvedPatient resolved_;
  Digest digest_;
  std::string block_;
};

}  // namespace

bool write_blocks(const std::string& folder, std::vector<RunCursor> runs, uint64_t bytes, const ProgressReport& report,
                  Manifest& manifest, ImportLog& log, DiagnosticSink& sink) {
  Blocks blocks(folder, manifest, log, sink);
  RunMerge merge(std::move(runs));
  std::vector<Record> records;
  ImportProgress progress{ImportProgress::Stage::kWriting, 0, bytes};
  while (merge.next(records)) {
    for (const auto& record : records) progress.done += kRecordHeadBytes + record.json.size();
    if (!blocks.add(records)) return false;
    if (report) report(progress);
  }
  return blocks.finish();
}

}  // namespace vigil::store
