// SPDX-License-Identifier: Apache-2.0
// The reasons a card offers for not following it (CDS Hooks 2.0.1, "OverrideReason").
#pragma once

#include <nlohmann/json.hpp>

#include <vigil/outcome.h>

#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

/// The alert's own reasons; else, where it interrupts, those of the settings. Each has a code that stays the same as
/// long as its text does.
nlohmann::ordered_json make_override_reasons(const Alert& alert, const CardOptions& options);

/// The published reasons: the six categories, or all 29 codes below them.
std::vector<OverrideReason> published_reasons(bool all_codes);

}  // namespace vigil::hooks
