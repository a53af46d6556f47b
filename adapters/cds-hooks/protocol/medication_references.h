// SPDX-License-Identifier: Apache-2.0
// Medications that orders name by reference, and that did not come along.
#pragma once

#include <span>
#include <vector>

#include "cds-hooks/protocol/patient_data.h"

namespace vigil::hooks {

/// One read a Medication ("Medication/1") that a resource of the call, or of what was fetched, refers to and that is
/// neither contained in it nor among them; at most `limit`. No template asks for these: a query for a patient's
/// medications cannot bring them within what CDS Hooks lets templates hold.
std::vector<PrefetchTemplate> find_missing_medications(const HookCall& call, std::span<const Fetched> fetched,
                                                       const JsonLimits& limits, size_t limit = 100);

}  // namespace vigil::hooks
