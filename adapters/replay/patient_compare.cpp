// SPDX-License-Identifier: Apache-2.0
// Asks both versions at each trigger, and sets their alerts side by side.
#include "replay/patient_compare.h"

#include <algorithm>
#include <map>
#include <set>

#include "replay/explanation_text.h"
#include "replay/moments.h"

namespace vigil::replay {

namespace {

EvaluateOptions explaining() {
  EvaluateOptions options;
  options.explain = true;
  return options;
}

/// Alerts of a rule by problem: what is not suppressed, the worst of each.
std::map<std::string_view, const Finding*> alerts_of(const RuleResult* result) {
  std::map<std::string_view, const Finding*> alerts;
  if (result == nullptr) return alerts;
  for (const auto& finding : result->findings) {
    if (finding.suppressed) continue;
    const Finding*& alert = alerts[finding.key];
    if (alert == nullptr || finding.tier > alert->tier) alert = &finding;
  }
  return alerts;
}

std::string outcome_of(const RuleResult* result) { return result == nullptr ? "" : std::string(name(result->outcome)); }

bool has(const RuleResult* result, RuleOutcome outcome) { return result != nullptr && result->outcome == outcome; }

std::string why(const RuleResult* result) {
  if (result == nullptr) return {};
  return explanation_text(result->findings.empty() ? result->explanation : result->findings.front().explanation);
}

int64_t& number(ChangeNumbers& numbers, ChangeCount count) { return numbers[static_cast<size_t>(count)]; }

}  // namespace

ComparedSide::ComparedSide(const ReplayInput& input)
    : input_(input),
      timeline_(*input.rulebook, input.options.mode, input.delays, *input.store, input.options.site_offset),
      evaluator_(*input.rulebook),
      explainer_(*input.rulebook, explaining()) {}

void ComparedSide::load(const store::PatientVersions& versions, DiagnosticSink& sink) {
  std::span<const ReplayTrigger> asked;
  if (input_.table)
    if (const auto found = input_.table->find(versions.patient_id()); found != input_.table->end())
      asked = found->second;
  timeline_.load(versions.versions(), sink, /*for_triggers=*/true, asked);
  for (const auto& lost : input_.store->degraded()) timeline_.degrade(lost);
  for (const auto& lost : versions.degraded()) timeline_.degrade(lost);
  evaluator_.follow_timeline();
  explainer_.follow_timeline();
}

void ComparedSide::ask(const ReplayTrigger& trigger, DiagnosticSink& sink) {
  timeline_.look(trigger.at, sink, snapshot_);
  outcome_ = evaluator_.evaluate(snapshot_, trigger.trigger, history_, trigger.now);
  explained_.reset();
}

const RuleResult* ComparedSide::result(std::optional<uint32_t> rule) const {
  if (!rule) return nullptr;
  const auto found = std::ranges::find(outcome_.results, *rule, &RuleResult::rule);
  return found == outcome_.results.end() ? nullptr : &*found;
}

const RuleResult* ComparedSide::explained(std::optional<uint32_t> rule, const ReplayTrigger& trigger) {
  if (!rule) return nullptr;
  if (!explained_) explained_ = explainer_.evaluate(snapshot_, trigger.trigger, history_, trigger.now);
  const auto found = std::ranges::find(explained_->results, *rule, &RuleResult::rule);
  return found == explained_->results.end() ? nullptr : &*found;
}

PatientCompare::PatientCompare(const CompareInput& input)
    : input_(input),
      rules_(input.pair_rules()),
      hooks_(input.a.hooks | input.b.hooks),
      a_(input.a),
      b_(input.b),
      writer_(input.b.pseudonyms, /*all_rows=*/false),
      totals_(rules_.size()) {
  std::set<std::string_view> names;
  for (const auto& [patient, values] : input.b.subgroups)
    for (const auto& [subgroup, value] : values) names.insert(subgroup);
  for (const auto name : names) subgroups_.emplace_back(name, std::string());
}

void PatientCompare::find_subgroups() {
  const auto values = input_.b.subgroups.find(versions_.patient_id());
  for (auto& [subgroup, value] : subgroups_) {
    value.clear();
    if (values == input_.b.subgroups.end()) continue;
    if (const auto found = values->second.find(subgroup); found != values->second.end()) value = found->second;
  }
}

void PatientCompare::work(size_t patient, RowBuffer& rows) {
  DiagnosticSink sink;
  DiagnosticSink repeated;  // the other side says the same of the data
  totals_.begin_patient();
  differences_.clear();
  if (!input_.b.store->read(patient, versions_, sink)) {
    totals_.add_unreadable_patient();
    return totals_.add_problems(sink.take(), sink.dropped());
  }
  b_.load(versions_, sink);
  a_.load(versions_, repeated);
  writer_.begin_patient(versions_.patient_id(), b_.timeline());
  find_subgroups();
  triggers_.clear();
  if (!input_.b.table)
    triggers_ = derive_triggers(b_.timeline().versions(), hooks_);
  else if (const auto found = input_.b.table->find(versions_.patient_id()); found != input_.b.table->end())
    triggers_ = found->second;
  numbers_.assign(triggers_.size() * rules_.size(), {});
  for (size_t t = 0; t < triggers_.size(); ++t) {
    totals_.add_trigger(triggers_[t].trigger.orders.size());
    a_.ask(triggers_[t], repeated);
    b_.ask(triggers_[t], sink);
    for (uint32_t rule = 0; rule < rules_.size(); ++rule) compare_rule(t, rule);
  }
  pair_moved();
  count();
  write(rows);
  totals_.add_problems(sink.take(), sink.dropped());
}

void PatientCompare::compare_rule(size_t trigger, uint32_t rule) {
  const auto* a = a_.result(rules_[rule].in_a);
  const auto* b = b_.result(rules_[rule].in_b);
  if (a == nullptr && b == nullptr) return;
  auto& numbers = numbers_[trigger * rules_.size() + rule];
  const auto alerts_a = alerts_of(a);
  const auto alerts_b = alerts_of(b);
  number(numbers, ChangeCount::kTriggers) = 1;
  number(numbers, ChangeCount::kAlertsA) = static_cast<int64_t>(alerts_a.size());
  number(numbers, ChangeCount::kAlertsB) = static_cast<int64_t>(alerts_b.size());
  number(numbers, ChangeCount::kUnknownA) = has(a, RuleOutcome::kUnknown) ? 1 : 0;
  number(numbers, ChangeCount::kUnknownB) = has(b, RuleOutcome::kUnknown) ? 1 : 0;
  const size_t before = differences_.size();
  for (const auto& [problem, finding] : alerts_b) {
    const auto other = alerts_a.find(problem);
    if (other == alerts_a.end())
      add_difference(trigger, rule, "new", nullptr, finding);
    else if (other->second->tier != finding->tier)
      add_difference(trigger, rule, "tier", other->second, finding);
  }
  for (const auto& [problem, finding] : alerts_a)
    if (!alerts_b.contains(problem)) add_difference(trigger, rule, "lost", finding, nullptr);
  if (differences_.size() != before) return;
  for (const auto& [outcome, kind] :
       {std::pair(RuleOutcome::kUnknown, "unknown"), std::pair(RuleOutcome::kError, "error")})
    if (has(a, outcome) != has(b, outcome))
      add_difference(trigger, rule, std::string(kind) + (has(b, outcome) ? "-new" : "-lost"), nullptr, nullptr);
}

void PatientCompare::add_difference(size_t trigger, uint32_t rule, std::string change, const Finding* a,
                                    const Finding* b) {
  Difference difference;
  difference.trigger = trigger;
  difference.rule = rule;
  difference.change = std::move(change);
  difference.problem = b != nullptr ? b->key : a != nullptr ? a->key : std::string();
  difference.outcome_a = outcome_of(a_.result(rules_[rule].in_a));
  difference.outcome_b = outcome_of(b_.result(rules_[rule].in_b));
  const auto text = [](const Finding* finding) {
    return finding == nullptr || finding->summaries.empty() ? std::string() : finding->summaries.front().text;
  };
  const auto tier = [](const Finding* finding) {
    return finding == nullptr ? std::string() : std::string(name(finding->tier));
  };
  difference.tier_a = tier(a);
  difference.tier_b = tier(b);
  difference.summary_a = text(a);
  difference.summary_b = text(b);
  difference.why_a = why(a_.explained(rules_[rule].in_a, triggers_[trigger]));
  difference.why_b = why(b_.explained(rules_[rule].in_b, triggers_[trigger]));
  add_facts(a_, /*of_b=*/false, a_.result(rules_[rule].in_a), a, difference);
  add_facts(b_, /*of_b=*/true, b_.result(rules_[rule].in_b), b, difference);
  differences_.push_back(std::move(difference));
}

/// Of a finding that differs, else of all that the rule found and lacks.
void PatientCompare::add_facts(const ComparedSide& side, bool of_b, const RuleResult* result, const Finding* finding,
                               Difference& difference) {
  if (result == nullptr) return;
  const auto add = [&](std::string_view reference, bool is_order) {
    merge_fact({writer_.fact_of(side.snapshot(), side.timeline(), reference, is_order), !of_b, of_b}, difference);
  };
  for (const auto& each : result->findings) {
    if (finding != nullptr && &each != finding) continue;
    for (const auto& order : each.orders) add(order, true);
    for (const auto& fact : each.facts) add(fact, false);
  }
  if (finding != nullptr) return;
  for (const auto& missing : result->missing)
    if (!missing.reference.empty()) add(missing.reference, false);
}

void PatientCompare::merge_fact(ComparedFact fact, Difference& difference) {
  const auto same = std::ranges::find_if(difference.facts,
                                         [&](const ComparedFact& other) { return other.fact.key == fact.fact.key; });
  if (same == difference.facts.end()) return difference.facts.push_back(std::move(fact));
  same->in_a |= fact.in_a;
  same->in_b |= fact.in_b;
  same->fact.is_order |= fact.fact.is_order;
}

/// A new alert and a lost one of one rule and problem are one that moved; each new one takes the nearest lost one left.
void PatientCompare::pair_moved() {
  std::set<size_t> taken;
  for (auto& added : differences_) {
    if (added.change != "new") continue;
    std::optional<size_t> nearest;
    const auto distance = [&](size_t i) {
      return std::abs(triggers_[differences_[i].trigger].at - triggers_[added.trigger].at);
    };
    for (size_t i = 0; i < differences_.size(); ++i) {
      const auto& lost = differences_[i];
      if (lost.change != "lost" || lost.rule != added.rule || lost.problem != added.problem || taken.contains(i))
        continue;
      if (!nearest || distance(i) < distance(*nearest)) nearest = i;
    }
    if (!nearest) continue;
    taken.insert(*nearest);
    auto& lost = differences_[*nearest];
    added.change = "moved";
    added.moved_from = instant_text(triggers_[lost.trigger].at);
    added.tier_a = lost.tier_a;
    added.summary_a = lost.summary_a;
    for (auto& fact : lost.facts) merge_fact(std::move(fact), added);
  }
  size_t at = 0;
  std::erase_if(differences_, [&](const Difference&) { return taken.contains(at++); });
}

ChangeCounter::Place PatientCompare::place_of(const ReplayTrigger& trigger) const {
  const auto person = b_.timeline().person(trigger.at);
  return {trigger.trigger.hook, person.born ? age_band_of(age_at(*person.born, trigger.now)) : std::string_view{},
          person.sex, subgroups_};
}

void PatientCompare::count() {
  for (const auto& difference : differences_) {
    auto& numbers = numbers_[difference.trigger * rules_.size() + difference.rule];
    if (difference.change == "new") number(numbers, ChangeCount::kTriggersAdded) = 1;
    if (difference.change == "lost") number(numbers, ChangeCount::kTriggersLost) = 1;
    number(numbers, ChangeCount::kAdded) += difference.change == "new" ? 1 : 0;
    number(numbers, ChangeCount::kLost) += difference.change == "lost" ? 1 : 0;
    number(numbers, ChangeCount::kMoved) += difference.change == "moved" ? 1 : 0;
    number(numbers, ChangeCount::kTier) += difference.change == "tier" ? 1 : 0;
  }
  for (size_t t = 0; t < triggers_.size(); ++t) {
    const auto place = place_of(triggers_[t]);
    ChangeNumbers of_all{};
    for (size_t rule = 0; rule < rules_.size(); ++rule) {
      const auto& numbers = numbers_[t * rules_.size() + rule];
      if (numbers[static_cast<size_t>(ChangeCount::kTriggers)] == 0) continue;
      counter_.add(static_cast<uint32_t>(rule + 1), place, numbers);
      for (size_t i = 0; i < kChangeCounts; ++i) of_all[i] += numbers[i];
    }
    number(of_all, ChangeCount::kTriggers) = 1;
    for (const auto once :
         {ChangeCount::kTriggersAdded, ChangeCount::kTriggersLost, ChangeCount::kUnknownA, ChangeCount::kUnknownB})
      number(of_all, once) = std::min<int64_t>(number(of_all, once), 1);
    counter_.add(0, place, of_all);
  }
  counter_.finish_patient();
}

void PatientCompare::write(RowBuffer& rows) {
  std::map<std::pair<size_t, uint32_t>, int> numbers;
  for (const auto& d : differences_) {
    const auto& trigger = triggers_[d.trigger];
    const auto place = place_of(trigger);
    const auto trigger_id = writer_.id_of(trigger);
    const auto rule_id = std::to_string(d.rule + 1);
    auto difference_id = trigger_id;
    difference_id.append("-").append(rule_id).append("-").append(std::to_string(++numbers[{d.trigger, d.rule}]));
    rows.begin(TableId::kDifferences)
        .add(difference_id)
        .add(trigger_id)
        .add(writer_.patient_key())
        .add(instant_text(trigger.at))
        .add(trigger.trigger.hook)
        .add(int64_t{d.rule} + 1)
        .add(d.change)
        .add(d.moved_from)
        .add(d.problem.empty() ? std::string() : writer_.problem_key(d.problem))
        .add(d.outcome_a)
        .add(d.outcome_b)
        .add(d.tier_a)
        .add(d.tier_b)
        .add(writer_.without_ids(d.summary_a))
        .add(writer_.without_ids(d.summary_b))
        .add(writer_.without_ids(d.why_a))
        .add(writer_.without_ids(d.why_b))
        .add(place.age_band)
        .add(place.sex)
        .end();
    for (const auto& [fact, in_a, in_b] : d.facts)
      rows.begin(TableId::kDifferenceFacts)
          .add(difference_id)
          .add(fact.key)
          .add(in_a)
          .add(in_b)
          .add(fact.resource_type)
          .add(fact.is_order)
          .add(fact.label)
          .add(fact.clinical_from)
          .add(fact.known_from)
          .add(fact.basis)
          .end();
  }
}

void PatientCompare::finish_part(RowBuffer& rows) {
  counter_.write(rows);
  counter_.clear();
  totals_.write(rows);
  totals_ = OutcomeCounts(rules_.size());
}

}  // namespace vigil::replay
