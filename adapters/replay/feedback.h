// SPDX-License-Identifier: Apache-2.0
// What users answered to the alerts they were shown then (CDS Hooks 2.0.1, "Feedback").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

namespace vigil::replay {

/// What became of one card, of one of the rules behind it.
struct Answer {
  std::string rule;
  std::vector<std::string> orders;  ///< "MedicationRequest/7": what the card was about; empty: not told
  Instant shown = 0;                ///< when the card was shown; where that is not told, when it was answered
  Instant answered = 0;
  bool accepted = false;
  std::string reason;  ///< of an override: the text of its code. Comments are not taken over: they may hold anything
};

/// Answers by patient id. Immutable.
class Feedback {
 public:
  /// None, with VGL1231 for each line that cannot be read. The text is either
  ///   * CSV with the columns patient, rule, outcome (accepted or overridden) and instant, and, as needed, order
  ///     ("Type/id", several separated by blanks) and reason; or
  ///   * NDJSON: a line of `vigil log feedback`, or an item of CDS Hooks feedback (outcome, outcomeTimestamp,
  ///     overrideReason) with patient and rule beside it. A line without a patient is counted, not used: a log
  ///     that has forgotten the decision cannot tell whose it was.
  static std::optional<Feedback> parse(std::string_view text, const std::string& name, DiagnosticSink& sink);

  bool empty() const { return by_patient_.empty(); }
  std::span<const Answer> of(std::string_view patient_id) const;
  int64_t count() const { return count_; }                      ///< answers given, one a rule
  int64_t without_patient() const { return without_patient_; }  ///< lines

 private:
  friend class FeedbackReader;
  std::map<std::string, std::vector<Answer>, std::less<>> by_patient_;
  int64_t count_ = 0;
  int64_t without_patient_ = 0;
};

/// A rule that fired in a replay, to which feedback may belong.
struct FiredDecision {
  uint32_t rule = 0;
  Instant at = 0;
  std::vector<std::string> orders;  ///< of its findings, "Type/id"
};

/// Which decision an answer belongs to: of the same rule, about an order the answer names if it names any, within 24
/// hours of when the card was shown; of several the nearest in time, of equally near ones the earlier. None: the
/// replayed rules did not fire there. `rule` is the answer's in the rulebook.
std::optional<size_t> find_decision(const Answer& answer, uint32_t rule, std::span<const FiredDecision> fired);

}  // namespace vigil::replay
