// SPDX-License-Identifier: Apache-2.0
// Text for people.
#include "cli/write_text.h"

#include <doctest/doctest.h>

#include <sstream>

#include "cli/console.h"

using namespace vigil;

TEST_CASE("one line, shortened by code points") {
  CHECK(cli::one_line("  a\n  b\tc ", 100) == "a b c");
  CHECK(cli::one_line("ärzte", 3) == "ärz…");
  CHECK(cli::one_line("ab cd", 3) == "ab…");
  CHECK(cli::one_line("abc", 3) == "abc");
  CHECK(cli::one_line("", 3).empty());
}

TEST_CASE("an explanation is a tree of `text = value`") {
  Explanation leaf{"[MedicationRequest]", "{}", true, {}, {"MedicationRequest/1"}, {}};
  const Explanation root{"exists\n  [MedicationRequest]", "null", false, {}, {}, {leaf}};
  std::ostringstream out;
  cli::write_explanation(out, {&root, 1}, 2, {});
  CHECK(out.str() ==
        "  exists [MedicationRequest] = null\n"
        "    [MedicationRequest] = {} (undetermined)  MedicationRequest/1\n");
}

TEST_CASE("rules that lack the same data are told together, in whatever order they lack it") {
  const auto compilation = compile({{"test.vigil",
                                     "library L\nusing FHIR version '4.0.1'\ncontext Patient\n"
                                     "rule \"A\"\n  category 'c'\n  on 'patient-view'\n  when true\n  alert 'a'\n"
                                     "rule \"B\"\n  category 'c'\n  on 'patient-view'\n  when true\n  alert 'b'\n"}});
  REQUIRE(compilation.rulebook);
  const MissingDatum egfr{"eGFR: none found", {}, {}};
  const MissingDatum weight{"weight: none found", {}, {}};
  Outcome outcome;
  outcome.results.resize(2);
  outcome.results[1].rule = 1;
  for (auto& result : outcome.results) result.outcome = RuleOutcome::kUnknown;
  outcome.results[0].missing = {weight, egfr};
  outcome.results[1].missing = {egfr, weight};
  const auto written = [&] {
    cli::PatientReport report("p.json", "patient-view");
    report.add(outcome, {});
    std::ostringstream out;
    cli::write_report(out, report, *compilation.rulebook, {});
    return out.str();
  };
  CHECK(written() ==
        "p.json  patient-view\n  no alerts\n  could not check: 2 rules: eGFR: none found; weight: none found\n"
        "    A\n    B\n");
  for (size_t i = 2; i < kMaxMissingData; ++i)
    outcome.results[0].missing.push_back({"datum " + std::to_string(i), {}, {}});
  CHECK(written().find("weight: none found; and perhaps more\n") != std::string::npos);
}

TEST_CASE("requirements, a paragraph a type") {
  const Requirement requirement{"Observation", "code", {"urn:a"}, {"http://loinc.org|1"}, {"status", "value"}};
  std::ostringstream out;
  cli::write_requirements(out, {&requirement, 1});
  CHECK(out.str() == "Observation where code in urn:a, http://loinc.org|1\n  status\n  value\n");
}

TEST_CASE("counts with their noun in the right number") {
  CHECK(cli::counted(0, "rule") == "0 rules");
  CHECK(cli::counted(1, "rule") == "1 rule");
  CHECK(cli::counted(2, "rule") == "2 rules");
  CHECK(cli::counted(1, "datum", "data") == "1 datum");
  CHECK(cli::counted(2, "datum", "data") == "2 data");
}
