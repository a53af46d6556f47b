// SPDX-License-Identifier: Apache-2.0
// The set in force, which requests take and reloads replace.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

/// Thread-safe; null before there is one. No std::atomic of a shared pointer: in libstdc++ 12 its readers give up their
/// lock with relaxed order, so that a processor may read the pointer only after the next set is there, and hold it by
/// the count of the old one. The thread sanitizer reports that; a mutex costs a request as little.
class ActiveSet {
 public:
  explicit ActiveSet(std::shared_ptr<const ServiceSet> set) : set_(std::move(set)) {}

  std::shared_ptr<const ServiceSet> load() const {
    const std::scoped_lock lock(mutex_);
    return set_;
  }
  /// The set before ends, where nobody has it any more, when nobody waits for it.
  void store(std::shared_ptr<const ServiceSet> set) {
    const std::scoped_lock lock(mutex_);
    set_.swap(set);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const ServiceSet> set_;
};

}  // namespace vigil::hooks
