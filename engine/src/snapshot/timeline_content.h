// SPDX-License-Identifier: Apache-2.0
// What a timeline holds: versions with their indexes, concepts of its own, and the arena under all of it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>

#include "snapshot/fact_parts.h"
#include "snapshot/hash_index.h"
#include "values/arena.h"

namespace vigil {

/// A stamp of what was stamped before and of one number more.
inline uint64_t stamp_with(uint64_t stamp, uint64_t number) {
  stamp = (stamp ^ (number + 1)) * 0x9E3779B97F4A7C15u;
  return stamp ^ (stamp >> 32);
}

struct Timeline::Content {
  static constexpr uint32_t kNone = UINT32_MAX;

  /// A version with its fact, complete but for codes behind a reference to another version.
  struct Version {
    Fact fact;
    std::string_view code_reference;  ///< to follow when a snapshot is made; empty where there is none
    std::string_view full_url;
    std::span<const Object* const> contained;
    Instant known_from = kAlways;
    Instant known_to = kForever;
    uint32_t identity = kNone;              ///< number of its (type, id); kNone without id
    uint32_t previous_of_identity = kNone;  ///< the version read before with the same type and id
    uint32_t previous_of_url = kNone;       ///< the version read before with the same full URL
    uint16_t type_index = 0;                ///< in ReadPlan::types()

    bool known_at(Instant at) const { return known_from <= at && at < known_to; }
  };

  Content(const ReadPlan& plan, const KnowledgeBase& knowledge, size_t max_bytes);
  void clear();
  void add(const FactVersion& given);
  ConceptId intern(std::string_view& system, std::string_view& code, const KnowledgeBase& knowledge);
  /// The id of a concept that is the same in every timeline; 0 where there is none.
  ConceptId find_shared(std::string_view system, std::string_view code, const KnowledgeBase& knowledge) const;

  /// Where the type stands in ReadPlan::types(); SIZE_MAX where it is not planned.
  size_t type_index(uint16_t fhir_type) const;
  /// The last version read of this type and id, or of this full URL; kNone. Follow previous_of_… for the others.
  uint32_t find_identity(uint16_t type, std::string_view id) const;
  uint32_t find_url(std::string_view full_url) const;
  /// The resource that `from`, a version's or one contained in it, names by "#" or "#id".
  const Object* find_contained(std::string_view reference, const Object& from) const;

  const ReadPlan& plan;
  Arena arena;
  FactPartReader part_reader;
  ConceptId last_shared_id;   ///< of the knowledge base or the read plan: own concepts have greater ids
  size_t patient_type_index;  ///< in ReadPlan::types(); SIZE_MAX where Patient is not planned
  bool follows_references;    ///< the plan keeps Reference.reference: full URLs are worth an index

  std::vector<Version> versions;
  uint32_t identity_count = 0;
  bool has_repeats = false;  ///< some (type, id) has several versions
  HashIndex identities;      ///< last version of each (type, id)
  HashIndex urls;            ///< last version of each full URL
  std::vector<uint32_t> with_contained;

  /// A code met in this or an earlier patient's data, and its id.
  struct InternedCode {
    std::string_view system;
    std::string_view code;
    ConceptId id = 0;
    uint64_t patient = 0;  ///< for ids of a patient's own: whose
  };
  static constexpr size_t kMostCodes = size_t{1} << 17;  ///< beyond it clear() forgets them
  std::vector<InternedCode> codes;
  HashIndex code_index;
  Arena code_arena;
  uint64_t patient_number = 1;            ///< counts clear()
  std::vector<ConceptInfo> own_concepts;  ///< with ids from last_shared_id + 1 on

  std::vector<Completeness> completeness;  ///< by FHIR type
  Completeness completeness_of_all = Completeness::kComplete;

  // Scratch of at(), kept for its memory.
  std::vector<uint32_t> winners;   ///< by identity: version, or kNone
  std::vector<uint8_t> conflicts;  ///< by identity
  struct Passing {
    uint32_t number = 0;  ///< of a code filter
    uint32_t place = 0;   ///< of a fact that passes it
  };
  std::vector<Passing> passing;
  std::vector<uint64_t> fact_stamps;  ///< by place: which version it is, and which other gives it its codes

 private:
  void take_codes_of_contained(Version& version, std::string_view reference);
  void index_identity(Version& version, uint32_t number);
  void index_url(Version& version, uint32_t number);
};

}  // namespace vigil
