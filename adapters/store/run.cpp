// SPDX-License-Identifier: Apache-2.0
// Sorts by an eight-byte prefix of the owner, then by the owner.
#include "store/run.h"

#include <algorithm>

#include "store/checksum.h"

namespace vigil::store {
namespace {

uint64_t prefix_of(std::string_view text) {
  uint64_t prefix = 0;
  for (size_t i = 0; i < sizeof prefix; ++i)
    prefix = prefix << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  return prefix;
}

}  // namespace

uint32_t bucket_of(std::string_view owner) {
  if (owner.empty() || owner.front() == kSharedOwner) return kSharedBucket;
  return static_cast<uint32_t>(checksum(owner.data(), owner.size()) % kSegments);
}

void RunBuffer::add(const Record& record) {
  const size_t begin = bytes_.size();
  const size_t size = record_size(record);
  write_record(record, bytes_.extend(size));
  buckets_[bucket_of(record.owner)].push_back(
      {prefix_of(record.owner), begin, static_cast<uint32_t>(size), static_cast<uint32_t>(record.owner.size())});
  ++count_;
}

void RunBuffer::clear() {
  bytes_.clear();
  count_ = 0;
  for (auto& keys : buckets_) keys.clear();
}

std::string_view RunBuffer::owner_of(const Key& key) const {
  return bytes_.text().substr(key.offset + kRecordHeadBytes, key.owner_size);
}

void RunBuffer::sort() {
  for (auto& keys : buckets_)
    std::sort(keys.begin(), keys.end(), [this](const Key& a, const Key& b) {
      return a.prefix != b.prefix ? a.prefix < b.prefix : owner_of(a) < owner_of(b);
    });
}

bool RunCursor::next() {
  if (buffer_ == nullptr) return read_record(bytes_, offset_, record_);
  if (index_ >= buffer_->count(bucket_)) return false;
  size_t offset = 0;
  return read_record(buffer_->record_bytes(bucket_, index_++), offset, record_);
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
    while (has_more && run.record().owner == owner) {
      records.push_back(run.record());
      has_more = run.next();
    }
    if (has_more)
      std::push_heap(heap_.begin(), heap_.end(), later);
    else
      heap_.pop_back();
  }
  return true;
}

}  // namespace vigil::store
