// SPDX-License-Identifier: Apache-2.0
// What an alert suggests, as actions on the orders under review (CDS Hooks 2.0.1, "Suggestion" and "Action").
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include <vigil/outcome.h>

#include "cds-hooks/protocol/client_abilities.h"
#include "cds-hooks/protocol/hook_call.h"

namespace vigil::hooks {

using Json = nlohmann::ordered_json;

/// The actions of a suggestion, which belong together: empty where one of them cannot be carried out — its order has no
/// id, or is not among those the client sent.
Json make_actions(const Suggestion& suggestion, const HookCall& call);

/// A suggestion with its actions; where there are none, it is its label alone, for the user to follow by hand. `uuid`
/// may be empty.
Json make_suggestion(const Suggestion& suggestion, const HookCall& call, const ClientAbilities& client,
                     std::string uuid);

/// A draft with changed elements put in: each replaces what stood there, other forms of the same choice element
/// included.
Json merge_changes(Json draft, const Json& changes);

}  // namespace vigil::hooks
