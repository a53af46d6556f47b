// SPDX-License-Identifier: Apache-2.0
// What becomes of JSON values.
#include "reading.h"

#include <doctest/doctest.h>

using namespace vigil;
using test::list_of;
using test::Reading;

namespace {

std::string observation(const std::string& members) {
  return R"({"resourceType":"Observation","id":"o",)" + members + "}";
}

}  // namespace

TEST_CASE("primitives are of their kind and know their FHIR type") {
  const Reading r(observation(R"("status":"final","effectiveDateTime":"2020-05-06T07:08:09Z","valueInteger":-12)"));
  CHECK(r.sink.all().empty());
  CHECK(r.get("Observation", "status").string() == "final");
  CHECK(r.get("Observation", "status").fhir_type == 1 + Reading::type("code"));
  CHECK(r.get("Observation", "valueInteger").integer == -12);
  CHECK(r.get("Observation", "effectiveDateTime").kind == Kind::kDateTime);
  CHECK(r.get("Observation", "effectiveDateTime").temporal.year == 2020);
  CHECK(r.get("Observation", "effectiveDateTime").temporal.offset_minutes == 0);
  CHECK(r.get("Observation", "effectiveDateTime").fhir_type == 1 + Reading::type("dateTime"));
  CHECK(r.get("Observation", "code").is_null());
  CHECK(r.facts("Observation")[0].status == "final");
}

TEST_CASE("decimals are read from their digits") {
  const Reading r(observation(R"("valueQuantity":{"value":0.1,"unit":"mg"})"));
  const Object& quantity = *r.get("Observation", "valueQuantity").object;
  CHECK(r.get(quantity, "value").decimal.low == 10000000);
  CHECK(r.get(quantity, "unit").string() == "mg");
}

TEST_CASE("booleans, times and lists") {
  CHECK(Reading(observation(R"("valueBoolean":true)")).get("Observation", "valueBoolean").is_true());
  CHECK(Reading(observation(R"("valueBoolean" : false )")).get("Observation", "valueBoolean").is_false());
  CHECK(Reading(observation(R"("valueTime":"12:30:00")")).get("Observation", "valueTime").temporal.hour == 12);
  const Reading r(
      R"({"resourceType":"Patient","name":[{"given":["A",null,"B"],"_given":[null,{"extension":[{"url":"u","valueCode":"c"}]},null]},{}]})");
  const Value names = r.get("Patient", "name");
  REQUIRE(names.count == 2);
  const Value given = r.get(*names.elements[0].object, "given");
  REQUIRE(given.count == 3);
  CHECK(given.elements[1].is_null());
  CHECK(given.elements[2].string() == "B");
  const Value companions = r.get(*names.elements[0].object, "_given");
  REQUIRE(companions.count == 3);
  CHECK(companions.elements[0].is_null());
  const Object& extension = *r.get(*companions.elements[1].object, "extension").elements[0].object;
  CHECK(r.get(extension, "valueCode").string() == "c");
  CHECK(r.get(*names.elements[1].object, "given").is_null());
}

TEST_CASE("a primitive's companion is an object like any other") {
  const Reading r(observation(R"("_status":{"extension":[{"url":"u"}]})"));
  CHECK(r.get("Observation", "status").is_null());
  CHECK(r.get("Observation", "_status").object->fhir_type == Reading::type("Element"));
}

TEST_CASE("types of a choice share a slot and differ by FHIR type") {
  const Reading r(observation(R"("valueString":"positive")"));
  CHECK(r.get("Observation", "valueQuantity").kind == Kind::kString);
  CHECK(r.get("Observation", "valueQuantity").fhir_type == 1 + Reading::type("string"));
}

TEST_CASE("data types of which nothing is kept become empty objects") {
  const Reading r(
      R"({"resourceType":"MedicationRequest","dosageInstruction":[{"text":"1 daily","doseAndRate":[{"doseQuantity":{"value":1}}]}]})");
  const Object& dosage = *r.get("MedicationRequest", "dosageInstruction").elements[0].object;
  CHECK(r.get(dosage, "text").string() == "1 daily");
  const Value rate = r.get(dosage, "doseAndRate");
  REQUIRE(rate.count == 1);
  CHECK(rate.elements[0].object->slot_count == 0);
  CHECK(rate.elements[0].object->fhir_type == Reading::type("Dosage.DoseAndRate"));
}

TEST_CASE("codings with system and code are concepts") {
  const Reading r(observation(
      R"("code":{"coding":[{"system":"http://loinc.org","code":"1"},{"code":"2"},{"system":"http://loinc.org","code":"1","display":"x"}]})"));
  const Fact& fact = r.facts("Observation")[0];
  REQUIRE(fact.code_count == 2);
  CHECK(fact.codes[0] == fact.codes[1]);
  CHECK(r.snapshot.concept_info(fact.codes[0]).code == "1");
  const Value codings = r.get(*r.get("Observation", "code").object, "coding");
  REQUIRE(codings.count == 3);
  CHECK(codings.elements[1].object->concept_id == 0);
  CHECK(r.get(*codings.elements[1].object, "code").string() == "2");
  CHECK(r.get(*codings.elements[2].object, "system").string() == "http://loinc.org");
  CHECK(r.get(*codings.elements[2].object, "display").string() == "x");
}

TEST_CASE("strings are unescaped, keys too") {
  const Reading r(observation(R"("valueString":"a\"b\\c\/d\u00e9\ud83d\ude00\n\t\b\f\r","st\u0061tus":"fin\u0061l")"));
  CHECK(r.sink.all().empty());
  CHECK(r.get("Observation", "valueString").string() == "a\"b\\c/d\xC3\xA9\xF0\x9F\x98\x80\n\t\b\f\r");
  CHECK(r.get("Observation", "status").string() == "final");
  const Reading concept_reading(observation(
      R"("code":{"coding":[{"system":"http:\/\/loinc.org","code":"1"},{"system":"http://loinc.org","code":"1"}]})"));
  CHECK(concept_reading.facts("Observation")[0].codes[0] == concept_reading.facts("Observation")[0].codes[1]);
}

TEST_CASE("an empty string is none") {
  const Reading r(observation(R"("valueQuantity":{"value":2.5,"unit":"g","code":""},"status":"")"));
  CHECK(r.sink.all().empty());
  CHECK(r.get("Observation", "status").is_null());
  CHECK(r.facts("Observation")[0].status.empty());
}

TEST_CASE("strings of every length are kept whole") {
  for (size_t length = 1; length < 130; ++length) {
    const std::string text(length, 'x');
    CHECK(Reading(observation("\"valueString\":\"" + text + "\"")).get("Observation", "valueString").string() == text);
    CHECK(Reading(observation("\"valueString\":\"" + text + R"(\t")")).get("Observation", "valueString").string() ==
          text + "\t");
  }
}

TEST_CASE("white space and order of members play no part") {
  const Reading r(
      "\n { \"id\" : \"o\" ,\r\n\t\"code\" : { \"coding\" : [ { \"code\" : \"1\" , \"system\" : \"s\" } ] } , "
      "\"resourceType\" : \"Observation\" } \n");
  CHECK(r.sink.all().empty());
  REQUIRE(r.count("Observation") == 1);
  CHECK(r.facts("Observation")[0].id == "o");
  CHECK(r.facts("Observation")[0].code_count == 1);
}

TEST_CASE("null is no value, and neither is what is not planned") {
  const Reading r(observation(
      R"("status":null,"code":null,"component":null,"note":[{"text":"x"}],"x":1,"y":true,"z":null,"e":{},"f":[])"));
  CHECK(r.sink.all().empty());
  CHECK(r.get("Observation", "status").is_null());
  CHECK(r.get("Observation", "component").is_null());
}

TEST_CASE("a wrong JSON type skips the resource, damages its type and says where") {
  struct Case {
    const char* members;
    const char* message;
  };
  const Case cases[] = {
      {R"("status":{"x":1})", "`status` is an object, expected a string; the resource is skipped"},
      {R"("status":5)", "`status` is a number, expected a string; the resource is skipped"},
      {R"("status":["final"])", "`status` is an array, expected a string; the resource is skipped"},
      {R"("valueBoolean":"true")", "`valueBoolean` is a string, expected a boolean; the resource is skipped"},
      {R"("valueInteger":"5")", "`valueInteger` is a string, expected a number; the resource is skipped"},
      {R"("effectiveDateTime":2020)", "`effectiveDateTime` is a number, expected a string; the resource is skipped"},
      {R"("code":"1")", "`code` is a string, expected an object; the resource is skipped"},
      {R"("component":{"code":{}})", "`component` is an object, expected an array; the resource is skipped"},
      {R"("component":[{},{"valueQuantity":{"value":true}}])",
       "`component[1].valueQuantity.value` is a boolean, expected a number; the resource is skipped"},
  };
  for (const auto& c : cases) {
    const Reading r(R"({"resourceType":"Bundle","entry":[{"resource":)" + observation(c.members) +
                    R"(},{"resource":{"resourceType":"Observation","id":"good"}}]})");
    CAPTURE(c.members);
    REQUIRE(r.codes() == list_of({"VGL1003"}));
    CHECK(r.message() == std::string(c.message).insert(1, "entry[0].resource."));
    CHECK(r.place().starts_with("test.json: entry[0].resource."));
    CHECK(r.count("Observation") == 1);
    CHECK(r.completeness("Observation") == Completeness::kDamaged);
    CHECK(r.completeness("Condition") == Completeness::kComplete);
  }
}

TEST_CASE("what is no date, number or text of its form skips the resource") {
  const char* cases[] = {
      R"("effectiveDateTime":"0000-01-01")",
      R"("effectiveDateTime":"9999-99")",
      R"("effectiveDateTime":"yesterday")",
      R"("effectiveDateTime":"2021-02-29")",
      R"("effectiveDateTime":"")",
      R"("valueInteger":1.5)",
      R"("valueInteger":99999999999)",
      R"("valueQuantity":{"value":1e400})",
      R"("valueQuantity":{"value":1.2.3})",
      R"("valueTime":"25:00:00")",
      R"("valueString":"\q")",
      R"("valueString":"\ud800")",
      R"("valueString":"\udc00\ud800")",
      R"("valueString":"\u12")",
      R"("effectiveDateTime":"2020\u002")",
  };
  for (const auto* members : cases) {
    const Reading r(observation(members));
    CAPTURE(members);
    CHECK(r.codes() == list_of({"VGL1004"}));
    CHECK(r.count("Observation") == 0);
    CHECK(r.completeness("Observation") == Completeness::kDamaged);
  }
  CHECK(Reading(observation(R"("effectiveDateTime":"secret")")).message().find("secret") == std::string::npos);
}

TEST_CASE("a member given twice is fine if it says the same") {
  CHECK(Reading(observation(R"("status":"final","status":"final")")).sink.all().empty());
  CHECK(Reading(observation(
                    R"("code":{"coding":[{"system":"s","code":"1"}]},"code":{"coding":[{"code":"1","system":"s"}]})"))
            .sink.all()
            .empty());
  CHECK(Reading(observation(R"("component":[{}],"component":[{}])")).sink.all().empty());
  const char* different[] = {R"("status":"final","status":"amended")",
                             R"("valueInteger":1,"valueString":"1")",
                             R"("id":"other")",
                             R"("component":[{}],"component":[])",
                             R"("resourceType":"Condition")",
                             R"("subject":{"reference":"Patient/1"},"subject":{"reference":"Patient/2"})"};
  for (const auto* members : different) {
    const Reading r(observation(members));
    CAPTURE(members);
    CHECK(r.codes() == list_of({"VGL1003"}));
    CHECK(r.count("Observation") == 0);
    CHECK(r.completeness("Observation") == Completeness::kDamaged);
  }
}

TEST_CASE("objects nested deeper than the limit skip the resource") {
  std::string nested = R"({"url":"u"})";
  for (int i = 0; i < 70; ++i) nested = R"({"extension":[)" + nested + "]}";
  const Reading r(observation("\"_status\":" + nested));
  CHECK(r.codes() == list_of({"VGL1013"}));
  CHECK(r.completeness("Observation") == Completeness::kDamaged);
  // Where nobody reads it, depth does no harm.
  CHECK(Reading(observation("\"extension\":[" + nested + "]")).sink.all().empty());
}
