// SPDX-License-Identifier: Apache-2.0
// Alerts to cards (CDS Hooks 2.0.1, "CDS Service Response").
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>

#include "cds-hooks/protocol/card_ids.h"
#include "cds-hooks/protocol/client_abilities.h"
#include "cds-hooks/protocol/patient_data.h"
#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

/// A card with what the decision log joins to it.
struct Card {
  std::string uuid;
  std::string text;  ///< the card as JSON
  Tier tier = Tier::kPassive;
  std::vector<uint32_t> rules;  ///< indexes in the rulebook; of the note on what was not checked: the rules it names
  bool is_note = false;
  std::string key;                          ///< of the alert; empty for the note on what was not checked
  std::vector<std::string> system_actions;  ///< as JSON: done without asking, since the card's rules perform them
};

/// What one call was answered from.
struct Evaluated {
  const Service& service;
  const HookCall& call;
  const Outcome& outcome;
  const std::vector<KeyState>& keys;
  const UnreadData& unread;
  ClientAbilities client = {};
};

/// One card an alert, most important first, and last at most one note that names every rule that could not be checked.
/// No more than the client's `max-cards` and the setting's; the note always stays, and says what was found
/// where no alert has a card, by the client's settings or since the user knows it: so that no cards means that nothing
/// was found. Alerts whose keys are `resting` have none.
std::vector<Card> make_cards(const Evaluated& evaluated, const Alerts& alerts,
                             std::span<const std::string_view> resting, const CardOptions& options, CardIds& ids);

/// The body of the response.
std::string to_response_body(const std::vector<Card>& cards);

}  // namespace vigil::hooks
