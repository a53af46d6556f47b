// SPDX-License-Identifier: Apache-2.0
// Literal references and addresses of resources as text (FHIR R4, 2.3.0.2).
#pragma once

#include <string_view>

namespace vigil::fhir {

/// "Medication/1" of a reference or an address that may be absolute or name a version, such as
/// "http://host/fhir/Medication/1/_history/2"; a part of the text given. Empty where it names no resource of a type of
/// R4: a URN, "#contained", an id alone.
std::string_view type_and_id(std::string_view reference);

}  // namespace vigil::fhir
