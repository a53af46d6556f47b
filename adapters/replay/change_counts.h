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
};
inline constexpr size_t kChangeCounts = 11;
using ChangeNumbers = std::array<int64_t, kChangeCounts>;

/// The sums of one rule (0: all rules together) and subgroup.
struct ChangeSum {
  uint32_t rule_id = 0;
  std::string subgroup;
  std::string value;
  ChangeNumbers counts{};

  int64_t of(ChangeCount count) const { return counts[static_cast<size_t>(count)]; }
};

/// A share in percent with Wilson's score interval at 95 % (Wilson 1927; Brown, Cai and DasGupta 2001). Of nothing all
/// are 0, the upper end 100.
struct RateInterval {
  double per_100 = 0;
  double low = 0;
  double high = 100;
};
RateInterval wilson_per_100(int64_t with, int64_t all);

/// Sums numbers by rule and subgroup. Not thread-safe.
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
  void write(RowBuffer& rows) const;
  void clear() { sums_.clear(); }

 private:
  std::map<std::tuple<uint32_t, std::string, std::string>, ChangeNumbers> sums_;
};

}  // namespace vigil::replay
