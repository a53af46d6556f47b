// SPDX-License-Identifier: Apache-2.0
// A text without what its reader passed over gives what the whole gives: facts, codes, damage.
#include "reading.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "fhir/json_index.h"
#include "fhir/passed_over.h"

using namespace vigil;
using test::Reading;

namespace {

/// What is left of a resource whose reader tells what it passed over.
std::string required(const std::string& resource) {
  Reading reading;
  fhir::JsonIndex index;
  REQUIRE(index.index(resource.data(), resource.size()) == fhir::JsonIndex::Status::kOk);
  const fhir::JsonText json(resource.data(), index.tokens(), index.count());
  fhir::PassedOver passed_over;
  reading.reader.begin("whole", reading.timeline, reading.sink);
  reading.reader.add(json, 0, fhir::FhirReader::kNoToken, &passed_over);
  reading.reader.finish({});
  std::string text;
  passed_over.append_rest(resource, 0, text);
  return text;
}

/// Both read, and compared. The cut text is given back.
std::string check_same(const std::string& resource) {
  Reading whole;
  const auto cut = required(resource);
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
  if (!cut.empty()) CHECK(required(cut) == cut);
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

TEST_CASE("of what only the reader looks at, that alone stays") {
  CHECK(check_same(
            R"({"resourceType":"Condition","subject":{"x":1,"reference":"Patient/p","display":"Anna"},"id":"a"})") ==
        R"({"resourceType":"Condition","subject":{"reference":"Patient/p"},"id":"a"})");
  CHECK(check_same(R"({"resourceType":"Parameters","parameter":[{"resource":{"id":"d","resourceType":"Device","x":[1]}},
    {"resource":{"resourceType":"Nonsense","x":1}},{"resource":{"resourceType":"Bundle","type":"history","entry":[
    {"resource":{"resourceType":"Condition","id":"a","meta":{"tag":[{}],"lastUpdated":"2020-01-01T00:00:00Z"}}}]}}]})") ==
        R"({"resourceType":"Parameters","parameter":[{"resource":{"resourceType":"Device"}},
    {"resource":{"resourceType":"Nonsense"}},{"resource":{"resourceType":"Bundle","type":"history","entry":[
    {"resource":{"resourceType":"Condition","id":"a","meta":{"lastUpdated":"2020-01-01T00:00:00Z"}}}]}}]})");
}

TEST_CASE("of what is wrong only that stays which shows it") {
  CHECK(check_same(
            R"({"resourceType":"Patient","telecom":[{"value":"1"}],"birthDate":"soon","address":[{}],"id":"p"})") ==
        R"({"resourceType":"Patient","birthDate":"soon"})");
  CHECK(check_same(R"({"id":"a","code":7,"note":[{"text":"n"}],"resourceType":"Condition","text":{"div":"d"}})") ==
        R"({"id":"a","code":7,"resourceType":"Condition"})");
  CHECK(check_same(R"({"x":1,"resourceType":7,"note":[{"text":"n"}],"resourceType":"Condition"})") ==
        R"({"resourceType":7,"resourceType":"Condition"})");
  CHECK(check_same(R"({"resourceType":"Observation","component":[{"x":1,"code":{"text":"a"}},
    {"y":1,"valueQuantity":{"value":"x","unit":"mg"},"z":1},{"code":{}}],"id":"o"})") ==
        R"({"resourceType":"Observation","component":[{"code":{"text":"a"}},
    {"valueQuantity":{"value":"x"}}]})");
  CHECK(check_same(R"({"resourceType":"Condition","id":"a","code":[{"text":"t"}],"recordedDate":"2020"})") ==
        R"({"resourceType":"Condition","id":"a","code":[]})");
  CHECK(check_same(R"({"resourceType":"Condition","code":{"text":"a","x":1},"code":{"text":"b","y":1},"id":"a"})") ==
        R"({"resourceType":"Condition","code":{"text":"a"},"code":{"text":"b"}})");
  CHECK(check_same(R"({"resourceType":"Condition","contained":[{"resourceType":"Observation","contained":[
    {"id":"m","resourceType":"Medication","x":{"y":1}}]}]})") ==
        R"({"resourceType":"Condition","contained":[{"resourceType":"Observation","contained":[
    {"resourceType":"Medication"}]}]})");
  CHECK(check_same(R"({"resourceType":"Condition","contained":[{"x":1,"code":7,"y":1,"resourceType":"Observation"},
    {"resourceType":"Medication"}],"note":[]})") ==
        R"({"resourceType":"Condition","contained":[{"code":7,"resourceType":"Observation"}]})");
  CHECK(check_same(R"({"resourceType":"Condition","id":"a","x":1,"id":"b","c\u006fde":{"text":"t"},"z":1})") ==
        R"({"resourceType":"Condition","id":"a","id":"b","c\u006fde":{"text":"t"}})");
  CHECK(
      check_same(R"({"resourceType":"Parameters","parameter":[{"resource":{"resourceType":"Condition","x":1,"id":"a"}},
    {"resource":{"resourceType":"Condition","code":7,"note":1}}]})") ==
      R"({"resourceType":"Parameters","parameter":[{"resource":{"resourceType":"Condition","id":"a"}},
    {"resource":{"resourceType":"Condition","code":7}}]})");
}

TEST_CASE("commas stay between what is left, wherever that stands") {
  const auto rest = [](const std::string& members) {
    return check_same(R"({"resourceType":"Condition",)" + members + "}");
  };
  const std::string begin = R"({"resourceType":"Condition")";
  CHECK(rest(R"("x":1,"id":"a")") == begin + R"(,"id":"a"})");
  CHECK(rest(R"("id":"a","x":1)") == begin + R"(,"id":"a"})");
  CHECK(rest(R"("id":"a","x":1,"y":[{}],"z":{"id":2})") == begin + R"(,"id":"a"})");
  CHECK(rest(R"("x":1,"y":2,"id":"a","z":3,"code":{"x":1},"w":4)") == begin + R"(,"id":"a","code":{}})");
  CHECK(rest(R"("code":{"x":1,"text":"t","y":2},"x":{"id":1})") == begin + R"(,"code":{"text":"t"}})");
  CHECK(rest("\"id\" : \"a\" ,\n \"x\" : 1 ,\n \"y\" : 2\n") == begin + ",\"id\" : \"a\" }");
  CHECK(rest(R"("x":1,"y":2)") == begin + "}");
  CHECK(check_same(R"({"x":1,"resourceType":"Condition"})") == R"({"resourceType":"Condition"})");
  const std::string other = R"({"resourceType":"Device","id":"d"})";
  const std::string kept = R"({"resourceType":"Medication","id":"m"})";
  const auto contained = [](const std::string& elements) {
    return check_same(R"({"resourceType":"MedicationRequest","id":"m","contained":[)" + elements + "]}");
  };
  const std::string only = R"({"resourceType":"MedicationRequest","id":"m","contained":[)" + kept + "]}";
  CHECK(contained(other + "," + kept) == only);
  CHECK(contained(kept + "," + other + "," + other) == only);
  CHECK(contained(other + "," + kept + "," + other) == only);
}

TEST_CASE("what one resource passed over is forgotten at the next") {
  Reading reading;
  const std::string text = R"([{"resourceType":"Condition","id":"a","x":1},{"resourceType":"Device","id":"d"},
    {"resourceType":"Condition","id":"b","y":1,"code":7,"z":1},{"resourceType":"Condition","id":"c"}])";
  fhir::JsonIndex index;
  REQUIRE(index.index(text.data(), text.size()) == fhir::JsonIndex::Status::kOk);
  const fhir::JsonText json(text.data(), index.tokens(), index.count());
  fhir::PassedOver passed_over;
  std::vector<std::string> left;
  reading.reader.begin("list", reading.timeline, reading.sink);
  json.for_each_element(0, [&](uint32_t, uint32_t token) {
    const uint32_t behind = json.skip(token);
    const auto last = json.raw_scalar(behind - 1);
    reading.reader.add(json, token, fhir::FhirReader::kNoToken, &passed_over);
    const size_t begin = json.offset(token);
    const auto whole = std::string_view(text).substr(begin, static_cast<size_t>(last.data() + 1 - text.data()) - begin);
    passed_over.append_rest(whole, json.offset(token), left.emplace_back());
    return behind;
  });
  reading.reader.finish({});
  CHECK(left == std::vector<std::string>{R"({"resourceType":"Condition","id":"a"})", "",
                                         R"({"resourceType":"Condition","id":"b","code":7})",
                                         R"({"resourceType":"Condition","id":"c"})"});
}

namespace {

/// Conditions at random: members that are read and others, some empty, in any order, with white space or without.
class RandomCondition {
 public:
  explicit RandomCondition(uint32_t seed) : random_(seed) {}
  std::string next() {
    auto members = some({R"("id":"a")", R"("recordedDate":"2020-01-01")", R"("meta":{"tag":[{"x":1},{}]})", R"("x":[])",
                         R"("y":[1,[2,{}],{"z":null}])", R"("note":[{"text":"n"}])",
                         R"("contained":[)" + list({contained("Device"), contained("Observation")}) + "]"});
    if (chance()) members.push_back("\"code\":" + codeable_concept());
    if (chance()) members.push_back("\"clinicalStatus\":" + codeable_concept());
    members.insert(members.begin() + static_cast<std::ptrdiff_t>(random_() % (members.size() + 1)),
                   R"("resourceType":"Condition")");
    return object(members);
  }

 private:
  bool chance() { return random_() % 2 == 0; }
  std::string space() { return random_() % 4 == 0 ? "\n  " : ""; }
  std::vector<std::string> some(std::vector<std::string> all) {
    std::shuffle(all.begin(), all.end(), random_);
    all.resize(random_() % (all.size() + 1));
    return all;
  }
  std::string list(const std::vector<std::string>& all) {
    std::string text = space();
    bool is_first = true;
    for (const auto& one : some(all)) ((text += std::exchange(is_first, false) ? "" : ",") += one) += space();
    return text;
  }
  std::string object(const std::vector<std::string>& members) {
    std::string text = "{" + space();
    for (size_t i = 0; i < members.size(); ++i) ((text += i == 0 ? "" : "," + space()) += members[i]) += space();
    return text + "}";
  }
  std::string coding() {
    return object(
        some({R"("system":"s")", R"("code":"c")", R"("version":"1")", R"("display":"d")", R"("userSelected":true)"}));
  }
  std::string codeable_concept() {
    return object(
        some({R"("text":"t")", R"("x":{"y":1})", "\"coding\":[" + list({coding(), coding(), coding()}) + "]"}));
  }
  static std::string contained(const std::string& type) {
    return R"({"resourceType":")" + type + R"(","id":"i","z":1})";
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("any order, any neighbours") {
  RandomCondition random(20);
  for (int i = 0; i < 500; ++i) check_same(random.next());
}
