// SPDX-License-Identifier: Apache-2.0
// Counts by type, and lists.
#include "store/import_log.h"

#include <algorithm>
#include <tuple>

namespace vigil::store {
namespace {

bool is_before(const Reject& a, const Reject& b) {
  return std::tie(a.place.file, a.place.at, a.place.entry, a.type, a.reason) <
         std::tie(b.place.file, b.place.at, b.place.entry, b.type, b.reason);
}

constexpr std::string_view kOther = "VGL1002";

}  // namespace

TypeTotals& ImportLog::of(std::string_view type) {
  if (last_ != nullptr && last_type_ == type) return *last_;
  auto found = totals_.find(type);
  if (found == totals_.end()) found = totals_.emplace(std::string(type), TypeTotals{}).first;
  last_ = &found->second;
  last_type_ = type;
  return *last_;
}

ImportLog::FileFacts& ImportLog::file_facts(uint32_t file) {
  if (file >= files_.size()) files_.resize(file + size_t{1});
  return files_[file];
}

void ImportLog::reject(Reject reject) {
  ++of(reject.type).rejected;
  list(std::move(reject));
}

void ImportLog::degrade(std::string_view type, Instant from) {
  const auto [place, is_new] = degraded_.try_emplace(std::string(type), from);
  place->second = std::min(place->second, from);
}

void ImportLog::reject_other(const Place& place, std::string reason) {
  ++of("").read;
  ++file_facts(place.file).others;
  reject({place, {}, std::string(kOther), std::move(reason)});
}

void ImportLog::list(Reject reject) {
  rejects_.push_back(std::move(reject));
  if (rejects_.size() < 2 * kListed) return;
  std::nth_element(rejects_.begin(), rejects_.begin() + kListed, rejects_.end(), is_before);
  rejects_.resize(kListed);
}

void ImportLog::merge(const ImportLog& other) {
  for (const auto& [type, totals] : other.totals_) of(type) += totals;
  for (const auto& reject : other.rejects_) list(reject);
  for (const auto& [type, from] : other.degraded_) degrade(type, from);
  for (uint32_t file = 0; file < other.files_.size(); ++file) {
    file_facts(file).resources += other.files_[file].resources;
    file_facts(file).others += other.files_[file].others;
  }
}

std::vector<uint32_t> ImportLog::drop_other_files() {
  std::vector<uint32_t> logs;
  for (uint32_t file = 0; file < files_.size(); ++file) {
    if (files_[file].others == 0) continue;
    if (files_[file].resources > 0) {
      degrade({});
      continue;
    }
    of("").rejected -= files_[file].others;
    of("").out_of_scope += files_[file].others;
    logs.push_back(file);
  }
  std::erase_if(rejects_, [&](const Reject& reject) {
    return reject.code == kOther && std::binary_search(logs.begin(), logs.end(), reject.place.file);
  });
  std::sort(rejects_.begin(), rejects_.end(), is_before);
  if (rejects_.size() > kListed) rejects_.resize(kListed);
  return logs;
}

}  // namespace vigil::store
