// SPDX-License-Identifier: Apache-2.0
// What became of what was read: counted by type, and each reject with its place.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/manifest.h"
#include "store/record.h"

namespace vigil::store {

/// Something that was not kept. `reason` holds no patient data besides ids.
struct Reject {
  Place place;
  std::string type;  ///< empty where it tells none
  std::string code;
  std::string reason;
};

/// Adds up; logs of several threads or stages merge to the same in any order. Not thread-safe.
class ImportLog {
 public:
  /// How many rejects are listed, the first by place; all are counted.
  static constexpr size_t kListed = 100'000;
  /// Of one file: what tells a log from damaged data.
  struct FileFacts {
    uint64_t resources = 0;
    uint64_t others = 0;  ///< JSON without a resourceType
  };

  void count_read(std::string_view type) { ++of(type).read; }
  void count_kept(std::string_view type) { ++of(type).kept; }
  void count_repeated(std::string_view type) { ++of(type).repeated; }
  void count_out_of_scope(std::string_view type) { ++of(type).out_of_scope; }
  /// Of what is kept: no code of it is of a system that FHIR names.
  void count_uncoded(std::string_view type) { ++of(type).uncoded; }
  void reject(Reject reject);
  /// Something of this type, or with an empty name of any, was lost that may be any patient's; it cannot have been
  /// known before `from`.
  void degrade(std::string_view type, Instant from = kAlways);
  void count_resource_of(uint32_t file) { ++file_facts(file).resources; }
  /// JSON that is no resource; the file decides what that means: see drop_other_files().
  void reject_other(const Place& place, std::string reason);
  void merge(const ImportLog& other);

  /// Once all is read: what is no resource is out of scope in files without any (logs, manifests of an export), else
  /// damage. Returns those files.
  std::vector<uint32_t> drop_other_files();

  const Totals& totals() const { return totals_; }
  const std::vector<Reject>& rejects() const { return rejects_; }
  /// The earliest of each type.
  const std::map<std::string, Instant>& degraded() const { return degraded_; }
  const std::vector<FileFacts>& files() const { return files_; }

 private:
  friend class Journal;
  TypeTotals& of(std::string_view type);
  FileFacts& file_facts(uint32_t file);
  void list(Reject reject);

  Totals totals_;
  TypeTotals* last_ = nullptr;  ///< resources of one type come together
  std::string last_type_;
  std::vector<Reject> rejects_;
  std::map<std::string, Instant> degraded_;
  std::vector<FileFacts> files_;
};

}  // namespace vigil::store
