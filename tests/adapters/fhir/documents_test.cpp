// SPDX-License-Identifier: Apache-2.0
// Bundles and other documents: which resources are found, and what documents say of themselves.
#include "reading.h"

#include <doctest/doctest.h>

using namespace vigil;
using test::list_of;
using test::Reading;

namespace {

std::string condition(const std::string& id) { return R"({"resourceType":"Condition","id":")" + id + "\"}"; }
std::string entry(const std::string& resource) { return R"({"resource":)" + resource + "}"; }
std::string bundle(const std::string& type, const std::string& entries, const std::string& more = "") {
  return R"({"resourceType":"Bundle","type":")" + type + "\"" + more + R"(,"entry":[)" + entries + "]}";
}

}  // namespace

TEST_CASE("resources are found in every kind of document") {
  const std::string two = entry(condition("a")) + "," + entry(condition("b"));
  const std::string documents[] = {
      condition("a") + "\n" + condition("b"),
      "[" + condition("a") + "," + condition("b") + "]",
      bundle("collection", two),
      bundle("transaction", two),
      bundle("searchset", two, R"(,"total":2)"),
      bundle("collection", entry(bundle("collection", two))),
      "[" + bundle("collection", entry(condition("a"))) + "," + condition("b") + "]",
      bundle("batch-response", R"({"response":{"status":"200 OK"},"resource":)" +
                                   bundle("searchset", entry(condition("a"))) + "}," + entry(condition("b"))),
      R"({"entry":[)" + two + R"(],"resourceType":"Bundle"})",
      R"({"resourceType":"Parameters","parameter":[{"name":"x","valueString":"y"},{"name":"a","resource":)" +
          condition("a") + R"(},{"name":"b","part":[{"name":"c","resource":)" +
          bundle("collection", entry(condition("b"))) + "}]}]}",
  };
  for (const auto& document : documents) {
    const Reading r(document);
    CAPTURE(document);
    CHECK(r.sink.all().empty());
    REQUIRE(r.count("Condition") == 2);
    CHECK(r.facts("Condition")[0].id == "a");
    CHECK(r.facts("Condition")[1].id == "b");
    CHECK(r.completeness("Condition") == Completeness::kComplete);
  }
}

TEST_CASE("empty documents hold nothing") {
  for (const std::string document : {R"({"resourceType":"Bundle"})", R"({"resourceType":"Bundle","entry":[]})",
                                     R"({"resourceType":"Parameters"})", "[]"}) {
    CAPTURE(document);
    const Reading r(document);
    CHECK(r.sink.all().empty());
    CHECK(r.snapshot.all_facts().empty());
  }
}

TEST_CASE("requests with status draft are drafts, all else is record") {
  const Reading r(
      "["
      R"({"resourceType":"MedicationRequest","id":"a","status":"draft"},)"
      R"({"resourceType":"MedicationRequest","id":"b","status":"active"},)"
      R"({"resourceType":"ServiceRequest","id":"c","status":"draft"},)"
      R"({"resourceType":"Observation","id":"d","status":"draft"}])");
  CHECK(r.facts("MedicationRequest")[0].origin == Origin::kDraft);
  CHECK(r.facts("MedicationRequest")[1].origin == Origin::kRecord);
  CHECK(r.facts("ServiceRequest")[0].origin == Origin::kDraft);  // though its status is not planned
  CHECK(r.facts("Observation")[0].origin == Origin::kRecord);
}

TEST_CASE("medications are found by full URL, by id and inside") {
  const std::string medication =
      R"({"resourceType":"Medication","id":"m","code":{"coding":[{"system":"rx","code":"1"}]}})";
  const auto request = [](const std::string& reference, const std::string& more = "") {
    return R"({"resourceType":"MedicationRequest")" + more + R"(,"medicationReference":{"reference":")" + reference +
           "\"}}";
  };
  const std::string texts[] = {
      bundle("collection", entry(request("Medication/m")) + "," + entry(medication)),
      bundle("collection", entry(request("urn:uuid:7")) + R"(,{"fullUrl":"urn:uuid:7","resource":)" + medication + "}"),
      bundle("collection",
             R"({"resource":)" + medication + R"(,"fullUrl":"urn:uuid:7"},)" + entry(request("urn:uuid:7"))),
      request("#m", R"(,"contained":[)" + medication + "]"),
      R"({"contained":[)" + medication +
          R"(,{"resourceType":"Unknown","id":"m"}],"medicationReference":{"reference":"#m"},"resourceType":"MedicationRequest"})",
  };
  for (const auto& text : texts) {
    CAPTURE(text);
    const Reading r(text);
    CHECK(r.sink.all().empty());
    REQUIRE(r.count("MedicationRequest") == 1);
    CHECK(r.facts("MedicationRequest")[0].code_count == 1);
    CHECK_FALSE(r.facts("MedicationRequest")[0].unresolved_reference);
  }
  const Reading unresolved(request("Medication/none"));
  CHECK(unresolved.codes() == list_of({"VGL1011"}));
  CHECK(unresolved.facts("MedicationRequest")[0].unresolved_reference);
}

TEST_CASE("a broken contained resource skips the one it is in") {
  const Reading r(
      R"({"resourceType":"MedicationRequest","id":"a","contained":[{"resourceType":"Medication","code":5}]})");
  CHECK(r.codes() == list_of({"VGL1003"}));
  CHECK(r.message().starts_with("`contained[0].code` is a number"));
  CHECK(r.count("MedicationRequest") == 0);
  CHECK(r.completeness("MedicationRequest") == Completeness::kDamaged);
}

TEST_CASE("two different resources of one id damage their type") {
  const Reading r(
      "["
      R"({"resourceType":"Condition","id":"a","recordedDate":"2020"},{"resourceType":"Condition","id":"a","recordedDate":"2021"}])");
  CHECK(r.codes() == list_of({"VGL1005"}));
  CHECK(r.completeness("Condition") == Completeness::kDamaged);
}

TEST_CASE("a page of several, or fewer entries than the total, is partial") {
  const std::string next = R"(,"link":[{"relation":"self","url":"a"},{"relation":"next","url":"b"}])";
  const std::string texts[] = {
      bundle("searchset", entry(condition("a")), next), bundle("searchset", entry(condition("a")), R"(,"total":2)"),
      bundle("searchset", R"({"search":{"mode":"include"},"resource":)" + condition("a") + "}", R"(,"total":1)"),
      bundle("searchset", entry(condition("a")), R"(,"link":[{"relation":"Next","url":"b"}])")};
  for (const auto& text : texts) {
    CAPTURE(text);
    const Reading r(text);
    CHECK(r.codes() == list_of({"VGL1014"}));
    CHECK(r.completeness("Condition") == Completeness::kPartial);
    CHECK(r.completeness("Observation") == Completeness::kPartial);
    CHECK(r.count("Condition") == 1);
  }
  CHECK(Reading(bundle("searchset", entry(condition("a")), R"(,"total":1)")).sink.all().empty());
  CHECK(Reading(bundle("searchset", entry(condition("a")), R"(,"link":[{"relation":"self","url":"next"}])"))
            .sink.all()
            .empty());
  CHECK(Reading(bundle("collection", entry(condition("a")), R"(,"total":9)")).sink.all().empty());
}

TEST_CASE("requests that failed are data not obtained") {
  const std::string outcome = R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"timeout"}]})";
  const std::string hint =
      R"({"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]})";
  const std::string failed[] = {
      outcome, hint, bundle("searchset", entry(condition("a")) + "," + entry(outcome)),
      bundle("batch-response", entry(condition("a")) + R"(,{"response":{"status":"404 Not Found"}})")};
  for (const auto& text : failed) {
    CAPTURE(text);
    const Reading r(text);
    CHECK(r.codes() == list_of({"VGL1014"}));
    CHECK(r.completeness("Condition") == Completeness::kNotObtained);
  }
  CHECK(Reading(bundle("searchset", entry(condition("a")) + "," + entry(hint))).sink.all().empty());
}

TEST_CASE("a warning that there may be more leaves everything partial") {
  const std::string warning =
      R"({"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"incomplete"}]})";
  const Reading r(bundle("searchset", entry(condition("a")) + "," + entry(warning)));
  CHECK(r.codes() == list_of({"VGL1014"}));
  CHECK(r.completeness("Condition") == Completeness::kPartial);
}

TEST_CASE("requests with status draft are drafts, all are, or none is") {
  const std::string text = R"({"resourceType":"ServiceRequest","id":"a","status":"draft"})";
  const auto origin = [&](fhir::FhirReadOptions options) {
    Reading r;
    fhir::FhirReader(r.plan, options).read(text, "test.json", r.timeline, r.sink);
    r.timeline.at(0, r.sink, r.snapshot);
    REQUIRE(r.snapshot.all_facts().size() == 1);
    return r.snapshot.all_facts()[0].origin;
  };
  CHECK(origin({}) == Origin::kDraft);
  CHECK(origin({.drafts = fhir::Drafts::kAll}) == Origin::kDraft);
  CHECK(origin({.drafts = fhir::Drafts::kNone}) == Origin::kRecord);
}

TEST_CASE("what is no FHIR resource damages everything") {
  const std::string texts[] = {"{}",
                               "5",
                               "\"Patient\"",
                               "null",
                               R"({"resourceType":5})",
                               "[5]",
                               "[[" + condition("a") + "]]",
                               bundle("collection", "{\"resource\":{}}"),
                               bundle("collection", "{\"fullUrl\":\"x\"}"),
                               bundle("collection", "5"),
                               bundle("collection", R"({"resource":5})"),
                               R"({"resourceType":"Bundle","entry":{}})"};
  for (const auto& text : texts) {
    CAPTURE(text);
    const Reading r(text);
    CHECK(r.codes() == list_of({"VGL1002"}));
    CHECK(r.completeness("Condition") == Completeness::kDamaged);
  }
  const Reading r(bundle("collection", entry("{\"id\":\"x\"}") + "," + entry(condition("a"))));
  CHECK(r.place() == "test.json: entry[0].resource");
  CHECK(r.count("Condition") == 1);
}

TEST_CASE("unknown resource types are noted once a type") {
  const Reading r(
      "["
      R"({"resourceType":"Conditon"},{"resourceType":"Conditon"},{"resourceType":"Coding"},{"resourceType":"Procedure"}])");
  CHECK(r.codes() == list_of({"VGL1006", "VGL1006"}));
  CHECK(r.message().find("`Conditon`") != std::string::npos);
  CHECK(r.completeness("Condition") == Completeness::kComplete);
}

TEST_CASE("nested documents end at the limit") {
  std::string text = condition("a");
  for (int i = 0; i < 100; ++i) text = bundle("collection", entry(text));
  const Reading r(text);
  CHECK(r.codes() == list_of({"VGL1013"}));
  CHECK(r.completeness("Condition") == Completeness::kDamaged);
  std::string parts = R"({"name":"x"})";
  for (int i = 0; i < 100; ++i) parts = R"({"name":"x","part":[)" + parts + "]}";
  CHECK(Reading(R"({"resourceType":"Parameters","parameter":[)" + parts + "]}").codes() == list_of({"VGL1013"}));
}

TEST_CASE("a history gives each version its time") {
  const auto version = [](const std::string& status, const std::string& time) {
    return R"({"request":{"method":"PUT","url":"MedicationRequest/a"},"resource":{"resourceType":"MedicationRequest","id":"a","status":")" +
           status + R"(","meta":{"lastUpdated":")" + time + R"("}}})";
  };
  const std::string deletion =
      R"({"request":{"method":"DELETE","url":"MedicationRequest/a"},"response":{"status":"204","lastModified":"2020-03-01T00:00:00Z"}})";
  Reading r(bundle("history", deletion + "," + version("completed", "2020-02-01T00:00:00Z") + "," +
                                  version("active", "2020-01-01T00:00:00Z")));
  CHECK(r.sink.all().empty());
  constexpr Instant kDay = 86'400'000;
  constexpr Instant kNewYear = 18262 * kDay;  // 2020-01-01
  CHECK(r.timeline.at(kNewYear - 1, r.sink).all_facts().empty());
  CHECK(r.timeline.at(kNewYear, r.sink).all_facts()[0].status == "active");
  CHECK(r.timeline.at(kNewYear + 31 * kDay, r.sink).all_facts()[0].status == "completed");
  CHECK(r.timeline.at(kNewYear + 60 * kDay, r.sink).all_facts().empty());
  const Reading untimed(bundle("history", R"({"request":{"method":"DELETE","url":"MedicationRequest/a"}})"));
  CHECK(untimed.codes() == list_of({"VGL1014"}));
  CHECK(untimed.completeness("MedicationRequest") == Completeness::kPartial);
}

TEST_CASE("several texts make one patient") {
  Reading r;
  r.read(R"({"resourceType":"Patient","id":"p"})", "p");
  r.read(bundle("searchset", entry(R"({"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"}})")),
         "p");
  r.read(bundle("searchset", entry(R"({"resourceType":"Condition","id":"d","subject":{"reference":"Patient/q"}})")),
         "p");
  CHECK(r.snapshot.patient()->id == "p");
  CHECK(r.count("Condition") == 1);
  CHECK(r.codes() == list_of({"VGL1012"}));
}
