// SPDX-License-Identifier: Apache-2.0
// Tables of CQL expressions and what they come to, checked against the compiled and evaluated text.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/evaluate.h>

#include "fhir/fhir_reader.h"

namespace vigil::conformance {

/// `expected` is CQL text as `vigil eval` writes it, with " ?" behind it where the value is undetermined; or "error
/// VGL0901" for what compiling or evaluating reports.
struct ExpressionCase {
  std::string_view expression;
  std::string_view expected;
};

/// What expressions are evaluated in.
struct Surroundings {
  std::string_view declarations = {};                   ///< value sets, codes, parameters
  std::shared_ptr<const KnowledgeBase> knowledge = {};  ///< none: an empty one
  std::string_view now = "2026-11-22T09:30:00Z";
  std::string_view patient = {};  ///< FHIR JSON; empty: no facts at all
};

/// The value of each expression as text, by its place in the table. All are definitions of one library, so that what
/// one does wrong is shown not to harm another.
inline std::vector<std::string> evaluate_all(std::span<const ExpressionCase> cases, const Surroundings& surroundings) {
  std::string text = "library Conformance\nusing FHIR version '4.0.1'\n" + std::string(surroundings.declarations) +
                     "\ncontext Patient\n";
  std::vector<size_t> ends;
  for (size_t i = 0; i < cases.size(); ++i) {
    text += "define \"" + std::to_string(i) + "\": " + std::string(cases[i].expression) + '\n';
    ends.push_back(text.size());
  }
  CompileOptions options;
  options.knowledge = surroundings.knowledge;
  options.observe_definitions = true;
  const auto compilation = compile({{"conformance.cql", text}}, options);
  std::vector<std::string> values(cases.size());
  for (const auto& diagnostic : compilation.diagnostics) {
    const auto at = std::lower_bound(ends.begin(), ends.end(), diagnostic.span.begin + 1);
    if (diagnostic.severity != Severity::kError || at == ends.end()) continue;
    auto& value = values[static_cast<size_t>(at - ends.begin())];
    if (value.empty()) value = "error " + std::string(diagnostic.code);
  }
  if (!compilation.rulebook) return values;
  const auto& rulebook = *compilation.rulebook;
  Timeline timeline(rulebook.read_plan(), rulebook.knowledge());
  DiagnosticSink sink;
  if (!surroundings.patient.empty())
    fhir::FhirReader(rulebook.read_plan()).read(std::string(surroundings.patient), "patient.json", timeline, sink);
  CHECK_FALSE(sink.has_errors());
  const auto now = *parse_instant(surroundings.now);
  const auto snapshot = timeline.at(to_instant(now), sink);
  for (const auto& result : Evaluator(rulebook).evaluate_definitions(snapshot, now, {})) {
    const auto& name = rulebook.definitions()[result.definition].name;
    if (name.empty() || name[0] < '0' || name[0] > '9') continue;
    auto& value = values[std::stoul(name)];
    if (!value.empty()) continue;
    value =
        result.error ? "error " + std::string(result.error->code) : result.value + (result.undetermined ? " ?" : "");
  }
  return values;
}

/// Checks each row of a table.
inline void check(std::span<const ExpressionCase> cases, const Surroundings& surroundings = {}) {
  const auto values = evaluate_all(cases, surroundings);
  for (size_t i = 0; i < cases.size(); ++i) {
    INFO(std::string(cases[i].expression));
    CHECK(values[i] == std::string(cases[i].expected));
  }
}

}  // namespace vigil::conformance
