// SPDX-License-Identifier: Apache-2.0
// Buckets of tokens.
#include "cds-hooks/service/rate_limiter.h"

#include <algorithm>

namespace vigil::hooks {

bool RateLimiter::take(std::string_view client, Clock::time_point now) {
  if (!limits()) return true;
  const double most = std::max(options_.burst, 1.0);
  const std::scoped_lock lock(mutex_);
  auto at = buckets_.find(client);
  if (at == buckets_.end()) at = buckets_.emplace(std::string(client), Bucket{most, now}).first;
  auto& bucket = at->second;
  const double seconds = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.tokens = std::min(most, bucket.tokens + std::max(seconds, 0.0) * options_.per_second);
  bucket.filled = std::max(bucket.filled, now);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

}  // namespace vigil::hooks
