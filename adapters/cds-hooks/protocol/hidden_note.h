// SPDX-License-Identifier: Apache-2.0
// What was found and has no card, in one note where no alert has one: so that an empty list of cards means "checked,
// nothing found" alone.
#pragma once

#include <vector>

#include <vigil/evaluate.h>

#include "cds-hooks/protocol/unchecked_note.h"

namespace vigil::hooks {

/// Alerts without a card, and why.
struct HiddenAlerts {
  std::vector<const Alert*> by_topic;             ///< the client has switched their topics off
  std::vector<const Alert*> by_limit;             ///< its max-cards is 0
  std::vector<const Alert*> resting;              ///< acknowledged at order-select
  std::vector<const SilencedFinding*> repeating;  ///< acknowledged, of rules with `once per`

  bool empty() const { return by_topic.empty() && by_limit.empty() && resting.empty() && repeating.empty(); }
};

/// How many there are, and by what they are hidden; there must be one. What the user knows already is named.
UncheckedNote make_hidden_note(const HiddenAlerts& hidden);

}  // namespace vigil::hooks
