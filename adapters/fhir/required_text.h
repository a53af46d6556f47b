// SPDX-License-Identifier: Apache-2.0
// FHIR JSON cut down to what a rulebook reads: the least that must be kept to evaluate again.
#pragma once

#include <string>

#include <vigil/snapshot.h>

#include "fhir/json_text.h"

namespace vigil::fhir {

/// Appends the resource at `token` with only the members that FhirReader looks at; reading the text gives the same
/// facts, and the same damage, as reading the whole. Appends nothing for a resource that the reader passes over. The
/// text must be JSON, and `token` begin an object.
void append_required(const JsonText& json, uint32_t token, const ReadPlan& plan, std::string& out);

}  // namespace vigil::fhir
