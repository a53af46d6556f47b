// SPDX-License-Identifier: Apache-2.0
// Sorting by patient what is larger than memory: runs that are sorted each, and merged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/mapped_file.h"
#include "store/record.h"

namespace vigil::store {

/// Records in memory, put in the order of their patients on demand. Not thread-safe.
class RunBuffer {
 public:
  void add(const Record& record);
  size_t bytes() const { return bytes_.size() + keys_.size() * sizeof(Key); }
  bool empty() const { return keys_.empty(); }
  void clear();

  /// By patient; records of one patient in any order.
  void sort();
  /// Calls write(bytes of a record) in order, after sort().
  template <class Write>
  void for_each(Write write) const {
    for (const auto& key : keys_) write(record_bytes(key));
  }
  size_t count() const { return keys_.size(); }
  std::string_view record_bytes(size_t index) const { return record_bytes(keys_[index]); }

 private:
  struct Key {
    uint64_t prefix = 0;  ///< the owner's first eight bytes, in the order of their comparison
    uint64_t offset = 0;
    uint32_t size = 0;
    uint32_t owner_size = 0;
  };
  std::string_view record_bytes(const Key& key) const { return std::string_view(bytes_).substr(key.offset, key.size); }
  std::string_view owner_of(const Key& key) const;

  std::string bytes_;
  std::vector<Key> keys_;
};

/// Goes over sorted records of a buffer or of a file.
class RunCursor {
 public:
  explicit RunCursor(const RunBuffer& buffer) : buffer_(&buffer) {}
  explicit RunCursor(MappedFile file) : file_(std::move(file)) {}

  /// Moves to the next record; false at the end.
  bool next();
  const Record& record() const { return record_; }

 private:
  const RunBuffer* buffer_ = nullptr;
  size_t index_ = 0;
  std::optional<MappedFile> file_;
  size_t offset_ = 0;
  Record record_;
};

/// Merges runs: the records of one patient after another, patients ascending by the bytes of their id.
class RunMerge {
 public:
  explicit RunMerge(std::vector<RunCursor> runs);

  /// The next patient's records, in any order; false where there is none. Views stay valid as long as the runs.
  bool next(std::vector<Record>& records);

 private:
  bool is_later(size_t a, size_t b) const { return runs_[a].record().owner > runs_[b].record().owner; }

  std::vector<RunCursor> runs_;
  std::vector<size_t> heap_;  ///< of runs that have a record, the one with the least patient first
};

}  // namespace vigil::store
