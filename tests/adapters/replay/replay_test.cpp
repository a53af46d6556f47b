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
