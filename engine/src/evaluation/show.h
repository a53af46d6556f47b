// SPDX-License-Identifier: Apache-2.0
// Values as text: CQL notation for `vigil eval` and explanations, plain words for alerts, JSON.
#pragma once

#include <cstdint>
#include <string>

#include "evaluation/call.h"

namespace vigil {

/// CQL notation: 'text', 1.5, 5 'mg', @2026-01-01, { 1, 2 }, Code '1' from "url" display 'x'. A resource is named by
/// type and id.
std::string to_cql(const Program& program, const Value& value, model::TypeId type);
/// JSON: System values as FHIR JSON would write them; objects with their kept elements.
std::string to_json(const Program& program, const Value& value, model::TypeId type);
inline constexpr uint32_t kWholeNames = UINT32_MAX;
/// As an alert's reader sees it: display of a code, "5.5 mmol/L", "2026-01-01"; a resource by what it is of; lists by
/// commas. Names that the data gives are cut to so many code points.
void append_plain(std::string& out, const Program& program, const Snapshot& snapshot, const Value& value,
                  uint32_t longest_name = kWholeNames);
/// The tuple's own type, where it has one: more than is known of a value of type Any or of a choice.
inline model::TypeId tuple_type(const TupleValue& tuple, model::TypeId declared) {
  return tuple.type == TupleValue::kUntyped ? declared : model::TypeId{tuple.type};
}
/// "MedicationRequest/123"; "MedicationRequest" where it has no id.
std::string reference_of(const Program& program, const Object& resource);

}  // namespace vigil
