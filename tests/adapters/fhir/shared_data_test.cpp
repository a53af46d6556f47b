// SPDX-License-Identifier: Apache-2.0
// The shared patients, read whole: nothing is reported, nothing is lost, nothing is taken from the heap once warm.
#include "reading.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "fhir/bulk_reader.h"
#include "support/allocations.h"
#include "support/files.h"

using namespace vigil;

namespace {

std::vector<std::filesystem::path> json_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (test::shared_data().empty()) {
    MESSAGE("skipped: no shared data (set VIGIL_SHARED_DATA)");
    return files;
  }
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".json") files.push_back(file.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// What another JSON library finds: resources of each type, codes of each, by type and id.
struct Expected {
  std::map<std::string, size_t> counts;
  std::map<std::string, std::vector<std::string>> codes;
};

Expected expect(const std::string& text) {
  Expected expected;
  const auto bundle = nlohmann::json::parse(text);
  for (const auto& entry : bundle["entry"]) {
    const auto& resource = entry["resource"];
    const std::string type = resource["resourceType"];
    ++expected.counts[type];
    const auto* member = type == "MedicationRequest" ? "medicationCodeableConcept" : "code";
    auto& codes = expected.codes[type + "/" + resource.value("id", "")];
    if (resource.contains(member) && resource[member].is_object() && resource[member].contains("coding"))
      for (const auto& coding : resource[member]["coding"])
        codes.push_back(coding.value("system", "") + "|" + coding.value("code", ""));
  }
  return expected;
}

}  // namespace

TEST_CASE("bundles of shared patients are read as another library reads them") {
  const ReadPlan plan = test::make_bench_plan();
  const auto knowledge = test::make_no_knowledge();
  Timeline timeline(plan, *knowledge);
  fhir::FhirReader reader(plan);
  Snapshot snapshot;
  for (const auto* folder : {"bench20/prefetch", "bench20/cases", "patients/bundles"})
    for (const auto& file : json_files(test::shared_data() / folder)) {
      CAPTURE(file.string());
      DiagnosticSink sink;
      const auto text = fhir::read_file(file.string(), {}, sink);
      REQUIRE(text.has_value());
      timeline.clear();
      reader.read(*text, file.filename().string(), timeline, sink);
      timeline.at(0, sink, snapshot);
      for (const auto& diagnostic : sink.all()) CHECK(diagnostic.code == "VGL1011");  // Medication is not planned
      const Expected expected = expect(*text);
      for (const auto& type : plan.types()) {
        if (!type.is_resource) continue;
        const auto count = expected.counts.find(std::string(type.name));
        CHECK(snapshot.facts(type.fhir_type).size() == (count == expected.counts.end() ? 0 : count->second));
        CHECK(snapshot.completeness(type.fhir_type) == Completeness::kComplete);
        for (const auto& fact : snapshot.facts(type.fhir_type)) {
          std::vector<std::string> codes;
          for (const auto code : fact.code_span()) {
            const auto info = snapshot.concept_info(code);
            codes.push_back(std::string(info.system) + "|" + std::string(info.code));
          }
          if (fact.fhir_type != model::find_type("Patient") && !fact.unresolved_reference)
            CHECK(codes == expected.codes.at(std::string(type.name) + "/" + std::string(fact.id)));
        }
      }
      CHECK(snapshot.patient() != nullptr);
    }
}

TEST_CASE("a warm reader, timeline and snapshot take nothing from the heap") {
  const auto files = json_files(test::shared_data() / "bench20/prefetch");
  const ReadPlan plan = test::make_bench_plan();
  const auto knowledge = test::make_no_knowledge();
  Timeline timeline(plan, *knowledge);
  fhir::FhirReader reader(plan);
  Snapshot snapshot;
  DiagnosticSink sink;
  std::vector<std::string> texts;
  for (const auto& file : files) texts.push_back(*fhir::read_file(file.string(), {}, sink));
  size_t before = 0;
  for (int round = 0; round < 3; ++round) {
    before = test::allocations();
    for (const auto& text : texts) {
      timeline.clear();
      reader.read(text, "a patient's prefetched data.json", timeline, sink);
      timeline.at(0, sink, snapshot);
    }
  }
  CHECK(test::allocations() == before);
}

TEST_CASE("the shared bulk export is read patient by patient") {
  if (test::shared_data().empty()) {
    MESSAGE("skipped: no shared data (set VIGIL_SHARED_DATA)");
    return;
  }
  const ReadPlan plan = test::make_bench_plan();
  const auto knowledge = test::make_no_knowledge();
  DiagnosticSink sink;
  const auto records =
      fhir::read_bulk((test::shared_data() / "patients/bulk-ndjson").string(), plan, *knowledge, {}, sink);
  CHECK(sink.all().size() == 1);  // the export's log
  size_t conditions = 0;
  size_t requests = 0;
  size_t patients = 0;
  for (const auto& record : records) {
    const auto snapshot = record.timeline.at(0, sink);
    conditions += snapshot.facts(model::find_type("Condition")).size();
    requests += snapshot.facts(model::find_type("MedicationRequest")).size();
    patients += snapshot.patient() != nullptr;
  }
  const auto lines = [](const char* name) {
    DiagnosticSink unused;
    const auto text = fhir::read_file((test::shared_data() / "patients/bulk-ndjson" / name).string(), {}, unused);
    return static_cast<size_t>(std::count(text->begin(), text->end(), '\n'));
  };
  CHECK(conditions == lines("Condition.000.ndjson"));
  CHECK(requests == lines("MedicationRequest.000.ndjson"));
  CHECK(patients == lines("Patient.000.ndjson"));
  CHECK(patients == records.size());
}
