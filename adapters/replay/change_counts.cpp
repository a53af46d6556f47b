// SPDX-License-Identifier: Apache-2.0
// Sums and intervals.
#include "replay/change_counts.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vigil::replay {

RateInterval wilson_per_100(int64_t with, int64_t all) {
  if (all <= 0) return {};
  constexpr double kZ = 1.959963984540054;  // two-sided 95 %
  const auto n = static_cast<double>(all);
  const double share = static_cast<double>(with) / n;
  const double z2 = kZ * kZ;
  const double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  return {100 * share, 100 * std::max(0.0, centre - half), 100 * std::min(1.0, centre + half)};
}

void ChangeCounter::add(uint32_t rule_id, const Place& place, const ChangeNumbers& numbers) {
  const auto add_to = [&](std::string_view subgroup, std::string_view value) {
    auto& sums = sums_[{rule_id, std::string(subgroup), std::string(value)}];
    for (size_t i = 0; i < kChangeCounts; ++i) sums[i] += numbers[i];
  };
  const auto known = [](std::string_view value) { return value.empty() ? std::string_view("not on record") : value; };
  add_to("all", "all");
  add_to("hook", place.hook);
  add_to("age_band", known(place.age_band));
  add_to("sex", known(place.sex));
  for (const auto& [subgroup, value] : place.given) add_to(subgroup, known(value));
}

void ChangeCounter::write(RowBuffer& rows) const {
  for (const auto& [key, numbers] : sums_) {
    rows.begin(TableId::kChangeCounts).add(int64_t{std::get<0>(key)}).add(std::get<1>(key)).add(std::get<2>(key));
    for (const auto number : numbers) rows.add(number);
    rows.end();
  }
}

}  // namespace vigil::replay
