// SPDX-License-Identifier: Apache-2.0
// Ids of tokens that were used already.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace vigil::hooks {

/// Remembers each id until its token has expired. Thread-safe. Of one instance: several behind one address each have
/// their own, which docs/recipes/serve-cds-hooks.md says.
class ReplayCache {
 public:
  explicit ReplayCache(size_t max_ids = 1'000'000) : max_ids_(max_ids) {}

  /// False where the id was taken before, or there are too many to remember one more: then it cannot be told.
  bool take(const std::string& issuer, const std::string& id, int64_t expires, int64_t now);
  size_t size() const;

 private:
  mutable std::mutex mutex_;
  size_t max_ids_;
  std::unordered_map<std::string, int64_t> ids_;
  std::multimap<int64_t, std::string> by_expiry_;
};

}  // namespace vigil::hooks
