// SPDX-License-Identifier: Apache-2.0
// Keys of clients, fetched when needed and kept for a while.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cds-hooks/auth/public_key.h"

namespace vigil::hooks {

/// The body at an address of the allow-list, or none. Blocks.
using KeyFetcher = std::function<std::optional<std::string>(const std::string& url)>;

struct KeyCacheOptions {
  int64_t max_age = 3600;     ///< seconds until a key set is fetched again
  int64_t min_interval = 30;  ///< seconds between two fetches of one set: an unknown key id must not make a storm
};

/// Thread-safe.
class KeyCache {
 public:
  KeyCache(KeyFetcher fetcher, KeyCacheOptions options) : fetcher_(std::move(fetcher)), options_(options) {}

  struct Found {
    std::optional<PublicKey> key;
    bool needs_fetch = false;  ///< it may be among keys not fetched yet, and `may_fetch` was false
  };
  /// The key of a set. A client that rotates keys is followed: an id not among those known has the set fetched again.
  /// Keys known are used on where fetching fails.
  Found find(const std::string& url, const std::string& id, int64_t now, bool may_fetch);
  /// Keys given by hand, never fetched.
  void put(const std::string& url, std::vector<PublicKey> keys);

 private:
  struct Set {
    std::vector<PublicKey> keys;
    int64_t tried = INT64_MIN / 2;
    int64_t fetched = INT64_MIN / 2;
    bool fixed = false;
    bool is_fetching = false;
  };
  std::vector<PublicKey> fetch(const std::string& url) const;
  static std::optional<PublicKey> pick(const Set& set, const std::string& id);

  std::mutex mutex_;
  std::condition_variable fetched_;
  std::map<std::string, Set> sets_;
  KeyFetcher fetcher_;
  KeyCacheOptions options_;
};

}  // namespace vigil::hooks
