// SPDX-License-Identifier: Apache-2.0
// One rule evaluated: its rows, what each is worth, what could not be decided.
#pragma once

#include "evaluation/explain.h"
#include "evaluation/run.h"

namespace vigil {

/// Evaluates rules in a run that has begun. Never throws.
class RuleRunner {
 public:
  RuleRunner(Run& run, const SourceSet& sources, const EvaluateOptions& options)
      : run_(run), sources_(sources), explain_(options.explain), names_facts_(options.name_facts) {}

  /// Overwrites `result`, reusing its memory.
  void evaluate(uint32_t rule, RuleResult& result);

 private:
  struct State;
  void evaluate_rows(State& state);
  void add_row(State& state, bool undetermined);
  void add_beyond_limit(State& state);
  void add_undetermined_row(State& state);
  void collect_missing(State& state, InstructionId id);
  std::vector<MissingDatum> missing_of(State& state, InstructionId id);
  std::vector<MissingDatum> missing_of_sources(State& state);
  bool is_only_possible(const SourcePlan& source);
  bool lacks_order(const State& state);
  std::optional<std::string> suppressed_because(const RulePlan& plan);
  void set_tier(const RulePlan& plan, Finding& finding);
  Finding make_finding(State& state);
  void add_resources(State& state, Finding& finding);
  void add_suggestions(const RulePlan& plan, Finding& finding);
  void add_texts(const std::vector<TextPlan>& plans, std::vector<TextVariant>& texts);
  std::string text_of(InstructionId id);
  std::string brief_of(InstructionId id, const std::string& text);
  std::string key_of(const State& state, const Finding& finding);
  std::string identity_of(const Object& resource) const;
  bool is_in_force(const RulePlan& plan);
  void explain_result(State& state);
  /// Of the row at hand, whose condition is false.
  void note_miss(State& state);
  std::vector<Explanation> explain_clauses(const RulePlan& plan);

  Run& run_;
  const SourceSet& sources_;
  bool explain_;
  bool names_facts_;
};

}  // namespace vigil
