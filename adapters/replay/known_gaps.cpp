// SPDX-License-Identifier: Apache-2.0
// Goes over gaps in the order they begin.
#include "replay/known_gaps.h"

#include <algorithm>

namespace vigil::replay {

void KnownGaps::clear() {
  gaps_.clear();
  is_sorted_ = true;
  next_ = 0;
  open_.clear();
  lasting_.clear();
  first_end_ = kForever;
}

void KnownGaps::add(std::optional<uint16_t> fhir_type, Completeness completeness, Instant from, Instant to) {
  gaps_.push_back({from, to, fhir_type, completeness});
  is_sorted_ = false;
}

void KnownGaps::tell(Instant at, Timeline& timeline) {
  if (!is_sorted_) std::ranges::stable_sort(gaps_, {}, &Gap::from);
  is_sorted_ = true;
  if (first_end_ <= at) close(at, timeline);
  for (; next_ < gaps_.size() && gaps_[next_].from <= at; ++next_) {
    const Gap& gap = gaps_[next_];
    if (gap.to <= at) continue;
    say(gap.fhir_type, gap.completeness, timeline);
    open(gap);
  }
}

void KnownGaps::say(std::optional<uint16_t> fhir_type, Completeness completeness, Timeline& timeline) {
  if (fhir_type)
    timeline.degrade(*fhir_type, completeness);
  else
    timeline.degrade_all(completeness);
}

void KnownGaps::close(Instant at, Timeline& timeline) {
  std::erase_if(open_, [&](const Gap& gap) { return gap.to <= at; });
  timeline.restore();
  first_end_ = kForever;
  for (const auto& [fhir_type, completeness] : lasting_) say(fhir_type, completeness, timeline);
  for (const auto& gap : open_) {
    say(gap.fhir_type, gap.completeness, timeline);
    first_end_ = std::min(first_end_, gap.to);
  }
}

void KnownGaps::open(const Gap& gap) {
  if (gap.to != kForever) {
    open_.push_back(gap);
    first_end_ = std::min(first_end_, gap.to);
    return;
  }
  const auto same = std::ranges::find(lasting_, gap.fhir_type, &Lasting::first);
  if (same == lasting_.end())
    lasting_.emplace_back(gap.fhir_type, gap.completeness);
  else
    same->second = std::max(same->second, gap.completeness);
}

}  // namespace vigil::replay
