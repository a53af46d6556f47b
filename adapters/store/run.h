// SPDX-License-Identifier: Apache-2.0
// Sorting by patient what is larger than memory: runs that are sorted each, and merged.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/growing_buffer.h"
#include "store/mapped_file.h"
#include "store/record.h"

namespace vigil::store {

/// Owners are dealt out to buckets, which are sorted, merged and written each for itself, so that threads can share the
/// work. A patient's bucket is its segment of the store: it must depend on nothing but the id.
inline constexpr uint32_t kSegments = 16;
inline constexpr uint32_t kSharedBucket = kSegments;
inline constexpr uint32_t kBuckets = kSegments + 1;
uint32_t bucket_of(std::string_view owner, uint64_t hash);

/// Where the records of each bucket begin in a run, and at last its end.
using BucketOffsets = std::array<uint64_t, kBuckets + 1>;

/// Records in memory. Owners are told apart as records come, so that sorting goes over owners, not over records. Not
/// thread-safe.
class RunBuffer {
 public:
  void add(const Record& record);
  size_t bytes() const {
    return bytes_.size() + records_.size() * 2 * sizeof(Place) + owners_.size() * sizeof(Owner) +
           slots_.size() * sizeof(uint32_t);
  }
  bool empty() const { return records_.empty(); }
  /// Forgets the records and keeps the memory.
  void clear();

  /// Puts each bucket in the order of owners; records of one owner in the order added.
  void sort();
  size_t count(uint32_t bucket) const { return begins_[bucket + 1] - begins_[bucket]; }
  std::string_view record_bytes(uint32_t bucket, size_t index) const {
    const Place& place = sorted_[begins_[bucket] + index];
    return bytes_.text().substr(place.offset, place.size);
  }
  bool is_of_same_owner(uint32_t bucket, size_t index, size_t other) const {
    return sorted_[begins_[bucket] + index].owner == sorted_[begins_[bucket] + other].owner;
  }
  /// Says that these bytes are wanted soon: records of one owner stand far apart, and memory takes its time.
  void prefetch(uint32_t bucket, size_t index) const;

 private:
  struct Place {
    uint64_t offset = 0;
    uint32_t size = 0;
    uint32_t owner = 0;  ///< in owners_
  };
  struct Owner {
    uint64_t hash = 0;
    uint64_t prefix = 0;  ///< the first eight bytes, in the order of their comparison
    uint64_t offset = 0;  ///< of the text
    uint32_t size = 0;
    uint32_t bucket = 0;
    uint32_t count = 0;  ///< of records; while sorting, where the next one goes
  };
  std::string_view text_of(const Owner& owner) const { return bytes_.text().substr(owner.offset, owner.size); }
  uint32_t find_owner(std::string_view owner, uint64_t offset);
  void grow();

  GrowingBuffer bytes_;
  std::vector<Place> records_;  ///< as added
  std::vector<Owner> owners_;
  std::vector<uint32_t> slots_;  ///< owners by hash, numbers from 1 on; open addressing, a power of two
  std::vector<Place> sorted_;
  std::array<size_t, kBuckets + 1> begins_{};  ///< of the buckets in sorted_
};

/// Goes over the sorted records of a bucket, of a buffer or of a run's file.
class RunCursor {
 public:
  RunCursor(const RunBuffer& buffer, uint32_t bucket) : buffer_(&buffer), bucket_(bucket) {}
  /// The bytes in [begin, end) of a run's file, which must stay.
  RunCursor(const MappedFile& file, size_t begin, size_t end)
      : file_(&file), bytes_(file.text().substr(0, end)), offset_(begin), released_(begin) {}

  /// Moves to the next record; false at the end.
  bool next();
  /// The same, where the next one is of the same owner; else false, and `has_more` tells whether there is one, at
  /// which the cursor then is.
  bool next_of_owner(bool& has_more);
  const Record& record() const { return record_; }

 private:
  const RunBuffer* buffer_ = nullptr;
  uint32_t bucket_ = 0;
  size_t index_ = 0;
  const MappedFile* file_ = nullptr;
  std::string_view bytes_;
  size_t offset_ = 0;
  size_t released_ = 0;  ///< the pages before it count no longer as this process's
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
