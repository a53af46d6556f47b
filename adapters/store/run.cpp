// SPDX-License-Identifier: Apache-2.0
// Cursors over runs, and their merge.
#include "store/run.h"

#include <algorithm>
#include <utility>

namespace vigil::store {

bool RunCursor::next() {
  constexpr size_t kReleasedBytes = size_t{4} << 20;
  if (buffer_ == nullptr) {
    const bool is_at_end = offset_ >= bytes_.size();
    if (offset_ - released_ > kReleasedBytes || is_at_end) {
      file_->release(released_, offset_);
      released_ = offset_;
    }
    return !is_at_end && read_record(bytes_, offset_, record_);
  }
  if (index_ >= order_.size()) return false;
  buffer_->prefetch(bucket_, order_, index_);
  buffer_->read(bucket_, order_[index_++], record_);
  return true;
}

bool RunCursor::next_of_owner(bool& has_more) {
  if (buffer_ == nullptr) {
    const auto owner = record_.owner;
    has_more = next();
    return has_more && record_.owner == owner;
  }
  has_more = next();
  return has_more && buffer_->is_of_same_owner(bucket_, order_[index_ - 2], order_[index_ - 1]);
}

RunMerge::RunMerge(std::vector<RunCursor> runs) : runs_(std::move(runs)) {
  for (size_t i = 0; i < runs_.size(); ++i)
    if (runs_[i].next()) heap_.push_back(i);
  std::make_heap(heap_.begin(), heap_.end(), [this](size_t a, size_t b) { return is_later(a, b); });
}

bool RunMerge::next(std::vector<Record>& records) {
  records.clear();
  if (heap_.empty()) return false;
  const auto later = [this](size_t a, size_t b) { return is_later(a, b); };
  const std::string_view owner = runs_[heap_.front()].record().owner;
  while (!heap_.empty() && runs_[heap_.front()].record().owner == owner) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    RunCursor& run = runs_[heap_.back()];
    bool has_more = true;
    do records.push_back(run.record());
    while (run.next_of_owner(has_more));
    if (has_more)
      std::push_heap(heap_.begin(), heap_.end(), later);
    else
      heap_.pop_back();
  }
  return true;
}

}  // namespace vigil::store
