// SPDX-License-Identifier: Apache-2.0
// Blocks by key, memory-mapped: an index file and its segments.
#pragma once

#include <optional>
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

 private:
  explicit IndexedBlocks(MappedFile index) : index_(std::move(index)) {}
  /// Why the index cannot be used; empty where it can.
  std::string_view check() const;
  IndexRow row(size_t index) const;

  MappedFile index_;
  std::vector<MappedFile> segments_;
  size_t rows_ = 0;
};

/// Writes blocks in the order of their keys. Segments are cut at a size that the content alone decides.
class BlockWriter {
 public:
  /// Files are named `name`.index and `name`-NNN.data.
  BlockWriter(std::string folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}

  /// `block` as append_block() made it; keys ascend.
  bool add(std::string_view key, std::string_view block, DiagnosticSink& sink);
  /// Writes what is left and the index. `files` tells what there is.
  bool finish(BlockFiles& files, DiagnosticSink& sink);

 private:
  bool flush(DiagnosticSink& sink);
  bool close_segment(DiagnosticSink& sink);

  std::string folder_;
  std::string name_;
  std::vector<StoredFile> segments_;
  FileWriter segment_;
  uint64_t segment_size_ = 0;  ///< with what is pending
  std::string pending_;
  std::vector<IndexRow> rows_;
  std::string keys_;
};

}  // namespace vigil::store
