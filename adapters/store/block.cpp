// SPDX-License-Identifier: Apache-2.0
// Writes and reads blocks.
#include "store/block.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "store/checksum.h"
#include "store/short_text.h"
#include "store/store_format.h"

namespace vigil::store {
namespace {

/// Behind a JSON text, whose reader looks at the byte behind it.
constexpr char kEndOfText = '\n';

/// Where in the JSON of a resource its id stands as mostly written: behind the type, or first; the JSON's size where it
/// does not.
size_t find_id(const StoredVersion& version) {
  constexpr size_t kFirst = std::string_view(R"({"id":")").size();
  const size_t behind_type = std::string_view(R"({"resourceType":"","id":")").size() + version.resource_type.size();
  for (const size_t at : {behind_type, kFirst})
    if (at + version.id.size() <= version.json.size() &&
        same_text(version.json.substr(at, version.id.size()), version.id))
      return at;
  return version.json.size();
}

char* put(std::string_view text, char* at) { return std::copy(text.begin(), text.end(), at); }

template <class T>
T load(std::string_view bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

bool read_row(std::string_view block, const VersionRow& row, StoredVersion& version) {
  const size_t end = block.size() - kPadding;
  const auto text = [&](uint64_t offset, uint64_t size, std::string_view& view) {
    if (offset + size > end) return false;
    view = block.substr(offset, size);
    return true;
  };
  version.clinical_from = row.clinical_from;
  version.known_from = row.known_from;
  version.known_to = row.known_to;
  version.known_source = static_cast<KnownSource>(row.known_source);
  return row.known_source <= static_cast<uint8_t>(KnownSource::kNone) &&
         text(row.type, row.type_size, version.resource_type) && text(row.id, row.id_size, version.id) &&
         text(row.full_url, row.full_url_size, version.full_url) && text(row.json, row.json_size, version.json);
}

/// A line for each: the time in milliseconds, a blank, the type.
std::string lines_of(std::span<const Degraded> degraded) {
  std::string lines;
  for (const auto& [type, from] : degraded) lines.append(std::to_string(from)).append(1, ' ').append(type) += '\n';
  return lines;
}

/// False where it is no such lines.
bool read_lines(std::string_view lines, std::vector<Degraded>& degraded) {
  for (size_t end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
    const auto line = lines.substr(0, end);
    Degraded one;
    const auto [behind, error] = std::from_chars(line.data(), line.data() + line.size(), one.from);
    const auto time_size = static_cast<size_t>(behind - line.data());
    if (error != std::errc{} || line.substr(time_size, 1) != " ") return false;
    one.type = line.substr(time_size + 1);
    degraded.push_back(one);
    lines.remove_prefix(end + 1);
  }
  return lines.empty();
}

}  // namespace

size_t BlockMaker::lay_out(std::span<const StoredVersion> versions, std::span<const Degraded> degraded) {
  versions_ = versions;
  degraded_ = lines_of(degraded);
  rows_.clear();
  size_t end = sizeof(BlockHeader) + versions.size() * sizeof(VersionRow);
  const auto place = [&end](size_t size) { return static_cast<uint32_t>(std::exchange(end, end + size)); };
  const StoredVersion* last = nullptr;
  for (const auto& version : versions) {
    VersionRow& row = rows_.emplace_back();
    row.clinical_from = version.clinical_from;
    row.known_from = version.known_from;
    row.known_to = version.known_to;
    row.known_source = static_cast<uint8_t>(version.known_source);
    const bool same_type = last != nullptr && same_text(last->resource_type, version.resource_type);
    row.type = same_type ? rows_[rows_.size() - 2].type : place(version.resource_type.size());
    row.type_size = static_cast<uint8_t>(version.resource_type.size());
    row.full_url = place(version.full_url.size());
    row.full_url_size = static_cast<uint16_t>(version.full_url.size());
    row.json = place(version.json.size() + 1);
    row.json_size = static_cast<uint32_t>(version.json.size());
    const size_t id = find_id(version);
    row.id = id < version.json.size() ? static_cast<uint32_t>(row.json + id) : place(version.id.size());
    row.id_size = static_cast<uint16_t>(version.id.size());
    last = &version;
  }
  header_ = {};
  header_.versions = static_cast<uint32_t>(versions.size());
  header_.degraded_offset = static_cast<uint32_t>(end);
  end += degraded_.size();
  header_.degraded_size = static_cast<uint32_t>(degraded_.size());
  const size_t size = align(end + kPadding);
  if (size > std::numeric_limits<uint32_t>::max()) return 0;
  header_.size = static_cast<uint32_t>(size);
  return size;
}

void BlockMaker::write(char* bytes) const {
  char* at = bytes + sizeof header_;
  if (!rows_.empty()) std::memcpy(at, rows_.data(), rows_.size() * sizeof(VersionRow));
  at += rows_.size() * sizeof(VersionRow);
  for (size_t i = 0; i < rows_.size(); ++i) {
    const auto& version = versions_[i];
    if (i == 0 || rows_[i].type != rows_[i - 1].type) at = put(version.resource_type, at);
    at = put(version.full_url, at);
    at = put(version.json, at);
    *at++ = kEndOfText;
    if (rows_[i].id >= rows_[i].json + rows_[i].json_size) at = put(version.id, at);
  }
  at = put(degraded_, at);
  std::memset(at, 0, static_cast<size_t>(bytes + header_.size - at));
  BlockHeader header = header_;
  std::memcpy(bytes, &header, sizeof header);
  header.checksum = checksum(bytes + sizeof header.checksum, header.size - sizeof header.checksum);
  std::memcpy(bytes, &header.checksum, sizeof header.checksum);
}

std::string_view read_block(std::string_view block, std::vector<StoredVersion>& versions,
                            std::vector<Degraded>& degraded) {
  versions.clear();
  degraded.clear();
  if (block.size() < sizeof(BlockHeader) + kPadding) return "it is cut off";
  const auto header = load<BlockHeader>(block, 0);
  if (header.size != block.size()) return "its size is not the one in the index";
  constexpr size_t kHashedFrom = sizeof header.checksum;
  if (checksum(block.data() + kHashedFrom, block.size() - kHashedFrom) != header.checksum)
    return "its checksum is wrong";
  const size_t rows_end = sizeof(BlockHeader) + uint64_t{header.versions} * sizeof(VersionRow);
  const size_t degraded_end = uint64_t{header.degraded_offset} + header.degraded_size;
  if (rows_end > block.size() - kPadding || degraded_end > block.size() - kPadding) return "it is cut off";
  versions.resize(header.versions);
  for (size_t i = 0; i < versions.size(); ++i) {
    const auto row = load<VersionRow>(block, sizeof(BlockHeader) + i * sizeof(VersionRow));
    if (read_row(block, row, versions[i])) continue;
    versions.clear();
    return "a version lies outside of it";
  }
  if (read_lines(block.substr(header.degraded_offset, header.degraded_size), degraded)) return {};
  versions.clear();
  degraded.clear();
  return "what was lost of it cannot be read";
}

}  // namespace vigil::store
