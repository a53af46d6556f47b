// SPDX-License-Identifier: Apache-2.0
// What evaluating the rules gave for one patient, ready to print.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <vigil/evaluate.h>

namespace vigil::cli {

/// A rule that could not be decided.
struct UnknownRule {
  uint32_t rule = 0;
  std::vector<MissingDatum> missing;
  std::string text;  ///< of `if unknown note` or `alert`
  std::vector<Explanation> explanation;
};

/// A rule that failed.
struct FailedRule {
  uint32_t rule = 0;
  Diagnostic error;
};

/// A rule that found nothing, for --explain.
struct UnmetRule {
  uint32_t rule = 0;
  std::vector<Explanation> explanation;
};

/// A finding that is not shown, with its explanation.
struct SilencedReport {
  SilencedFinding finding;
  std::vector<Explanation> explanation;
};

/// One patient's report. Evaluations of several triggers are merged: what is the same is told once.
class PatientReport {
 public:
  PatientReport(std::string patient, std::string hook) : patient_(std::move(patient)), hook_(std::move(hook)) {}

  void add(const Outcome& outcome, Alerts alerts);

  const std::string& patient() const { return patient_; }
  const std::string& hook() const { return hook_; }
  const std::vector<Alert>& alerts() const { return alerts_; }
  const std::vector<SilencedReport>& silenced() const { return silenced_; }
  const std::vector<UnknownRule>& unknown() const { return unknown_; }
  const std::vector<FailedRule>& failed() const { return failed_; }
  const std::vector<UnmetRule>& unmet() const { return unmet_; }
  const std::vector<std::string>& not_checked() const { return not_checked_; }
  /// How many evaluations of a rule ended so.
  uint32_t count(RuleOutcome outcome) const { return outcomes_[static_cast<size_t>(outcome)]; }

  static constexpr std::array kOutcomes = {RuleOutcome::kFired, RuleOutcome::kSuppressed, RuleOutcome::kNotMet,
                                           RuleOutcome::kUnknown, RuleOutcome::kError};

 private:
  void add_result(const RuleResult& result);
  void add_silenced(const Outcome& outcome, SilencedFinding finding);

  std::string patient_;
  std::string hook_;
  std::vector<Alert> alerts_;
  std::vector<SilencedReport> silenced_;
  std::vector<UnknownRule> unknown_;
  std::vector<FailedRule> failed_;
  std::vector<UnmetRule> unmet_;
  std::vector<std::string> not_checked_;
  std::array<uint32_t, 5> outcomes_{};
};

}  // namespace vigil::cli
