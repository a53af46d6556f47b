// SPDX-License-Identifier: Apache-2.0
// Findings to alerts: one a clinical problem, ranked; what is silenced keeps its reason.
#include <algorithm>
#include <map>
#include <utility>

#include <vigil/evaluate.h>

#include "program/program.h"
#include "values/decimal.h"
#include "values/temporal_arithmetic.h"
#include "values/ucum.h"

namespace vigil {

std::string_view name(RuleOutcome outcome) {
  static constexpr std::string_view kNames[] = {"not-met", "fired", "suppressed", "unknown", "error"};
  return kNames[static_cast<size_t>(outcome)];
}

std::string choose_text(const std::vector<TextVariant>& texts, const TextChoice& choice) {
  // RFC 4647, 3.4: subtags fall away from the end of what is wanted until a text has it.
  const auto speaks = [&](std::string_view language) {
    return choice.language.starts_with(language) &&
           (choice.language.size() == language.size() || choice.language[language.size()] == '-');
  };
  const TextVariant* best = texts.empty() ? nullptr : &texts[0];
  std::optional<std::pair<bool, size_t>> best_rank;
  for (const auto& text : texts) {
    const bool is_for = !text.audience.empty() && text.audience == choice.audience;
    const bool is_in = !text.language.empty() && speaks(text.language);
    if ((!text.audience.empty() && !is_for) || (!text.language.empty() && !is_in)) continue;
    const std::pair rank(is_for, text.language.size());
    if (best_rank && rank <= *best_rank) continue;
    best = &text;
    best_rank = rank;
  }
  return best == nullptr ? std::string() : best->text;
}

std::string_view name(Tier tier) {
  static constexpr std::string_view kNames[] = {"silent", "passive", "interruptive", "hard-stop"};
  return kNames[static_cast<size_t>(tier)];
}

namespace {

template <class T, class Key>
void add_unique(std::vector<T>& to, const std::vector<T>& from, Key key) {
  for (const auto& item : from)
    if (std::none_of(to.begin(), to.end(), [&](const T& other) { return key(other) == key(item); })) to.push_back(item);
}

void add_unique(std::vector<std::string>& to, const std::vector<std::string>& from) {
  add_unique(to, from, [](const std::string& s) { return s; });
}

bool same_source(const AlertSource& a, const AlertSource& b) {
  return a.rule == b.rule && a.tier == b.tier && a.severity == b.severity && a.cites == b.cites;
}

Alert alert_of(const Finding& finding, const RuleInfo& rule, uint32_t index, const TextChoice& texts) {
  Alert alert;
  alert.tier = finding.tier;
  alert.severity = finding.severity;
  alert.category = rule.category;
  alert.rules = {index};
  alert.sources = {{index, finding.tier, finding.severity, finding.cites.empty() ? rule.cites : finding.cites}};
  alert.key = finding.key;
  alert.summary = choose_text(finding.summaries, texts);
  alert.detail = choose_text(finding.details, texts);
  alert.summaries = finding.summaries;
  alert.details = finding.details;
  alert.tier_reason = finding.tier_reason;
  alert.suggestions = finding.suggestions;
  alert.overrides = finding.overrides;
  alert.links = finding.links;
  // What speaks of this very pair comes before what speaks of the rule: clients show the first.
  alert.cites = finding.cites;
  add_unique(alert.cites, rule.cites);
  alert.orders = finding.orders;
  alert.facts = finding.facts;
  alert.explanation = finding.explanation;
  return alert;
}

/// Of two findings of one problem, the higher tier speaks; sources and facts of both are kept.
void merge(Alert& into, Alert other) {
  if (other.tier > into.tier) std::swap(into, other);
  for (const auto rule : other.rules)
    if (std::find(into.rules.begin(), into.rules.end(), rule) == into.rules.end()) into.rules.push_back(rule);
  for (auto& source : other.sources)
    if (std::none_of(into.sources.begin(), into.sources.end(), [&](const auto& s) { return same_source(s, source); }))
      into.sources.push_back(std::move(source));
  add_unique(into.cites, other.cites);
  add_unique(into.orders, other.orders);
  add_unique(into.facts, other.facts);
  add_unique(into.links, other.links, [](const LinkOut& l) { return l.url; });
  add_unique(into.suggestions, other.suggestions, [](const Suggestion& s) { return s.label; });
  bool is_first = true;  // one problem has one best way out: that of the finding that speaks
  for (auto& suggestion : into.suggestions)
    if (suggestion.kind == Suggestion::Kind::kRecommended && !std::exchange(is_first, false))
      suggestion.kind = Suggestion::Kind::kOffered;
  add_unique(into.overrides, other.overrides, [](const OverrideReason& o) { return o.text; });
  if (into.detail.find(other.detail) == std::string::npos)
    into.detail += (into.detail.empty() ? "" : "\n") + other.detail;
}

/// Whether `shown` lies within the rule's `once per` period before now; a period that is no calendar quantity never
/// does.
bool within_period(const typed::Module& module, const typed::Rule& rule, Instant shown, const Temporal& now) {
  if (!rule.once_period) return false;
  const auto& expr = module[rule.once_period];
  if (expr.op != Op::kConstant) return false;
  const auto& literal = module.constants[expr.a].literal;
  const auto amount = parse_decimal(literal.text);
  const auto whole = amount ? truncate(*amount) : std::nullopt;
  const auto unit = ucum::calendar_unit(literal.unit);
  if (!whole || unit == ucum::Calendar::kNone) return false;
  static constexpr Precision kUnits[] = {Precision::kYear,   Precision::kYear,   Precision::kMonth,
                                         Precision::kDay,    Precision::kDay,    Precision::kHour,
                                         Precision::kMinute, Precision::kSecond, Precision::kMillisecond};
  const auto days = unit == ucum::Calendar::kWeek ? *whole * 7 : *whole;
  const auto begin = add(Kind::kDateTime, now, -days, kUnits[static_cast<size_t>(unit)]);
  return begin && shown >= to_instant(*begin);
}

bool acknowledged_before(const typed::Module& module, const typed::Rule& rule, const Finding& finding,
                         const Trigger& trigger, const AlertHistory& history, const Temporal& now) {
  if (!rule.once_per || !history.readable || trigger.user.empty() || finding.tier == Tier::kHardStop) return false;
  return std::any_of(history.alerts.begin(), history.alerts.end(), [&](const PastAlert& past) {
    if (past.rule != rule.name || past.key != finding.key || past.user != trigger.user || !past.acknowledged ||
        past.shown > to_instant(now))
      return false;
    switch (rule.once_per->unit) {
      case ast::OncePer::Unit::kPatient: return true;
      case ast::OncePer::Unit::kEncounter: return !trigger.encounter.empty() && past.encounter == trigger.encounter;
      case ast::OncePer::Unit::kPeriod: return within_period(module, rule, past.shown, now);
    }
    return false;
  });
}

struct Silence {
  std::string reason;  ///< empty: the finding is shown
  bool is_repeat = false;
};

Silence find_silence(const typed::Module& module, const Finding& finding, const RuleInfo& info, const typed::Rule& rule,
                     const Trigger& trigger, const AlertHistory& history, const Temporal& now) {
  if (finding.suppressed)
    return {finding.suppression_reason.empty() ? "a suppressor of the rule applies" : finding.suppression_reason};
  if (info.shadow) return {"the rule runs in shadow mode"};
  if (finding.tier == Tier::kSilent)
    return {finding.tier_reason.empty() ? "the rule's tier is silent" : finding.tier_reason};
  if (acknowledged_before(module, rule, finding, trigger, history, now))
    return {"the same user has acknowledged it and the facts are unchanged", true};
  return {};
}

Alert unknown_alert(const RuleResult& result, const RuleInfo& info) {
  Alert alert;
  alert.is_note = true;
  alert.tier = result.unknown_action == 2 ? Tier::kInterruptive : Tier::kPassive;
  alert.category = info.category;
  alert.rules = {result.rule};
  alert.key = "unknown|" + info.library + "." + info.name;
  std::string missing;
  for (const auto& datum : result.missing) {
    missing += (missing.empty() ? "" : "; ") + datum.what;
    if (!datum.reference.empty()) add_unique(alert.facts, {datum.reference});
  }
  if (result.missing.size() >= kMaxMissingData) missing += "; and perhaps more";
  alert.summary = result.unknown_text.empty() ? "Could not be checked: " + info.name : result.unknown_text;
  alert.detail = missing.empty() ? "" : "Missing: " + missing;
  alert.cites = info.cites;
  alert.explanation = result.explanation;
  return alert;
}

}  // namespace

bool sources_differ(const Alert& alert) {
  return std::any_of(alert.sources.begin(), alert.sources.end(), [&](const AlertSource& source) {
    return source.tier != alert.sources.front().tier || source.severity != alert.sources.front().severity;
  });
}

Alerts raise(const Rulebook& rulebook, const Outcome& outcome, const Trigger& trigger, const AlertHistory& history,
             const Temporal& now, const TextChoice& texts) {
  Alerts raised;
  std::map<std::string, size_t> by_key;
  for (const auto& result : outcome.results) {
    const auto& info = rulebook.rules()[result.rule];
    const auto& rule = rulebook.program().module.rules[result.rule];
    for (const auto& finding : result.findings) {
      auto silence = find_silence(rulebook.program().module, finding, info, rule, trigger, history, now);
      if (!silence.reason.empty()) {
        raised.silenced.push_back({result.rule, choose_text(finding.summaries, texts), std::move(silence.reason),
                                   finding.orders, silence.is_repeat});
        continue;
      }
      auto alert = alert_of(finding, info, result.rule, texts);
      const auto [at, is_new] = by_key.try_emplace(alert.key, raised.alerts.size());
      if (is_new)
        raised.alerts.push_back(std::move(alert));
      else
        merge(raised.alerts[at->second], std::move(alert));
    }
    if (result.outcome == RuleOutcome::kUnknown && result.unknown_action != 0 && !info.shadow)
      raised.alerts.push_back(unknown_alert(result, info));
  }
  if (!outcome.not_checked.empty()) {
    Alert note;
    note.is_note = true;
    note.tier = Tier::kPassive;
    note.key = "not-checked";
    note.summary = "Some of the data could not be read or is not recognised: checks that need it are incomplete";
    for (const auto& what : outcome.not_checked) note.detail += (note.detail.empty() ? "" : "; ") + what;
    raised.alerts.push_back(std::move(note));
  }
  // Rank: tier, findings before notes, category, then the order of rules.
  std::stable_sort(raised.alerts.begin(), raised.alerts.end(), [](const Alert& a, const Alert& b) {
    if (a.tier != b.tier) return a.tier > b.tier;
    if (a.is_note != b.is_note) return b.is_note;
    return a.category < b.category;
  });
  return raised;
}

}  // namespace vigil
