// SPDX-License-Identifier: Apache-2.0
// The bytes of a store. Little-endian, as written by the machine; a store is not moved between byte orders.
//
//   manifest.json      what the store is, written last and put in place by rename: without it there is no store
//   patients.index     IndexHeader, IndexRow by key, the keys; a key is a patient's id
//   patients-NNN.data  blocks, by patient; which of these segments is a matter of the id alone
//   shared.index, shared-NNN.data   the same for resources about no patient; a key is "Type/id", or a full URL
//   rejects.ndjson     what was not kept, where it stood and why
#pragma once

#include <cstddef>
#include <cstdint>

namespace vigil::store {

inline constexpr uint32_t kFormat = 3;
inline constexpr const char* kManifest = "manifest.json";
inline constexpr const char* kRejects = "rejects.ndjson";
/// Of an import that is not finished.
inline constexpr const char* kJournal = "import.journal";
/// What a JSON reader may read beyond the end of a text.
inline constexpr size_t kPadding = 64;
inline constexpr size_t kAlignment = 8;

/// Begins an index file.
struct IndexHeader {
  uint64_t magic = 0;     ///< kIndexMagic
  uint64_t checksum = 0;  ///< of all bytes behind the header
  uint64_t rows = 0;
  uint64_t key_bytes = 0;
};
inline constexpr uint64_t kIndexMagic = 0x3130786449676956;  // "VigIdx01"

/// Where a block is. Rows are sorted by key, bytewise.
struct IndexRow {
  uint64_t offset = 0;  ///< in its segment
  uint64_t size = 0;
  uint64_t key_offset = 0;  ///< in the keys
  uint32_t key_size = 0;
  uint32_t segment = 0;
};

/// Begins a block: the header, VersionRow by version, texts, kPadding bytes of zero, zeros up to kAlignment. Offsets
/// are from the begin of the block. Texts may lie in each other, as an id in its JSON.
struct BlockHeader {
  uint64_t checksum = 0;  ///< of all bytes of the block behind this member
  uint32_t size = 0;
  uint32_t versions = 0;
  uint32_t degraded_offset = 0;  ///< lines: milliseconds since 1970, a blank, a resource type
  uint32_t degraded_size = 0;
};

struct VersionRow {
  int64_t clinical_from = 0;
  int64_t known_from = 0;
  int64_t known_to = 0;
  uint32_t json = 0;
  uint32_t json_size = 0;
  uint32_t id = 0;
  uint32_t full_url = 0;
  uint32_t type = 0;
  uint16_t id_size = 0;
  uint16_t full_url_size = 0;
  uint8_t type_size = 0;
  uint8_t known_source = 0;
  uint16_t unused = 0;
  uint32_t unused_too = 0;  ///< no hidden padding: blocks are compared byte by byte
};
static_assert(sizeof(VersionRow) == 56 && sizeof(BlockHeader) == 24 && sizeof(IndexRow) == 32);

constexpr size_t align(size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace vigil::store
