// SPDX-License-Identifier: Apache-2.0
// What an alert suggests, as actions on the orders under review (CDS Hooks 2.0.1, "Suggestion" and "Action").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <vigil/outcome.h>

#include "cds-hooks/protocol/client_abilities.h"
#include "cds-hooks/protocol/hook_call.h"

namespace vigil::hooks {

/// The actions of a suggestion, which belong together, as JSON texts: none where one of them cannot be carried out —
/// its order has no id, or is not among those the client sent.
std::vector<std::string> make_actions(const Suggestion& suggestion, const HookCall& call);

/// A suggestion with its actions, as JSON text; none where it has some that cannot be carried out: it is for the user
/// to follow by hand. `uuid` may be empty.
std::optional<std::string> make_suggestion(const Suggestion& suggestion, const HookCall& call,
                                           const ClientAbilities& client, const std::string& uuid);

/// A draft with changed elements put in, as JSON text: each replaces what stood there, other forms of the same choice
/// element included; null takes it out. What stays is byte for byte what the client sent, since the zeros at the end of
/// a number say how precise it is (FHIR R4, "decimal").
std::string merge_changes(const JsonNode& draft, const JsonNode& changes);

}  // namespace vigil::hooks
