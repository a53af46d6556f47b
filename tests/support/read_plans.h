// SPDX-License-Identifier: Apache-2.0
// Read plans for tests, by names: the FHIR model knows the rest.
#pragma once

#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "model/fhir_model.h"
#include "snapshot/read_plan_builder.h"

namespace vigil::test {

struct NamedType {
  std::string_view name;
  std::vector<std::string_view> json_names;
};

/// A plan that keeps these members. The types of one choice ("medicationCodeableConcept", "medicationReference") share
/// a slot, as in the plans that rulebooks make; "_status" is the Element beside a primitive; "contained" is of type
/// Resource.
inline ReadPlan make_plan(const std::vector<NamedType>& types) {
  ReadPlanBuilder builder;
  for (const auto& named : types) {
    PlannedType type;
    type.fhir_type = model::find_type(named.name);
    std::map<std::string_view, uint16_t> slots;
    for (const auto json_name : named.json_names) {
      const bool companion = json_name.starts_with('_');
      const auto found = model::find_json_element(type.fhir_type, json_name.substr(companion ? 1 : 0));
      const auto key = companion ? json_name : found.element->name;
      const auto slot = slots.emplace(key, static_cast<uint16_t>(slots.size())).first->second;
      const auto fhir_type = companion ? model::find_type("Element") : found.type;
      const Kind primitive = companion ? Kind::kNull : model::type(fhir_type).system_kind;
      type.elements.push_back(
          {json_name, slot, fhir_type, primitive == Kind::kNull ? Kind::kObject : primitive, found.element->is_list});
    }
    type.slot_count = static_cast<uint16_t>(slots.size());
    builder.add(std::move(type));
  }
  return builder.build();
}

/// What the rules of shared/data/bench20 need, about.
inline ReadPlan make_bench_plan() {
  return make_plan({
      {"MedicationRequest", {"id", "status", "medicationCodeableConcept", "medicationReference", "subject"}},
      {"Condition", {"id", "clinicalStatus", "code"}},
      {"Observation", {"id", "code", "effectiveDateTime", "valueQuantity", "component"}},
      {"AllergyIntolerance", {"id", "clinicalStatus", "code"}},
      {"Patient", {"id", "birthDate"}},
      {"CodeableConcept", {"coding"}},
      {"Coding", {"system", "code"}},
      {"Quantity", {"value", "unit", "code", "system"}},
      {"Observation.Component", {"code", "valueQuantity"}},
      {"Reference", {"reference"}},
  });
}

}  // namespace vigil::test
