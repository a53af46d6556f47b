// SPDX-License-Identifier: Apache-2.0
// How often each outcome was: what is counted of every decision, not-met ones included.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/outcome.h>

#include "replay/as_of.h"
#include "replay/row_buffer.h"

namespace vigil::replay {

/// Counts of one part of the patients. Sums of parts are the counts of the whole, since each patient is in one part.
/// Not thread-safe.
class OutcomeCounts {
 public:
  explicit OutcomeCounts(size_t rule_count) : rule_count_(rule_count) {}

  void begin_patient() { ++patients_; }
  void add_trigger(size_t orders) {
    ++triggers_;
    orders_ += static_cast<int64_t>(orders);
  }
  void add_unreadable_patient() { ++unreadable_; }
  /// The results of one trigger.
  void add(std::string_view hook, Mode mode, std::span<const RuleResult> results);
  /// Of one patient, repeats taken out.
  void add_problems(std::vector<Diagnostic> problems, size_t dropped);

  /// As rows of outcome_counts, data_problems and run (totals).
  void write(RowBuffer& rows) const;

 private:
  static constexpr size_t kOutcomes = 5;
  static constexpr size_t kModes = 3;
  struct Count {
    int64_t decisions = 0;
    int64_t patients = 0;
    int64_t last_patient = -1;
  };
  struct OfHook {
    std::string hook;
    std::vector<Count> counts;  ///< rule after rule, mode after mode, by outcome
  };

  size_t rule_count_;
  int64_t patients_ = 0;
  int64_t unreadable_ = 0;
  int64_t triggers_ = 0;
  int64_t orders_ = 0;
  std::vector<OfHook> by_hook_;
  std::map<std::string_view, int64_t> problems_;  ///< by code
};

}  // namespace vigil::replay
