// SPDX-License-Identifier: Apache-2.0
// Sums.
#include "replay/change_counts.h"

#include <utility>

namespace vigil::replay {

ClusteredCount ChangeSum::added() const {
  return {of(ChangeCount::kTriggersAdded), of(ChangeCount::kTriggers),      of(ChangeCount::kPatients),
          of(ChangeCount::kAddedSquares),  of(ChangeCount::kAddedProducts), of(ChangeCount::kTriggersSquares)};
}

ClusteredCount ChangeSum::lost() const {
  return {of(ChangeCount::kTriggersLost), of(ChangeCount::kTriggers),     of(ChangeCount::kPatients),
          of(ChangeCount::kLostSquares),  of(ChangeCount::kLostProducts), of(ChangeCount::kTriggersSquares)};
}

void ChangeCounter::add(uint32_t rule_id, const Place& place, const ChangeNumbers& numbers) {
  const auto add_to = [&](std::string_view subgroup, std::string_view value) {
    auto& sums = patient_[{rule_id, std::string(subgroup), std::string(value)}];
    for (size_t i = 0; i < kChangeCounts; ++i) sums[i] += numbers[i];
  };
  const auto known = [](std::string_view value) { return value.empty() ? std::string_view("not on record") : value; };
  add_to("all", "all");
  add_to("hook", place.hook);
  add_to("age_band", known(place.age_band));
  add_to("sex", known(place.sex));
  for (const auto& [subgroup, value] : place.given) add_to(subgroup, known(value));
}

void ChangeCounter::finish_patient() {
  for (auto& [key, counted] : patient_) {
    auto& numbers = counted;
    const auto of = [&](ChangeCount count) -> int64_t& { return numbers[static_cast<size_t>(count)]; };
    const int64_t triggers = of(ChangeCount::kTriggers);
    of(ChangeCount::kPatients) = 1;
    of(ChangeCount::kTriggersSquares) = triggers * triggers;
    const int64_t added = of(ChangeCount::kTriggersAdded);
    of(ChangeCount::kAddedSquares) = added * added;
    of(ChangeCount::kAddedProducts) = added * triggers;
    const int64_t lost = of(ChangeCount::kTriggersLost);
    of(ChangeCount::kLostSquares) = lost * lost;
    of(ChangeCount::kLostProducts) = lost * triggers;
    auto& sums = sums_[key];
    for (size_t i = 0; i < kChangeCounts; ++i) sums[i] += numbers[i];
  }
  patient_.clear();
}

void ChangeCounter::write(RowBuffer& rows) const {
  for (const auto& [key, numbers] : sums_) {
    rows.begin(TableId::kChangeCounts).add(int64_t{std::get<0>(key)}).add(std::get<1>(key)).add(std::get<2>(key));
    for (const auto number : numbers) rows.add(number);
    rows.end();
  }
}

}  // namespace vigil::replay
