// SPDX-License-Identifier: Apache-2.0
// What users did with cards (CDS Hooks 2.0.1, "Feedback").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <vigil/outcome.h>
#include <vigil/snapshot.h>

#include "cds-hooks/protocol/confidential.h"
#include "cds-hooks/protocol/json_document.h"
#include "cds-hooks/protocol/operation_outcome.h"

namespace vigil::hooks {

/// What became of one card. The same card may come again: the last tells how it stands.
struct FeedbackItem {
  std::string card;  ///< its uuid
  bool accepted = false;
  Instant at = 0;
  std::vector<std::string> suggestions;  ///< uuids of those accepted
  std::optional<OverrideReason> reason;
  PatientText comment;  ///< free text: may hold anything
};

/// Reads the body. `items` gets the entries that can be used, the problems name what is wrong with the others.
std::vector<Problem> read_feedback(const std::string& body, const JsonLimits& limits, JsonDocument& document,
                                   std::vector<FeedbackItem>& items);
/// How many entries the body has that was read.
size_t count_feedback(const JsonDocument& document);

}  // namespace vigil::hooks
