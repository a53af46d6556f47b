// SPDX-License-Identifier: Apache-2.0
// Finds where the plan keeps a fact's id, status and codes, and reads them.
#include "snapshot/fact_parts.h"

#include <algorithm>
#include <memory>

namespace vigil {

namespace {

uint16_t slot_of(const PlannedType* type, std::string_view json_name) {
  const auto* element = type == nullptr ? nullptr : type->find(json_name);
  return element == nullptr ? PlannedType::kNoSlot : element->slot;
}

const Value& slot(const Object& object, uint16_t index) {
  static constexpr Value kNothing;
  return index < object.slot_count ? object.slots[index] : kNothing;
}

std::string_view text(const Value& value) { return value.kind == Kind::kString ? value.string() : std::string_view{}; }

}  // namespace

FactPartReader::FactPartReader(const ReadPlan& plan)
    : codeable_concept_(model::find_type("CodeableConcept")),
      coding_(model::find_type("Coding")),
      reference_(model::find_type("Reference")),
      concept_coding_slot_(slot_of(plan.type(codeable_concept_), "coding")),
      coding_code_slot_(slot_of(plan.type(coding_), "code")),
      reference_text_slot_(slot_of(plan.type(reference_), "reference")) {
  places_.reserve(plan.types().size());
  for (const auto& type : plan.types()) places_.push_back(type.is_resource ? find_places(type) : Places{});
}

FactPartReader::Places FactPartReader::find_places(const PlannedType& type) const {
  Places places;
  places.id = slot_of(&type, "id");
  places.status = slot_of(&type, "status");
  places.clinical_status = slot_of(&type, "clinicalStatus");
  const auto path = model::type(type.fhir_type).primary_code_path;
  const auto* element = path.empty() ? nullptr : model::find_element(type.fhir_type, path);
  if (element == nullptr) return places;
  for (const auto choice : element->type_span())
    if (choice == codeable_concept_ || choice == coding_ || choice == reference_)
      add_code_place(places, type, *element, choice);
  return places;
}

void FactPartReader::add_code_place(Places& places, const PlannedType& type, const model::ElementInfo& element,
                                    model::FhirTypeId choice) const {
  const uint16_t at = slot_of(&type, model::json_name(element, choice));
  if (at == kNoSlot || std::find(places.codes.begin(), places.codes.end(), at) != places.codes.end()) return;
  *std::find(places.codes.begin(), places.codes.end() - 1, kNoSlot) = at;
}

std::string_view FactPartReader::id(size_t type_index, const Object& resource) const {
  return text(slot(resource, places_[type_index].id));
}

std::string_view FactPartReader::first_code(const Value& codeable_concept) const {
  if (codeable_concept.kind != Kind::kObject || codeable_concept.object->fhir_type != codeable_concept_) return {};
  const Value& codings = slot(*codeable_concept.object, concept_coding_slot_);
  if (codings.kind != Kind::kList || codings.count == 0 || codings.elements[0].kind != Kind::kObject) return {};
  return text(slot(*codings.elements[0].object, coding_code_slot_));
}

/// Calls visit(Coding or Reference object) for each in a CodeableConcept, Coding or Reference, or a list of them.
template <class Visit>
void FactPartReader::visit_codes(const Value& value, Visit visit) const {
  if (value.kind == Kind::kList) {
    for (const Value& element : value) visit_codes(element, visit);
  } else if (value.kind == Kind::kObject) {
    if (value.object->fhir_type == codeable_concept_)
      visit_codes(slot(*value.object, concept_coding_slot_), visit);
    else if (value.object->fhir_type == coding_ || value.object->fhir_type == reference_)
      visit(*value.object);
  }
}

template <class Visit>
void FactPartReader::visit_code_places(size_t type_index, const Object& resource, Visit visit) const {
  for (const uint16_t place : places_[type_index].codes) {
    if (place == kNoSlot) return;
    visit_codes(slot(resource, place), visit);
  }
}

std::span<const ConceptId> FactPartReader::codes(size_t type_index, const Object& resource, Arena& arena) const {
  FactParts parts;
  read_codes(type_index, resource, arena, parts);
  return parts.codes;
}

/// Most facts have one code or two; where there are more, they are counted first.
void FactPartReader::read_codes(size_t type_index, const Object& resource, Arena& arena, FactParts& parts) const {
  constexpr size_t kFew = 4;
  std::array<ConceptId, kFew> few;
  size_t count = 0;
  visit_code_places(type_index, resource, [&](const Object& part) {
    if (part.fhir_type == reference_) {
      // One reference is followed; of several, which no primary code path has today, the others count as lost.
      const auto reference = text(slot(part, reference_text_slot_));
      if (parts.reference.empty() && !reference.empty())
        parts.reference = reference;
      else
        parts.lost_reference = true;
    } else if (part.concept_id != 0) {
      if (count < kFew) few[count] = part.concept_id;
      ++count;
    }
  });
  if (count == 0) return;
  auto* codes = static_cast<ConceptId*>(arena.allocate(count * sizeof(ConceptId), alignof(ConceptId)));
  parts.codes = {codes, count};
  if (count <= kFew) {
    std::uninitialized_copy_n(few.begin(), count, codes);
    return;
  }
  visit_code_places(type_index, resource, [&](const Object& part) {
    if (part.fhir_type != reference_ && part.concept_id != 0) *codes++ = part.concept_id;
  });
}

FactParts FactPartReader::read(size_t type_index, const Object& resource, Arena& arena) const {
  const Places& places = places_[type_index];
  FactParts parts;
  parts.id = text(slot(resource, places.id));
  parts.status = text(slot(resource, places.status));
  if (places.clinical_status != kNoSlot && parts.status.empty())
    parts.status = first_code(slot(resource, places.clinical_status));
  read_codes(type_index, resource, arena, parts);
  return parts;
}

}  // namespace vigil
