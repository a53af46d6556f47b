// SPDX-License-Identifier: Apache-2.0
// Which patients a resource names outside of the element that says whose it is.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "fhir/json_text.h"

namespace vigil::fhir {

/// Where R4's Patient compartment (hl7.org/fhir/R4/compartmentdefinition-patient.html) finds patients in a type without
/// ReadPlan::patient_element(): paths of references, which may be to others too. Such a resource is each patient's
/// whom it names there; where it names none, it is about no patient.
std::span<const std::string_view> patient_paths(std::string_view resource_type);

/// Calls visit(reference) for each reference at a path such as "participant.actor"; lists are gone into.
template <class Visit>
void visit_references(const fhir::JsonText& json, uint32_t token, std::string_view path, const Visit& visit) {
  if (json.at(token) == '[') {
    json.for_each_element(token, [&](uint32_t, uint32_t element) {
      visit_references(json, element, path, visit);
      return json.skip(element);
    });
    return;
  }
  if (json.at(token) != '{') return;
  const size_t dot = std::min(path.find('.'), path.size());
  const uint32_t member = json.find_member(token, path.empty() ? "reference" : path.substr(0, dot));
  if (member == fhir::JsonText::kBroken) return;
  if (!path.empty()) return visit_references(json, member, path.substr(std::min(dot + 1, path.size())), visit);
  if (json.at(member) == '"') visit(json.raw_string(member));
}

}  // namespace vigil::fhir
