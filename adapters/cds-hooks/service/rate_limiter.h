// SPDX-License-Identifier: Apache-2.0
// How many requests a client may send: a bucket of tokens each, filled evenly.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace vigil::hooks {

struct RateOptions {
  double per_second = 0;  ///< 0: no limit
  double burst = 0;       ///< as many at once, after a pause; at least 1
};

/// Thread-safe. Clients are those of the allow-list, so there are as many buckets as issuers; without authentication
/// all callers share one.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateLimiter(const RateOptions& options) : options_(options) {}
  bool limits() const { return options_.per_second > 0; }
  /// Whether the client may send one now.
  bool take(std::string_view client, Clock::time_point now = Clock::now());

 private:
  struct Bucket {
    double tokens = 0;
    Clock::time_point filled;
  };
  RateOptions options_;
  std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace vigil::hooks
