// SPDX-License-Identifier: Apache-2.0
// Rules evaluated for a patient of whom nothing is on record.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include <vigil/evaluate.h>

namespace vigil::test {

struct Evaluated {
  Compilation compilation;
  Outcome outcome;
  Temporal now;

  explicit Evaluated(const std::string& rules, std::string_view at = "2026-06-15T09:00:00Z",
                     const EvaluateOptions& options = {})
      : compilation(compile({{"test.vigil", "library L\nusing FHIR version '4.0.1'\ncontext Patient\n" + rules}})),
        now(*parse_instant(at)) {
    REQUIRE_MESSAGE(!compilation.has_errors(), render_text(compilation.diagnostics, *compilation.sources));
    const auto& rulebook = *compilation.rulebook;
    const Timeline nobody(rulebook.read_plan(), rulebook.knowledge());
    DiagnosticSink sink;
    const auto snapshot = nobody.at(to_instant(now), sink);
    outcome = evaluate(rulebook, snapshot, trigger(), {}, now, options);
  }
  static Trigger trigger() { return {"patient-view", {}, "dr-a", "visit-1"}; }
  const Rulebook& rulebook() const { return *compilation.rulebook; }
  /// The result of the only rule.
  const RuleResult& result() const {
    REQUIRE(outcome.results.size() == 1);
    return outcome.results[0];
  }
};

/// A rule R at patient-view with these clauses before its alert.
inline std::string rule(const std::string& clauses, const std::string& alert = "'found'",
                        const std::string& name = "R") {
  return "rule \"" + name + "\"\n  category 'c'\n  on 'patient-view'\n" + clauses + "\n  alert " + alert + "\n";
}

}  // namespace vigil::test
