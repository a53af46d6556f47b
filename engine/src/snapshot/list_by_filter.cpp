// SPDX-License-Identifier: Apache-2.0
// Which facts of a snapshot pass which code filter, found once when the snapshot is made.
#include <algorithm>

#include "snapshot/code_filters.h"
#include "snapshot/timeline_content.h"

namespace vigil {

/// One look at each fact of a filtered type, however many filters there are.
void Timeline::list_by_filter(Snapshot& snapshot) const {
  const auto* filters = plan_->code_filters();
  auto& ends = snapshot.filter_ends_;
  ends.assign(filters == nullptr ? 0 : filters->count() + 1, 0);
  snapshot.filter_stamps_.assign(ends.size(), 0);
  if (filters == nullptr) return;
  auto& passing = content_->passing;
  passing.clear();
  const auto add = [&](uint32_t number, uint32_t place) {
    passing.push_back({number, place});
    ++ends[number + 1];
  };
  for (const auto& type : filters->types()) {
    const auto index = content_->type_index(type.fhir_type);
    snapshot.filter_stamps_[type.unsettled] = static_cast<uint64_t>(snapshot.completeness(type.fhir_type));
    if (index >= snapshot.by_type_.size()) continue;
    for (auto [place, end] = snapshot.by_type_[index]; place < end; ++place) {
      const Fact& fact = snapshot.facts_[place];
      const size_t first_of_fact = passing.size();
      const auto is_listed = [&](uint32_t number) {  // by another of its codes
        return std::any_of(passing.begin() + static_cast<std::ptrdiff_t>(first_of_fact), passing.end(),
                           [&](const auto& p) { return p.number == number; });
      };
      bool settled = !type.codes_matter && fact.code_count != 0;
      for (uint32_t i = 0; i < fact.code_count; ++i) {
        settled = settled || fact.codes[i] <= filters->last_shared_id();
        for (const auto& filter : filters->filters_of(fact.codes[i]))
          if (filter.fhir_type == type.fhir_type && (i == 0 || !is_listed(filter.number))) add(filter.number, place);
      }
      if (!settled) add(type.unsettled, place);
    }
  }
  // A counting sort by filter; facts of one stay in their order.
  for (size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  snapshot.passing_.resize(passing.size());
  for (const auto& [number, place] : passing) {
    snapshot.passing_[ends[number]++] = place;
    uint64_t& stamp = snapshot.filter_stamps_[number];
    stamp = stamp_with(stamp, content_->fact_stamps[place]);
  }
}

}  // namespace vigil
