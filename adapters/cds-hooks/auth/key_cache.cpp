// SPDX-License-Identifier: Apache-2.0
// When to fetch keys, and when not to.
#include "cds-hooks/auth/key_cache.h"

#include <algorithm>
#include <exception>

namespace vigil::hooks {

std::optional<PublicKey> KeyCache::pick(const Set& set, const std::string& id) {
  const auto at = std::ranges::find(set.keys, id, &PublicKey::id);
  return at == set.keys.end() ? std::nullopt : std::optional(*at);
}

/// Those who wait must be woken whatever happens, so nothing is thrown.
std::vector<PublicKey> KeyCache::fetch(const std::string& url) const {
  try {
    const auto body = fetcher_ ? fetcher_(url) : std::nullopt;
    return body ? read_key_set(*body) : std::vector<PublicKey>();
  } catch (const std::exception&) {
    return {};
  }
}

KeyCache::Found KeyCache::find(const std::string& url, const std::string& id, int64_t now, bool may_fetch) {
  std::unique_lock lock(mutex_);
  auto& set = sets_[url];  // a map's element stays where it is
  for (;;) {
    auto key = pick(set, id);
    const bool is_fresh = set.fixed || (now >= set.fetched && now - set.fetched < options_.max_age);
    if (key && is_fresh) return {std::move(key), false};
    const bool is_too_soon = set.fixed || (now >= set.tried && now - set.tried < options_.min_interval);
    if (is_too_soon && !set.is_fetching) return {std::move(key), false};
    if (!may_fetch) return {std::nullopt, true};
    if (!set.is_fetching) break;
    fetched_.wait(lock, [&] { return !set.is_fetching; });
  }
  set.tried = now;
  set.is_fetching = true;
  lock.unlock();
  auto keys = fetch(url);
  lock.lock();
  if (!keys.empty()) {
    set.keys = std::move(keys);
    set.fetched = now;
  }
  set.is_fetching = false;
  fetched_.notify_all();
  return {pick(set, id), false};
}

void KeyCache::put(const std::string& url, std::vector<PublicKey> keys) {
  const std::scoped_lock lock(mutex_);
  sets_[url] = {std::move(keys), 0, 0, true, false};
}

}  // namespace vigil::hooks
