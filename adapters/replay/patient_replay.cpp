// SPDX-License-Identifier: Apache-2.0
// Asks the rules at each trigger of a patient.
#include "replay/patient_replay.h"

#include <algorithm>

#include "replay/moments.h"

namespace vigil::replay {

namespace {

constexpr Instant kMinute = 60'000;

EvaluateOptions explaining() {
  EvaluateOptions options;
  options.explain = true;
  return options;
}

/// Where no rows are written, only outcomes count; what today's record would have said is only counted anyway.
EvaluateOptions counting(bool writes_rows) {
  EvaluateOptions options;
  options.name_facts = writes_rows;
  return options;
}

bool is_quiet(const Outcome& outcome) {
  return std::ranges::all_of(outcome.results,
                             [](const RuleResult& result) { return result.outcome == RuleOutcome::kNotMet; });
}

}  // namespace

PatientReplay::PatientReplay(const ReplayInput& input)
    : input_(input),
      timeline_(*input.rulebook, input.options.mode, input.delays, *input.store, input.options.site_offset),
      evaluator_(*input.rulebook, counting(input.options.writes_rows)),
      naive_evaluator_(*input.rulebook, counting(false)),
      explainer_(*input.rulebook, explaining()),
      writer_(input.pseudonyms, input.options.all_rows),
      feedback_(input.rulebook->rules()),
      counts_(input.rulebook->rules().size()) {
  if (input.options.leakage)
    naive_.emplace(*input.rulebook, Mode::kNaive, input.delays, *input.store, input.options.site_offset);
}

void PatientReplay::degrade(PatientTimeline& timeline) const {
  for (const auto& lost : input_.store->degraded()) timeline.degrade(lost);
  for (const auto& lost : versions_.degraded()) timeline.degrade(lost);
}

void PatientReplay::work(size_t patient, RowBuffer& rows) {
  DiagnosticSink sink;
  counts_.begin_patient();
  if (!input_.store->read(patient, versions_, sink)) {
    counts_.add_unreadable_patient();
    counts_.add_problems(sink.take(), sink.dropped());
    return;
  }
  const auto asked = asked_of_table();
  // Rows tell what the rules may not read: age, sex, what became of orders.
  timeline_.load(versions_.versions(), sink, /*for_triggers=*/!input_.table || input_.options.writes_rows, asked);
  degrade(timeline_);
  evaluator_.follow_timeline();
  explainer_.follow_timeline();
  std::vector<ReplayTrigger> derived;
  if (!input_.table) derived = derive_triggers(timeline_.versions(), input_.hooks);
  if (naive_) {
    DiagnosticSink repeated;
    naive_->load(versions_.versions(), repeated, /*for_triggers=*/false, asked);
    degrade(*naive_);
    naive_evaluator_.follow_timeline();
  }
  if (input_.options.writes_rows) begin_rows(rows);
  for (const auto& trigger : input_.table ? asked : std::span<const ReplayTrigger>(derived)) ask(trigger, rows, sink);
  if (input_.options.writes_rows) feedback_.write(writer_, rows);
  counts_.add_problems(sink.take(), sink.dropped());
}

std::span<const ReplayTrigger> PatientReplay::asked_of_table() const {
  if (!input_.table) return {};
  const auto found = input_.table->find(versions_.patient_id());
  return found == input_.table->end() ? std::span<const ReplayTrigger>() : std::span(found->second);
}

void PatientReplay::begin_rows(RowBuffer& rows) {
  writer_.begin_patient(versions_.patient_id(), timeline_);
  feedback_.begin_patient(input_.feedback.of(versions_.patient_id()));
  const auto subgroups = input_.subgroups.find(versions_.patient_id());
  if (subgroups == input_.subgroups.end()) return;
  for (const auto& [subgroup, value] : subgroups->second)
    rows.begin(TableId::kSubgroups).add(writer_.patient_key()).add(subgroup).add(value).end();
}

void PatientReplay::finish_part(RowBuffer& rows) {
  writer_.finish_part(rows);
  counts_.write(rows);
  counts_ = OutcomeCounts(input_.rulebook->rules().size());
}

void PatientReplay::ask(const ReplayTrigger& trigger, RowBuffer& rows, DiagnosticSink& sink) {
  timeline_.look(trigger.at, sink, snapshot_);
  Outcome& outcome = outcome_;
  evaluator_.evaluate(snapshot_, trigger.trigger, history_, trigger.now, outcome);
  counts_.add_trigger(trigger.trigger.orders.size());
  counts_.add(trigger.trigger.hook, input_.options.mode, outcome.results);
  std::string trigger_id;
  if (input_.options.writes_rows) {
    if (input_.options.all_rows || !is_quiet(outcome))
      explainer_.evaluate(snapshot_, trigger.trigger, history_, trigger.now, outcome);
    const auto alerts = raise(*input_.rulebook, outcome, trigger.trigger, history_, trigger.now);
    trigger_id = writer_.write({&trigger, &snapshot_, &outcome, &alerts}, rows);
    feedback_.note(trigger.at, outcome, trigger_id);
  }
  if (!input_.labels.empty() && input_.options.writes_rows) write_labelled(trigger, outcome, trigger_id, rows);
  if (naive_) write_leakage(trigger, outcome, trigger_id, rows, sink);
}

void PatientReplay::write_labelled(const ReplayTrigger& trigger, const Outcome& outcome, const std::string& trigger_id,
                                   RowBuffer& rows) const {
  for (const auto& result : outcome.results) {
    const auto& rule = input_.rulebook->rules()[result.rule].name;
    const auto* label = input_.labels.find(versions_.patient_id(), rule, trigger.at);
    if (label == nullptr) continue;
    rows.begin(TableId::kLabelled).add(trigger_id).add(int64_t{result.rule} + 1);
    rows.add(name(result.outcome)).add(label->is_right);
    if (label->event)
      rows.add(instant_text(*label->event)).add((*label->event - trigger.at) / kMinute).end();
    else
      rows.add_null().add_null().end();
  }
}

void PatientReplay::write_leakage(const ReplayTrigger& trigger, const Outcome& outcome, const std::string& trigger_id,
                                  RowBuffer& rows, DiagnosticSink& sink) {
  naive_->look(trigger.at, sink, naive_snapshot_);
  const auto naive = naive_evaluator_.evaluate(naive_snapshot_, trigger.trigger, history_, trigger.now);
  counts_.add(trigger.trigger.hook, Mode::kNaive, naive.results);
  for (const auto& result : naive.results) {
    const auto then = std::ranges::find(outcome.results, result.rule, &RuleResult::rule);
    if (!input_.options.writes_rows || then == outcome.results.end() || then->outcome == result.outcome) continue;
    rows.begin(TableId::kLeakage).add(trigger_id).add(int64_t{result.rule} + 1);
    rows.add(name(then->outcome)).add(name(result.outcome)).end();
  }
}

}  // namespace vigil::replay
