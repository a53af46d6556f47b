// SPDX-License-Identifier: Apache-2.0
// A bulk export's lines, patient by patient.
#include "cli/group_ndjson.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <vigil/rulebook.h>

#include "support/files.h"

using namespace vigil;
namespace fs = std::filesystem;

namespace {

/// A folder that knows the files written to it.
class Folder : public test::TemporaryFolder {
 public:
  void write(const std::string& name, const std::string& text) {
    files_.push_back(test::TemporaryFolder::write(name, text));
  }
  const std::vector<fs::path>& files() const { return files_; }

 private:
  std::vector<fs::path> files_;
};

Compilation rules() {
  return compile({{"rules.cql",
                   "using FHIR version '4.0.1' context Patient define A: [Condition] C return C.subject "
                   "define B: [MedicationRequest] M return M.medication define D: [Medication] M return M.code "
                   "define E: [Appointment] A return A.status define F: [SupplyRequest] S return S.status"}});
}

struct Grouped {
  std::deque<std::string> texts;
  DiagnosticSink sink;
  cli::NdjsonGroups groups;
};

void group(const Folder& folder, Grouped& grouped) {
  const auto compiled = rules();
  REQUIRE(compiled.rulebook != nullptr);
  grouped.groups = cli::group_ndjson(folder.files(), compiled.rulebook->read_plan(), grouped.texts, grouped.sink);
}

}  // namespace

TEST_CASE("lines go to their patient, those about none to all, unneeded ones to nobody") {
  Folder folder;
  folder.write(
      "a.ndjson",
      "{\"resourceType\":\"Patient\",\"id\":\"2\"}\n\n{\"resourceType\":\"Patient\",\"id\":\"1\"}\r\n"
      "{\"resourceType\":\"Condition\",\"id\":\"c\",\"subject\":{\"reference\":\"http://host/fhir/Patient/2\"}}\n"
      "{\"resourceType\":\"Medication\",\"id\":\"m\"}\n"
      "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"subject\":{\"reference\":\"Patient/1\"}}");
  Grouped grouped;
  group(folder, grouped);
  REQUIRE(grouped.groups.patients.size() == 2);
  CHECK(grouped.groups.patients[0].name == "Patient/1");
  CHECK(grouped.groups.patients[0].lines.size() == 2);
  CHECK(grouped.groups.patients[1].lines.size() == 3);
  CHECK(grouped.groups.damages.empty());
  CHECK(grouped.sink.all().empty());
}

TEST_CASE("appointments and supplies go to the patients they name, as an import has it") {
  Folder folder;
  folder.write(
      "a.ndjson",
      "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\",\"id\":\"2\"}\n"
      "{\"resourceType\":\"Patient\",\"id\":\"3\"}\n"
      "{\"resourceType\":\"SupplyRequest\",\"id\":\"s\",\"deliverTo\":{\"reference\":\"Patient/1\"}}\n"
      "{\"resourceType\":\"SupplyRequest\",\"id\":\"ward\",\"deliverTo\":{\"reference\":\"Location/w\"}}\n"
      "{\"resourceType\":\"Appointment\",\"id\":\"a\",\"participant\":[{\"actor\":{\"reference\":\"Practitioner/x\"}},"
      "{\"actor\":{\"reference\":\"Patient/1\"}},{\"actor\":{\"reference\":\"http://host/fhir/Patient/2\"}},"
      "{\"actor\":{\"reference\":\"Patient/2\"}}]}\n");
  Grouped grouped;
  group(folder, grouped);
  REQUIRE(grouped.groups.patients.size() == 3);
  CHECK(grouped.groups.patients[0].lines.size() == 4);
  CHECK(grouped.groups.patients[1].lines.size() == 3);
  CHECK(grouped.groups.patients[2].lines.size() == 2);  // what is to be delivered to the ward concerns no one
  CHECK(grouped.groups.damages.empty());
}

TEST_CASE("what cannot be told apart damages the set, and is reported once") {
  Folder folder;
  folder.write("a.ndjson",
               "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\": \n{\"a\":1}\n"
               "{\"resourceType\":\"Condition\",\"id\":\"c\",\"subject\":{\"reference\":\"urn:uuid:1\"}}\n");
  Grouped grouped;
  group(folder, grouped);
  REQUIRE(grouped.sink.all().size() == 3);
  CHECK(grouped.sink.all()[0].code == "VGL1001");
  CHECK(grouped.sink.all()[0].place == "a.ndjson: line 2");
  CHECK(grouped.sink.all()[1].code == "VGL1002");
  CHECK(grouped.sink.all()[2].code == "VGL1003");
  REQUIRE(grouped.groups.damages.size() == 3);
  CHECK(grouped.groups.damages[2].resource_type == "Condition");
}

TEST_CASE("a file that holds no resources is passed over with a note") {
  Folder folder;
  folder.write("log.ndjson", "{\"exportId\":1}\n{\"exportId\":2}\n");
  Grouped grouped;
  group(folder, grouped);
  REQUIRE(grouped.sink.all().size() == 1);
  CHECK(grouped.sink.all()[0].severity == Severity::kNote);
  CHECK(grouped.groups.damages.empty());
}

TEST_CASE("the patients of a folder: each .json, and those of all .ndjson, by name") {
  Folder folder;
  folder.write("b.json", "{}");
  folder.write("a.json", "{}");
  folder.write("readme.txt", "");
  folder.write("set.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n");
  const auto compiled = rules();
  DiagnosticSink sink;
  const auto found = cli::PatientFiles::find({folder.path(), "nowhere"}, compiled.rulebook->read_plan(), sink);
  REQUIRE(found.sources().size() == 3);
  CHECK(found.sources()[0].name == "Patient/1");
  CHECK(found.sources()[1].name == "a.json");
  CHECK(found.sources()[2].name == "b.json");
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1202");
}
