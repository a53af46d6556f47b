// SPDX-License-Identifier: Apache-2.0
// What is wrong with patient data: tiny inputs through the reader, the code, and the place that the message names.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include <vigil/rulebook.h>

#include "fhir/fhir_reader.h"

namespace {

using namespace vigil;

const Rulebook& reading_rulebook() {
  static const auto compiled =
      compile({{"reads.vigil",
                "using FHIR version '4.0.1'\ncontext Patient\n"
                "define \"Patient's\": Patient.birthDate\n"
                "define \"Drugs\": [MedicationRequest] M where M.status = 'active' return M.medication\n"
                "define \"Ill\": [Condition] C return C.code\n"
                "define \"Values\": [Observation] O return O.value\n"}},
              {.knowledge = nullptr, .observe_definitions = true, .parameters = {}, .stop_after = {}, .dump = {}});
  return *compiled.rulebook;
}

std::vector<Diagnostic> read(const std::string& json, fhir::FhirReadOptions options = {},
                             size_t max_bytes = size_t{1} << 24) {
  const auto& rulebook = reading_rulebook();
  DiagnosticSink sink;
  Timeline timeline(rulebook.read_plan(), rulebook.knowledge(), max_bytes);
  fhir::FhirReader reader(rulebook.read_plan(), options);
  reader.read(json, "data.json", timeline, sink);
  (void)timeline.at(0, sink);
  return sink.take();
}

/// The diagnostic of this code, which must be the only one. What a timeline finds names the resource, not the file.
Diagnostic only(const std::vector<Diagnostic>& all, std::string_view code, std::string_view place = "data.json") {
  for (const auto& d : all) INFO(d.code, " ", d.place, ": ", d.message);
  REQUIRE(all.size() == 1);
  CHECK(all[0].code == code);
  CHECK(all[0].place.starts_with(place));
  return all[0];
}

const std::string kPatient = R"({"resourceType":"Patient","id":"p"})";

}  // namespace

TEST_CASE("VGL1001: not JSON") { only(read(R"({"resourceType":"Patient","id":"1",,})"), "VGL1001"); }

TEST_CASE("VGL1002: no resource") { only(read(R"({"id":"1"})"), "VGL1002"); }

TEST_CASE("VGL1003: another kind of JSON value") {
  const auto d = only(read(R"({"resourceType":"Condition","id":"c","code":"asthma"})"), "VGL1003");
  CHECK(d.message.find("code") != std::string::npos);
}

TEST_CASE("VGL1004: a date that cannot be read") {
  const auto d = only(read(R"({"resourceType":"Patient","id":"p","birthDate":"17.03.1950"})"), "VGL1004");
  CHECK(d.place.find("birthDate") != std::string::npos);
}

TEST_CASE("VGL1005: one id for two resources") {
  only(read(R"([{"resourceType":"Condition","id":"c","code":{"text":"asthma","coding":[{"code":"1"}]}},)"
            R"({"resourceType":"Condition","id":"c","code":{"text":"gout","coding":[{"code":"2"}]}}])"),
       "VGL1005", "Condition/c");
}

TEST_CASE("VGL1006: a type that FHIR R4 does not know, told once") {
  const auto d =
      only(read(R"([{"resourceType":"Medicine","id":"1"},{"resourceType":"Medicine","id":"2"}])"), "VGL1006");
  CHECK(d.severity == Severity::kNote);
  CHECK(d.message.find("`Medicine`") != std::string::npos);
}

TEST_CASE("VGL1007: too large") {
  fhir::FhirReadOptions options;
  options.max_bytes = 10;
  only(read(kPatient, options), "VGL1007");
}

TEST_CASE("VGL1009: two patients") {
  only(read("[" + kPatient + R"(,{"resourceType":"Patient","id":"q"}])"), "VGL1009");
}

TEST_CASE("VGL1010: a file that is not there") {
  DiagnosticSink sink;
  CHECK_FALSE(fhir::read_file("/nowhere/patient.json", {}, sink).has_value());
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1010");
  CHECK(sink.all()[0].message.find("/nowhere/patient.json") != std::string::npos);
}

TEST_CASE("VGL1011: a drug by a reference that leads nowhere") {
  const auto d =
      only(read(R"({"resourceType":"MedicationRequest","id":"m","medicationReference":{"reference":"Medication/7"}})"),
           "VGL1011", "MedicationRequest/m");
  CHECK(d.message.find("Medication/7") != std::string::npos);
}

TEST_CASE("VGL1012: a resource of another patient") {
  only(read("[" + kPatient + R"(,{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/q"}}])"),
       "VGL1012");
}

TEST_CASE("VGL1013: nested too deep") {
  fhir::FhirReadOptions options;
  options.max_depth = 2;
  only(read(R"({"resourceType":"Condition","id":"c","code":{"coding":[{"code":"1"}]}})", options), "VGL1013");
}

TEST_CASE("VGL1014: a page of several") {
  only(
      read(
          R"({"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"http://x/2"}],"entry":[]})"),
      "VGL1014");
}

TEST_CASE("VGL1015: more than a timeline may hold") {
  std::string many = "[" + kPatient;
  for (int i = 0; i < 5000; ++i)
    many += R"(,{"resourceType":"Condition","id":")" + std::to_string(i) +
            R"(","code":{"coding":[{"system":"s","code":"c"}]}})";
  const auto all = read(many + "]", {}, 100'000);
  CHECK(std::ranges::any_of(all, [](const auto& d) { return d.code == "VGL1015"; }));
}
