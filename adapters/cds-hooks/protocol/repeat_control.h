// SPDX-License-Identifier: Apache-2.0
// Which alerts need not be shown again: only what the same user acknowledged, with the facts unchanged.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>

#include "cds-hooks/protocol/required_facts.h"
#include "decision-log/log_entry.h"

namespace vigil::hooks {

/// Of one outcome; what it is made of must outlive it.
class RepeatControl {
 public:
  RepeatControl(const Outcome& outcome, const RequiredFacts& facts, const decision_log::AlertMemory& memory);

  /// Findings that were not suppressed, each with the digest of its facts.
  const std::vector<decision_log::FindingNote>& findings() const { return findings_; }
  /// For `once per` in rules: past alerts whose facts are still the same. Not readable where the memory was not.
  AlertHistory history() const;
  /// Keys of alerts that the user overrode at order-select, within this time, and that order-sign need not repeat:
  /// hard stops never, and nothing where the memory was not readable.
  std::vector<std::string_view> resting(const Alerts& alerts, const Trigger& trigger, Instant now,
                                        std::chrono::milliseconds window) const;

 private:
  bool is_unchanged(const decision_log::KnownAlert& known) const;

  const decision_log::AlertMemory& memory_;
  std::vector<decision_log::FindingNote> findings_;
};

}  // namespace vigil::hooks
