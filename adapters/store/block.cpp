// SPDX-License-Identifier: Apache-2.0
// Writes and reads blocks.
#include "store/block.h"

#include <cstring>
#include <limits>

#include "store/checksum.h"
#include "store/store_format.h"

namespace vigil::store {
namespace {

/// Texts one behind the other; one that is equal to the one before of its kind is not written again.
class Texts {
 public:
  explicit Texts(size_t begin) : at_(begin) {}
  uint32_t place(std::string_view text) {
    const size_t place = at_;
    at_ += text.size();
    return static_cast<uint32_t>(place);
  }
  size_t end() const { return at_; }

 private:
  size_t at_;
};

/// Where everything will stand.
size_t lay_out(std::span<const StoredVersion> versions, std::span<const std::string_view> degraded,
               std::vector<VersionRow>& rows, BlockHeader& header) {
  Texts texts(sizeof(BlockHeader) + versions.size() * sizeof(VersionRow));
  const StoredVersion* last = nullptr;
  for (const auto& version : versions) {
    VersionRow row;
    row.clinical_from = version.clinical_from;
    row.known_from = version.known_from;
    row.known_to = version.known_to;
    row.known_source = static_cast<uint8_t>(version.known_source);
    const bool same_type = last != nullptr && last->resource_type == version.resource_type;
    row.type = same_type ? rows.back().type : texts.place(version.resource_type);
    row.type_size = static_cast<uint8_t>(version.resource_type.size());
    row.id = texts.place(version.id);
    row.id_size = static_cast<uint16_t>(version.id.size());
    row.full_url = texts.place(version.full_url);
    row.full_url_size = static_cast<uint16_t>(version.full_url.size());
    row.json = texts.place(version.json);
    row.json_size = static_cast<uint32_t>(version.json.size());
    rows.push_back(row);
    last = &version;
  }
  header.versions = static_cast<uint32_t>(versions.size());
  header.degraded_offset = static_cast<uint32_t>(texts.end());
  size_t end = texts.end();
  for (const auto& type : degraded) end += type.size() + 1;
  header.degraded_size = static_cast<uint32_t>(end - texts.end());
  return align(end + kPadding);
}

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

void split_lines(std::string_view lines, std::vector<std::string_view>& texts) {
  for (size_t end = lines.find('\n'); end != std::string_view::npos; end = lines.find('\n')) {
    texts.push_back(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
}

}  // namespace

bool append_block(std::span<const StoredVersion> versions, std::span<const std::string_view> degraded,
                  std::string& bytes) {
  std::vector<VersionRow> rows;
  rows.reserve(versions.size());
  BlockHeader header;
  const size_t size = lay_out(versions, degraded, rows, header);
  if (size > std::numeric_limits<uint32_t>::max()) return false;
  header.size = static_cast<uint32_t>(size);
  const size_t begin = bytes.size();
  bytes.append(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.append(reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(VersionRow));
  const StoredVersion* last = nullptr;
  for (const auto& version : versions) {
    if (last == nullptr || last->resource_type != version.resource_type) bytes += version.resource_type;
    bytes += version.id;
    bytes += version.full_url;
    bytes += version.json;
    last = &version;
  }
  for (const auto& type : degraded) bytes.append(type).append(1, '\n');
  bytes.resize(begin + size, '\0');
  header.checksum = checksum(bytes.data() + begin + sizeof header.checksum, size - sizeof header.checksum);
  std::memcpy(bytes.data() + begin, &header.checksum, sizeof header.checksum);
  return true;
}

std::string_view read_block(std::string_view block, std::vector<StoredVersion>& versions,
                            std::vector<std::string_view>& degraded) {
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
  split_lines(block.substr(header.degraded_offset, header.degraded_size), degraded);
  return {};
}

}  // namespace vigil::store
