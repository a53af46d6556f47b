// SPDX-License-Identifier: Apache-2.0
// What became of what was read: counted by type, and each reject with its place.
#pragma once

#include <cstdint>
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
  std::string_view code;
  std::string reason;
  bool is_of_all = false;  ///< it may be any patient's
};

/// Adds up; logs of several threads or stages merge. Not thread-safe.
class ImportLog {
 public:
  void count_read(std::string_view type) { ++of(type).read; }
  void count_kept(std::string_view type) { ++of(type).kept; }
  void count_repeated(std::string_view type) { ++of(type).repeated; }
  void count_out_of_scope(std::string_view type) { ++of(type).out_of_scope; }
  void reject(Reject reject);
  /// A resource stands in this file: what in it is none is then no log, but broken.
  void count_resource_of(uint32_t file);
  uint64_t resources_of(uint32_t file) const { return file < by_file_.size() ? by_file_[file] : 0; }
  /// Rejects of files without any resource are out of scope: logs, manifests of an export. Returns those files.
  std::vector<uint32_t> drop_other_files();
  void merge(ImportLog&& other);

  const Totals& totals() const { return totals_; }
  const std::vector<Reject>& rejects() const { return rejects_; }

 private:
  TypeTotals& of(std::string_view type);

  Totals totals_;
  TypeTotals* last_ = nullptr;  ///< resources of one type come together
  std::string last_type_;
  std::vector<Reject> rejects_;
  std::vector<uint64_t> by_file_;
};

}  // namespace vigil::store
