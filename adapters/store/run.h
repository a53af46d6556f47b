// SPDX-License-Identifier: Apache-2.0
// Sorting by patient what is larger than memory: runs that are sorted each, and merged.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/mapped_file.h"
#include "store/record.h"
#include "store/run_buffer.h"

namespace vigil::store {

/// Where the records of each bucket begin in a run, and at last its end.
using BucketOffsets = std::array<uint64_t, kBuckets + 1>;

/// Goes over the records of a bucket in the order of owners, of a buffer or of a run's file.
class RunCursor {
 public:
  /// Sorts the bucket. The buffer must stay as it is.
  RunCursor(const RunBuffer& buffer, uint32_t bucket)
      : buffer_(&buffer), bucket_(bucket), order_(buffer.order(bucket)) {}
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
  std::vector<uint32_t> order_;
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
