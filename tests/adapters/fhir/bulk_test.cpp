// SPDX-License-Identifier: Apache-2.0
// Folders of NDJSON: whose each line is, and what all patients share.
#include "reading.h"

#include <doctest/doctest.h>

#include "fhir/bulk_reader.h"
#include "support/files.h"

using namespace vigil;
using test::list_of;

namespace {

struct Bulk {
  ReadPlan plan = test::make_reading_plan();
  std::shared_ptr<const KnowledgeBase> knowledge = test::make_no_knowledge();
  DiagnosticSink sink;
  std::vector<fhir::PatientRecord> records;
  std::vector<Snapshot> snapshots;

  explicit Bulk(const std::filesystem::path& folder) {
    records = fhir::read_bulk(folder.string(), plan, *knowledge, {}, sink);
    for (const auto& record : records) snapshots.push_back(record.timeline.at(0, sink));
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const auto& diagnostic : sink.all()) all.emplace_back(diagnostic.code);
    return all;
  }
  std::span<const Fact> facts(size_t patient, std::string_view type) const {
    return snapshots[patient].facts(model::find_type(type));
  }
  Completeness completeness(size_t patient, std::string_view type) const {
    return snapshots[patient].completeness(model::find_type(type));
  }
};

const std::string kPatients = R"({"resourceType":"Patient","id":"p"})"
                              "\n"
                              R"({"resourceType":"Patient","id":"q","birthDate":"2000-01-01"})"
                              "\n";

std::string condition(const std::string& id, const std::string& subject) {
  return R"({"resourceType":"Condition","id":")" + id + R"(","subject":{"reference":")" + subject + "\"}}\n";
}

}  // namespace

TEST_CASE("each line goes to its patient, and shared resources to those who refer to them") {
  const test::TemporaryFolder folder;
  folder.write("Patient.ndjson", kPatients);
  folder.write("Condition.ndjson", condition("a", "Patient/q") + condition("b", "Patient/p") +
                                       condition("c", "http:\\/\\/host\\/Patient\\/q"));
  folder.write(
      "MedicationRequest.ndjson",
      R"({"resourceType":"MedicationRequest","id":"m","subject":{"reference":"Patient/q"},"medicationReference":{"reference":"Medication/x"}})"
      "\n");
  folder.write("Medication.ndjson",
               R"({"resourceType":"Medication","id":"x","code":{"coding":[{"system":"rx","code":"1"}]}})"
               "\n"
               R"({"resourceType":"Medication","id":"y","code":5})"
               "\n");
  folder.write("Procedure.ndjson", R"({"resourceType":"Procedure","id":"z"})"
                                   "\n");
  folder.write("log.ndjson", R"({"eventId":"kickoff"})"
                             "\n");
  folder.write("other.txt", "no data");
  const Bulk bulk(folder.path());
  REQUIRE(bulk.codes() == list_of({"VGL1002"}));
  CHECK(bulk.sink.all()[0].severity == Severity::kNote);
  REQUIRE(bulk.records.size() == 2);
  CHECK(bulk.records[0].patient_id == "p");
  CHECK(bulk.snapshots[0].patient()->id == "p");
  CHECK(bulk.facts(0, "Condition").size() == 1);
  CHECK(bulk.facts(0, "Medication").empty());
  CHECK(bulk.snapshots[1].patient()->id == "q");
  CHECK(bulk.facts(1, "Condition").size() == 2);
  REQUIRE(bulk.facts(1, "MedicationRequest").size() == 1);
  CHECK(bulk.facts(1, "MedicationRequest")[0].code_count == 1);
  CHECK(bulk.completeness(1, "Condition") == Completeness::kComplete);
}

TEST_CASE("an appointment is of those who take part, once") {
  const test::TemporaryFolder folder;
  folder.write("Patient.ndjson", kPatients + R"({"resourceType":"Patient","id":"r"})");
  const auto actor = [](const std::string& who) { return R"({"actor":{"reference":")" + who + "\"}}"; };
  folder.write("Appointment.ndjson", R"({"resourceType":"Appointment","id":"a","participant":[)" +
                                         actor("Practitioner/x") + "," + actor("Patient/p") + "," + actor("Patient/q") +
                                         "," + actor("Patient/q") + "]}\n");
  const Bulk bulk(folder.path());
  REQUIRE(bulk.records.size() == 3);
  CHECK(bulk.facts(0, "Appointment").size() == 1);
  CHECK(bulk.facts(1, "Appointment").size() == 1);
  CHECK(bulk.facts(2, "Appointment").empty());
}

TEST_CASE("a patient without a Patient is there all the same") {
  const test::TemporaryFolder folder;
  folder.write("Condition.ndjson", condition("a", "Patient/r"));
  const Bulk bulk(folder.path());
  REQUIRE(bulk.records.size() == 1);
  CHECK(bulk.records[0].patient_id == "r");
  CHECK(bulk.snapshots[0].patient() == nullptr);
  CHECK(bulk.facts(0, "Condition").size() == 1);
}

TEST_CASE("a wrong value damages its type for its patient alone") {
  const test::TemporaryFolder folder;
  folder.write("Patient.ndjson", kPatients);
  folder.write("Condition.ndjson",
               condition("a", "Patient/p") +
                   R"({"resourceType":"Condition","recordedDate":"x","subject":{"reference":"Patient/q"}})"
                   "\n");
  const Bulk bulk(folder.path());
  REQUIRE(bulk.codes() == list_of({"VGL1004"}));
  CHECK(bulk.sink.all()[0].place == "Condition.ndjson: line 2: recordedDate");
  CHECK(bulk.completeness(0, "Condition") == Completeness::kComplete);
  CHECK(bulk.completeness(1, "Condition") == Completeness::kDamaged);
}

TEST_CASE("a broken line damages the type of its file for all, or everything") {
  for (const std::string line : {"{\"resourceType\":\"Cond\n", "{}\n", "5\n", "{} {}\n"}) {
    const test::TemporaryFolder folder;
    folder.write("Patient.ndjson", kPatients);
    folder.write("a.ndjson", condition("a", "Patient/p") + line);
    const Bulk one_type(folder.path());
    CAPTURE(line);
    CHECK(one_type.sink.all().size() == 1);
    CHECK(one_type.sink.all()[0].place == "a.ndjson: line 2");
    for (size_t patient = 0; patient < 2; ++patient) {
      CHECK(one_type.completeness(patient, "Condition") == Completeness::kDamaged);
      CHECK(one_type.completeness(patient, "Observation") == Completeness::kComplete);
    }
    folder.write("a.ndjson", condition("a", "Patient/p") +
                                 R"({"resourceType":"Medication","id":"m"})"
                                 "\n" +
                                 line);
    const Bulk several_types(folder.path());
    CHECK(several_types.completeness(0, "Observation") == Completeness::kDamaged);
  }
}

TEST_CASE("a resource that does not say whose it is damages its type for all") {
  for (const std::string subject : {"", "urn:uuid:1", "Patient?identifier=5"}) {
    const test::TemporaryFolder folder;
    folder.write("Patient.ndjson", kPatients);
    folder.write("Condition.ndjson", condition("a", subject));
    const Bulk bulk(folder.path());
    CHECK(bulk.codes() == list_of({"VGL1003"}));
    CHECK(bulk.completeness(0, "Condition") == Completeness::kDamaged);
    CHECK(bulk.completeness(0, "Observation") == Completeness::kComplete);
  }
  const test::TemporaryFolder folder;
  folder.write("Patient.ndjson", kPatients + R"({"resourceType":"Patient"})");
  folder.write("Observation.ndjson", R"({"resourceType":"Observation","id":"o","subject":{"reference":"Device/1"}})"
                                     "\n");
  const Bulk bulk(folder.path());
  CHECK(bulk.codes() == list_of({"VGL1003"}));
  CHECK(bulk.completeness(0, "Observation") == Completeness::kComplete);
  CHECK(bulk.completeness(0, "Patient") == Completeness::kDamaged);
}

TEST_CASE("a folder or file that cannot be read is reported") {
  CHECK(Bulk("/nonexistent/folder").codes() == list_of({"VGL1010"}));
  const test::TemporaryFolder folder;
  folder.write("Patient.ndjson", kPatients);
  const ReadPlan plan = test::make_reading_plan();
  const auto knowledge = test::make_no_knowledge();
  DiagnosticSink sink;
  folder.write("a.ndjson", std::string(500, ' '));
  const auto records = fhir::read_bulk(folder.path().string(), plan, *knowledge, {.max_bytes = 200}, sink);
  REQUIRE(records.size() == 2);
  CHECK(sink.all()[0].code == "VGL1007");
  CHECK(records[0].timeline.at(0, sink).completeness(0) == Completeness::kDamaged);
}
