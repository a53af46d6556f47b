// SPDX-License-Identifier: Apache-2.0
// A text cut down to what is read gives what the whole gives: facts, codes, damage.
#include "reading.h"

#include <doctest/doctest.h>

#include "fhir/json_index.h"
#include "fhir/required_text.h"

using namespace vigil;
using test::Reading;

namespace {

std::string required(const Reading& reading, const std::string& resource) {
  fhir::JsonIndex index;
  REQUIRE(index.index(resource.data(), resource.size()) == fhir::JsonIndex::Status::kOk);
  const fhir::JsonText json(resource.data(), index.tokens(), index.count());
  std::string text;
  fhir::append_required(json, 0, reading.plan, text);
  return text;
}

/// Both read, and compared. The cut text is given back.
std::string check_same(const std::string& resource) {
  Reading whole;
  const auto cut = required(whole, resource);
  INFO(resource);
  INFO(cut);
  Reading part;
  whole.reader.read(resource, "whole", whole.timeline, whole.sink);
  if (!cut.empty()) part.reader.read(cut, "cut", part.timeline, part.sink);
  const auto a = whole.timeline.at(0, whole.sink);
  const auto b = part.timeline.at(0, part.sink);
  REQUIRE(a.all_facts().size() == b.all_facts().size());
  for (size_t i = 0; i < a.all_facts().size(); ++i) {
    CHECK(same_content(*a.all_facts()[i].resource, *b.all_facts()[i].resource));
    CHECK(a.all_facts()[i].code_count == b.all_facts()[i].code_count);
    CHECK(a.all_facts()[i].origin == b.all_facts()[i].origin);
  }
  for (const auto& type : whole.plan.types())
    if (type.is_resource) CHECK(a.completeness(type.fhir_type) == b.completeness(type.fhir_type));
  // Cut again it stays the same.
  if (!cut.empty()) CHECK(required(whole, cut) == cut);
  return cut;
}

}  // namespace

TEST_CASE("planned elements stay, all else goes") {
  const auto cut = check_same(R"({"resourceType":"Condition","id":"a","meta":{"x":1},"text":{"div":"<p>Anna</p>"},
    "code":{"coding":[{"system":"s","code":"c","display":"d","version":"7"}],"text":"t"},"recordedDate":"2020-01-01",
    "note":[{"text":"secret"}],"subject":{"reference":"Patient/p","display":"Anna"}})");
  for (const char* gone : {"meta", "div", "version", "secret"}) CHECK(cut.find(gone) == std::string::npos);
  for (const char* kept : {"recordedDate", "Patient/p", "\"c\""}) CHECK(cut.find(kept) != std::string::npos);
}

TEST_CASE("resources of types that nobody reads go; the patient's id stays") {
  CHECK(check_same(R"({"resourceType":"Device","id":"a"})").empty());
  CHECK(check_same(R"({"resourceType":"Nonsense","id":"a"})").empty());
  CHECK(check_same(R"({"resourceType":"Patient","id":"p","birthDate":"1950-01-01","telecom":[{"value":"1"}]})") ==
        R"({"resourceType":"Patient","id":"p","birthDate":"1950-01-01"})");
}

TEST_CASE("lists, nested objects, contained resources and siblings of primitives") {
  check_same(R"({"resourceType":"Observation","id":"o","status":"final","_status":{"id":"x"},"code":{"text":"c"},
    "component":[{"code":{"text":"a"},"valueQuantity":{"value":1.50,"unit":"mg","system":"u"},"dataAbsentReason":{}},{}],
    "valueTime":"10:00:00","effectiveDateTime":"2020"})");
  check_same(R"({"resourceType":"MedicationRequest","id":"m","status":"draft","medicationReference":{"reference":"#m1"},
    "contained":[{"resourceType":"Medication","id":"m1","code":{"coding":[{"system":"s","code":"c"}]}},
                 {"resourceType":"Device","id":"d"}],
    "dosageInstruction":[{"text":"once","sequence":1,"doseAndRate":[{"doseQuantity":{"value":1}}]}]})");
}

TEST_CASE("what is wrong stays wrong") {
  for (const char* resource :
       {R"({"resourceType":"Condition","id":"a","code":"no object"})",
        R"({"resourceType":"Condition","id":"a","code":[{"text":"a list"}]})",
        R"({"resourceType":"Condition","id":"a","recordedDate":"yesterday"})",
        R"({"resourceType":"Condition","id":"a","recordedDate":"2020","recordedDate":"2021"})",
        R"({"resourceType":"Condition","id":"a","id":"b"})", R"({"resourceType":7,"id":"a"})", R"({"id":"a"})",
        R"({"resourceType":"Observation","id":"o","component":{"code":{}}})",
        R"({"resourceType":"Observation","id":"o","component":[7]})",
        R"({"resourceType":"Observation","id":"o","valueQuantity":{"value":"x"}})",
        R"({"resourceType":"MedicationRequest","id":"m","contained":{"resourceType":"Medication"}})",
        R"({"resourceType":"MedicationRequest","id":"m","contained":[7]})",
        R"({"resourceType":"Condition","id":"a","c\u006fde":{"text":"escaped name"}})",
        R"({"resourceType":"OperationOutcome","issue":[{"severity":"error"}]})"})
    check_same(resource);
}
