// SPDX-License-Identifier: Apache-2.0
// A row to a snapshot, trigger and history; these to alerts; alerts compared.
#include "decision-log/replay_log.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include <vigil/primitives.h>

#include "crypto/hashes.h"
#include "decision-log/log_entry.h"
#include "decision-log/record_reader.h"
#include "decision-log/row_json.h"
#include "decision-log/sealed_text.h"
#include "fhir/fhir_reader.h"

namespace vigil::decision_log {
namespace {

using Json = nlohmann::json;

std::string rule_name(const RuleInfo& rule) { return rule.library + "." + rule.name; }

Trigger trigger_of(const Json& head) {
  Trigger trigger;
  trigger.hook = text_of(head, "hook");
  trigger.user = text_of(head, "user");
  trigger.encounter = text_of(head, "encounter");
  for (const auto& order : list_of(head, "orders"))
    if (order.is_array() && order.size() == 2 && order[0].is_string() && order[1].is_string())
      trigger.orders.push_back({order[0], order[1]});
  return trigger;
}

AlertHistory history_of(const Json& head) {
  AlertHistory history;
  const auto given = head.find("history");
  if (given == head.end()) return history;
  history.readable = flag_of(*given, "readable", true);
  for (const auto& one : list_of(*given, "alerts")) {
    PastAlert past;
    past.rule = text_of(one, "rule");
    past.key = text_of(one, "key");
    past.user = text_of(one, "user");
    past.encounter = text_of(one, "encounter");
    past.shown = number_of(one, "shown");
    past.acknowledged = flag_of(one, "acknowledged", false);
    history.alerts.push_back(std::move(past));
  }
  return history;
}

Completeness completeness_of(const Json& state) {
  const bool is_known =
      state.is_number_unsigned() && state.get<uint64_t>() <= static_cast<uint64_t>(Completeness::kDamaged);
  return is_known ? static_cast<Completeness>(state.get<uint8_t>()) : Completeness::kDamaged;
}

/// Each resource was read by itself; here it stands in a Bundle's entry, two objects deeper, and in one text with all
/// others.
fhir::FhirReadOptions options_of(fhir::Drafts which) {
  constexpr uint32_t kEntryDepth = 2;
  return {.max_bytes = SIZE_MAX, .max_depth = fhir::FhirReadOptions().max_depth + kEntryDepth, .drafts = which};
}

/// Alerts as lines that can be compared.
std::vector<std::string> lines_of(const Json& alerts) {
  std::vector<std::string> lines;
  for (const auto& alert : alerts) lines.push_back(text_of(alert, "tier") + ": " + text_of(alert, "summary"));
  return lines;
}

/// Of rules that were stopped then, only what they had found by then.
std::vector<std::string> lines_of(const Alerts& alerts, const Rulebook& rulebook, const std::set<std::string>& stopped,
                                  const std::vector<std::string>& logged) {
  std::vector<std::string> lines;
  for (const auto& alert : alerts.alerts) {
    auto line = std::string(name(alert.tier)) + ": " + alert.summary;
    const bool is_of_stopped = std::ranges::any_of(
        alert.rules, [&](uint32_t rule) { return stopped.contains(rule_name(rulebook.rules()[rule])); });
    if (!is_of_stopped || std::ranges::find(logged, line) != logged.end()) lines.push_back(std::move(line));
  }
  return lines;
}

/// Rules that came to a limit, of time, steps or memory: another run, with other limits, may get further.
std::set<std::string> stopped_rules(const Json& open) {
  std::set<std::string> rules;
  const auto errors = open.find("errors");
  if (errors == open.end()) return rules;
  for (const auto& [rule, code] : errors->items())
    if (code == "VGL0904" || code == "VGL0905" || code == "VGL0915") rules.insert(rule);
  return rules;
}

/// "Library.Rule: fired", sorted; none where the row does not say it as the log writes it.
std::optional<std::vector<std::string>> outcomes_of(const Json& open, const std::set<std::string>& stopped) {
  std::vector<std::string> lines;
  const auto add_all = [&](const std::string& outcome, const std::string& prefix, const Json& names) {
    for (const auto& name : names) {
      if (!name.is_string()) return false;
      const auto rule = prefix + name.get<std::string>();
      if (!stopped.contains(rule)) lines.emplace_back(rule).append(": ").append(outcome);
    }
    return names.is_array();
  };
  const auto outcomes = open.find("outcomes");
  if (outcomes == open.end() || !outcomes->is_object()) return std::nullopt;
  for (const auto& [outcome, rules] : outcomes->items()) {
    if (!rules.is_object()) {  // earlier versions wrote library and rule in one
      if (!add_all(outcome, "", rules)) return std::nullopt;
      continue;
    }
    for (const auto& [library, names] : rules.items())
      if (!add_all(outcome, library + ".", names)) return std::nullopt;
  }
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> outcomes_of(const Outcome& outcome, const Rulebook& rulebook,
                                     const std::set<std::string>& stopped) {
  std::vector<std::string> lines;
  for (const auto& result : outcome.results)
    if (const auto rule = rule_name(rulebook.rules()[result.rule]); !stopped.contains(rule))
      lines.push_back(rule + ": " + std::string(name(result.outcome)));
  std::ranges::sort(lines);
  return lines;
}

void compare(const std::vector<std::string>& logged, const std::vector<std::string>& now, const std::string& what,
             std::vector<std::string>& differences) {
  for (const auto& line : logged)
    if (std::ranges::find(now, line) == now.end())
      differences.emplace_back(what).append(" then, not now: ").append(line);
  for (const auto& line : now)
    if (std::ranges::find(logged, line) == logged.end())
      differences.emplace_back(what).append(" now, not then: ").append(line);
  if (differences.empty() && logged != now) differences.push_back(what + "s in another order");
}

}  // namespace

struct LogReplay::State {
  State(const Rulebook& rules, LogStore& store, const KeyRing& ring, bool any, OutcomeChange changes)
      : rulebook(rules),
        keys(ring),
        shared(store, ring),
        any_rules(any),
        change(std::move(changes)),
        timeline(rules.read_plan(), rules.knowledge()),
        records(rules.read_plan(), options_of(fhir::Drafts::kNone)),
        drafts(rules.read_plan(), options_of(fhir::Drafts::kAll)),
        evaluator(rules) {}

  void read(std::string_view record, std::string_view draft, const Json& head);

  const Rulebook& rulebook;
  const KeyRing& keys;
  RecordReader shared;
  bool any_rules;
  OutcomeChange change;
  Timeline timeline;
  fhir::FhirReader records;
  fhir::FhirReader drafts;
  Evaluator evaluator;
};

void LogReplay::State::read(std::string_view record, std::string_view draft, const Json& head) {
  timeline.clear();
  DiagnosticSink sink;  // what was wrong with the data then is in its completeness
  const auto patient = text_of(head, "patient");
  if (!record.empty()) records.read(std::string(record), "log", timeline, sink, patient);
  if (!draft.empty()) drafts.read(std::string(draft), "log", timeline, sink, patient);
  const auto completeness = head.find("completeness");
  if (completeness == head.end() || !completeness->is_object()) return;
  for (const auto& [type, state] : completeness->items())
    if (const auto* planned = timeline.plan().resource(type))
      timeline.degrade(planned->fhir_type, completeness_of(state));
}

LogReplay::LogReplay(const Rulebook& rulebook, LogStore& store, const KeyRing& keys, bool any_rules,
                     OutcomeChange change)
    : state_(std::make_unique<State>(rulebook, store, keys, any_rules, std::move(change))) {}
LogReplay::~LogReplay() = default;

Replayed LogReplay::replay(const LogRow& row) {
  const auto open = parse_row_text(row.open);
  if (!open.is_object()) return {ReplayResult::kUnreadable, {}};
  const auto& rulebook = state_->rulebook;
  if (!state_->any_rules && (text_of(open, "rules") != crypto::to_hex(rulebook.digest()) ||
                             text_of(open, "knowledge") != crypto::to_hex(rulebook.knowledge().digest())))
    return {ReplayResult::kOtherRules, {}};
  if (!row.sealed) return {ReplayResult::kErased, {}};
  const auto secret = open_text(row, state_->keys);
  const auto parts = secret ? split_secret(*secret) : std::nullopt;
  const auto head = parts ? parse_row_text(parts->head) : Json();
  const auto now = head.is_object() ? parse_instant(text_of(head, "now")) : std::nullopt;
  if (!now) return {ReplayResult::kUnreadable, {}};
  const auto record = state_->shared.record_of(*parts);
  if (record.state == RecordState::kErased) return {ReplayResult::kErased, {}};
  if (record.state == RecordState::kUnreadable) return {ReplayResult::kUnreadable, {}};
  const auto stopped = stopped_rules(open);
  const auto outcomes = outcomes_of(open, stopped);
  if (!outcomes) return {ReplayResult::kUnreadable, {}};
  state_->read(record.text, parts->drafts, head);
  DiagnosticSink sink;
  const auto snapshot = state_->timeline.at(to_instant(*now), sink);
  const auto trigger = trigger_of(head);
  const auto history = history_of(head);
  auto outcome = state_->evaluator.evaluate(snapshot, trigger, history, *now);
  if (state_->change) state_->change(outcome, *now);
  const auto alerts = raise(rulebook, outcome, trigger, history, *now);
  Replayed replayed;
  const auto logged = lines_of(list_of(head, "alerts"));
  compare(logged, lines_of(alerts, rulebook, stopped, logged), "alert", replayed.differences);
  compare(*outcomes, outcomes_of(outcome, rulebook, stopped), "outcome", replayed.differences);
  if (!replayed.differences.empty()) replayed.result = ReplayResult::kDifferent;
  return replayed;
}

}  // namespace vigil::decision_log
