// SPDX-License-Identifier: Apache-2.0
// Which observation is the latest: `latest`, and CQL's First and Last of what is sorted; and where that is not known.
#include "conformance/expressions.h"

using namespace vigil;
using namespace vigil::conformance;

namespace {

std::string observation(std::string_view id, std::string_view code, std::string_view rest) {
  return R"({"resource":{"resourceType":"Observation","id":")" + std::string(id) +
         R"(","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":"urn:test:labs","code":")" +
         std::string(code) + R"("}]},)" + std::string(rest) + "}}";
}
std::string effective(std::string_view date) { return R"("effectiveDateTime":")" + std::string(date) + '"'; }
std::string on(std::string_view day) { return effective(std::string(day) + "T08:00:00Z"); }
std::string final_at(std::string_view id, std::string_view code, std::string_view date) {
  return observation(id, code, R"("status":"final",)" + effective(date));
}
std::string final_on(std::string_view id, std::string_view code, std::string_view day) {
  return observation(id, code, R"("status":"final",)" + on(day));
}

void check_observations(std::span<const ExpressionCase> cases, const std::vector<std::string>& entries) {
  std::string patient = R"({"resourceType":"Bundle","type":"collection","entry":[)"
                        R"({"resource":{"resourceType":"Patient","id":"p"}})";
  for (const auto& entry : entries) patient += "," + entry;
  patient += "]}";
  check(cases, {.now = "2026-11-22T09:30:00Z", .patient = patient});
}

}  // namespace

TEST_CASE("latest: the greatest effective time; what has no date, or an undecided one, leaves it open") {
  static constexpr std::string_view kFinal = R"("status":"final",)";
  const auto final_one = [&](std::string_view id, std::string_view code, const std::string& rest) {
    return observation(id, code, std::string(kFinal) + rest);
  };
#define LABS(code) "([Observation] O where exists (O.code.coding C where C.code = '" code "'))"
  static constexpr ExpressionCase kTable[] = {
      {"latest(" LABS("egfr") ").id", "'new'"},
      {"latest(" LABS("egfr") ", 12 months).id", "'new'"},
      {"latest(" LABS("egfr") ", 1 week).id", "null"},
      {"latest(" LABS("none") ")", "null"},
      {"latest(" LABS("undated") ").id", "'dated' ?"},
      {"latest(" LABS("vague") ").id", "'day' ?"},
      {"latest(" LABS("edge") ", 1 year).id", "null ?"},
      {"latest(" LABS("issued") ").id", "'issued'"},
      {"latest(" LABS("twice") ").value = 'x'", "true"},
      {"latest(" LABS("differ") ").status", "'final' ?"},
      {"latest(" LABS("ahead") ", 1 year).id", "'today'"},
      {"latest(" LABS("skewed") ", 1 year).id", "'soon'"},
      {"latest(" LABS("egfr") ", 5 'mg')", "null"},
      {"latest(null as List<FHIR.Observation>)", "null"},
  };
  check_observations(
      kTable,
      {final_one("old", "egfr", R"("effectiveDateTime":"2025-03-01T08:00:00Z")"),
       final_one("new", "egfr", R"("effectivePeriod":{"start":"2026-09-01T08:00:00Z","end":"2026-09-02T08:00:00Z"})"),
       observation("wrong", "egfr", R"("status":"entered-in-error","effectiveDateTime":"2026-11-01T08:00:00Z")"),
       observation("sent", "egfr", R"("status":"registered","effectiveDateTime":"2026-11-20T08:00:00Z")"),
       final_one("dated", "undated", R"("effectiveDateTime":"2026-09-01T08:00:00Z")"),
       final_one("undated", "undated", R"("valueString":"x")"),
       final_one("day", "vague", R"("effectiveDateTime":"2026-09-15T08:00:00Z")"),
       final_one("month", "vague", R"("effectiveDateTime":"2026-09")"),
       final_one("edge", "edge", R"("effectiveDateTime":"2025-11-22")"),
       final_one("one", "twice", R"("effectiveDateTime":"2026-09-01T08:00:00Z","valueString":"x")"),
       final_one("copy", "twice", R"("effectiveDateTime":"2026-09-01T08:00:00Z","valueString":"x")"),
       final_one("this", "differ", R"("effectiveDateTime":"2026-09-01T08:00:00Z","valueString":"x")"),
       final_one("that", "differ", R"("effectiveDateTime":"2026-09-01T08:00:00Z","valueString":"y")"),
       final_one("today", "ahead", R"("effectiveDateTime":"2026-11-21T08:00:00Z")"),
       final_one("next", "ahead", R"("effectiveDateTime":"2027-01-01T08:00:00Z")"),
       final_one("soon", "skewed", R"("effectiveDateTime":"2026-11-22T18:00:00Z")"),
       final_one("first", "issued", R"("effectiveDateTime":"2026-09-01T08:00:00Z")"),
       final_one("issued", "issued", R"("issued":"2026-09-02T08:00:00Z")")});
#undef LABS
}

TEST_CASE("latest: what may be there or not opens it only where it could be later") {
  const auto without_status = [](std::string_view id, std::string_view code, std::string_view day) {
    return observation(id, code, on(day));
  };
// The condition on the note is null where there is none: such a row is only possible.
#define LABS(code) \
  "([Observation] O where exists (O.code.coding C where C.code = '" code "') and O.note[0].text = 'ok')"
#define STATED(code) "([Observation] O where exists (O.code.coding C where C.code = '" code "'))"
  static constexpr ExpressionCase kTable[] = {
      {"latest(" LABS("older") ").id", "'sure'"},
      {"latest(" LABS("newer") ").id", "'sure2' ?"},
      {"latest(" LABS("tied") ").id", "'sure3' ?"},
      {"latest(" LABS("undated") ").id", "'sure4' ?"},
      {"latest(" LABS("alone") ").id", "null ?"},
      {"latest(" LABS("alone") ", 6 months).id", "null"},
      {"latest(" LABS("newer") ", 1 month).id", "null ?"},
      {"latest(" LABS("newer") ", 1 week).id", "null"},
      {"latest(" STATED("status") ").id", "'stated'"},
      {"latest(" STATED("no status") ").id", "'unstated2' ?"},
      {"latest(" STATED("odd status") ").id", "'odd' ?"},
      {"latest(" STATED("unknown status") ").id", "'unsure' ?"},
      {"latest(" STATED("edge") ", 1 year).id", "'within'"},
      {"latest(" STATED("copies") ").status", "'final'"},
      {"latest(" STATED("units") ").status", "'final' ?"},
  };
  const std::string noted = R"("note":[{"text":"ok"}],)";
  const auto sure = [&](std::string_view id, std::string_view code) {
    return observation(id, code, noted + R"("status":"final",)" + on("2026-09-01"));
  };
  const auto measured = [](std::string_view id, std::string_view code, std::string_view unit) {
    return observation(id, code,
                       R"("status":"final","valueQuantity":{"value":5,"system":"http://unitsofmeasure.org","code":")" +
                           std::string(unit) + R"("},)" + on("2026-09-01"));
  };
  check_observations(kTable, {sure("sure", "older"),
                              final_on("maybe", "older", "2026-08-01"),
                              sure("sure2", "newer"),
                              final_on("maybe2", "newer", "2026-11-01"),
                              sure("sure3", "tied"),
                              final_on("maybe3", "tied", "2026-09-01"),
                              sure("sure4", "undated"),
                              observation("maybe4", "undated", R"("status":"final")"),
                              final_on("maybe5", "alone", "2026-01-01"),
                              final_on("stated", "status", "2026-09-01"),
                              without_status("unstated", "status", "2026-08-01"),
                              final_on("stated2", "no status", "2026-08-01"),
                              without_status("unstated2", "no status", "2026-09-01"),
                              final_on("before", "odd status", "2026-08-01"),
                              observation("odd", "odd status", R"("status":"Cancelled",)" + on("2026-09-01")),
                              observation("unsure", "unknown status", R"("status":"unknown",)" + on("2026-09-01")),
                              final_on("within", "edge", "2026-09-01"),
                              observation("year", "edge", R"("status":"final","effectiveDateTime":"2025-11-22")"),
                              measured("copy1", "copies", "mg/dL"),
                              measured("copy2", "copies", "mg/dL"),
                              measured("mass", "units", "mg/dL"),
                              measured("amount", "units", "mmol/L")});
#undef LABS
#undef STATED
}

TEST_CASE("what is sorted has an order only as far as its keys tell") {
#define LABS(code) "([Observation] O where exists (O.code.coding C where C.code = '" code "')"
#define BY_TIME " sort by (effective as FHIR.dateTime))"
#define TIMED(code) LABS(code) BY_TIME
  static constexpr ExpressionCase kTable[] = {
      {"Last(" TIMED("exact") ").id", "'b'"},
      {"First(" TIMED("exact") ").id", "'a'"},
      // Of '2026' and '2026-04-01' nobody knows which is later; of both and the year before, what is first.
      {"Last(" TIMED("year") ").id", "'y3' ?"},
      {"First(" TIMED("year") ").id", "'y1'"},
      // The day and an hour of that day; what was before it and behind it has its place.
      {"First(" TIMED("day") ").id", "'d1'"},
      {"Last(" TIMED("day") ").id", "'d4'"},
      {"(" TIMED("day") "[1]).id", "'d2' ?"},
      {"Last(" LABS("day") " and O.id != 'd4'" BY_TIME ").id", "'d3' ?"},
      {"First(" LABS("day") " and O.id != 'd1' sort by (effective as FHIR.dateTime) desc)).id", "'d4'"},
      {"Last(" LABS("day") " and O.id != 'd1' sort by (effective as FHIR.dateTime) desc)).id", "'d2' ?"},
      // The same day twice, unless another key tells.
      {"Last(" TIMED("days") ").id", "'s2' ?"},
      {"Last(" LABS("days") " sort by (effective as FHIR.dateTime), id desc)).id", "'s1'"},
      // No time at all: it could be any place.
      {"First(" TIMED("none") ").id", "'n1' ?"},
      {"Last(" TIMED("none") ").id", "'n2' ?"},
      // That it is there is certain, and so is what each is.
      {"exists " TIMED("year"), "true"},
      {"exists (" TIMED("year") " L where L.status = 'final')", "true"},
      {"Last(" TIMED("year") " L return L.id)", "'y3' ?"},
      {"Last((" TIMED("year") " L return L.id) I sort asc)", "'y3'"},
      {"latest(" TIMED("exact") ").id", "'b'"},
      // What may not be there concerns the end where it stands.
      {"First({ 1, 2 } X where X = 1 or (if Patient.active then false else true))", "1"},
      {"Last({ 1, 2 } X where X = 1 or (if Patient.active then false else true))", "2 ?"},
  };
  check_observations(
      kTable,
      {final_on("a", "exact", "2026-08-01"), final_on("b", "exact", "2026-09-01"), final_at("y1", "year", "2025"),
       final_at("y2", "year", "2026"), final_at("y3", "year", "2026-04-01"), final_on("d1", "day", "2026-08-01"),
       final_at("d2", "day", "2026-09-01"), final_on("d3", "day", "2026-09-01"), final_on("d4", "day", "2026-10-01"),
       final_at("s1", "days", "2026-09-01"), final_at("s2", "days", "2026-09-01"),
       observation("n1", "none", R"("status":"final")"), final_on("n2", "none", "2026-09-01")});
#undef LABS
#undef BY_TIME
#undef TIMED
}
