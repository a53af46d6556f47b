// SPDX-License-Identifier: Apache-2.0
// Blocks by key, memory-mapped: an index file and its segments.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "store/manifest.h"
#include "store/mapped_file.h"
#include "store/store_format.h"
#include "store/whole_file.h"

namespace vigil::store {

/// Reads. Immutable, any number of threads.
class IndexedBlocks {
 public:
  /// None, with VGL1304, where a file is missing, of another size, or the index is damaged. Segments are not gone over:
  /// a block's own checksum tells.
  static std::optional<IndexedBlocks> open(const std::string& folder, const BlockFiles& files, DiagnosticSink& sink);

  size_t size() const { return rows_; }
  std::string_view key(size_t index) const;
  std::string_view block(size_t index) const;
  std::optional<size_t> find(std::string_view key) const;

  /// Which bytes of the segments a reader went over, one range a segment.
  struct Touched {
    struct Range {
      size_t begin = SIZE_MAX;
      size_t end = 0;
    };
    std::vector<Range> ranges;
    size_t bytes = 0;
  };
  /// Notes that a block is read. Now and then gives back what was read before it, so that what counts as this process's
  /// memory does not grow with the store.
  void touch(size_t index, Touched& touched) const;

 private:
  explicit IndexedBlocks(MappedFile index) : index_(std::move(index)) {}
  /// Why the index cannot be used; empty where it can.
  std::string_view check() const;
  IndexRow row(size_t index) const;

  MappedFile index_;
  std::vector<MappedFile> segments_;
  size_t rows_ = 0;
};

/// Writes the blocks of one segment in the order of their keys. Not thread-safe; each segment has its own.
class SegmentWriter {
 public:
  bool open(const std::string& folder, std::string name, DiagnosticSink& sink);
  /// Room for the next block, whose bytes are written there; then add() takes it. Keys ascend.
  char* extend(size_t size);
  bool add(std::string_view key, DiagnosticSink& sink);
  /// Writes what is left, to the disk; begin_finish() does not wait for it.
  void begin_finish() { file_.begin_close(true); }
  bool finish(DiagnosticSink& sink) { return file_.close(true, sink); }

  const std::string& name() const { return name_; }
  uint64_t bytes() const { return file_.size(); }
  const std::vector<IndexRow>& rows() const { return rows_; }
  uint64_t key_bytes() const { return keys_.size(); }
  std::string_view key(const IndexRow& row) const {
    return std::string_view(keys_).substr(row.key_offset, row.key_size);
  }

 private:
  std::string name_;
  FileWriter file_;
  std::vector<IndexRow> rows_;
  std::string keys_;
};

/// Writes one index over finished segments, and tells what there is.
bool write_index(const std::string& folder, const std::string& name, std::span<const SegmentWriter> segments,
                 BlockFiles& files, DiagnosticSink& sink);

}  // namespace vigil::store
