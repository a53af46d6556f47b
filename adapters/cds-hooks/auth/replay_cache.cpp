// SPDX-License-Identifier: Apache-2.0
// Ids by expiry.
#include "cds-hooks/auth/replay_cache.h"

namespace vigil::hooks {

bool ReplayCache::take(const std::string& issuer, const std::string& id, int64_t expires, int64_t now) {
  const std::string key = issuer + '\n' + id;
  const std::scoped_lock lock(mutex_);
  while (!by_expiry_.empty() && by_expiry_.begin()->first < now) {
    ids_.erase(by_expiry_.begin()->second);
    by_expiry_.erase(by_expiry_.begin());
  }
  if (ids_.size() >= max_ids_ || !ids_.emplace(key, expires).second) return false;
  by_expiry_.emplace(expires, key);
  return true;
}

size_t ReplayCache::size() const {
  const std::scoped_lock lock(mutex_);
  return ids_.size();
}

}  // namespace vigil::hooks
