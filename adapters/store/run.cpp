// SPDX-License-Identifier: Apache-2.0
// Sorts owners by an eight-byte prefix, then by the whole text; then deals out the records.
#include "store/run.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "store/checksum.h"

namespace vigil::store {
namespace {

/// A bucket is a matter of the hash's lowest bits; slots are of others.
constexpr int kSlotShift = 16;

uint64_t prefix_of(std::string_view text) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < sizeof prefix; ++i)
    prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  return prefix;
}

}  // namespace

uint32_t bucket_of(std::string_view owner, uint64_t hash) {
  if (owner.empty() || owner.front() == kSharedOwner) return kSharedBucket;
  return static_cast<uint32_t>(hash % kSegments);
}

void RunBuffer::add(const Record& record) {
  const size_t begin = bytes_.size();
  const size_t size = record_size(record);
  write_record(record, bytes_.extend(size));
  const uint32_t owner = find_owner(record.owner, begin + kRecordHeadBytes);
  ++owners_[owner].count;
  records_.push_back({begin, static_cast<uint32_t>(size), owner});
}

/// The number of an owner, whose text stands at `offset` if it is new. Records of one owner often come together.
uint32_t RunBuffer::find_owner(std::string_view owner, uint64_t offset) {
  if (!records_.empty() && text_of(owners_[records_.back().owner]) == owner) return records_.back().owner;
  if (2 * (owners_.size() + 1) > slots_.size()) grow();
  const uint64_t hash = checksum(owner.data(), owner.size());
  const size_t mask = slots_.size() - 1;
  size_t at = hash >> kSlotShift & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    const Owner& known = owners_[slots_[at] - 1];
    if (known.hash == hash && text_of(known) == owner) return slots_[at] - 1;
  }
  owners_.push_back({hash, prefix_of(owner), offset, static_cast<uint32_t>(owner.size()), bucket_of(owner, hash), 0});
  slots_[at] = static_cast<uint32_t>(owners_.size());
  return slots_[at] - 1;
}

void RunBuffer::grow() {
  constexpr size_t kFirst = size_t{1} << 12;
  slots_.assign(std::max(kFirst, 2 * slots_.size()), 0);
  const size_t mask = slots_.size() - 1;
  for (uint32_t i = 0; i < owners_.size(); ++i) {
    size_t at = owners_[i].hash >> kSlotShift & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = i + 1;
  }
}

void RunBuffer::clear() {
  bytes_.clear();
  records_.clear();
  owners_.clear();
  sorted_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
  begins_.fill(0);
}

void RunBuffer::sort() {
  std::vector<uint32_t> order(owners_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [this](uint32_t i, uint32_t j) {
    const Owner& a = owners_[i];
    const Owner& b = owners_[j];
    if (a.bucket != b.bucket) return a.bucket < b.bucket;
    return a.prefix != b.prefix ? a.prefix < b.prefix : text_of(a) < text_of(b);
  });
  std::array<size_t, kBuckets> counts{};
  uint32_t place = 0;
  for (const uint32_t number : order) {
    Owner& owner = owners_[number];
    counts[owner.bucket] += owner.count;
    place += std::exchange(owner.count, place);
  }
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) begins_[bucket + 1] = begins_[bucket] + counts[bucket];
  sorted_.resize(records_.size());
  for (const auto& record : records_) sorted_[owners_[record.owner].count++] = record;
}

void RunBuffer::prefetch(uint32_t bucket, size_t index) const {
  constexpr size_t kNear = 12;
  constexpr size_t kFar = 32;
  constexpr size_t kLine = 64;
  constexpr size_t kMost = 1024;  // of a text; then the processor has noticed by itself
  const size_t end = begins_[bucket + 1];
  const size_t at = begins_[bucket] + index;
  if (at + kFar < end) {
    const char* head = bytes_.text().data() + sorted_[at + kFar].offset;
    __builtin_prefetch(head);
    __builtin_prefetch(head + kLine);
    __builtin_prefetch(head + 2 * kLine);
  }
  if (at + kNear >= end) return;
  const auto json = json_of_record(bytes_.text().data() + sorted_[at + kNear].offset);
  for (size_t i = 0; i < std::min(json.size(), kMost); i += kLine) __builtin_prefetch(json.data() + i);
}

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
  if (index_ >= buffer_->count(bucket_)) return false;
  buffer_->prefetch(bucket_, index_);
  size_t offset = 0;
  return read_record(buffer_->record_bytes(bucket_, index_++), offset, record_);
}

bool RunCursor::next_of_owner(bool& has_more) {
  if (buffer_ == nullptr) {
    const auto owner = record_.owner;
    has_more = next();
    return has_more && record_.owner == owner;
  }
  has_more = next();
  return has_more && buffer_->is_of_same_owner(bucket_, index_ - 2, index_ - 1);
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
