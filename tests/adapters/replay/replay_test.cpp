// SPDX-License-Identifier: Apache-2.0
// What rules would have said in planted histories.
#include <doctest/doctest.h>

#include <array>

#include "replay_fixture.h"

using namespace vigil;
using test::count_lines;

namespace {

std::string key(const test::ReplayBench& bench, const char* kind, const std::string& id) {
  return bench.input.pseudonyms.of(kind, id);
}

}  // namespace

TEST_CASE("an order is seen as the draft it was, beside what was in force then") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z") +
               test::order_line("i", "p", "ibuprofen", "2020-02-01T10:00:00Z", "completed"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("triggers"), "order-sign") == 2);
  CHECK(count_lines(tables.at("decisions"), "\"outcome\":\"fired\"") == 1);
  CHECK(count_lines(tables.at("evidence"), "\"status_then\":\"draft\"") == 1);
  CHECK(tables.at("triggers").find(key(bench, "Patient", "p")) != std::string::npos);
  CHECK(count_lines(tables.at("outcome_counts"), "\"decisions\":1") > 0);
}

TEST_CASE("two drugs signed together are a pair; one stopped before is none, one ended without a date is unknown") {
  test::ReplayBench bench;
  const auto stopped = test::order_line("w", "b", "warfarin", "2020-01-01T10:00:00Z", "stopped",
                                        R"(,"dispenseRequest":{"validityPeriod":{"end":"2020-01-20T00:00:00Z"}})");
  bench.import(test::patient_line("a") + test::order_line("w", "a", "warfarin", "2020-02-01T10:00:00Z") +
               test::order_line("i", "a", "ibuprofen", "2020-02-01T10:00:00Z") + test::patient_line("b") + stopped +
               test::order_line("i", "b", "ibuprofen", "2020-02-01T10:00:00Z") + test::patient_line("c") +
               test::order_line("w", "c", "warfarin", "2020-01-01T10:00:00Z", "stopped") +
               test::order_line("i", "c", "ibuprofen", "2020-02-01T10:00:00Z"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("triggers"), "\"orders\":2") == 1);
  CHECK(count_lines(tables.at("decisions"), "\"outcome\":\"fired\"") == 1);
  CHECK(count_lines(tables.at("decisions"), "\"rule_id\":1,\"outcome\":\"unknown\"") == 1);
  CHECK(count_lines(tables.at("evidence"), "\"status_then\":\"undetermined\"") == 1);
}

TEST_CASE("a result counts from when it was issued, and leakage is what today's record would have said") {
  test::ReplayBench bench;
  bench.input.options.leakage = true;
  bench.import(
      test::patient_line("p") +
      test::egfr_line("e", "p", 20, R"("effectiveDateTime":"2020-03-01T08:00:00Z","issued":"2020-03-01T12:00:00Z")") +
      test::order_line("early", "p", "metformin", "2020-03-01T10:00:00Z") +
      test::order_line("late", "p", "metformin", "2020-03-01T13:00:00Z"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("decisions"), "\"rule_id\":2,\"outcome\":\"fired\"") == 1);
  CHECK(count_lines(tables.at("leakage"), "\"naive_outcome\":\"fired\"") == 1);
  CHECK(count_lines(tables.at("evidence"), "\"basis\":\"issued\"") == 1);
}

TEST_CASE("age and sex are those on record then, else those that came first, and the row says so") {
  const auto version = [](const std::string& sex, const std::string& born, const std::string& updated) {
    return R"({"resourceType":"Bundle","type":"history","entry":[{"resource":{"resourceType":"Patient","id":"p","gender":")" +
           sex + R"(","birthDate":")" + born + R"("},"response":{"lastModified":")" + updated + "\"}}]}\n";
  };
  test::ReplayBench bench;
  bench.import(version("unknown", "1981-07-01", "2020-02-01T00:00:00Z") +
               version("female", "1950-07-01", "2020-04-01T00:00:00Z") +
               test::order_line("before", "p", "ibuprofen", "2020-01-15T00:00:00Z") +
               test::order_line("then", "p", "ibuprofen", "2020-03-15T00:00:00Z") +
               test::order_line("after", "p", "ibuprofen", "2020-05-15T00:00:00Z") +
               test::order_line("birthday", "p", "ibuprofen", "2020-07-01T00:00:00Z"));
  const auto of_rows = [&] {
    const auto triggers = bench.replay("out-" + std::string(name(bench.input.options.mode))).at("triggers");
    const auto rows = [&](const char* text) { return count_lines(triggers, text); };
    return std::array{rows(R"("age":38,"age_band":"18-39","sex":"unknown","person_later":1)"),
                      rows(R"("age":38,"age_band":"18-39","sex":"unknown","person_later":0)"),
                      rows(R"("age":69,"age_band":"65-79","sex":"female","person_later":0)"),
                      rows(R"("age":70,"age_band":"65-79","sex":"female","person_later":0)")};
  };
  CHECK(of_rows() == std::array<size_t, 4>{1, 1, 1, 1});
  bench.input.options.mode = replay::Mode::kNaive;
  CHECK(of_rows() == std::array<size_t, 4>{0, 0, 3, 1});
}

TEST_CASE("an order is for what its Medication said then, also where a Bundle names it by a URN") {
  const auto medication = [](const std::string& drug, const std::string& updated) {
    return R"({"resourceType":"Bundle","type":"history","entry":[{"fullUrl":"urn:uuid:)" + drug +
           R"(","resource":{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"urn:test","code":")" +
           drug + R"("}]}},"response":{"lastModified":")" + updated + "\"}}]}\n";
  };
  const auto order = [](const std::string& id, const std::string& reference, const std::string& authored) {
    return R"({"resourceType":"MedicationRequest","id":")" + id +
           R"(","status":"active","intent":"order","subject":{"reference":"Patient/p"},"medicationReference":{"reference":")" +
           reference + R"("},"authoredOn":")" + authored + "\"}\n";
  };
  test::ReplayBench bench;
  bench.import(
      test::patient_line("p") + medication("ibuprofen", "2020-02-01T00:00:00Z") +
      medication("metformin", "2020-03-01T00:00:00Z") + test::order_line("w", "p", "warfarin", "2020-01-01T00:00:00Z") +
      order("before", "Medication/m", "2020-01-15T00:00:00Z") + order("named", "Medication/m", "2020-02-02T00:00:00Z") +
      order("by-url", "urn:uuid:ibuprofen", "2020-02-03T00:00:00Z") +
      order("later", "urn:uuid:ibuprofen", "2020-03-02T00:00:00Z"));
  bench.input.options.all_rows = true;
  const auto tables = bench.replay("out");
  const auto outcomes = [&](const std::string& outcome) {
    return test::count_lines(tables.at("decisions"), R"("rule_id":1,"outcome":")" + outcome);
  };
  CHECK(outcomes("unknown") == 1);  // nobody can say what the Medication was before its first version
  CHECK(outcomes("fired") == 2);
  CHECK(outcomes("not-met") == 2);
}

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

TEST_CASE("encounters ask at their start; hooks no rule names are not asked") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z") +
               test::encounter_line("e", "p", "2020-02-01T10:00:00Z", "2020-02-03T10:00:00Z"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("triggers"), "encounter-start") == 1);
  CHECK(count_lines(tables.at("triggers"), "encounter-discharge") == 0);
  CHECK(count_lines(tables.at("decisions"), "\"rule_id\":4,\"outcome\":\"fired\"") == 1);
}

TEST_CASE("instants from a table take the place of those in the histories") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z"));
  DiagnosticSink sink;
  bench.input.table = replay::read_trigger_table(
      "patient,instant,hook\np,2019-12-31T00:00:00Z,encounter-start\np,2020-01-02T00:00:00Z,encounter-start\n", "t.csv",
      sink);
  REQUIRE(bench.input.table.has_value());
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("triggers"), "encounter-start") == 2);
  CHECK(count_lines(tables.at("decisions"), "\"outcome\":\"fired\"") == 1);
}

TEST_CASE(
    "an order that a table says is under review is there, as a draft before it is known; one of no record is unknown") {
  test::ReplayBench bench;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z") +
               test::order_line("day", "p", "ibuprofen", "2020-01-02") +
               test::order_line("later", "p", "ibuprofen", "2020-05-01T10:00:00Z", "completed"));
  bench.input.options.all_rows = true;
  const auto asked = [&](const std::string& orders, const std::string& instant) {
    DiagnosticSink sink;
    const auto out = std::to_string(std::hash<std::string>()(orders + instant));
    bench.input.table = replay::read_trigger_table(
        "patient,instant,hook,orders\np," + instant + ",order-sign," + orders + "\n", "t", sink);
    REQUIRE(bench.input.table.has_value());
    const auto tables = bench.replay(out);
    for (const auto* outcome : {"fired", "unknown", "not-met"})
      if (count_lines(tables.at("decisions"), R"("rule_id":1,"outcome":")" + std::string(outcome)) == 1)
        return std::pair<std::string, size_t>(outcome, count_lines(tables.at("evidence"), R"("status_then":"draft")"));
    return std::pair<std::string, size_t>();
  };
  using Said = std::pair<std::string, size_t>;
  CHECK(asked("MedicationRequest/later", "2020-05-01T09:59:58Z") ==
        Said{"fired", 1});  // the call came before the order
  CHECK(asked("MedicationRequest/later", "2020-05-01T10:00:00Z") == Said{"fired", 1});
  CHECK(asked("MedicationRequest/later", "2020-05-02T10:00:00Z") == Said{"fired", 0});
  CHECK(asked("MedicationRequest/day", "2020-01-02T12:00:00Z") == Said{"fired", 1});
  CHECK(asked("MedicationRequest/nowhere", "2020-05-01T10:00:00Z") == Said{"unknown", 0});
  CHECK(asked("Device/nowhere", "2020-05-01T10:00:00Z") == Said{"not-met", 0});  // no rule reads it
  CHECK(asked("", "2020-05-01T10:00:00Z").first == "fired");                     // of no order: what is a draft then
}

TEST_CASE("VGL1222, VGL1223: tables that cannot be read name their line") {
  DiagnosticSink sink;
  CHECK_FALSE(replay::read_trigger_table("patient,instant,hook\np,yesterday,order-sign\n", "t.csv", sink).has_value());
  CHECK_FALSE(replay::read_trigger_table("patient,hook\n", "t.csv", sink).has_value());
  CHECK_FALSE(
      replay::DelayModel::parse("resource_type,system,code,site,delay_hours\nObservation,,,,soon\n", "d.csv", sink)
          .has_value());
  CHECK(test::codes(sink) == std::vector<std::string>{"VGL1223", "VGL1223", "VGL1222"});
}

TEST_CASE("labels judge what fired and what did not; orders taken back within a day are told") {
  test::ReplayBench bench;
  DiagnosticSink sink;
  const auto labels = replay::Labels::parse(
      "patient,instant,rule,label\np,,NSAID with warfarin,true\np,2020-02-01T10:00:00Z,NSAID with warfarin,false\n",
      "l.csv", sink);
  REQUIRE(labels.has_value());
  bench.input.labels = *labels;
  bench.import(test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z") +
               test::order_line("i", "p", "ibuprofen", "2020-02-01T10:00:00Z", "stopped",
                                R"(,"dispenseRequest":{"validityPeriod":{"end":"2020-02-01T20:00:00Z"}})"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("labelled"), "\"outcome\":\"fired\",\"label\":0") == 1);
  CHECK(count_lines(tables.at("labelled"), "\"outcome\":\"not-met\",\"label\":1") == 1);
  CHECK(count_lines(tables.at("decisions"), "\"inferred_24h\":\"stopped\"") == 1);
  CHECK(count_lines(tables.at("triggers"), "\"orders_dated\":1,\"orders_altered\":1") == 1);
  CHECK_FALSE(replay::Labels::parse("patient,instant,rule,label\np,,r,maybe\n", "l.csv", sink).has_value());
  CHECK(test::codes(sink) == std::vector<std::string>{"VGL1230"});
}

TEST_CASE("of several delays the most particular counts") {
  DiagnosticSink sink;
  const auto model = replay::DelayModel::parse(
      "resource_type,system,code,site,delay_hours\nObservation,,,,24\nObservation,urn:test,egfr,,1.5\n", "d.csv", sink);
  REQUIRE(model.has_value());
  CHECK(model->delay_of({"Observation", "urn:test", "egfr", ""}) == Instant{5'400'000});
  CHECK(model->delay_of({"Observation", "urn:test", "other", ""}) == Instant{86'400'000});
  CHECK_FALSE(model->delay_of({"Condition", "", "", ""}).has_value());
}

TEST_CASE("no id of the source stands in the tables") {
  test::ReplayBench bench;
  bench.input.options.all_rows = true;
  bench.import(
      test::patient_line("patient-identity") +
      test::order_line("order-identity-w", "patient-identity", "warfarin", "2020-01-01T10:00:00Z") +
      test::order_line("order-identity-i", "patient-identity", "ibuprofen", "2020-02-01T10:00:00Z", "completed"));
  for (const auto& [name, text] : bench.replay("out")) {
    INFO(name);
    CHECK(text.find("-identity") == std::string::npos);
  }
}
