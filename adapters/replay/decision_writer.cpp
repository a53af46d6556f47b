// SPDX-License-Identifier: Apache-2.0
// Rows of one trigger.
#include "replay/decision_writer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "replay/explanation_text.h"
#include "replay/moments.h"

namespace vigil::replay {

namespace {

constexpr Instant kDay = 86'400'000;  // repeats within it count

std::string reference_of(const ResourceReference& order) { return order.type + "/" + order.id; }

std::string_view name_of(StatusThen status) {
  constexpr std::array<std::string_view, 4> kNames = {"as-stored", "in-force", "draft", "undetermined"};
  return kNames[static_cast<size_t>(status)];
}

/// The clinical problem a finding is about, whichever orders raised it: what is written anew in the morning is to the
/// reader the alert of last night.
std::string problem_of(const Finding& finding) {
  std::string problem = finding.key;
  for (const auto& order : finding.orders) {
    const auto part = "|" + order;
    for (auto at = problem.find(part); at != std::string::npos; at = problem.find(part, at + 1))
      if (const auto end = at + part.size(); end == problem.size() || problem[end] == '|') {
        problem.erase(at, part.size());
        break;
      }
  }
  return problem;
}

const Finding* worst_finding(const RuleResult& result) {
  const auto worst = std::ranges::max_element(result.findings, {}, &Finding::tier);
  return worst == result.findings.end() ? nullptr : &*worst;
}

bool is_shown(const RuleResult& result, const Alerts& alerts) {
  return std::ranges::any_of(alerts.alerts, [&](const Alert& alert) {
    return !alert.is_note && std::ranges::find(alert.rules, result.rule) != alert.rules.end();
  });
}

std::string silenced_reason(const RuleResult& result, const Alerts& alerts) {
  const auto silenced = std::ranges::find(alerts.silenced, result.rule, &SilencedFinding::rule);
  return silenced == alerts.silenced.end() ? std::string() : silenced->reason;
}

std::span<const Explanation> explanation_of(const RuleResult& result) {
  if (result.findings.empty()) return result.explanation;
  return result.findings.front().explanation;
}

bool is_id_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.'; }

}  // namespace

void DecisionWriter::begin_patient(std::string_view patient_id, const PatientTimeline& timeline) {
  timeline_ = &timeline;
  patient_id_ = patient_id;
  patient_key_ = pseudonyms_.of("Patient", patient_id);
  ids_.clear();
  keys_.clear();
  fired_.clear();
  fates_.begin_patient(timeline);
  ids_.insert(patient_id_);
  for (const auto& dated : timeline.versions()) ids_.insert(dated.stored->id);
}

std::string DecisionWriter::id_of(const ReplayTrigger& trigger) const {
  return pseudonyms_.of("trigger",
                        patient_id_ + " " + instant_text(trigger.at) + " " + trigger.trigger.hook + " " + trigger.key);
}

std::string DecisionWriter::problem_key(std::string_view problem) const {
  return pseudonyms_.of("problem", patient_id_ + " " + std::string(problem));
}

std::string DecisionWriter::write(const Decided& decided, RowBuffer& rows) {
  trigger_id_ = id_of(*decided.trigger);
  write_trigger(decided, rows);
  for (const auto& result : decided.outcome->results) {
    if (result.outcome == RuleOutcome::kNotMet && !all_rows_) continue;
    decision_id_ = trigger_id_ + "-" + std::to_string(result.rule + 1);
    write_decision(decided, result, rows);
    write_findings(decided, result, rows);
    write_missing(decided, result, rows);
    write_miss(result, rows);
  }
  return trigger_id_;
}

void DecisionWriter::finish_part(RowBuffer& rows) {
  coverage_.write(rows);
  coverage_.clear();
}

void DecisionWriter::write_trigger(const Decided& decided, RowBuffer& rows) {
  const auto& t = *decided.trigger;
  std::string orders;
  for (const auto& order : t.trigger.orders)
    orders.append(orders.empty() ? "" : " ").append(key_of(reference_of(order)));
  std::string not_checked;
  for (const auto& what : decided.outcome->not_checked)
    not_checked.append(not_checked.empty() ? "" : "; ").append(what);
  const auto alerts = std::ranges::count_if(decided.alerts->alerts, [](const Alert& alert) { return !alert.is_note; });
  rows.begin(TableId::kTriggers).add(trigger_id_).add(patient_key_).add(instant_text(t.at)).add(day_text(t.now));
  rows.add(int64_t{t.now.hour}).add(int64_t{weekday_of(t.now)}).add(shift_of(t.now)).add(t.trigger.hook);
  rows.add(t.trigger.encounter.empty() ? "" : pseudonyms_.of("Encounter", t.trigger.encounter));
  rows.add(t.trigger.user.empty() ? "" : pseudonyms_.of("user", t.trigger.user));
  rows.add(static_cast<int64_t>(t.trigger.orders.size())).add(orders);
  add_order_fates(t, rows);
  const auto person = timeline_->person(t.at);
  if (person.born) {
    const int age = age_at(*person.born, t.now);
    rows.add(int64_t{age}).add(age_band_of(age));
  } else {
    rows.add_null().add_null();
  }
  rows.add(person.sex)
      .add(person.is_of_later)
      .add(static_cast<int64_t>(std::ranges::count(decided.snapshot->all_facts(), false, &Fact::is_possible)))
      .add(static_cast<int64_t>(timeline_->count_known_after(t.at)))
      .add(static_cast<int64_t>(alerts))
      .add(not_checked)
      .end();
}

void DecisionWriter::write_decision(const Decided& decided, const RuleResult& result, RowBuffer& rows) {
  const auto* worst = worst_finding(result);
  const auto clauses = explanation_of(result);
  coverage_.add(result.rule, clauses);
  rows.begin(TableId::kDecisions)
      .add(decision_id_)
      .add(trigger_id_)
      .add(int64_t{result.rule} + 1)
      .add(name(result.outcome))
      .add(is_shown(result, *decided.alerts))
      .add(without_ids(silenced_reason(result, *decided.alerts)))
      .add(worst == nullptr ? std::string_view{} : name(worst->tier))
      .add(worst == nullptr ? std::string_view{} : worst->severity)
      .add(static_cast<int64_t>(result.findings.size()))
      .add(count_repeats(decided, result))
      .add(fates_.response_to(result, decided.trigger->at))
      .add(static_cast<int64_t>(result.missing.size()))
      .add(clause_truths(clauses))
      .add(first_false(clauses))
      .add(without_ids(explanation_text(clauses)))
      .add(result.error ? without_ids(result.error->message) : std::string())
      .end();
}

/// Of all orders under review, whether a rule spoke of them or not: what inferred answers are to be compared with.
void DecisionWriter::add_order_fates(const ReplayTrigger& trigger, RowBuffer& rows) const {
  int64_t dated = 0;
  int64_t altered = 0;
  for (const auto& order : trigger.trigger.orders) {
    const auto fate = fates_.of(reference_of(order), trigger.at);
    dated += fate != OrderFate::kNotOnRecord ? 1 : 0;
    altered += fate >= OrderFate::kChanged ? 1 : 0;
  }
  rows.add(dated).add(altered);
}

/// How often the rule fired on one of these problems in the day before; remembers that it does now.
int64_t DecisionWriter::count_repeats(const Decided& decided, const RuleResult& result) {
  const Instant at = decided.trigger->at;
  int64_t most = 0;
  std::set<std::string> problems;
  for (const auto& finding : result.findings)
    if (!finding.suppressed) problems.insert(problem_of(finding));
  for (const auto& problem : problems) {
    auto& before = fired_[{result.rule, problem}];
    std::erase_if(before, [&](Instant instant) { return instant <= at - kDay; });
    most = std::max(most, static_cast<int64_t>(before.size()));
    before.push_back(at);
  }
  return most;
}

void DecisionWriter::write_findings(const Decided& decided, const RuleResult& result, RowBuffer& rows) {
  int64_t number = 0;
  for (const auto& finding : result.findings) {
    std::string orders;
    for (const auto& order : finding.orders) orders.append(orders.empty() ? "" : " ").append(key_of(order));
    rows.begin(TableId::kFindings)
        .add(decision_id_)
        .add(++number)
        .add(problem_key(finding.key))
        .add(finding.suppressed)
        .add(without_ids(finding.suppression_reason))
        .add(name(finding.tier))
        .add(without_ids(finding.tier_reason))
        .add(finding.severity)
        .add(finding.summaries.empty() ? std::string() : without_ids(finding.summaries.front().text))
        .add(orders)
        .end();
    std::set<std::string_view> seen;
    for (const auto& order : finding.orders)
      if (seen.insert(order).second) write_evidence(decided, order, true, static_cast<size_t>(number), rows);
    for (const auto& fact : finding.facts)
      if (seen.insert(fact).second) write_evidence(decided, fact, false, static_cast<size_t>(number), rows);
  }
}

void DecisionWriter::write_missing(const Decided& decided, const RuleResult& result, RowBuffer& rows) {
  int64_t number = 0;
  std::set<std::string_view> seen;
  for (const auto& missing : result.missing) {
    rows.begin(TableId::kMissing).add(decision_id_).add(++number).add(without_ids(missing.what));
    rows.add(missing.reference.empty() ? std::string() : key_of(missing.reference)).end();
    if (!missing.reference.empty() && seen.insert(missing.reference).second)
      write_evidence(decided, missing.reference, false, 0, rows);
  }
}

void DecisionWriter::write_miss(const RuleResult& result, RowBuffer& rows) {
  if (!result.miss) return;
  constexpr double kMostShare = 1e9;  // farther is far; a limit of 0 has no share
  const auto& miss = *result.miss;
  rows.begin(TableId::kMisses).add(decision_id_).add(miss.comparison).add(miss.distance).add(miss.unit);
  miss.of_limit <= kMostShare ? rows.add(miss.of_limit) : rows.add_null();
  rows.add(miss.row.empty() ? std::string() : key_of(miss.row)).end();
}

void DecisionWriter::write_evidence(const Decided& decided, std::string_view reference, bool is_order, size_t number,
                                    RowBuffer& rows) {
  const auto fact = fact_of(*decided.snapshot, *timeline_, reference, is_order);
  rows.begin(TableId::kEvidence)
      .add(decision_id_)
      .add(static_cast<int64_t>(number))
      .add(fact.key)
      .add(fact.resource_type)
      .add(is_order)
      .add(fact.label)
      .add(fact.clinical_from)
      .add(fact.known_from)
      .add(fact.basis)
      .add(fact.status_then)
      .end();
}

NamedFact DecisionWriter::fact_of(const Snapshot& snapshot, const PatientTimeline& timeline, std::string_view reference,
                                  bool is_order) {
  const Object* resource = snapshot.resolve(reference, nullptr);
  const auto* version = resource == nullptr ? nullptr : timeline.version_of(*resource);
  const auto* stored = version == nullptr ? nullptr : &timeline.stored(*version);
  return {key_of(reference),
          std::string(reference.substr(0, reference.find('/'))),
          is_order,
          stored == nullptr ? std::string() : label_of(*stored),
          stored == nullptr ? std::string() : instant_text(stored->clinical_from),
          version == nullptr ? std::string() : instant_text(version->known_from),
          version == nullptr ? name(Basis::kAlways) : name(version->basis),
          version == nullptr ? name_of(StatusThen::kAsStored) : name_of(version->status)};
}

/// What people call it: the text of its code, else the first display.
std::string DecisionWriter::label_of(const store::StoredVersion& stored) {
  if (tokens_.index(stored.json.data(), stored.json.size()) != fhir::JsonIndex::Status::kOk) return {};
  const fhir::JsonText json(stored.json.data(), tokens_.tokens(), tokens_.count());
  for (const std::string_view element : {"code", "medicationCodeableConcept", "vaccineCode"})
    for (const std::string_view part : {".text", ".coding.display", ".coding.code"}) {
      std::string text;
      if (const auto raw = text_at(json, 0, std::string(element).append(part));
          !raw.empty() && fhir::unescape(raw, text))
        return without_ids(text);
    }
  return {};
}

const std::string& DecisionWriter::key_of(std::string_view reference) {
  auto& key = keys_[std::string(reference)];
  if (key.empty()) key = pseudonyms_.of("resource", std::string(reference));
  return key;
}

/// Ids of the patient's resources, behind a slash or a quote, become pseudonyms.
std::string DecisionWriter::without_ids(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const bool may_begin = at > 0 && (text[at - 1] == '/' || text[at - 1] == '\'' || text[at - 1] == '"');
    size_t end = at;
    while (may_begin && end < text.size() && is_id_byte(text[end])) ++end;
    const auto word = text.substr(at, end - at);
    if (!word.empty() && ids_.contains(word))
      clean += key_of(word);
    else
      clean += text.substr(at, std::max<size_t>(word.size(), 1));
    at += std::max<size_t>(word.size(), 1);
  }
  return clean;
}

}  // namespace vigil::replay
