// SPDX-License-Identifier: Apache-2.0
// What came of alerts: feedback and its join, what a record lets one infer, lead times, near misses, clause truths.
#include <doctest/doctest.h>

#include "replay/outcome_figures.h"
#include "replay/report_page.h"
#include "replay_fixture.h"

using namespace vigil;
using test::count_lines;

namespace {

constexpr Instant kHour = 3'600'000;

std::string version_of(const std::string& line, const std::string& updated, int version) {
  return line.substr(0, line.rfind('}')) + R"(,"meta":{"versionId":")" + std::to_string(version) +
         R"(","lastUpdated":")" + updated + "\"}}\n";
}

/// One patient on warfarin with an ibuprofen order that "NSAID with warfarin" fires on.
std::string pair_of_orders(const std::string& patient, const std::string& more = {}) {
  return test::patient_line(patient) + test::order_line("w-" + patient, patient, "warfarin", "2020-01-01T10:00:00Z") +
         test::order_line("i-" + patient, patient, "ibuprofen", "2020-02-01T10:00:00Z") + more;
}

std::optional<replay::Feedback> feedback_of(const std::string& text, DiagnosticSink& sink) {
  return replay::Feedback::parse(text, "f", sink);
}

/// The `inferred_24h` of the only decision of "NSAID with warfarin".
std::string inferred(const std::string& lines, const std::string& rules = test::kReplayRules) {
  test::ReplayBench bench(rules);
  bench.import(lines);
  const auto tables = bench.replay("out");
  const auto& decisions = tables.at("decisions");
  REQUIRE(count_lines(decisions, "\"rule_id\":1,") == 1);
  for (const std::string word : {"suggestion-placed", "stopped", "changed", "kept"})
    if (count_lines(decisions, "\"inferred_24h\":\"" + word + "\"") == 1) return word;
  return {};
}

}  // namespace

TEST_CASE("feedback is read from CSV, from lines of the log, and from items of CDS Hooks") {
  DiagnosticSink sink;
  const auto csv = feedback_of(
      "outcome,patient,rule,instant,order,reason\noverridden,p,R,2020-01-01T10:00:00Z,A/1 B/2,monitored\n", sink);
  REQUIRE(csv.has_value());
  REQUIRE(csv->of("p").size() == 1);
  CHECK(csv->of("p")[0].orders == std::vector<std::string>{"A/1", "B/2"});
  CHECK(csv->of("p")[0].reason == "monitored");
  CHECK_FALSE(csv->of("p")[0].accepted);
  const auto log = feedback_of(
      R"({"card":"c","outcome":"accepted","at":1000,"shown":500,"patient":"p","rules":["R","S"],"orders":["A/1"],"comment":"secret"})"
      "\n"
      R"({"card":"d","outcome":"overridden","at":1000})"
      "\n\n",
      sink);
  REQUIRE(log.has_value());
  CHECK(log->count() == 2);
  CHECK(log->without_patient() == 1);
  CHECK(log->of("p")[1].rule == "S");
  CHECK(log->of("p")[1].shown == 500);
  CHECK(log->of("p")[1].answered == 1000);
  const auto hooks = feedback_of(
      R"({"patient":"Patient/p","rule":"R","outcome":"overridden","outcomeTimestamp":"1970-01-01T00:00:02Z","overrideReason":{"reason":{"code":"x","display":"known"},"userComment":"secret"}})",
      sink);
  REQUIRE(hooks.has_value());
  CHECK(hooks->of("p")[0].shown == 2000);
  CHECK(hooks->of("p")[0].reason == "known");
  CHECK_FALSE(sink.has_errors());
}

TEST_CASE("VGL1231, VGL1232: feedback and subgroups that cannot be read name their line") {
  DiagnosticSink sink;
  CHECK_FALSE(feedback_of("patient,rule,outcome,instant\np,R,perhaps,2020-01-01\n", sink).has_value());
  CHECK_FALSE(feedback_of("patient,rule,outcome,instant\np,R,accepted,soon\n", sink).has_value());
  CHECK_FALSE(feedback_of("{\"outcome\":\"accepted\",\"patient\":\"p\",\"at\":1}\n", sink).has_value());
  CHECK_FALSE(feedback_of("{nonsense\n", sink).has_value());
  CHECK(test::codes(sink) == std::vector<std::string>{"VGL1231", "VGL1231", "VGL1231", "VGL1231"});
  DiagnosticSink of_groups;
  CHECK_FALSE(replay::read_subgroups("patient,subgroup\np,payer\n", "s", of_groups).has_value());
  CHECK_FALSE(replay::read_subgroups("patient,subgroup,value\np,payer,a\np,payer,b\n", "s", of_groups).has_value());
  CHECK_FALSE(replay::read_subgroups("patient,subgroup,value\np,sex,a\n", "s", of_groups).has_value());
  CHECK(test::codes(of_groups) == std::vector<std::string>{"VGL1232", "VGL1232", "VGL1232"});
}

TEST_CASE("an answer belongs to the nearest firing of its rule within a day, about its order if it names one") {
  const std::vector<replay::FiredDecision> fired = {
      {0, 0, {"A/1"}}, {0, 10 * kHour, {"A/2"}}, {1, 10 * kHour, {"A/2"}}, {0, 100 * kHour, {"A/1"}}};
  const auto answer = [](Instant shown, std::vector<std::string> orders) {
    replay::Answer one;
    one.shown = shown;
    one.orders = std::move(orders);
    return one;
  };
  CHECK(replay::find_decision(answer(9 * kHour, {}), 0, fired) == size_t{1});
  CHECK(replay::find_decision(answer(9 * kHour, {"A/1"}), 0, fired) == size_t{0});
  CHECK(replay::find_decision(answer(5 * kHour, {}), 0, fired) == size_t{0});  // equally near: the earlier
  CHECK(replay::find_decision(answer(9 * kHour, {}), 1, fired) == size_t{2});
  CHECK_FALSE(replay::find_decision(answer(50 * kHour, {}), 0, fired).has_value());
  CHECK_FALSE(replay::find_decision(answer(9 * kHour, {"A/9"}), 0, fired).has_value());
}

TEST_CASE("feedback stands beside the decision it is about; the last one stands; the others are told too") {
  test::ReplayBench bench;
  DiagnosticSink sink;
  bench.input.feedback = *feedback_of(
      "patient,rule,outcome,instant,order,reason\n"
      "p,NSAID with warfarin,overridden,2020-02-01T10:05:00Z,MedicationRequest/i-p,seen by Patient/p\n"
      "p,NSAID with warfarin,accepted,2020-02-01T10:09:00Z,,\n"
      "p,NSAID with warfarin,accepted,2020-03-09T10:09:00Z,,\n"
      "p,A rule of long ago,accepted,2020-02-01T10:09:00Z,,\n"
      "nobody,NSAID with warfarin,accepted,2020-02-01T10:09:00Z,,\n",
      sink);
  bench.input.subgroups = *replay::read_subgroups("patient,subgroup,value\np,payer,public\n", "s", sink);
  bench.import(pair_of_orders("p"));
  const auto tables = bench.replay("out");
  const auto& feedback = tables.at("feedback");
  CHECK(count_lines(feedback, "feedback_id") == 4);
  CHECK(count_lines(feedback, "\"outcome\":\"accepted\",\"stands\":1") == 1);
  CHECK(count_lines(feedback, "\"outcome\":\"overridden\",\"stands\":0") == 1);
  CHECK(count_lines(feedback, "\"decision_id\":null") == 2);
  CHECK(count_lines(feedback, "\"rule_id\":null") == 1);
  CHECK(feedback.find("Patient/p\"") == std::string::npos);  // ids become pseudonyms in reasons too
  CHECK(count_lines(tables.at("subgroups"), "\"subgroup\":\"payer\",\"value\":\"public\"") == 1);
  CHECK(tables.at("run").find("{\"name\":\"feedback given\",\"value\":\"5\"}") != std::string::npos);
}

TEST_CASE("without answers, what became of the order within a day is inferred, where the record dates it") {
  const auto ibuprofen = test::order_line("i", "p", "ibuprofen", "2020-02-01T10:00:00Z");
  const auto before = test::patient_line("p") + test::order_line("w", "p", "warfarin", "2020-01-01T10:00:00Z");
  CHECK(inferred(before + ibuprofen) == "kept");
  CHECK(inferred(before + test::order_line("i", "p", "ibuprofen", "2020-02-01T10:00:00Z", "cancelled")).empty());
  const auto first = version_of(ibuprofen, "2020-02-01T10:00:00Z", 1);
  const auto cancelled = test::order_line("i", "p", "ibuprofen", "2020-02-01T10:00:00Z", "cancelled");
  CHECK(inferred(before + first + version_of(cancelled, "2020-02-01T18:00:00Z", 2)) == "stopped");
  CHECK(inferred(before + first + version_of(cancelled, "2020-02-05T18:00:00Z", 2)) == "kept");
  const auto dosed = test::order_line("i", "p", "ibuprofen", "2020-02-01T10:00:00Z", "active",
                                      R"(,"dosageInstruction":[{"text":"half"}])");
  CHECK(inferred(before + first + version_of(dosed, "2020-02-01T18:00:00Z", 2)) == "changed");
  CHECK(inferred(before + ibuprofen +
                 test::order_line("n", "p", "metformin", "2020-02-01T12:00:00Z", "active",
                                  R"(,"priorPrescription":{"reference":"MedicationRequest/i"})")) == "changed");
}

TEST_CASE("an order for what an alert suggests, written within a day, is the suggestion placed") {
  std::string rules = test::kReplayRules;
  const std::string alert = "  alert 'NSAID with warfarin'\n";
  rules.replace(rules.find(alert), alert.size(),
                alert +
                    "    suggest 'Order metformin instead': create MedicationRequest { status: 'draft', "
                    "medication: \"Metformin code\" }\n");
  const auto before = pair_of_orders("p");
  CHECK(inferred(before, rules) == "kept");
  CHECK(inferred(before + test::order_line("m", "p", "metformin", "2020-02-01T15:00:00Z"), rules) ==
        "suggestion-placed");
  CHECK(inferred(before + test::order_line("m", "p", "metformin", "2020-02-03T15:00:00Z"), rules) == "kept");
}

TEST_CASE("an alert on the same problem within a day is a repeat, be it of another order") {
  test::ReplayBench bench;
  bench.import(pair_of_orders("p", test::order_line("i2", "p", "ibuprofen", "2020-02-02T09:00:00Z") +
                                       test::order_line("i3", "p", "ibuprofen", "2020-02-03T10:00:00Z")));
  const auto tables = bench.replay("out");
  const auto& decisions = tables.at("decisions");
  CHECK(count_lines(decisions, "\"rule_id\":1,\"outcome\":\"fired\"") == 3);
  CHECK(count_lines(decisions, "\"repeats_24h\":1,") == 1);
  CHECK(count_lines(decisions, "\"repeats_24h\":0,") == 2);
}

TEST_CASE("labels that contradict each other are refused; those of no patient or rule are counted") {
  DiagnosticSink sink;
  const std::string head = "patient,instant,rule,label\n";
  CHECK_FALSE(replay::Labels::parse(head + "p,,R,true\np,,R,false\n", "l", sink).has_value());
  CHECK(test::codes(sink) == std::vector<std::string>{"VGL1230"});
  test::ReplayBench bench;
  bench.import(pair_of_orders("p"));
  bench.input.labels =
      *replay::Labels::parse(head +
                                 "p,,NSAID with warfarin,true\np,2020-02-01,NSAID with warfarin,false\n"
                                 "p,,No such rule,true\nq,,NSAID with warfarin,true\n",
                             "l", bench.sink);
  const auto settings = replay::make_plan(bench.input).settings;
  const auto value = [&](const std::string& name) {
    return std::ranges::find(settings, name, [](const auto& setting) { return setting.first; })->second;
  };
  CHECK(value("labels given") == "4");
  CHECK(value("labels of no patient or rule") == "2");
}

TEST_CASE("a label may tell the event an alert warns of, and the time ahead of it") {
  test::ReplayBench bench;
  DiagnosticSink sink;
  bench.input.labels = *replay::Labels::parse(
      "patient,instant,rule,label,event\np,,NSAID with warfarin,true,2020-02-01T13:30:00Z\n", "l.csv", sink);
  bench.import(pair_of_orders("p"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("labelled"),
                    "\"outcome\":\"fired\",\"label\":1,\"event\":\"2020-02-01T13:30:00Z\","
                    "\"lead_minutes\":210}") == 1);
}

TEST_CASE("with all rows, the comparison that kept a rule from firing is told with its distance") {
  test::ReplayBench bench;
  bench.input.options.all_rows = true;
  bench.import(test::patient_line("p") + test::egfr_line("e", "p", 33, R"("issued":"2020-01-01T08:00:00Z")") +
               test::order_line("m", "p", "metformin", "2020-01-02T10:00:00Z"));
  const auto tables = bench.replay("out");
  CHECK(count_lines(tables.at("misses"),
                    "\"comparison\":\"Egfr.value < 30 'mL/min/{1.73_m2}'\",\"distance\":3.0000,"
                    "\"unit\":\"mL/min/{1.73_m2}\",\"of_limit\":0.1000") == 1);
  CHECK(count_lines(tables.at("clause_coverage"), "\"rule_id\":2,") >= 1);
  CHECK(count_lines(tables.at("clause_coverage"),
                    "Egfr.value < 30 'mL/min/{1.73_m2}'\",\"is_true\":0,\"is_false\":1") == 1);
}

TEST_CASE("quartiles lie between their neighbours, as type 7 of Hyndman and Fan has it") {
  const auto some = replay::quartiles_of({1, 2, 4, 8});
  CHECK(some.low == doctest::Approx(1.75));
  CHECK(some.median == doctest::Approx(3));
  CHECK(some.high == doctest::Approx(5));
  CHECK(replay::quartiles_of({7}).median == 7);
  CHECK(replay::quartiles_of({}).count == 0);
}

TEST_CASE("small cells are hidden, and so is what would give them away") {
  replay::ReportOptions options;
  options.min_cell = 5;
  const replay::ReportPage page(options);
  CHECK(page.cell(4) == "fewer than 5");
  CHECK(page.cell(0) == "0");
  CHECK(page.hidden_parts({3, 50, 20}) == std::vector<bool>{true, false, true});
  CHECK(page.hidden_parts({3, 50, 2}) == std::vector<bool>{true, false, true});
  CHECK(page.hidden_parts({30, 50, 0}) == std::vector<bool>{false, false, false});
  CHECK(page.rate_with_interval({3, 100, 100, 3, 3, 100}) == "–");
  CHECK(page.rate_with_interval({98, 100, 100, 98, 98, 100}) == "–");  // two would be left
  CHECK(page.rate(50, 100) == "50.0");
}
