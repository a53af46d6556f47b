// SPDX-License-Identifier: Apache-2.0
// The codes that FHIR R4 (4.0.1) requires of its elements: MedicationRequest.status is one of eight. Constant data
// (fhir_bindings.inc, written by scripts/generate-fhir-bindings) and pure functions over it, usable from every thread.
//
//   const auto binding = find_required_binding(find_type("MedicationRequest"), "status");
//   assert(binding->has("active") && !binding->has("actve"));
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/fhir_model.h"

namespace vigil::model {

/// A binding of strength "required" (hl7.org/fhir/R4/terminologies.html#required): the element's code is one of these.
/// Of a CodeableConcept one coding is; others may stand beside it.
struct RequiredBinding {
  std::string_view value_set;  ///< its address
  std::string_view system;     ///< the code system of all codes; empty where there are several
  std::span<const std::string_view> codes;
  bool has(std::string_view code) const;
};

/// The required binding of an element of a type, also of one that it inherits. None where there is no such element or
/// binding, and where the codes are not known here: MIME types, currencies, units, types of resources, licences.
std::optional<RequiredBinding> find_required_binding(FhirTypeId type, std::string_view element);

}  // namespace vigil::model
