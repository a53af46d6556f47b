// SPDX-License-Identifier: Apache-2.0
// A resource on its way from a source to the store, as it stands in runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/store.h"

namespace vigil::store {

/// Where something stands in the sources.
struct Place {
  static constexpr uint32_t kNoEntry = UINT32_MAX;
  uint64_t at = 0;            ///< a line, or the offset of a line's begin: see SourceUnit
  uint32_t file = 0;          ///< in the list of sources
  uint32_t entry = kNoEntry;  ///< of a Bundle
  auto operator<=>(const Place&) const = default;
};

/// Begins the owner of a resource about no patient, before all patients' ids; "Type/id" or a URN follows.
inline constexpr char kSharedOwner = '\x01';

enum class RecordKind : uint8_t {
  kVersion,
  kDeletion,  ///< `updated` tells when the resource was deleted
  kAlias,     ///< a version once more: by its full URL if it is about no patient, for each further patient it is about
  kRepeatedDeletion,  ///< likewise for each further patient
};

/// Views into what it was read from. A patient's records are told apart only when all of them are together.
struct Record {
  std::string_view owner;  ///< a patient's id, or kSharedOwner and a reference; empty: of nobody in particular
  std::string_view type;
  std::string_view id;
  std::string_view full_url;
  std::string_view json;
  Instant clinical_from = kAlways;
  Instant known_from = kAlways;
  Instant updated = kAlways;
  uint64_t version_number = 0;
  uint64_t identity = 0;  ///< a hash of type and id, made by RunBuffer: what differs in it is another resource
  Place place;
  KnownSource known_source = KnownSource::kNone;
  RecordKind kind = RecordKind::kVersion;
  bool is_of_history = false;  ///< its source gives versions
  bool json_stays = false;     ///< `json` outlives the import: in memory a record only points to it
};

/// Before it the version cannot have been known; kAlways where nothing tells.
inline Instant known_at_earliest(const Record& record) {
  return record.is_of_history && record.updated != kAlways ? record.updated : record.known_from;
}

/// What a record takes besides its texts.
inline constexpr size_t kRecordHeadBytes = 88;

/// Record::identity; the first of the type's checksum().
uint64_t identity_of(uint64_t type_checksum, std::string_view id);
uint64_t identity_of(std::string_view type, std::string_view id);

/// How many bytes a record takes, and writes them. On disk json_stays must not be set.
size_t record_size(const Record& record);
void write_record(const Record& record, char* bytes);
/// Reads the record at `offset` and sets it behind; false where there is none that is whole. Runs are the import's own
/// and checked by their checksum as a whole.
bool read_record(std::string_view bytes, size_t& offset, Record& record);

}  // namespace vigil::store
