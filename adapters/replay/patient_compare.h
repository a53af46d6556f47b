// SPDX-License-Identifier: Apache-2.0
// One patient under two versions of rules.
#pragma once

#include <string>
#include <vector>

#include <vigil/evaluate.h>

#include "replay/change_counts.h"
#include "replay/compare_rules.h"
#include "replay/decision_writer.h"
#include "replay/outcome_counts.h"
#include "replay/patient_timeline.h"

namespace vigil::replay {

/// A rulebook with a patient's timeline as it needs it.
class ComparedSide {
 public:
  explicit ComparedSide(const ReplayInput& input);
  void load(const store::PatientVersions& versions, DiagnosticSink& sink);
  void ask(const ReplayTrigger& trigger, DiagnosticSink& sink);
  /// The rule's result at the trigger asked last; null where it was not asked.
  const RuleResult* result(std::optional<uint32_t> rule) const;
  /// The same with explanations, found once a trigger.
  const RuleResult* explained(std::optional<uint32_t> rule, const ReplayTrigger& trigger);
  const PatientTimeline& timeline() const { return timeline_; }
  /// As of the trigger asked last.
  const Snapshot& snapshot() const { return snapshot_; }

 private:
  const ReplayInput& input_;
  PatientTimeline timeline_;
  Snapshot snapshot_;
  Evaluator evaluator_;
  Evaluator explainer_;
  Outcome outcome_;
  std::optional<Outcome> explained_;
  AlertHistory history_;
};

class PatientCompare : public PatientWorker {
 public:
  explicit PatientCompare(const CompareInput& input);
  void work(size_t patient, RowBuffer& rows) override;
  void finish_part(RowBuffer& rows) override;

 private:
  /// A resource behind the finding of either version, or behind what it lacks.
  struct ComparedFact {
    NamedFact fact;
    bool in_a = false;
    bool in_b = false;
  };

  /// One difference, as it will be written.
  struct Difference {
    size_t trigger = 0;
    uint32_t rule = 0;  ///< index among the pairs
    std::string change;
    std::string problem;
    std::string moved_from;
    std::string outcome_a, outcome_b;
    std::string tier_a, tier_b;
    std::string summary_a, summary_b;
    std::string why_a, why_b;
    std::vector<ComparedFact> facts;
  };

  void compare_rule(size_t trigger, uint32_t rule);
  void add_difference(size_t trigger, uint32_t rule, std::string change, const Finding* a, const Finding* b);
  void add_facts(const ComparedSide& side, bool of_b, const RuleResult* result, const Finding* finding,
                 Difference& difference);
  static void merge_fact(ComparedFact fact, Difference& difference);
  void pair_moved();
  void count();
  void write(RowBuffer& rows);
  void find_subgroups();
  ChangeCounter::Place place_of(const ReplayTrigger& trigger) const;

  const CompareInput& input_;
  std::vector<CompareInput::RulePair> rules_;
  HookChoice hooks_;
  store::PatientVersions versions_;
  ComparedSide a_;
  ComparedSide b_;
  DecisionWriter writer_;
  ChangeCounter counter_;
  OutcomeCounts totals_;
  std::vector<std::pair<std::string, std::string>> subgroups_;  ///< all that are given, with this patient's values
  std::vector<ReplayTrigger> triggers_;
  std::vector<Difference> differences_;
  /// Of each trigger and rule what is counted apart from differences.
  std::vector<ChangeNumbers> numbers_;
};

}  // namespace vigil::replay
