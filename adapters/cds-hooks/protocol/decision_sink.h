// SPDX-License-Identifier: Apache-2.0
// Where decisions and feedback are recorded: the seam for the decision log.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>

#include "cds-hooks/protocol/cards.h"
#include "cds-hooks/protocol/feedback.h"
#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

/// One call of a service, with all that led to its answer. Views are valid during record() only; they are patient data.
struct Decision {
  std::string_view request_id;
  std::string_view client;  ///< who called, as authentication has it; empty without
  const Service& service;
  const HookCall& call;
  const Snapshot& snapshot;
  const std::vector<KeyState>& keys;
  const Outcome& outcome;
  std::span<const Card> cards;
  int status = 200;
  std::chrono::nanoseconds reading{};     ///< body to snapshot
  std::chrono::nanoseconds evaluating{};  ///< snapshot to cards
};

/// Records before the reply goes out. Called from many threads at once. False where it could not be recorded and must
/// have been: the caller then answers 503 in place of the cards.
class DecisionSink {
 public:
  virtual ~DecisionSink() = default;
  virtual bool record(const Decision& decision) = 0;
  virtual bool record(std::string_view request_id, std::string_view client, const Service& service,
                      std::span<const FeedbackItem> feedback) = 0;
};

}  // namespace vigil::hooks
