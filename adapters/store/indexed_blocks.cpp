// SPDX-License-Identifier: Apache-2.0
// Index and segments, written and mapped.
#include "store/indexed_blocks.h"

#include <algorithm>
#include <cstring>

#include "store/checksum.h"

namespace vigil::store {
namespace {

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

}  // namespace

std::optional<IndexedBlocks> IndexedBlocks::open(const std::string& folder, const BlockFiles& files,
                                                 DiagnosticSink& sink) {
  auto index = map(folder, files.index, MappedFile::Access::kRandom, sink);
  if (!index) return std::nullopt;
  IndexedBlocks blocks(std::move(*index));
  for (const auto& segment : files.segments) {
    auto mapped = map(folder, segment, MappedFile::Access::kSequential, sink);
    if (!mapped) return std::nullopt;
    blocks.segments_.push_back(std::move(*mapped));
  }
  const auto problem = blocks.check();
  blocks.index_.release(0, blocks.index_.text().size());
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

void IndexedBlocks::touch(size_t index, Touched& touched) const {
  constexpr size_t kMostBytes = size_t{8} << 20;
  const IndexRow at = row(index);
  if (touched.bytes > kMostBytes) {
    for (size_t s = 0; s < touched.ranges.size(); ++s)
      segments_[s].release(touched.ranges[s].begin, touched.ranges[s].end);
    index_.release(0, index_.text().size());
    touched.ranges.clear();
    touched.bytes = 0;
  }
  touched.ranges.resize(segments_.size());
  auto& range = touched.ranges[at.segment];
  range.begin = std::min<size_t>(range.begin, at.offset);
  range.end = std::max<size_t>(range.end, at.offset + at.size);
  touched.bytes += at.size;
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

bool SegmentWriter::open(const std::string& folder, std::string name, DiagnosticSink& sink) {
  name_ = std::move(name);
  return file_.open(folder + "/" + name_, sink);
}

char* SegmentWriter::extend(size_t size) {
  rows_.push_back({file_.size(), size, 0, 0, 0});
  return file_.extend(size);
}

bool SegmentWriter::add(std::string_view key, DiagnosticSink& sink) {
  rows_.back().key_offset = keys_.size();
  rows_.back().key_size = static_cast<uint32_t>(key.size());
  keys_ += key;
  return file_.flush(sink);
}

bool write_index(const std::string& folder, const std::string& name, std::span<const SegmentWriter> segments,
                 BlockFiles& files, DiagnosticSink& sink) {
  std::vector<size_t> at(segments.size());
  std::vector<uint32_t> heap;  // of segments with a row left, the one with the least key first
  const auto key_of = [&](uint32_t s) { return segments[s].key(segments[s].rows()[at[s]]); };
  const auto later = [&](uint32_t a, uint32_t b) { return key_of(a) > key_of(b); };
  IndexHeader header{kIndexMagic, 0, 0, 0};
  for (uint32_t s = 0; s < segments.size(); ++s) {
    files.segments.push_back({segments[s].name(), segments[s].bytes()});
    if (!segments[s].rows().empty()) heap.push_back(s);
    header.rows += segments[s].rows().size();
    header.key_bytes += segments[s].key_bytes();
  }
  std::make_heap(heap.begin(), heap.end(), later);
  std::string index(sizeof header + header.rows * sizeof(IndexRow) + header.key_bytes, '\0');
  char* next_row = index.data() + sizeof header;
  char* const keys = next_row + header.rows * sizeof(IndexRow);
  char* next_key = keys;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const uint32_t s = heap.back();
    IndexRow row = segments[s].rows()[at[s]];
    row.segment = s;
    const auto key = segments[s].key(row);
    row.key_offset = static_cast<uint64_t>(next_key - keys);
    next_key = std::copy(key.begin(), key.end(), next_key);
    std::memcpy(next_row, &row, sizeof row);
    next_row += sizeof row;
    if (++at[s] < segments[s].rows().size())
      std::push_heap(heap.begin(), heap.end(), later);
    else
      heap.pop_back();
  }
  header.checksum = checksum(index.data() + sizeof header, index.size() - sizeof header);
  std::memcpy(index.data(), &header, sizeof header);
  files.index = {name + ".index", index.size()};
  return write_whole_file(folder + "/" + files.index.name, index, sink);
}

}  // namespace vigil::store
