// SPDX-License-Identifier: Apache-2.0
// The read plan in the form the reader works with: for each type a table of JSON members and what to do with each.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>

namespace vigil::fhir {

struct TypeShape;

/// A member of a resource that the reader itself looks at. What is planned is read as planned, and then looked at in
/// its slot; only contained resources are special planned or not.
enum class Special : uint8_t { kNone, kResourceType, kId, kPatient, kParticipants, kStatus, kContained, kMeta };

/// A JSON member that is not skipped.
struct Member {
  std::string_view name;
  const TypeShape* type = nullptr;  ///< of objects; null where nothing of them is kept
  uint16_t fhir_type = 0;
  uint16_t slot = PlannedType::kNoSlot;  ///< kNoSlot: not planned, only special
  Kind kind = Kind::kNull;
  bool is_list = false;
  bool stays_view = false;  ///< a text that is not copied: a Coding's system and code, which are interned
  Special special = Special::kNone;

  bool is_planned() const { return slot != PlannedType::kNoSlot; }
};

/// A JSON key in registers: its first and its last eight bytes. Exact for keys of up to sixteen bytes.
struct KeyWords {
  uint64_t first = 0;
  uint64_t last = 0;
  uint32_t size = 0;

  static constexpr size_t kExact = 16;
  /// `readable` bytes can be read from key.data() on, at least its size.
  KeyWords(std::string_view key, size_t readable) : size(static_cast<uint32_t>(key.size())) {
    if (key.size() >= 8) {
      std::memcpy(&first, key.data(), 8);
      std::memcpy(&last, key.data() + key.size() - 8, 8);
    } else if (readable >= 8 && !key.empty()) {
      const uint64_t ones = ~uint64_t{0};
      const size_t unused = 64 - 8 * key.size();
      std::memcpy(&first, key.data(), 8);
      first &= std::endian::native == std::endian::little ? ones >> unused : ones << unused;
    } else {
      std::memcpy(&first, key.data(), key.size());
    }
  }
  KeyWords() = default;
  bool operator==(const KeyWords&) const = default;
};

/// Members by name. Resources of one type have their members in much the same order, so what came last time is tried
/// first: `Cursor` counts the members of one object. Not thread-safe, since it remembers.
class MemberTable {
 public:
  using Cursor = uint32_t;

  MemberTable() : places_(2) {}
  /// Of members with one name the first is found.
  explicit MemberTable(std::vector<Member> members);

  /// Null where there is none. `readable` bytes can be read from key.data() on, at least its size. Sets `sure` to false
  /// where there is none and the key may hold escapes.
  const Member* find(std::string_view key, size_t readable, Cursor& cursor, bool& sure) const {
    const KeyWords words(key, readable);
    for (uint32_t ahead = 0; ahead < 2; ++ahead) {
      const Recent& recent = order_[(cursor + ahead) % kOrder];
      if (recent.words == words) {
        cursor += ahead + 1;
        return recent.member;
      }
    }
    return find_out_of_order(key, words, cursor, sure);
  }
  const Member* find(std::string_view key) const { return look_up(key, KeyWords(key, key.size())); }

 private:
  static constexpr size_t kOrder = 32;
  struct Recent {
    KeyWords words;  ///< of a key that they tell exactly; else of size 0
    const Member* member = nullptr;
  };
  struct Place {
    uint64_t prefix = 0;
    uint32_t size = 0;  ///< 0: nothing here
    uint32_t member = 0;
  };

  const Member* look_up(std::string_view key, const KeyWords& words) const;
  const Member* find_out_of_order(std::string_view key, const KeyWords& words, Cursor& cursor, bool& sure) const;
  static uint64_t hash(const KeyWords& words) {
    return (words.first ^ words.size * 0xD6E8FEB86659FD93u) * 0x9E3779B97F4A7C15u;
  }

  std::vector<Member> members_;
  std::vector<Place> places_;  ///< open addressing; a power of two, at most a quarter full
  uint32_t shift_ = 63;        ///< 64 less its logarithm
  mutable std::array<Recent, kOrder> order_{};
};

/// A planned type, data type or resource.
struct TypeShape {
  const PlannedType* type = nullptr;
  MemberTable members;
  uint16_t reference_slot = PlannedType::kNoSlot;  ///< of a Reference: its `reference`
};

/// kPlanned: keep it. kUnneeded: FHIR knows it, no rule does. kPatient: not planned either, but its id says whose the
/// data is. The others are not facts but hold resources, or say what went wrong.
enum class ResourceRole : uint8_t { kUnneeded, kPlanned, kPatient, kBundle, kParameters, kOperationOutcome };

/// One resource type as this adapter sees it.
struct ResourceShape {
  std::string name;
  ResourceRole role = ResourceRole::kUnneeded;
  const PlannedType* type = nullptr;  ///< of kPlanned only
  MemberTable members;                ///< planned and special ones
  bool is_patient = false;
  bool is_request = false;                         ///< one with status `draft` is a draft under review
  uint16_t id_slot = PlannedType::kNoSlot;         ///< of planned ones
  uint16_t status_slot = PlannedType::kNoSlot;     ///< of requests
  uint16_t patient_slot = PlannedType::kNoSlot;    ///< a Reference to the patient, with its `reference` planned
  uint16_t reference_slot = PlannedType::kNoSlot;  ///< of that Reference
};

/// All shapes of a plan. Learns the names of unneeded resource types as they come, so that each is looked up in the
/// FHIR model once. Shapes stay where they are. Not thread-safe.
class ReadShapes {
 public:
  /// The plan must outlive it.
  explicit ReadShapes(const ReadPlan& plan);
  ReadShapes(const ReadShapes&) = delete;
  ReadShapes& operator=(const ReadShapes&) = delete;

  /// The shape of a resource type by its name in the data; null for what is no FHIR R4 resource type.
  const ResourceShape* find_resource(std::string_view name);

 private:
  std::vector<Member> members_of(const PlannedType& type) const;
  void add_special(std::vector<Member>& members, std::string_view name, Special special, uint16_t& slot) const;
  const ResourceShape* learn(std::string_view name);

  const ReadPlan& plan_;
  std::deque<TypeShape> types_;  ///< as in ReadPlan::types()
  std::deque<ResourceShape> resources_;
  std::vector<const ResourceShape*> by_name_;  ///< open addressing; larger than there are resource types
};

}  // namespace vigil::fhir
