// SPDX-License-Identifier: Apache-2.0
// Feedback of one patient as rows, each joined to the decision it belongs to.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <vigil/outcome.h>
#include <vigil/rulebook.h>

#include "replay/decision_writer.h"
#include "replay/feedback.h"
#include "replay/row_buffer.h"

namespace vigil::replay {

/// Remembers what fired of one patient, and writes what users answered. Not thread-safe.
class FeedbackRows {
 public:
  explicit FeedbackRows(std::span<const RuleInfo> rules) : rules_(rules) {}

  void begin_patient(std::span<const Answer> answers);
  void note(Instant at, const Outcome& outcome, const std::string& trigger_id);
  void write(DecisionWriter& writer, RowBuffer& rows) const;

 private:
  std::span<const RuleInfo> rules_;
  std::span<const Answer> answers_;
  std::vector<FiredDecision> fired_;
  std::vector<std::string> ids_;  ///< of fired_
};

}  // namespace vigil::replay
