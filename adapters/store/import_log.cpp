// SPDX-License-Identifier: Apache-2.0
// Counts by type.
#include "store/import_log.h"

#include <algorithm>
#include <iterator>

namespace vigil::store {

TypeTotals& ImportLog::of(std::string_view type) {
  if (last_ != nullptr && last_type_ == type) return *last_;
  auto found = totals_.find(type);
  if (found == totals_.end()) found = totals_.emplace(std::string(type), TypeTotals{}).first;
  last_ = &found->second;
  last_type_ = type;
  return *last_;
}

void ImportLog::reject(Reject reject) {
  ++of(reject.type).rejected;
  rejects_.push_back(std::move(reject));
}

void ImportLog::count_resource_of(uint32_t file) {
  if (file >= by_file_.size()) by_file_.resize(file + size_t{1});
  ++by_file_[file];
}

std::vector<uint32_t> ImportLog::drop_other_files() {
  std::vector<uint32_t> files;
  const auto is_other = [this](const Reject& reject) {
    return reject.code == "VGL1002" && resources_of(reject.place.file) == 0;
  };
  for (const auto& reject : rejects_) {
    if (!is_other(reject)) continue;
    auto& totals = of(reject.type);
    --totals.rejected;
    ++totals.out_of_scope;
    files.push_back(reject.place.file);
  }
  std::erase_if(rejects_, is_other);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

void ImportLog::merge(ImportLog&& other) {
  for (const auto& [type, totals] : other.totals_) of(type) += totals;
  for (uint32_t file = 0; file < other.by_file_.size(); ++file) {
    if (file >= by_file_.size()) by_file_.resize(file + size_t{1});
    by_file_[file] += other.by_file_[file];
  }
  std::move(other.rejects_.begin(), other.rejects_.end(), std::back_inserter(rejects_));
  other = {};
}

}  // namespace vigil::store
