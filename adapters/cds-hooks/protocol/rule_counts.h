// SPDX-License-Identifier: Apache-2.0
// How often each rule of a pack came out how.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include <vigil/outcome.h>

namespace vigil::hooks {

/// Since the pack was loaded. Counted by many threads at once.
class RuleCounts {
 public:
  static constexpr size_t kOutcomes = 5;

  explicit RuleCounts(size_t rules) : counts_(std::make_unique<Counts[]>(rules)) {}
  void add(uint32_t rule, RuleOutcome outcome) {
    counts_[rule][static_cast<size_t>(outcome)].fetch_add(1, std::memory_order_relaxed);
  }
  uint64_t of(uint32_t rule, RuleOutcome outcome) const {
    return counts_[rule][static_cast<size_t>(outcome)].load(std::memory_order_relaxed);
  }

 private:
  using Counts = std::array<std::atomic<uint64_t>, kOutcomes>;
  std::unique_ptr<Counts[]> counts_;
};

}  // namespace vigil::hooks
