// SPDX-License-Identifier: Apache-2.0
// Between instants of one timeline: which values of definitions still hold.
#include "evaluation/run.h"

namespace vigil {
namespace {

/// Beyond it the values kept are forgotten: a long timeline shall not take the memory of many runs.
constexpr size_t kMostKeptBytes = size_t{8} << 20;

bool same_day(const Temporal& a, const Temporal& b) {
  return a.offset_minutes == b.offset_minutes && date_from(a) == date_from(b);
}

}  // namespace

void Run::follow_timeline() {
  follows_ = true;
  starts_timeline_ = true;
}

void Run::keep_or_forget(const Temporal& now) {
  const bool other_clock = now.offset_minutes != now_.offset_minutes;  // values may have been made by its offset
  if (!follows_ || starts_timeline_ || other_clock || arena_.bytes_used() > kMostKeptBytes) {
    arena_.reset();
    oldest_kept_ = generation_;
    starts_timeline_ = false;
  }
  if (!same_day(now, now_)) oldest_of_day_ = generation_;
  kept_bytes_ = arena_.bytes_used();
}

uint64_t Run::stamp_of(const DefinitionPlan& plan) const {
  uint64_t stamp = patient_stamp_;
  for (const auto type : plan.reads) stamp = combine_keys(stamp, snapshot_->stamp(type));
  for (const auto filter : plan.filters) stamp = combine_keys(stamp, snapshot_->stamp_of_passing(filter));
  return stamp;
}

bool Run::still_holds(const Memo& memo, const DefinitionPlan& plan) const {
  if (memo.horizon == Horizon::kInstant || memo.state != Memo::State::kDone || memo.generation < oldest_kept_)
    return false;
  if (memo.horizon == Horizon::kDay && memo.generation < oldest_of_day_) return false;
  return memo.stamp == stamp_of(plan);
}

}  // namespace vigil
