// SPDX-License-Identifier: Apache-2.0
// Reads id, status and codes of a fact out of the slots of its resource, where the plan keeps them.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include <vigil/snapshot.h>

#include "model/fhir_model.h"
#include "values/arena.h"

namespace vigil {

/// What a fact takes from its resource. What the plan does not keep stays empty.
struct FactParts {
  std::string_view id;
  std::string_view status;
  std::span<const ConceptId> codes;  ///< of the primary code path, without those behind a reference; in the arena
  std::string_view reference;        ///< where the primary code path is a reference
  bool lost_reference = false;       ///< it is a reference, but one that names nothing (an identifier, a display)
};

/// The places of these parts, found once a plan. Immutable; the plan must outlive it.
class FactPartReader {
 public:
  explicit FactPartReader(const ReadPlan& plan);

  /// `type_index` counts ReadPlan::types(); `resource` is of that type.
  FactParts read(size_t type_index, const Object& resource, Arena& arena) const;
  std::string_view id(size_t type_index, const Object& resource) const;
  /// The codes alone, of a resource that a reference leads to.
  std::span<const ConceptId> codes(size_t type_index, const Object& resource, Arena& arena) const;

 private:
  static constexpr uint16_t kNoSlot = PlannedType::kNoSlot;
  struct Places {
    uint16_t id = kNoSlot;
    uint16_t status = kNoSlot;
    uint16_t clinical_status = kNoSlot;
    std::array<uint16_t, 4> codes = {kNoSlot, kNoSlot, kNoSlot, kNoSlot};
  };

  Places find_places(const PlannedType& type) const;
  void add_code_place(Places& places, const PlannedType& type, const model::ElementInfo& element,
                      model::FhirTypeId choice) const;
  std::string_view first_code(const Value& codeable_concept) const;
  template <class Visit>
  void visit_codes(const Value& value, Visit visit) const;
  template <class Visit>
  void visit_code_places(size_t type_index, const Object& resource, Visit visit) const;
  void read_codes(size_t type_index, const Object& resource, Arena& arena, FactParts& parts) const;

  std::vector<Places> places_;  ///< by index in ReadPlan::types()
  model::FhirTypeId codeable_concept_;
  model::FhirTypeId coding_;
  model::FhirTypeId reference_;
  uint16_t concept_coding_slot_ = kNoSlot;  ///< CodeableConcept.coding
  uint16_t coding_code_slot_ = kNoSlot;     ///< Coding.code
  uint16_t reference_text_slot_ = kNoSlot;  ///< Reference.reference
};

}  // namespace vigil
