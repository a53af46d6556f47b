// SPDX-License-Identifier: Apache-2.0
// What was answered and why, as the decision log keeps it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cds-hooks/protocol/answer.h"
#include "cds-hooks/protocol/cards.h"
#include "cds-hooks/protocol/feedback.h"
#include "decision-log/log_entry.h"

namespace vigil::hooks {

/// One answered call; all of it must live while record_decision() runs.
struct AnsweredCall {
  const Request& request;
  const AnswerFacts& facts;
  const ProtocolOptions& options;
  const Evaluated& evaluated;
  const PatientData& data;
  const AlertHistory& history;
  const Alerts& alerts;
  std::span<const std::string_view> resting;
  std::span<const decision_log::FindingNote> findings;
  std::span<const Card> cards;
  const Response& response;
};

decision_log::Entry record_decision(const AnsweredCall& answered);
decision_log::Feedback record_feedback(const Request& request, const AnswerFacts& facts,
                                       std::vector<FeedbackItem> items);

}  // namespace vigil::hooks
