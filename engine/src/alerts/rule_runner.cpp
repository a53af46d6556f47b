// SPDX-License-Identifier: Apache-2.0
// Rows of a rule to its outcome.
#include "alerts/rule_state.h"

#include <algorithm>

#include "evaluation/nearest_miss.h"
#include "evaluation/show.h"
#include "values/temporal.h"

namespace vigil {

namespace {

constexpr size_t kMaxFindings = 200;  // a rule with more has a wrong condition: enough to see it; the rest is counted
constexpr size_t kMaxExplainedRows = 3;
constexpr size_t kMaxRowsLookedAt = 100;  // for the one that came nearest to being true

/// As new, but for the memory of its lists.
void clear(RuleResult& result) {
  result.outcome = RuleOutcome::kNotMet;
  result.findings.clear();
  result.missing.clear();
  result.unknown_text.clear();
  result.left_out = 0;
  result.miss.reset();
  result.error.reset();
  result.explanation.clear();
}

}  // namespace

void RuleRunner::evaluate(uint32_t rule, RuleResult& result) {
  const auto& plan = run_.program().rules[rule];
  clear(result);
  State state{rule,  plan, run_.program().module.rules[rule], result, Explainer(run_, sources_, plan.rows.lets), false,
              false, {}};
  run_.begin_part();
  result.rule = rule;
  result.unknown_action = plan.unknown_action;
  const Run::Frame frame(run_, plan.frame_size);
  for (uint32_t i = 0; i < plan.frame_size; ++i) run_.local(i) = Value();
  try {
    if (is_in_force(plan)) evaluate_rows(state);
  } catch (const EvaluationError& error) {
    // What was found before the error stays: an error hides no alert.
    result.outcome = RuleOutcome::kError;
    result.error = error.diagnostic;
  }
}

bool RuleRunner::is_in_force(const RulePlan& plan) {
  if (!plan.active_from && !plan.active_to) return true;
  const auto today = date_from(run_.now());
  const auto bound = [&](InstructionId id, bool from) {
    if (!id) return true;
    const auto value = run_.evaluate(id);
    if (value.kind != Kind::kDate) return true;
    const auto compared = compare(today, value.temporal, std::nullopt, run_.default_offset());
    return from ? compared != Comparison::kLess : compared != Comparison::kGreater;
  };
  return bound(plan.active_from, true) && bound(plan.active_to, false);
}

void RuleRunner::evaluate_rows(State& state) {
  const auto row = [&](bool undetermined) { add_row(state, undetermined); };
  const auto maybe = [&] { add_undetermined_row(state); };
  const bool open = run_.for_each_row(state.plan.rows, row, maybe);
  if (open) {
    state.undetermined = true;
    const auto missing = missing_of_sources(state);
    // An order of which nothing knows the drug is named once, for all rules (see add_undetermined_row), and so are
    // orders that could not be read.
    const bool speaks =
        !lacks_order(state) && (missing.empty() || !std::all_of(missing.begin(), missing.end(), is_unknown_drug));
    state.speaks = state.speaks || speaks;
    if (speaks && state.plan.unknown_text && state.unknown_texts.empty()) {
      // What is missing is none of what the last row bound: its text names no drug that has nothing to do with it.
      for (const auto& source : state.plan.rows.sources)
        if (source.is_list && !source.is_order) run_.local(source.slot) = Value();
      state.unknown_texts.push_back(text_of(state.plan.unknown_text));
    }
  }
  auto& result = state.result;
  if (state.undetermined && result.missing.empty() && names_facts_) {
    for (const auto& source : state.plan.rows.sources) collect_missing(state, source.value);
    for (const auto& probe : state.plan.rows.probes) collect_missing(state, probe.keys_a);
    if (result.missing.empty())
      result.missing.push_back({"an element that may or may not be in the record", {}, state.typed.span});
  }
  const bool fired =
      std::any_of(result.findings.begin(), result.findings.end(), [](const auto& f) { return !f.suppressed; });
  result.outcome = fired                      ? RuleOutcome::kFired
                   : state.undetermined       ? RuleOutcome::kUnknown
                   : !result.findings.empty() ? RuleOutcome::kSuppressed
                                              : RuleOutcome::kNotMet;
  if (!state.speaks) result.unknown_action = 0;
  for (const auto& text : state.unknown_texts) result.unknown_text += (result.unknown_text.empty() ? "" : "\n") + text;
  if (explain_) explain_result(state);
}

void RuleRunner::add_row(State& state, bool undetermined) {
  if (undetermined) return add_undetermined_row(state);
  if (state.result.findings.size() >= kMaxFindings) return add_beyond_limit(state);
  auto finding = make_finding(state);
  state.result.findings.push_back(std::move(finding));
}

/// The limit must not hide the finding that matters: one that is shown takes the place of one that is not, and one of a
/// higher tier that of a lower. What gives way is counted.
void RuleRunner::add_beyond_limit(State& state) {
  auto& findings = state.result.findings;
  ++state.result.left_out;
  const auto rank = [](const Finding& f) { return std::pair(!f.suppressed, f.tier); };
  const auto weakest = std::min_element(findings.begin(), findings.end(),
                                        [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  Finding next;
  next.suppressed = suppressed_because(state.plan).has_value();
  set_tier(state.plan, next);
  if (rank(next) <= rank(*weakest)) return;
  findings.erase(weakest);
  findings.push_back(make_finding(state));
}

void RuleRunner::collect_missing(State& state, InstructionId id) {
  if (names_facts_) state.explainer.collect_missing(id, state.result.missing);
}

/// What `id` alone lacks; it is added to what the rule lacks too.
std::vector<MissingDatum> RuleRunner::missing_of(State& state, InstructionId id) {
  std::vector<MissingDatum> missing;
  if (!names_facts_) return missing;
  state.explainer.collect_missing(id, missing);
  if (auto& all = state.result.missing; all.empty())
    all = missing;
  else
    state.explainer.collect_missing(id, all);  // what others lack too is not said again, nor in other words
  return missing;
}

/// What the sources and the keys of tables lack; keys are asked for each element of each source, of which one may be an
/// order of an unknown drug and the last one not.
std::vector<MissingDatum> RuleRunner::missing_of_sources(State& state) {
  std::vector<MissingDatum> all;
  const auto take = [&](InstructionId id) {
    for (auto& datum : missing_of(state, id)) all.push_back(std::move(datum));
  };
  const auto take_keys = [&] {
    for (const auto& probe : state.plan.rows.probes) {
      take(probe.keys_a);
      if (probe.keys_b) take(probe.keys_b);
    }
  };
  for (const auto& source : state.plan.rows.sources) take(source.value);
  take_keys();
  if (state.plan.rows.probes.empty() || !names_facts_) return all;
  for (const auto& source : state.plan.rows.sources) {
    if (!source.is_list || source.probe >= 0) continue;
    const auto list = run_.evaluate(source.value);
    const auto bound = run_.local(source.slot);
    for (uint32_t i = 0; list.kind == Kind::kList && i < list.count; ++i) {
      run_.local(source.slot) = list.elements[i].without_flags(Value::kOfList);
      take_keys();
    }
    run_.local(source.slot) = bound;
  }
  return all;
}

/// Whether a source's element is only possible: its code is not recognised, or its status is not known.
bool RuleRunner::is_only_possible(const SourcePlan& source) {
  const auto& bound = run_.local(source.slot);
  if (!source.is_list || source.probe >= 0 || bound.kind != Kind::kObject) return false;
  const auto list = run_.evaluate(source.value);
  for (uint32_t i = list.count; list.kind == Kind::kList && i < list.count + list.possible(); ++i)
    if (list.elements[i].kind == Kind::kObject && list.elements[i].object == bound.object) return true;
  return false;
}

/// Whether the rule is about an order of which there is none that it could speak of.
bool RuleRunner::lacks_order(const State& state) {
  const auto& sources = state.plan.rows.sources;
  return std::any_of(sources.begin(), sources.end(), [&](const SourcePlan& source) {
    if (!source.is_order || !source.is_list) return false;
    const auto list = run_.evaluate(source.value);
    return list.kind != Kind::kList || list.count + list.possible() == 0;
  });
}

/// A row that data could still make true or false. It matters unless it would be suppressed either way. The rule's own
/// words for the unknown case speak of a row that is there; an order that nothing recognises is named once for all
/// rules.
void RuleRunner::add_undetermined_row(State& state) {
  if (suppressed_because(state.plan)) return;
  state.undetermined = true;
  bool is_there = true;
  if (state.plan.rows.where) {
    const auto missing = missing_of(state, state.plan.rows.where);
    is_there = std::none_of(missing.begin(), missing.end(), is_unknown_drug);
  }
  for (const auto& source : state.plan.rows.sources) {
    if (!is_only_possible(source)) continue;
    is_there = false;
    collect_missing(state, source.value);
  }
  state.speaks = state.speaks || is_there;
  if (!state.plan.unknown_text || !is_there) return;
  auto text = text_of(state.plan.unknown_text);
  if (std::find(state.unknown_texts.begin(), state.unknown_texts.end(), text) == state.unknown_texts.end())
    state.unknown_texts.push_back(std::move(text));
}

/// The reason of the first suppressor that is true; one that is null or undetermined never silences.
std::optional<std::string> RuleRunner::suppressed_because(const RulePlan& plan) {
  for (const auto& unless : plan.unless) {
    const auto condition = run_.condition(unless.condition);
    if (condition.holds && !condition.undetermined) return text_of(unless.because);
  }
  return std::nullopt;
}

namespace {

std::optional<Tier> tier_named(std::string_view text) {
  for (const auto tier : {Tier::kSilent, Tier::kPassive, Tier::kInterruptive, Tier::kHardStop})
    if (name(tier) == text) return tier;
  return std::nullopt;
}

}  // namespace

/// The first tier whose condition is true. One that is undetermined before it counts where it is higher: missing data
/// never lowers an alert; but it makes no hard stop, which a person could not pass.
void RuleRunner::set_tier(const RulePlan& plan, Finding& finding) {
  finding.tier = Tier::kInterruptive;
  std::optional<Tier> possible;
  std::string possible_reason;
  for (const auto& clause : plan.tiers) {
    const auto when = clause.when ? run_.condition(clause.when) : Condition{true, false};
    if (!when.holds && !when.undetermined) continue;
    std::optional<Tier> tier = clause.tier;
    if (!tier) {
      const auto value = run_.evaluate(clause.value);
      // A computed tier that is no tier keeps the alert where it would be seen.
      tier =
          value.kind == Kind::kString ? tier_named(value.string()).value_or(Tier::kInterruptive) : Tier::kInterruptive;
      if (value.undetermined() || value.is_null()) {  // could be any tier: seen, but no hard stop
        tier = Tier::kInterruptive;
        finding.tier_undetermined = true;
      }
    }
    if (when.undetermined) {
      const auto capped = std::min(*tier, Tier::kInterruptive);
      if (!possible || capped > *possible) {
        possible = capped;
        possible_reason = text_of(clause.because);
      }
      continue;
    }
    finding.tier = *tier;
    finding.tier_reason = text_of(clause.because);
    break;
  }
  if (possible && *possible > finding.tier) {
    finding.tier = *possible;
    finding.tier_reason = possible_reason;
    finding.tier_undetermined = true;
  } else if (possible) {
    finding.tier_undetermined = true;
  }
}

std::string RuleRunner::text_of(InstructionId id) {
  if (!id) return {};
  std::string text;
  append_plain(text, run_.program(), run_.snapshot(), run_.evaluate(id));
  return text;
}

void RuleRunner::add_texts(const std::vector<TextPlan>& plans, std::vector<TextVariant>& texts) {
  for (const auto& plan : plans) texts.push_back({text_of(plan.text), plan.audience, plan.language});
}

void RuleRunner::explain_result(State& state) {
  auto& result = state.result;
  for (const auto& source : state.plan.rows.sources) {
    if (source.probe >= 0) continue;
    result.explanation.push_back(state.explainer.explain(source.value));
    result.explanation.back().children.clear();
  }
  auto rows = state.plan.rows;
  rows.where = {};
  size_t explained = 0;
  const auto row = [&](bool) {
    if (!state.plan.rows.where || explained >= kMaxRowsLookedAt) return;
    if (explained++ < kMaxExplainedRows) result.explanation.push_back(state.explainer.explain(state.plan.rows.where));
    if (result.outcome == RuleOutcome::kNotMet) note_miss(state);
  };
  const auto maybe = [] {};
  if (result.outcome != RuleOutcome::kFired && result.outcome != RuleOutcome::kSuppressed)
    run_.for_each_row(rows, row, maybe);
}

void RuleRunner::note_miss(State& state) {
  auto miss = find_nearest_miss(run_, sources_, state.plan.rows.where);
  auto& nearest = state.result.miss;
  if (!miss || (nearest && nearest->of_limit <= miss->of_limit)) return;
  for (const auto& source : state.plan.rows.sources) {
    const auto facts = state.explainer.facts_of(run_.local(source.slot));
    if (facts.empty()) continue;
    miss->row = facts.front();
    break;
  }
  nearest = std::move(miss);
}

std::vector<Explanation> RuleRunner::explain_clauses(const RulePlan& plan) {
  std::vector<Explanation> clauses;
  Explainer explainer(run_, sources_, plan.rows.lets);
  const auto add = [&](std::string_view clause, InstructionId id) {
    if (!id) return;
    auto one = explainer.explain(id);
    one.text = std::string(clause) + " " + one.text;
    clauses.push_back(std::move(one));
  };
  add("when", plan.rows.where);
  for (const auto& unless : plan.unless) add("unless", unless.condition);
  for (const auto& tier : plan.tiers) add("tier when", tier.when);
  return clauses;
}

}  // namespace vigil
