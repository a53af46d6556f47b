// SPDX-License-Identifier: Apache-2.0
// Merges outcomes into a patient's report.
#include "cli/patient_report.h"

#include <algorithm>

namespace vigil::cli {
namespace {

template <class T, class Same>
T* find_same(std::vector<T>& items, Same same) {
  const auto at = std::ranges::find_if(items, same);
  return at == items.end() ? nullptr : &*at;
}

}  // namespace

void PatientReport::add(const Outcome& outcome, Alerts alerts) {
  const bool is_first = alerts_.empty();
  for (auto& alert : alerts.alerts) {
    // One problem once; alerts without a key are told apart by what they say.
    const auto same = [&](const Alert& a) {
      return a.is_note == alert.is_note && a.key == alert.key && (!alert.key.empty() || a.summary == alert.summary);
    };
    if (find_same(alerts_, same) == nullptr) alerts_.push_back(std::move(alert));
  }
  // Each evaluation ranks its own; of several, the tiers are kept together.
  if (!is_first) std::ranges::stable_sort(alerts_, std::ranges::greater(), &Alert::tier);
  for (auto& finding : alerts.silenced) add_silenced(outcome, std::move(finding));
  for (const auto& result : outcome.results) add_result(result);
  for (const auto& what : outcome.not_checked)
    if (std::ranges::find(not_checked_, what) == not_checked_.end()) not_checked_.push_back(what);
}

void PatientReport::add_result(const RuleResult& result) {
  ++outcomes_[static_cast<size_t>(result.outcome)];
  if (result.error) {
    const auto same = [&](const FailedRule& f) {
      return f.rule == result.rule && f.error.message == result.error->message;
    };
    if (find_same(failed_, same) == nullptr) failed_.push_back({result.rule, *result.error});
  }
  if (result.outcome == RuleOutcome::kNotMet) {
    if (!result.explanation.empty()) unmet_.push_back({result.rule, result.explanation});
    return;
  }
  if (result.outcome != RuleOutcome::kUnknown && result.missing.empty()) return;
  auto* known = find_same(unknown_, [&](const UnknownRule& u) { return u.rule == result.rule; });
  if (known == nullptr) {
    unknown_.push_back({result.rule, {}, result.unknown_text, result.explanation});
    known = &unknown_.back();
  }
  for (const auto& datum : result.missing) {
    const auto same = [&](const MissingDatum& m) { return m.what == datum.what && m.reference == datum.reference; };
    if (find_same(known->missing, same) == nullptr) known->missing.push_back(datum);
  }
}

void PatientReport::add_silenced(const Outcome& outcome, SilencedFinding finding) {
  const auto same = [&](const SilencedReport& s) {
    return s.finding.rule == finding.rule && s.finding.summary == finding.summary && s.finding.reason == finding.reason;
  };
  if (find_same(silenced_, same) != nullptr) return;
  SilencedReport report{std::move(finding), {}};
  for (const auto& result : outcome.results) {
    if (result.rule != report.finding.rule) continue;
    for (const auto& row : result.findings)
      if (std::ranges::find(row.summaries, report.finding.summary, &TextVariant::text) != row.summaries.end())
        report.explanation = row.explanation;
  }
  silenced_.push_back(std::move(report));
}

}  // namespace vigil::cli
