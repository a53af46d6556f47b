// SPDX-License-Identifier: Apache-2.0
// Sorting by patient what is larger than memory: runs that are sorted each, and merged.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/growing_buffer.h"
#include "store/record.h"

namespace vigil::store {

/// Owners are dealt out to buckets, which are sorted, merged and written each for itself, so that threads can share the
/// work. A patient's bucket is its segment of the store: it must depend on nothing but the id.
inline constexpr uint32_t kSegments = 16;
inline constexpr uint32_t kSharedBucket = kSegments;
inline constexpr uint32_t kBuckets = kSegments + 1;
uint32_t bucket_of(std::string_view owner);

/// Where the records of each bucket begin in a run, and at last its end.
using BucketOffsets = std::array<uint64_t, kBuckets + 1>;

/// Records in memory. Not thread-safe.
class RunBuffer {
 public:
  void add(const Record& record);
  size_t bytes() const { return bytes_.size() + count_ * sizeof(Key); }
  bool empty() const { return count_ == 0; }
  /// Forgets the records and keeps the memory.
  void clear();

  /// Puts each bucket in the order of owners; records of one owner in any order.
  void sort();
  size_t count(uint32_t bucket) const { return buckets_[bucket].size(); }
  std::string_view record_bytes(uint32_t bucket, size_t index) const {
    const Key& key = buckets_[bucket][index];
    return bytes_.text().substr(key.offset, key.size);
  }

 private:
  struct Key {
    uint64_t prefix = 0;  ///< the owner's first eight bytes, in the order of their comparison
    uint64_t offset = 0;
    uint32_t size = 0;
    uint32_t owner_size = 0;
  };
  std::string_view owner_of(const Key& key) const;

  GrowingBuffer bytes_;
  size_t count_ = 0;
  std::array<std::vector<Key>, kBuckets> buckets_;
};

/// Goes over the sorted records of a bucket, of a buffer or as bytes of a run.
class RunCursor {
 public:
  RunCursor(const RunBuffer& buffer, uint32_t bucket) : buffer_(&buffer), bucket_(bucket) {}
  explicit RunCursor(std::string_view bytes) : bytes_(bytes) {}

  /// Moves to the next record; false at the end.
  bool next();
  const Record& record() const { return record_; }

 private:
  const RunBuffer* buffer_ = nullptr;
  uint32_t bucket_ = 0;
  size_t index_ = 0;
  std::string_view bytes_;
  size_t offset_ = 0;
  Record record_;
};

/// Merges runs of one bucket: the records of one owner after another, owners ascending bytewise.
class RunMerge {
 public:
  explicit RunMerge(std::vector<RunCursor> runs);

  /// The next owner's records, in any order; false where there is none. Views stay valid as long as the runs.
  bool next(std::vector<Record>& records);

 private:
  bool is_later(size_t a, size_t b) const { return runs_[a].record().owner > runs_[b].record().owner; }

  std::vector<RunCursor> runs_;
  std::vector<size_t> heap_;  ///< of runs that have a record, the one with the least owner first
};

}  // namespace vigil::store
