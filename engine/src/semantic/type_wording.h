// SPDX-License-Identifier: Apache-2.0
// Types as authors say them, for messages.
#pragma once

#include <string>

#include "model/type_table.h"

namespace vigil::semantic {

/// "Observation", "CodeableConcept or Reference", "List<Condition>". `FHIR.` stays before primitive types and before
/// names that System types have as well: `FHIR.code`, `FHIR.Quantity`.
std::string spoken_type(const model::TypeTable& types, model::TypeId type);

}  // namespace vigil::semantic
