// SPDX-License-Identifier: Apache-2.0
// Counts decisions by hook, rule, mode and outcome.
#include "replay/outcome_counts.h"

#include <algorithm>
#include <utility>

#include <vigil/rulebook.h>

namespace vigil::replay {

void OutcomeCounts::add(std::string_view hook, Mode mode, std::span<const RuleResult> results) {
  if (results.empty()) return;
  auto of_hook = std::ranges::find(by_hook_, hook, &OfHook::hook);
  if (of_hook == by_hook_.end()) {
    by_hook_.push_back({std::string(hook), std::vector<Count>(rule_count_ * kModes * kOutcomes)});
    of_hook = by_hook_.end() - 1;
  }
  for (const auto& result : results) {
    const size_t row = result.rule * kModes + static_cast<size_t>(mode);
    Count& count = of_hook->counts[row * kOutcomes + static_cast<size_t>(result.outcome)];
    ++count.decisions;
    if (std::exchange(count.last_patient, patients_) != patients_) ++count.patients;
  }
}

void OutcomeCounts::add_problems(std::vector<Diagnostic> problems, size_t dropped) {
  sort_and_deduplicate(problems);
  for (const auto& problem : problems) ++problems_[problem.code];
  if (dropped > 0) problems_["more"] += static_cast<int64_t>(dropped);
}

void OutcomeCounts::write(RowBuffer& rows) const {
  for (const auto& of_hook : by_hook_)
    for (size_t i = 0; i < of_hook.counts.size(); ++i) {
      const Count& count = of_hook.counts[i];
      if (count.decisions == 0) continue;
      rows.begin(TableId::kOutcomeCounts)
          .add(static_cast<int64_t>(i / kOutcomes / kModes + 1))
          .add(of_hook.hook)
          .add(name(static_cast<Mode>(i / kOutcomes % kModes)))
          .add(name(static_cast<RuleOutcome>(i % kOutcomes)))
          .add(count.decisions)
          .add(count.patients)
          .end();
    }
  for (const auto& [code, times] : problems_) {
    const auto description = describe_code(code);
    rows.begin(TableId::kDataProblems)
        .add(code)
        .add(description ? description->message : std::string_view("further ones, not told apart"))
        .add(times)
        .end();
  }
  const auto add_total = [&](const char* what, int64_t number) {
    rows.begin(TableId::kRun).add(what).add(number).end();
  };
  add_total("patients", patients_);
  add_total("patients not readable", unreadable_);
  add_total("triggers", triggers_);
  add_total("orders", orders_);
}

}  // namespace vigil::replay
