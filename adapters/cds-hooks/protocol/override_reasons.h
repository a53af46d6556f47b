// SPDX-License-Identifier: Apache-2.0
// The reasons a card offers for not following it (CDS Hooks 2.0.1, "OverrideReason").
#pragma once

#include <vigil/outcome.h>

#include "cds-hooks/protocol/service_set.h"
#include "json/json_writer.h"

namespace vigil::hooks {

/// Writes the card's member `overrideReasons`: the alert's own reasons; else, where it interrupts, those of the
/// settings; nothing where there are none. Each has a code that stays the same as long as its text does.
void write_override_reasons(const Alert& alert, const CardOptions& options, json::JsonWriter& card);

/// The published reasons: the six categories, or all 29 codes below them.
std::vector<OverrideReason> published_reasons(bool all_codes);

}  // namespace vigil::hooks
