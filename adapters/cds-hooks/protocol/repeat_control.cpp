// SPDX-License-Identifier: Apache-2.0
// Compares findings with what is remembered.
#include "cds-hooks/protocol/repeat_control.h"

#include <algorithm>

namespace vigil::hooks {

RepeatControl::RepeatControl(const Outcome& outcome, const RequiredFacts& facts,
                             const decision_log::AlertMemory& memory)
    : memory_(memory) {
  for (const auto& result : outcome.results)
    for (const auto& finding : result.findings)
      if (!finding.suppressed) findings_.push_back({result.rule, finding.key, facts.digest(finding)});
}

bool RepeatControl::is_unchanged(const decision_log::KnownAlert& known) const {
  return std::ranges::any_of(
      findings_, [&](const auto& finding) { return finding.key == known.alert.key && finding.digest == known.digest; });
}

AlertHistory RepeatControl::history() const {
  AlertHistory history;
  history.readable = memory_.readable;
  for (const auto& known : memory_.alerts)
    if (is_unchanged(known)) history.alerts.push_back(known.alert);
  return history;
}

std::vector<std::string_view> RepeatControl::resting(const Alerts& alerts, const Trigger& trigger, Instant now,
                                                     std::chrono::milliseconds window) const {
  std::vector<std::string_view> keys;
  if (!memory_.readable || trigger.hook != "order-sign" || trigger.user.empty()) return keys;
  const auto was_acknowledged = [&](const decision_log::FindingNote& finding) {
    return std::ranges::any_of(memory_.alerts, [&](const decision_log::KnownAlert& known) {
      return known.hook == "order-select" && !known.accepted && known.alert.key == finding.key &&
             known.digest == finding.digest && known.alert.user == trigger.user && known.alert.shown <= now &&
             now - known.alert.shown < window.count();
    });
  };
  for (const auto& alert : alerts.alerts) {
    if (alert.is_note || alert.tier == Tier::kHardStop) continue;
    size_t findings = 0;
    size_t acknowledged = 0;
    for (const auto& finding : findings_) {
      if (finding.key != alert.key) continue;
      ++findings;
      if (was_acknowledged(finding)) ++acknowledged;
    }
    if (findings > 0 && findings == acknowledged) keys.push_back(alert.key);
  }
  return keys;
}

}  // namespace vigil::hooks
