// SPDX-License-Identifier: Apache-2.0
// Records as bytes.
#include "store/record.h"

#include <algorithm>
#include <cstring>

#include "store/checksum.h"

namespace vigil::store {
namespace {

struct Head {
  uint64_t size = 0;  ///< with the head
  uint64_t version_number = 0;
  uint64_t identity = 0;
  int64_t clinical_from = 0;
  int64_t known_from = 0;
  int64_t updated = 0;
  const char* json = nullptr;  ///< where it stays; else it stands behind the other texts
  uint64_t at = 0;
  uint32_t file = 0;
  uint32_t entry = 0;
  uint32_t json_size = 0;
  uint16_t owner_size = 0;
  uint16_t id_size = 0;
  uint16_t full_url_size = 0;
  uint8_t type_size = 0;
  uint8_t known_source = 0;
  uint8_t kind = 0;
  uint8_t is_of_history = 0;
  uint16_t unused = 0;
};
static_assert(sizeof(Head) == kRecordHeadBytes);

}  // namespace

uint64_t identity_of(uint64_t type_checksum, std::string_view id) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15u;
  return checksum(id.data(), id.size()) * kOdd ^ type_checksum;
}

uint64_t identity_of(std::string_view type, std::string_view id) {
  return identity_of(checksum(type.data(), type.size()), id);
}

size_t record_size(const Record& record) {
  return sizeof(Head) + record.owner.size() + record.type.size() + record.id.size() + record.full_url.size() +
         (record.json_stays ? 0 : record.json.size());
}

void write_record(const Record& record, char* bytes) {
  Head head;
  head.size = record_size(record);
  head.version_number = record.version_number;
  head.identity = record.identity;
  head.clinical_from = record.clinical_from;
  head.known_from = record.known_from;
  head.updated = record.updated;
  head.at = record.place.at;
  head.file = record.place.file;
  head.entry = record.place.entry;
  head.json_size = static_cast<uint32_t>(record.json.size());
  head.owner_size = static_cast<uint16_t>(record.owner.size());
  head.id_size = static_cast<uint16_t>(record.id.size());
  head.full_url_size = static_cast<uint16_t>(record.full_url.size());
  head.type_size = static_cast<uint8_t>(record.type.size());
  head.known_source = static_cast<uint8_t>(record.known_source);
  head.kind = static_cast<uint8_t>(record.kind);
  head.is_of_history = record.is_of_history ? 1 : 0;
  if (record.json_stays) head.json = record.json.data();
  std::memcpy(bytes, &head, sizeof head);
  bytes += sizeof head;
  for (const auto text : {record.owner, record.type, record.id, record.full_url})
    bytes = std::copy(text.begin(), text.end(), bytes);
  if (!record.json_stays) std::copy(record.json.begin(), record.json.end(), bytes);
}

bool read_record(std::string_view bytes, size_t& offset, Record& record) {
  Head head;
  if (offset + sizeof head > bytes.size()) return false;
  std::memcpy(&head, bytes.data() + offset, sizeof head);
  if (head.size > bytes.size() - offset) return false;
  size_t at = offset + sizeof head;
  const auto take = [&](size_t size) {
    const auto text = bytes.substr(at, size);
    at += size;
    return text;
  };
  record.owner = take(head.owner_size);
  record.type = take(head.type_size);
  record.id = take(head.id_size);
  record.full_url = take(head.full_url_size);
  record.json_stays = head.json != nullptr;
  record.json = record.json_stays ? std::string_view(head.json, head.json_size) : take(head.json_size);
  record.clinical_from = head.clinical_from;
  record.known_from = head.known_from;
  record.updated = head.updated;
  record.version_number = head.version_number;
  record.identity = head.identity;
  record.place = {head.at, head.file, head.entry};
  record.known_source = static_cast<KnownSource>(head.known_source);
  record.kind = static_cast<RecordKind>(head.kind);
  record.is_of_history = head.is_of_history != 0;
  offset += head.size;
  return at == offset;
}

}  // namespace vigil::store
