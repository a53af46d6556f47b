// SPDX-License-Identifier: Apache-2.0
// What was known at an instant, and what may have been: statuses, revisions, rejects, clinical times.
#include <doctest/doctest.h>

#include <array>

#include "replay_fixture.h"

using namespace vigil;
using test::count_lines;

namespace {

/// The outcome of a rule with this condition at an order of 2020-06-01 and at one of 2021-06-01.
std::array<std::string, 2> outcomes_of(const std::string& condition, const std::string& lines) {
  test::ReplayBench bench(R"(
library Replayed version '1'
using FHIR version '4.0.1'
codesystem "T": 'urn:test'
code "Warfarin code": 'warfarin' from "T"
code "Ibuprofen code": 'ibuprofen' from "T"
code "Bleed code": 'bleed' from "T"
context Patient
rule "R" category 'guideline-deviation' on 'order-sign'
  for ordered [MedicationRequest: "Ibuprofen code"] Nsaid
  when )" + condition + " alert 'R'\n");
  bench.import(test::patient_line("p") + test::order_line("then", "p", "ibuprofen", "2020-06-01T00:00:00Z") +
               test::order_line("later", "p", "ibuprofen", "2021-06-01T00:00:00Z") + lines);
  bench.input.options.mode = replay::Mode::kDelay;
  DiagnosticSink sink;
  bench.input.delays =
      *replay::DelayModel::parse("resource_type,system,code,site,delay_hours\nGoal,,,,1\n", "delays", sink);
  bench.input.options.all_rows = true;
  const auto decisions = bench.replay("out").at("decisions");
  std::array<std::string, 2> outcomes;
  size_t at = 0;
  for (auto& outcome : outcomes) {
    at = decisions.find("\"outcome\":\"", at) + 11;
    outcome = decisions.substr(at, decisions.find('"', at) - at);
  }
  return outcomes;
}

using Outcomes = std::array<std::string, 2>;

}  // namespace

TEST_CASE("what came with a status is as open as the status is") {
  CHECK(outcomes_of(R"(exists ([Condition: "Bleed code"] C where C.abatement is not null))",
                    test::condition_line("c", "p", "resolved", "2020-01-01", R"(,"abatementString":"in autumn")")) ==
        Outcomes{"unknown", "unknown"});
  CHECK(outcomes_of(R"(exists ([MedicationRequest: "Warfarin code"] M where M.statusReason is not null))",
                    test::order_line("w", "p", "warfarin", "2020-01-01", "stopped",
                                     R"(,"statusReason":{"text":"bleed"},"reportedBoolean":true)")) ==
        Outcomes{"unknown", "unknown"});
  const std::string goal =
      R"({"resourceType":"Goal","id":"g","lifecycleStatus":"completed","statusDate":"2020-12-01","startDate":"2020-01-01","description":{"text":"x"},"subject":{"reference":"Patient/p"}})"
      "\n";
  CHECK(outcomes_of("exists ([Goal] G where G.lifecycleStatus = 'completed')", goal) == Outcomes{"not-met", "fired"});
}

TEST_CASE("a Medication may be there while only what may have been known refers to it") {
  const auto stated = [](const std::string& drug) {
    return R"({"resourceType":"Medication","id":"m","code":{"coding":[{"system":"urn:test","code":")" + drug +
           R"("}]}})"
           "\n"
           R"({"resourceType":"MedicationStatement","id":"s","status":"active","subject":{"reference":"Patient/p"},)"
           R"("medicationReference":{"reference":"Medication/m"},"dateAsserted":"2020-06-01"})"
           "\n";
  };
  for (const auto* condition : {R"(exists [MedicationStatement: "Bleed code"])",
                                R"(exists [Medication: "Bleed code"] and exists [MedicationStatement: "Bleed code"])",
                                R"(exists ([MedicationStatement: "Bleed code"] S where isActive(S)))"}) {
    CAPTURE(condition);
    CHECK(outcomes_of(condition, stated("bleed")) == Outcomes{"unknown", "fired"});
    CHECK(outcomes_of(condition, stated("ibuprofen")) == Outcomes{"not-met", "not-met"});
  }
  // Of a type whose status does not run, before and after the day that dates it.
  const std::string answers =
      R"({"resourceType":"Composition","id":"q","status":"final","subject":{"reference":"Patient/p"},)"
      R"("type":{"coding":[{"system":"urn:test","code":"bleed"}]},"date":"2020-06-01"})"
      "\n";
  CHECK(outcomes_of(R"(exists ([Composition: "Bleed code"] C where C.status = 'final'))", answers) ==
        Outcomes{"unknown", "fired"});
}

TEST_CASE("what a revised report said before is not known, until it was last written") {
  const auto result = [](const std::string& status, const std::string& times, const std::string& code = "bleed") {
    return R"({"resourceType":"Observation","id":"o","subject":{"reference":"Patient/p"},"status":")" + status +
           R"(","code":{"coding":[{"system":"urn:test","code":")" + code + R"("}]},"valueInteger":7,)" + times + "}\n";
  };
  const std::string is_seven = R"(exists ([Observation: "Bleed code"] O where O.value = 7))";
  const std::string has_none = R"(exists ([Observation: "Bleed code"] O where O.dataAbsentReason is not null))";
  const std::string issued = R"("effectiveDateTime":"2020-01-01T00:00:00Z","issued":"2020-01-02T00:00:00Z")";
  const std::string late = R"("effectiveDateTime":"2020-01-01T00:00:00Z","issued":"2021-01-02T00:00:00Z")";
  const std::string updated = R"(,"meta":{"lastUpdated":"2021-02-01T00:00:00Z"})";
  CHECK(outcomes_of(is_seven, result("final", issued)) == Outcomes{"fired", "fired"});
  CHECK(outcomes_of(is_seven, result("final", late)) == Outcomes{"not-met", "fired"});
  for (const auto* status : {"corrected", "amended"}) {
    CHECK(outcomes_of(is_seven, result(status, issued)) == Outcomes{"unknown", "unknown"});
    CHECK(outcomes_of(is_seven, result(status, late)) == Outcomes{"unknown", "unknown"});
    CHECK(outcomes_of(is_seven, result(status, issued + updated)) == Outcomes{"unknown", "fired"});
    CHECK(outcomes_of(has_none, result(status, issued + updated)) == Outcomes{"unknown", "not-met"});
    CHECK(outcomes_of(is_seven, result(status, issued, "gout")) == Outcomes{"not-met", "not-met"});
  }
  // What was entered in error was there with its value, until no one knows when.
  CHECK(outcomes_of(is_seven, result("entered-in-error", issued)) == Outcomes{"fired", "fired"});
  const std::string report =
      R"({"resourceType":"DiagnosticReport","id":"d","subject":{"reference":"Patient/p"},"status":"appended",)"
      R"("code":{"coding":[{"system":"urn:test","code":"bleed"}]},"conclusion":"bleeding","issued":"2020-01-02T00:00:00Z"})";
  CHECK(outcomes_of(R"(exists ([DiagnosticReport: "Bleed code"] D where D.conclusion = 'bleeding'))", report + "\n") ==
        Outcomes{"unknown", "unknown"});
}

TEST_CASE("a status that has changed, no one knows when, is told as such, and known when it was last written") {
  test::ReplayBench bench;
  const auto warfarin = [](const std::string& more) {
    return test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z", "stopped", more);
  };
  const auto lines = test::patient_line("p") + test::order_line("i", "p", "ibuprofen", "2020-06-01T00:00:00Z");
  bench.import(lines + warfarin(""));
  const auto missing = bench.replay("out").at("missing");
  CHECK(count_lines(missing, "status then is not known: no version history and no date tells it") == 1);
  CHECK(count_lines(missing, "status is missing") == 0);
  bench.import(lines + warfarin(R"(,"meta":{"lastUpdated":"2020-02-01T00:00:00Z"})"), "updated");
  bench.input.options.all_rows = true;
  CHECK(count_lines(bench.replay("out-updated").at("decisions"), R"("rule_id":1,"outcome":"not-met")") == 2);
  // An element that came with the status, and one that was never there.
  const auto missing_of = [](const std::string& condition, const std::string& line) {
    test::ReplayBench other(
        "library R version '1' using FHIR version '4.0.1' context Patient rule \"R\" "
        "category 'guideline-deviation' on 'order-sign' for ordered [MedicationRequest] M when " +
        condition + " alert 'R'\n");
    other.import(test::patient_line("p") + test::order_line("i", "p", "ibuprofen", "2020-06-01T00:00:00Z") + line);
    return other.replay("out").at("missing");
  };
  const auto resolved = test::condition_line("c", "p", "resolved", "2020-01-01", R"(,"abatementString":"autumn")");
  CHECK(count_lines(missing_of("exists ([Condition] C where C.clinicalStatus.coding[0].code = 'active')", resolved),
                    "clinicalStatus then is not known") == 1);
  CHECK(count_lines(missing_of("exists ([Condition] C where isActive(C))", resolved), "status then is not known") == 1);
}

TEST_CASE("a degree of certainty is taken as stored, a withdrawal is open before and after") {
  const auto condition = [](const std::string& verification) {
    return test::condition_line("c", "p", "active", "2020-01-01",
                                R"(,"verificationStatus":{"coding":[{"code":")" + verification + "\"}]}");
  };
  const std::string is_not_refuted =
      R"(exists ([Condition: "Bleed code"] C where not (C.verificationStatus.coding[0].code = 'refuted')))";
  CHECK(outcomes_of(is_not_refuted, condition("confirmed")) == Outcomes{"fired", "fired"});
  CHECK(outcomes_of(is_not_refuted, condition("unconfirmed")) == Outcomes{"fired", "fired"});
  CHECK(outcomes_of(is_not_refuted, condition("refuted")) == Outcomes{"unknown", "unknown"});
  const std::string is_active = R"(exists ([Condition: "Bleed code"] C where isActive(C)))";
  CHECK(outcomes_of(is_active, condition("confirmed")) == Outcomes{"fired", "fired"});
  CHECK(outcomes_of(is_active, condition("entered-in-error")) == Outcomes{"unknown", "unknown"});
}

TEST_CASE("elements that tell their begin are there from then on") {
  const std::string encounter =
      R"({"resourceType":"Encounter","id":"e","status":"in-progress","subject":{"reference":"Patient/p"},"period":{"start":"2020-05-01"},"location":[{"location":{"display":"Ward"},"period":{"start":"2020-05-01"}},{"location":{"display":"ICU"},"period":{"start":"2020-06-05"}}]})"
      "\n";
  const auto was_in = [&](const std::string& place) {
    return outcomes_of("exists ([Encounter] E where exists (E.location L where L.location.display = '" + place + "'))",
                       encounter);
  };
  CHECK(was_in("Ward") == Outcomes{"fired", "fired"});
  CHECK(was_in("ICU") == Outcomes{"not-met", "fired"});
  const std::string allergy =
      R"({"resourceType":"AllergyIntolerance","id":"a","patient":{"reference":"Patient/p"},"recordedDate":"2020-01-01","lastOccurrence":"2021-01-01","reaction":[{"onset":"2021-01-01","manifestation":[{"text":"rash"}]}]})"
      "\n";
  CHECK(outcomes_of("exists ([AllergyIntolerance] A where A.lastOccurrence is not null)", allergy) ==
        Outcomes{"unknown", "fired"});
  CHECK(outcomes_of("exists ([AllergyIntolerance] A where exists A.reaction)", allergy) ==
        Outcomes{"not-met", "fired"});
  auto same_day = allergy;  // of a day, as the order is: no one knows which came first
  same_day.replace(same_day.find("\"onset\":\"2021-01-01"), 19, "\"onset\":\"2021-06-01");
  CHECK(outcomes_of("exists ([AllergyIntolerance] A where exists A.reaction)", same_day) ==
        Outcomes{"not-met", "unknown"});
}

TEST_CASE("what cannot be read makes rules unknown since it was known, not before") {
  const std::string result =
      R"({"resourceType":"Observation","id":"o","status":"final","issued":"2021-01-01T00:00:00Z","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":"urn:test","code":"bleed"}]},"valueQuantity":{"value":"abc"}})"
      "\n";
  CHECK(outcomes_of(R"(exists ([Observation: "Bleed code"] O where O.value > 1 'g'))", result) ==
        Outcomes{"not-met", "unknown"});
  const std::string shared =
      R"({"resourceType":"Medication","id":"m","code":"not an object"})"
      "\n"
      R"({"resourceType":"MedicationStatement","id":"s","status":"active","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"Medication/m"},"dateAsserted":"2021-01-01"})"
      "\n";
  CHECK(outcomes_of(R"(exists ([MedicationStatement: "Warfarin code"] S))", shared) == Outcomes{"not-met", "unknown"});
}

TEST_CASE("what an import rejected makes rules unknown since it can have been known, not before") {
  const auto result = [](int value) {
    return R"({"resourceType":"Observation","id":"o","status":"final","issued":"2021-01-01T00:00:00Z","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":"urn:test","code":"bleed"}]},"valueInteger":)" +
           std::to_string(value) + "}\n";
  };
  const auto contradiction = result(1) + result(2);  // no one can say which holds
  const auto of_nobody =
      std::string(R"({"resourceType":"Observation","id":"x","status":"final","issued":"2021-01-01T00:00:00Z"})"
                  "\n");
  for (const auto& rejected : {contradiction, of_nobody})
    CHECK(outcomes_of(R"(exists ([Observation: "Bleed code"] O where O.value > 0))", rejected) ==
          Outcomes{"not-met", "unknown"});
}

TEST_CASE("what has but a clinical time makes rules unknown from then on, not before") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") +
               test::egfr_line("e", "p", 20, R"("effectiveDateTime":"2020-03-01T08:00:00Z")") +
               test::order_line("before", "p", "metformin", "2020-02-01T10:00:00Z") +
               test::order_line("after", "p", "metformin", "2020-03-02T10:00:00Z"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("decisions"), "\"rule_id\":2,\"outcome\":\"unknown\"") >= 1);
  CHECK(count_lines(tables.at("decisions"), "\"rule_id\":2,\"outcome\":\"fired\"") == 0);
}

TEST_CASE("a condition that has abated since was active then") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") +
               test::condition_line("c", "p", "resolved", "2020-01-05", R"(,"abatementDateTime":"2020-03-01")") +
               test::order_line("during", "p", "ibuprofen", "2020-02-01T10:00:00Z") +
               test::order_line("after", "p", "ibuprofen", "2020-04-01T10:00:00Z"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("decisions"), "\"rule_id\":3,\"outcome\":\"fired\"") == 1);
  CHECK(count_lines(tables.at("evidence"), "\"status_then\":\"in-force\"") <= 1);
}
