// SPDX-License-Identifier: Apache-2.0
// Index and segments, written and mapped.
#include "store/indexed_blocks.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "store/checksum.h"

namespace vigil::store {
namespace {

constexpr uint64_t kSegmentBytes = uint64_t{1} << 30;
constexpr size_t kWriteBytes = size_t{4} << 20;

std::optional<MappedFile> map(const std::string& folder, const StoredFile& file, MappedFile::Access access,
                              DiagnosticSink& sink) {
  std::string reason;
  auto mapped = MappedFile::open(folder + "/" + file.name, access, reason);
  if (mapped && mapped->text().size() == file.bytes) return mapped;
  if (mapped)
    reason = "it has " + std::to_string(mapped->text().size()) + " bytes instead of " + std::to_string(file.bytes);
  sink.add(data_diagnostic("VGL1304", folder, {file.name, reason}).with_hint("import the data again"));
  return std::nullopt;
}

std::string segment_name(const std::string& name, size_t number) {
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "-%03zu.data", number);
  return name + digits.data();
}

}  // namespace

std::optional<IndexedBlocks> IndexedBlocks::open(const std::string& folder, const BlockFiles& files,
                                                 DiagnosticSink& sink) {
  auto index = map(folder, files.index, MappedFile::Access::kRandom, sink);
  if (!index) return std::nullopt;
  IndexedBlocks blocks(std::move(*index));
  for (const auto& segment : files.segments) {
    auto mapped = map(folder, segment, MappedFile::Access::kRandom, sink);
    if (!mapped) return std::nullopt;
    blocks.segments_.push_back(std::move(*mapped));
  }
  const auto problem = blocks.check();
  if (problem.empty()) {
    IndexHeader header;
    std::memcpy(&header, blocks.index_.text().data(), sizeof header);
    blocks.rows_ = header.rows;
    return blocks;
  }
  sink.add(data_diagnostic("VGL1304", folder, {files.index.name, problem}).with_hint("import the data again"));
  return std::nullopt;
}

std::string_view IndexedBlocks::check() const {
  const auto text = index_.text();
  IndexHeader header;
  if (text.size() < sizeof header) return "it is cut off";
  std::memcpy(&header, text.data(), sizeof header);
  if (header.magic != kIndexMagic) return "it is no index";
  if (checksum(text.data() + sizeof header, text.size() - sizeof header) != header.checksum)
    return "its checksum is wrong";
  const uint64_t body = text.size() - sizeof header;
  if (header.rows > body / sizeof(IndexRow) || header.rows * sizeof(IndexRow) + header.key_bytes != body)
    return "it is cut off";
  for (size_t i = 0; i < header.rows; ++i) {
    const IndexRow at = row(i);
    if (at.key_offset > header.key_bytes || at.key_size > header.key_bytes - at.key_offset ||
        at.segment >= segments_.size() || at.offset > segments_[at.segment].text().size() ||
        at.size > segments_[at.segment].text().size() - at.offset)
      return "a block lies outside of its segment";
  }
  return {};
}

IndexRow IndexedBlocks::row(size_t index) const {
  IndexRow row;
  std::memcpy(&row, index_.text().data() + sizeof(IndexHeader) + index * sizeof row, sizeof row);
  return row;
}

std::string_view IndexedBlocks::key(size_t index) const {
  const IndexRow at = row(index);
  const auto* header = index_.text().data();
  uint64_t rows = 0;
  std::memcpy(&rows, header + offsetof(IndexHeader, rows), sizeof rows);
  return index_.text().substr(sizeof(IndexHeader) + rows * sizeof(IndexRow) + at.key_offset, at.key_size);
}

std::string_view IndexedBlocks::block(size_t index) const {
  const IndexRow at = row(index);
  return segments_[at.segment].text().substr(at.offset, at.size);
}

std::optional<size_t> IndexedBlocks::find(std::string_view wanted) const {
  size_t low = 0;
  size_t high = rows_;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (key(middle) < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low < rows_ && key(low) == wanted ? std::optional(low) : std::nullopt;
}

bool BlockWriter::add(std::string_view key, std::string_view block, DiagnosticSink& sink) {
  const bool is_full = segment_size_ > 0 && segment_size_ + block.size() > kSegmentBytes;
  if (is_full && !close_segment(sink)) return false;
  if (!segment_.is_open()) {
    segments_.push_back({segment_name(name_, segments_.size()), 0});
    if (!segment_.open(folder_ + "/" + segments_.back().name, sink)) return false;
  }
  rows_.push_back({segment_size_, block.size(), keys_.size(), static_cast<uint32_t>(key.size()),
                   static_cast<uint32_t>(segments_.size() - 1)});
  keys_ += key;
  pending_ += block;
  segment_size_ += block.size();
  return pending_.size() < kWriteBytes || flush(sink);
}

bool BlockWriter::flush(DiagnosticSink& sink) {
  const bool done = segment_.write(pending_, sink);
  pending_.clear();
  return done;
}

bool BlockWriter::close_segment(DiagnosticSink& sink) {
  if (!segment_.is_open()) return true;
  if (!flush(sink)) return false;
  segments_.back().bytes = segment_size_;
  segment_size_ = 0;
  return segment_.close(true, sink);
}

bool BlockWriter::finish(BlockFiles& files, DiagnosticSink& sink) {
  if (!close_segment(sink)) return false;
  std::string body(reinterpret_cast<const char*>(rows_.data()), rows_.size() * sizeof(IndexRow));
  body += keys_;
  const IndexHeader header = {kIndexMagic, checksum(body.data(), body.size()), rows_.size(), keys_.size()};
  std::string index(reinterpret_cast<const char*>(&header), sizeof header);
  index += body;
  files = {{name_ + ".index", index.size()}, segments_};
  return write_whole_file(folder_ + "/" + files.index.name, index, sink);
}

}  // namespace vigil::store
