// SPDX-License-Identifier: Apache-2.0
// Finds the resources in Bundles, Parameters and arrays, reads those that are planned, and gives them to the timeline.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>

#include "fhir/bundle_history.h"
#include "fhir/data_report.h"
#include "fhir/drafts.h"
#include "fhir/resource_reader.h"

namespace vigil::fhir {

/// Reads the texts of one patient's data, one after another, then hands over what they hold together: begin(), read() a
/// text, finish(). Not thread-safe; memory is kept from one patient to the next.
class DocumentReader {
 public:
  DocumentReader(const ReadPlan& plan, uint32_t max_depth, Drafts drafts = Drafts::kByStatus)
      : resources_(plan, max_depth), max_depth_(max_depth), drafts_(drafts) {}

  void begin(Timeline& timeline, DiagnosticSink& sink, std::string_view source_name);
  /// Reads one JSON value: the token behind it, or kBroken; then complete resources before the break are kept, and the
  /// caller reports. Problems of single resources are reported here, and their types degraded.
  uint32_t read(const JsonText& json, uint32_t token);
  /// Reads the resource at `token`, with its entry's fullUrl at `full_url` or UINT32_MAX where it has none.
  /// `passed_over`, where not null, gets what of it was not read: of one that is damaged, all behind
  /// what is wrong. Whether it was kept: not what is unneeded or damaged.
  bool read_entry_resource(const JsonText& json, uint32_t token, uint32_t full_url, PassedOver* passed_over);
  /// VGL1001: everything is damaged.
  void report_broken(std::string_view why);
  /// Drops what was read since begin(), but not what was reported.
  void drop() { pending_.clear(); }
  /// Checks that all belong to one patient (see FhirReader::read) and adds them to the timeline.
  void finish(std::string_view expected_patient);

  DataReport& report() { return report_; }
  ResourceReader& resources() { return resources_; }

 private:
  struct BundleFacts;
  struct EntryFacts;
  static constexpr size_t kNoLeaf = SIZE_MAX;

  uint32_t read_resource(uint32_t token, uint32_t depth, size_t* leaf);
  bool is_needed(uint32_t token);
  uint32_t read_leaf(uint32_t token, uint32_t depth, const ResourceShape& shape, size_t* leaf);
  uint32_t pass_over_behind(uint32_t token, uint32_t problem);
  uint32_t read_bundle(uint32_t token, uint32_t depth);
  uint32_t read_entry(uint32_t token, uint32_t depth, BundleFacts& bundle);
  uint32_t read_entry_member(std::string_view key, uint32_t value, uint32_t depth, EntryFacts& entry);
  uint32_t read_links(uint32_t token, BundleFacts& bundle);
  uint32_t read_parameters(uint32_t token, uint32_t depth, std::string_view member);
  uint32_t read_outcome(uint32_t token);
  template <class Visit>
  uint32_t read_objects(uint32_t token, std::string_view name, Visit visit);
  void finish_entry(const EntryFacts& entry, BundleFacts& bundle);
  void finish_bundle(const BundleFacts& bundle);
  uint32_t refuse(uint32_t token, std::string_view code, std::string_view reason);
  void report_incomplete(std::string_view what, Completeness completeness);

  ResourceReader resources_;
  uint32_t max_depth_;
  Drafts drafts_;
  DataReport report_;
  const JsonText* json_ = nullptr;
  Timeline* timeline_ = nullptr;
  std::vector<PendingResource> pending_;
  std::vector<Deletion> deletions_;  ///< of the history being read
};

}  // namespace vigil::fhir
