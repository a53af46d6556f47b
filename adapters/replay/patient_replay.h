// SPDX-License-Identifier: Apache-2.0
// All triggers of one patient after another: what the rules would have said, with what was known then.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <vigil/evaluate.h>

#include "replay/decision_writer.h"
#include "replay/feedback_rows.h"
#include "replay/outcome_counts.h"
#include "replay/patient_timeline.h"
#include "replay/patient_worker.h"
#include "replay/replay_input.h"

namespace vigil::replay {

class PatientReplay : public PatientWorker {
 public:
  explicit PatientReplay(const ReplayInput& input);

  /// Rows are sorted by instant, hook, key and rule.
  void work(size_t patient, RowBuffer& rows) override;
  void finish_part(RowBuffer& rows) override;

 private:
  void ask(const ReplayTrigger& trigger, RowBuffer& rows, DiagnosticSink& sink);
  void degrade(PatientTimeline& timeline) const;
  std::span<const ReplayTrigger> asked_of_table() const;
  void begin_rows(RowBuffer& rows);
  void write_labelled(const ReplayTrigger& trigger, const Outcome& outcome, const std::string& trigger_id,
                      RowBuffer& rows) const;
  void write_leakage(const ReplayTrigger& trigger, const Outcome& outcome, const std::string& trigger_id,
                     RowBuffer& rows, DiagnosticSink& sink);

  const ReplayInput& input_;
  store::PatientVersions versions_;
  PatientTimeline timeline_;
  std::optional<PatientTimeline> naive_;
  Snapshot snapshot_;
  Snapshot naive_snapshot_;
  Outcome outcome_;  ///< of the trigger at hand, kept for its memory
  Evaluator evaluator_;
  Evaluator naive_evaluator_;  ///< of its own, since each follows one timeline
  Evaluator explainer_;
  DecisionWriter writer_;
  FeedbackRows feedback_;
  AlertHistory history_;
  OutcomeCounts counts_;
};

}  // namespace vigil::replay
