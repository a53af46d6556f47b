// SPDX-License-Identifier: Apache-2.0
// When to fetch keys, and when not to.
#include "cds-hooks/auth/key_cache.h"

#include <algorithm>

namespace vigil::hooks {

std::optional<PublicKey> KeyCache::pick(const Set& set, const std::string& id) {
  const auto at = std::ranges::find(set.keys, id, &PublicKey::id);
  return at == set.keys.end() ? std::nullopt : std::optional(*at);
}

KeyCache::Found KeyCache::find(const std::string& url, const std::string& id, int64_t now, bool may_fetch) {
  {
    const std::scoped_lock lock(mutex_);
    auto& set = sets_[url];
    auto key = pick(set, id);
    const bool is_fresh = set.fixed || (now >= set.fetched && now - set.fetched < options_.max_age);
    const bool is_too_soon = set.fixed || (now >= set.tried && now - set.tried < options_.min_interval);
    if ((key && is_fresh) || is_too_soon) return {std::move(key), false};
    if (!may_fetch) return {std::nullopt, true};
    set.tried = now;
  }
  const auto body = fetcher_ ? fetcher_(url) : std::nullopt;
  auto keys = body ? read_key_set(*body) : std::vector<PublicKey>();
  const std::scoped_lock lock(mutex_);
  auto& set = sets_[url];
  if (!keys.empty()) {
    set.keys = std::move(keys);
    set.fetched = now;
  }
  return {pick(set, id), false};
}

void KeyCache::put(const std::string& url, std::vector<PublicKey> keys) {
  const std::scoped_lock lock(mutex_);
  sets_[url] = {std::move(keys), 0, 0, true};
}

}  // namespace vigil::hooks
