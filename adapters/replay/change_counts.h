// SPDX-License-Identifier: Apache-2.0
// Counts of a comparison, by rule and subgroup, and the rates that follow from them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "replay/rate_intervals.h"
#include "replay/row_buffer.h"

namespace vigil::replay {

/// What is counted, in the order of the table change_counts.
enum class ChangeCount : uint8_t {
  kTriggers,
  kAlertsA,
  kAlertsB,
  kAdded,
  kLost,
  kMoved,
  kTier,
  kUnknownA,
  kUnknownB,
  kTriggersAdded,
  kTriggersLost,
  // Over patients, for intervals: see rate_intervals.h.
  kPatients,
  kTriggersSquares,
  kAddedSquares,
  kAddedProducts,
  kLostSquares,
  kLostProducts,
};
inline constexpr size_t kChangeCounts = 17;
using ChangeNumbers = std::array<int64_t, kChangeCounts>;

/// The sums of one rule (0: all rules together) and subgroup.
struct ChangeSum {
  uint32_t rule_id = 0;
  std::string subgroup;
  std::string value;
  ChangeNumbers counts{};

  int64_t of(ChangeCount count) const { return counts[static_cast<size_t>(count)]; }
  /// Triggers with a new alert, and with a lost one, of all.
  ClusteredCount added() const;
  ClusteredCount lost() const;
};

/// Sums numbers by rule and subgroup, patient after patient. Not thread-safe.
class ChangeCounter {
 public:
  /// Of one rule at one trigger, for all, the hook, the age band, the sex and the subgroups given; empty values are not
  /// on record.
  struct Place {
    std::string_view hook;
    std::string_view age_band;
    std::string_view sex;
    std::span<const std::pair<std::string, std::string>> given;  ///< subgroup and value
  };
  void add(uint32_t rule_id, const Place& place, const ChangeNumbers& numbers);
  /// All of a patient is added.
  void finish_patient();
  void write(RowBuffer& rows) const;
  void clear() { sums_.clear(); }

 private:
  using Sums = std::map<std::tuple<uint32_t, std::string, std::string>, ChangeNumbers>;
  Sums sums_;
  Sums patient_;
};

}  // namespace vigil::replay
