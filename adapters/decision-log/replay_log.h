// SPDX-License-Identifier: Apache-2.0
// Evaluates recorded decisions again, and compares what they say.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vigil/evaluate.h>

#include "decision-log/key_ring.h"
#include "decision-log/log_row.h"
#include "decision-log/log_store.h"

namespace vigil::decision_log {

/// What became of one row.
enum class ReplayResult : uint8_t {
  kSame,
  kDifferent,   ///< other alerts or other outcomes of rules
  kOtherRules,  ///< it was made by other rules or other knowledge
  kErased,      ///< what it was made from is not kept any more
  kUnreadable,  ///< no key, or not what this version writes
};

/// A row evaluated again. `differences` name rules, tiers and outcomes; summaries may tell of the patient.
struct Replayed {
  ReplayResult result = ReplayResult::kSame;
  std::vector<std::string> differences;
};

/// What a site changes in what rules raise, before alerts are made of it.
using OutcomeChange = std::function<void(Outcome& outcome, const Temporal& now)>;

/// Evaluates rows with one rulebook, reusing its memory. Not thread-safe; what it is given must outlive it.
class LogReplay {
 public:
  /// `any_rules`: rows of other rules too, to see what these would have said.
  LogReplay(const Rulebook& rulebook, LogStore& store, const KeyRing& keys, bool any_rules = false,
            OutcomeChange change = {});
  ~LogReplay();

  /// For rows of kind kDecision.
  Replayed replay(const LogRow& row);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::decision_log
