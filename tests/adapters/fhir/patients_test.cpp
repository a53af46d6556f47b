// SPDX-License-Identifier: Apache-2.0
// Data of different patients is kept apart.
#include "reading.h"

#include <doctest/doctest.h>

#include "fhir/patient_check.h"

using namespace vigil;
using test::list_of;
using test::Reading;

namespace {

std::string patient(const std::string& id, const std::string& more = "") {
  return R"({"resourceType":"Patient","id":")" + id + "\"" + more + "}";
}
std::string condition(const std::string& id, const std::string& reference) {
  return R"({"resourceType":"Condition","id":")" + id + R"(","subject":{"reference":")" + reference + "\"}}";
}
std::string entry(const std::string& url, const std::string& resource) {
  return R"({"fullUrl":")" + url + R"(","resource":)" + resource + "}";
}
std::string bundle(const std::string& entries) {
  return R"({"resourceType":"Bundle","type":"collection","entry":[)" + entries + "]}";
}

}  // namespace

TEST_CASE("the id in a reference to a patient") {
  CHECK(fhir::patient_id_of("Patient/1") == "1");
  CHECK(fhir::patient_id_of("http://host/fhir/Patient/1") == "1");
  CHECK(fhir::patient_id_of("Patient/1/_history/2") == "1");
  for (const auto* other :
       {"", "/", "Patient", "/1", "urn:uuid:1", "Group/1", "NoPatient/1", "Patient?identifier=a", "#1"})
    CHECK(fhir::patient_id_of(other).empty());
}

TEST_CASE("references that name the patient, or do not tell, are the patient's") {
  const char* own[] = {"Patient/p",   "http://host/fhir/Patient/p",
                       "urn:uuid:1",  "Patient/p/_history/3",
                       "urn:uuid:9",  "#p",
                       "Patient\\/p", "Ward/p"};
  for (const auto* reference : own) {
    const Reading r(bundle(entry("urn:uuid:2", condition("c", reference)) + "," + entry("urn:uuid:1", patient("p"))));
    CAPTURE(reference);
    CHECK(r.sink.all().empty());
    CHECK(r.count("Condition") == 1);
  }
  const Reading display(bundle(entry("urn:uuid:1", patient("p")) +
                               R"(,{"resource":{"resourceType":"Condition","subject":{"display":"Q"}}})"));
  CHECK(display.count("Condition") == 1);
}

TEST_CASE("a resource of another patient is skipped, its type partial") {
  for (const bool patient_first : {true, false}) {
    const std::string other = condition("c", "Patient/q");
    const Reading r("[" + (patient_first ? patient("p") + "," + other : other + "," + patient("p")) + "," +
                    condition("d", "Patient/p") + "]");
    CHECK(r.codes() == list_of({"VGL1012"}));
    CHECK(r.place() == "test.json: Condition/c");
    REQUIRE(r.count("Condition") == 1);
    CHECK(r.facts("Condition")[0].id == "d");
    CHECK(r.completeness("Condition") == Completeness::kPartial);
    CHECK(r.completeness("Observation") == Completeness::kComplete);
  }
  // AllergyIntolerance says `patient`, and it is not planned.
  const Reading allergy("[" + patient("p") +
                        R"(,{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/q"}}])");
  CHECK(allergy.codes() == list_of({"VGL1012"}));
  CHECK(allergy.count("AllergyIntolerance") == 0);
}

TEST_CASE("a resource of a group, a device or a relative is not the patient's") {
  for (const char* subject : {"Group/p", "Device/p", "https://host/fhir/RelatedPerson/p", "Location/p/_history/2"}) {
    CAPTURE(subject);
    const Reading r("[" + patient("p") + "," + condition("c", subject) + "]");
    CHECK(r.codes() == list_of({"VGL1012"}));
    CHECK(r.count("Condition") == 0);
    CHECK(r.completeness("Condition") == Completeness::kPartial);
  }
}

TEST_CASE("an appointment is of the patient who takes part in it") {
  const auto text = [](const std::string& participants) {
    return "[" + patient("p") + R"(,{"resourceType":"Appointment","id":"a","status":"proposed","participant":)" +
           participants + "}]";
  };
  const auto actor = [](const std::string& reference) {
    return R"({"type":[{"text":"x"}],"actor":{"reference":")" + reference + R"("},"status":"accepted"})";
  };
  const std::string doctor = actor("Practitioner/p");
  for (const auto& own : {"[" + actor("Patient/p") + "," + doctor + "]", "[" + doctor + "]", std::string("[]"),
                          "[" + actor("Patient/q") + "," + actor("Patient/p") + "]",  // of a group
                          std::string(R"([{"actor":{"display":"Q"}},{},1])"), std::string(R"({"actor":{}})")}) {
    CAPTURE(own);
    const Reading r(text(own));
    CHECK(r.sink.all().empty());
    CHECK(r.count("Appointment") == 1);
  }
  const Reading r(text("[" + doctor + "," + actor("Patient/q") + "]"));
  CHECK(r.codes() == list_of({"VGL1012"}));
  CHECK(r.count("Appointment") == 0);
  CHECK(r.completeness("Appointment") == Completeness::kPartial);
}

TEST_CASE("a second patient is an error, and its data is not taken") {
  const Reading r(bundle(entry("urn:uuid:1", patient("p")) + "," + entry("urn:uuid:2", patient("q")) + "," +
                         entry("urn:uuid:3", condition("c", "urn:uuid:2")) + "," +
                         entry("urn:uuid:4", condition("d", "urn:uuid:1"))));
  CHECK(r.codes() == list_of({"VGL1009", "VGL1012"}));
  CHECK(r.snapshot.patient()->id == "p");
  REQUIRE(r.count("Condition") == 1);
  CHECK(r.facts("Condition")[0].id == "d");
  CHECK(r.completeness("Observation") == Completeness::kDamaged);
}

TEST_CASE("the same patient twice is one") {
  CHECK(Reading("[" + patient("p") + "," + patient("p") + "]").sink.all().empty());
  CHECK(Reading(R"([{"resourceType":"Patient","birthDate":"2000"},{"resourceType":"Patient","birthDate":"2000"}])")
            .sink.all()
            .empty());
  CHECK(Reading(R"([{"resourceType":"Patient","birthDate":"2000"},{"resourceType":"Patient","birthDate":"2001"}])")
            .codes() == list_of({"VGL1009"}));
}

TEST_CASE("without a Patient the first one referred to counts") {
  const Reading r("[" + condition("c", "Patient/p") + "," + condition("d", "Patient/q") + "," +
                  condition("e", "Patient/p") + "]");
  CHECK(r.codes() == list_of({"VGL1009", "VGL1012"}));
  CHECK(r.count("Condition") == 2);
  CHECK(r.completeness("Condition") == Completeness::kDamaged);
  CHECK(r.snapshot.patient() == nullptr);
}

TEST_CASE("the expected patient decides whose the data is") {
  const Reading r("[" + patient("p") + "," + condition("c", "Patient/p") + "," + condition("d", "Patient/q") + "]",
                  "q");
  CHECK(r.codes() == list_of({"VGL1009", "VGL1012"}));
  CHECK(r.snapshot.patient() == nullptr);
  REQUIRE(r.count("Condition") == 1);
  CHECK(r.facts("Condition")[0].id == "d");
}

TEST_CASE("patients are told apart though no rule looks at Patient") {
  const ReadPlan plan = test::make_plan({{"Condition", {"id"}}});
  const auto knowledge = test::make_no_knowledge();
  Timeline timeline(plan, *knowledge);
  fhir::FhirReader reader(plan);
  DiagnosticSink sink;
  reader.read("[" + patient("p") + "," + condition("c", "Patient/q") + "," + condition("d", "Patient/p") + "]",
              "test.json", timeline, sink);
  CHECK(sink.all().size() == 1);
  CHECK(timeline.version_count() == 1);
}
