// SPDX-License-Identifier: Apache-2.0
// Merging the evaluations of one patient.
#include "cli/patient_report.h"

#include <doctest/doctest.h>

using namespace vigil;

namespace {

Alert alert(Tier tier, std::string key) {
  Alert alert;
  alert.tier = tier;
  alert.key = std::move(key);
  alert.summary = "about " + alert.key;
  return alert;
}

RuleResult unknown(std::string what) {
  RuleResult result;
  result.outcome = RuleOutcome::kUnknown;
  result.missing.push_back({std::move(what), {}, {}});
  return result;
}

}  // namespace

TEST_CASE("one alert once by key, the tiers kept together") {
  cli::PatientReport report("a.json", "order-sign");
  report.add({}, {{alert(Tier::kPassive, "p")}, {}});
  report.add({}, {{alert(Tier::kInterruptive, "i"), alert(Tier::kPassive, "p")}, {}});
  REQUIRE(report.alerts().size() == 2);
  CHECK(report.alerts()[0].key == "i");
  CHECK(report.alerts()[1].key == "p");
}

TEST_CASE("alerts without a key are told apart by what they say") {
  cli::PatientReport report("a.json", "order-sign");
  Alert first = alert(Tier::kPassive, "");
  Alert second = first;
  second.summary = "something else";
  report.add({}, {{first, second, first}, {}});
  CHECK(report.alerts().size() == 2);
}

TEST_CASE("a rule unknown in two evaluations is told once, with all that is missing") {
  cli::PatientReport report("a.json", "order-sign");
  report.add({{unknown("eGFR: none")}, {"Observation: partial"}}, {});
  report.add({{unknown("eGFR: none")}, {"Observation: partial"}}, {});
  report.add({{unknown("weight: none")}, {}}, {});
  REQUIRE(report.unknown().size() == 1);
  CHECK(report.unknown()[0].missing.size() == 2);
  CHECK(report.not_checked().size() == 1);
  CHECK(report.count(RuleOutcome::kUnknown) == 3);
}

TEST_CASE("failures and silenced findings are told once") {
  RuleResult failed;
  failed.outcome = RuleOutcome::kError;
  failed.error = data_diagnostic("VGL0901", {}, {});
  const SilencedFinding silenced{0, "a and b", "it is topical", {}};
  cli::PatientReport report("a.json", "order-sign");
  report.add({{failed}, {}}, {{}, {silenced}});
  report.add({{failed}, {}}, {{}, {silenced}});
  CHECK(report.failed().size() == 1);
  CHECK(report.silenced().size() == 1);
}
