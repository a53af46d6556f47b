// SPDX-License-Identifier: Apache-2.0
// From files to a store and back: whose each resource is, what is kept, and that totals reconcile.
#include <doctest/doctest.h>

#include <algorithm>

#include "store_fixture.h"

using namespace vigil;
using store::KnownSource;

namespace {

std::string observation(const std::string& id, const std::string& patient, const std::string& more = {}) {
  return R"({"resourceType":"Observation","id":")" + id + R"(","subject":{"reference":"Patient/)" + patient + "\"}" +
         more + "}";
}

struct Imported {
  test::TemporaryFolder folder;
  DiagnosticSink sink;
  std::optional<store::Manifest> manifest;
  std::optional<store::Store> opened;

  void import() {
    const auto source = store::open_fhir_source(folder / "source", sink);
    REQUIRE(source);
    manifest = store::import(*source, {.folder = folder / "store"}, {}, sink);
    if (manifest) opened = store::Store::open(folder / "store", sink);
  }
  store::PatientVersions read(const std::string& patient) {
    store::PatientVersions versions;
    const auto index = opened->find(patient);
    REQUIRE(index.has_value());
    REQUIRE(opened->read(*index, versions, sink));
    return versions;
  }
  std::vector<store::StoredVersion> shared(const std::string& reference) const {
    std::vector<store::StoredVersion> versions;
    opened->read_shared(reference, versions);
    return versions;
  }
};

bool reconcile(const store::Manifest& manifest) {
  return std::all_of(manifest.totals.begin(), manifest.totals.end(),
                     [](const auto& entry) { return entry.second.reconcile(); });
}

}  // namespace

TEST_CASE("lines go to their patients, whole, in the order they became known") {
  Imported test;
  test.folder.write("source/Observation.ndjson",
                    observation("late", "b", R"(,"issued":"2020-05-02T00:00:00Z","valueString":"x")") + "\n" +
                        observation("first", "b", R"(,"effectiveDateTime":"2020-05-01")") + "\n" +
                        observation("other", "a") + "\n");
  test.folder.write("source/Patient.ndjson",
                    "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n{ \"resourceType\": \"Patient\", \"id\" : \"b\" }");
  test.import();
  REQUIRE(test.opened);
  CHECK(test.opened->patient_count() == 2);
  CHECK(test.opened->patient_id(0) == "a");
  const auto b = test.read("b");
  REQUIRE(b.versions().size() == 3);
  CHECK(b.versions()[0].json == R"({"resourceType":"Patient","id":"b"})");
  CHECK(b.versions()[0].known_source == KnownSource::kNone);
  CHECK(b.versions()[1].id == "first");
  CHECK(b.versions()[1].known_source == KnownSource::kEffective);
  CHECK(b.versions()[2].id == "late");
  CHECK(b.versions()[2].known_source == KnownSource::kIssued);
  CHECK(b.versions()[2].known_from == 1588377600000);
  CHECK(b.versions()[2].json == observation("late", "b", R"(,"issued":"2020-05-02T00:00:00Z","valueString":"x")"));
  CHECK(reconcile(*test.manifest));
  CHECK(test.sink.all().empty());
}

TEST_CASE("a Bundle's references lead to its patient, and what is about none is shared") {
  Imported test;
  test.folder.write("source/bundle.json", R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"p"}},
    {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Medication","id":"m"}},
    {"fullUrl":"urn:uuid:3","resource":{"resourceType":"MedicationRequest","id":"r","authoredOn":"2020-01-01",
     "medicationReference":{"reference":"urn:uuid:2"},"subject":{"reference":"urn:uuid:1"}}}]})");
  test.import();
  REQUIRE(test.opened);
  const auto patient = test.read("p");
  REQUIRE(patient.versions().size() == 2);
  CHECK(patient.versions()[1].full_url == "urn:uuid:3");
  CHECK(patient.versions()[1].known_source == KnownSource::kAuthored);
  for (const char* reference : {"Medication/m", "urn:uuid:2"}) {
    const auto shared = test.shared(reference);
    REQUIRE(shared.size() == 1);
    CHECK(shared[0].json == R"({"resourceType":"Medication","id":"m"})");
    CHECK(shared[0].known_source == KnownSource::kNone);
  }
  CHECK(test.shared("Medication/n").empty());
  CHECK(test.manifest->totals["Medication"].kept == 1);
  CHECK(reconcile(*test.manifest));
}

TEST_CASE("a history gives versions with the time each was known, and a deletion ends the last") {
  Imported test;
  test.folder.write("source/history.json", R"({"resourceType":"Bundle","type":"history","entry":[
    {"fullUrl":"http://x/Condition/c","request":{"method":"DELETE","url":"Condition/c"},
     "response":{"lastModified":"2020-03-01T00:00:00Z"}},
    {"resource":{"resourceType":"Condition","id":"c","meta":{"versionId":"2","lastUpdated":"2020-02-01T00:00:00Z"},
     "subject":{"reference":"Patient/p"},"recordedDate":"2020-01-01"}},
    {"resource":{"resourceType":"Condition","id":"c","meta":{"versionId":"1","lastUpdated":"2020-01-01T00:00:00Z"},
     "subject":{"reference":"Patient/p"},"recordedDate":"2020-01-01"}}]})");
  test.import();
  REQUIRE(test.opened);
  const auto patient = test.read("p");
  REQUIRE(patient.versions().size() == 2);
  const auto& first = patient.versions()[0];
  const auto& second = patient.versions()[1];
  CHECK(first.known_source == KnownSource::kHistory);
  CHECK(first.known_from == 1577836800000);
  CHECK(first.known_to == second.known_from);
  CHECK(second.known_to == 1583020800000);
}

TEST_CASE("a later version moves nothing of the first: it stays known since it says itself") {
  const auto version = [](const std::string& updated, const std::string& status) {
    return observation("o", "p",
                       R"(,"meta":{"lastUpdated":")" + updated + R"("},"status":")" + status +
                           R"(","issued":"2020-03-01T12:00:00Z")") +
           "\n";
  };
  const auto first_of = [&](const std::string& lines) {
    Imported test;
    test.folder.write("source/a.ndjson", lines);
    test.import();
    REQUIRE(test.opened);
    return test.read("p").versions()[0];
  };
  const auto alone = first_of(version("2021-01-01T00:00:00Z", "final"));
  const auto followed = first_of(version("2021-02-01T00:00:00Z", "amended") + version("2021-01-01T00:00:00Z", "final"));
  CHECK(alone.known_source == KnownSource::kIssued);
  CHECK(followed.known_source == alone.known_source);
  CHECK(followed.known_from == alone.known_from);
  CHECK(followed.known_to == 1612137600000);
}

TEST_CASE("what patients share keeps its versions, also by the URN of any Bundle that holds one") {
  Imported test;
  const auto bundle = [](const std::string& url, const std::string& updated) {
    return R"({"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":")" + url +
           R"(","resource":{"resourceType":"Medication","id":"m","meta":{"lastUpdated":")" + updated + R"("}}}]})" +
           "\n";
  };
  test.folder.write("source/a.ndjson", R"({"resourceType":"Patient","id":"p"})" + std::string("\n") +
                                           bundle("urn:uuid:1", "2020-01-01T00:00:00Z") +
                                           bundle("urn:uuid:2", "2020-02-01T00:00:00Z"));
  test.folder.write("source/b.json", R"({"resourceType":"Bundle","type":"history","entry":[
    {"request":{"method":"DELETE","url":"Medication/m"},"response":{"lastModified":"2020-03-01T00:00:00Z"}}]})");
  test.import();
  REQUIRE(test.opened);
  for (const char* reference : {"Medication/m", "urn:uuid:1", "urn:uuid:2"}) {
    const auto versions = test.shared(reference);
    REQUIRE(versions.size() == 2);
    CHECK(versions[0].known_source == KnownSource::kNone);  // as it would be without the second
    CHECK(versions[0].known_to == versions[1].known_from);
    CHECK(versions[1].known_source == KnownSource::kHistory);
    CHECK(versions[1].known_from == 1580515200000);
    CHECK(versions[1].known_to == 1583020800000);
  }
  CHECK(test.manifest->shared_resources == 3);
  CHECK(reconcile(*test.manifest));
}

TEST_CASE("different texts of what patients share, of which none is the newer, degrade the type of all") {
  Imported test;
  test.folder.write("source/a.ndjson", R"({"resourceType":"Patient","id":"p"}
{"resourceType":"Medication","id":"m","status":"active"}
{"resourceType":"Medication","id":"m","status":"inactive"})");
  test.import();
  REQUIRE(test.opened);
  CHECK(test.shared("Medication/m").empty());
  REQUIRE(test.opened->degraded().size() == 1);
  CHECK(test.opened->degraded()[0] == store::Degraded{"Medication", kAlways});
  CHECK(test.manifest->totals["Medication"].rejected == 2);
}

TEST_CASE("different texts of one resource that do not tell which is newer are rejected, and the type is degraded") {
  Imported test;
  test.folder.write("source/a.ndjson", observation("o", "p", R"(,"status":"final")") + "\n" + observation("k", "p"));
  test.folder.write("source/b.ndjson", observation("o", "p", R"(,"status":"amended")") + "\n" + observation("k", "p"));
  test.import();
  REQUIRE(test.opened);
  const auto patient = test.read("p");
  REQUIRE(patient.versions().size() == 1);
  REQUIRE(patient.degraded().size() == 1);
  CHECK(patient.degraded()[0] == store::Degraded{"Observation", kAlways});
  CHECK(test.manifest->totals["Observation"].rejected == 2);
  CHECK(test.manifest->totals["Observation"].repeated == 1);
  CHECK(reconcile(*test.manifest));
}

TEST_CASE("what R4's Patient compartment finds by another element is the patient's: appointments, supplies, audits") {
  Imported test;
  const auto resource = [](const std::string& type, const std::string& id, const std::string& members) {
    return R"({"resourceType":")" + type + R"(","id":")" + id + "\"," + members + "}\n";
  };
  const auto to = [](const std::string& reference) { return R"({"reference":")" + reference + "\"}"; };
  test.folder.write(
      "source/a.ndjson",
      "{\"resourceType\":\"Patient\",\"id\":\"p\"}\n{\"resourceType\":\"Patient\",\"id\":\"q\"}\n" +
          resource("Appointment", "one",
                   R"("participant":[{"actor":)" + to("Practitioner/d") + R"(},{"actor":)" + to("Patient/p") + "}]") +
          resource("Appointment", "both",
                   R"("participant":[{"actor":)" + to("Patient/q") + R"(},{"actor":)" + to("Patient/p") + "}]") +
          resource("Appointment", "none", R"("participant":[{"actor":)" + to("Location/l") + "}]") +
          resource("AppointmentResponse", "r", R"("actor":)" + to("Patient/p")) +
          resource("SupplyRequest", "s", R"("deliverTo":)" + to("http://host/fhir/Patient/p")) +
          resource("Schedule", "of-a-room", R"("actor":[)" + to("Location/l") + "]") +
          resource("Provenance", "v", R"("target":[)" + to("Condition/c") + "," + to("Patient/p") + "]") +
          resource("AuditEvent", "a", R"("entity":[{"what":)" + to("Patient/p") + "}]"));
  test.folder.write("source/history.json", R"({"resourceType":"Bundle","type":"history","entry":[
    {"request":{"method":"DELETE","url":"Appointment/gone"},"response":{"lastModified":"2020-03-01T00:00:00Z"}},
    {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"q"}},
    {"resource":{"resourceType":"Appointment","id":"gone","meta":{"lastUpdated":"2020-02-01T00:00:00Z"},
     "participant":[{"actor":{"reference":"urn:uuid:1"}},{"actor":{"reference":"Patient/p"}}]}}]})");
  test.import();
  REQUIRE(test.opened);
  const auto ids = [&](const std::string& patient) {
    std::vector<std::string> all;
    const auto versions = test.read(patient);
    for (const auto& version : versions.versions()) {
      if (version.resource_type == "Patient") continue;
      all.emplace_back(version.id);
      CHECK((version.known_to == kForever) == (version.id != "gone"));
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  CHECK(ids("p") == std::vector<std::string>{"a", "both", "gone", "one", "r", "s", "v"});
  CHECK(ids("q") == std::vector<std::string>{"both", "gone"});
  CHECK(test.shared("Appointment/none").size() == 1);
  CHECK(test.shared("Schedule/of-a-room").size() == 1);
  CHECK(test.shared("Appointment/one").empty());
  CHECK(test.manifest->totals["Appointment"].read == 5);  // the deletion too
  CHECK(test.manifest->totals["Appointment"].kept == 5);
  CHECK(reconcile(*test.manifest));
}

TEST_CASE("what is lost of a patient degrades its type since the first of it can have been known") {
  Imported test;
  const auto time = [](const char* name, const char* at) { return std::string(",\"") + name + "\":\"" + at + "\""; };
  test.folder.write("source/a.ndjson",
                    observation("o", "p", time("issued", "2020-03-01T00:00:00Z")) + "\n" +
                        observation("o", "p", time("issued", "2020-02-01T00:00:00Z")) + "\n" +
                        R"({"resourceType":"Condition","recordedDate":"2020-04-01","id":"of-nobody"})" + "\n" +
                        R"({"resourceType":"Patient","id":"p"})");
  test.folder.write("source/history.json", R"({"resourceType":"Bundle","type":"history","entry":[
    {"request":{"method":"DELETE","url":"Procedure/1"},"response":{}},
    {"resource":{"resourceType":"Procedure","id":"1","meta":{"lastUpdated":"2020-05-01T00:00:00Z"},
     "subject":{"reference":"Patient/p"}}}]})");
  test.import();
  REQUIRE(test.opened);
  const auto patient = test.read("p");
  REQUIRE(patient.degraded().size() == 2);
  CHECK(patient.degraded()[0] == store::Degraded{"Observation", 1580515200000});
  CHECK(patient.degraded()[1] == store::Degraded{"Procedure", 1588291200000});
  REQUIRE(test.opened->degraded().size() == 1);
  CHECK(test.opened->degraded()[0] == store::Degraded{"Condition", 1585699200000});
}

TEST_CASE("the shared bundles and the bulk export import, and their totals reconcile") {
  if (test::shared_data().empty()) {
    MESSAGE("skipped: no shared data; set VIGIL_SHARED_DATA");
    return;
  }
  for (const std::string source : {"bundles", "bulk-ndjson"}) {
    CAPTURE(source);
    test::TemporaryFolder folder;
    DiagnosticSink sink;
    const auto files = store::open_fhir_source((test::shared_data() / "patients" / source).string(), sink);
    const auto manifest = store::import(*files, {.folder = folder / "store"}, {}, sink);
    REQUIRE(manifest);
    CHECK(reconcile(*manifest));
    CHECK(manifest->patients == (source == "bundles" ? 7 : 13));
    uint64_t rejected = 0;
    for (const auto& [type, totals] : manifest->totals) rejected += totals.rejected;
    CHECK(rejected == 0);
    const auto opened = store::Store::open(folder / "store", sink);
    REQUIRE(opened);
    store::PatientVersions versions;
    uint64_t count = 0;
    for (size_t i = 0; i < opened->patient_count(); ++i) {
      REQUIRE(opened->read(i, versions, sink));
      count += versions.versions().size();
    }
    CHECK(count == manifest->versions);
  }
}

namespace {

/// Patients of two units; the second ends early as often as `failures` says.
class BreakingSource : public store::ImportSource {
 public:
  explicit BreakingSource(int failures) : failures_(failures) {
    for (const auto* name : {"one", "two"}) files_.push_back({name, name, kPatients, 0, false});
  }
  const std::vector<store::InputFile>& files() const override { return files_; }
  size_t unit_count() const override { return files_.size(); }
  uint64_t unit_bytes(size_t) const override { return kPatients; }
  uint64_t read_unit(size_t unit, store::Receiver& receiver, uint32_t& file) const override {
    file = static_cast<uint32_t>(unit);
    for (uint32_t i = 0; i < kPatients; ++i) {
      const std::string id = files_[unit].name + std::to_string(i);
      const std::string json = R"({"resourceType":"Patient","id":")" + id + "\"}";
      receiver.add({json, {i, file}, "row"});
      if (!receiver.advance(1)) return 0;
      if (unit == 1 && i == kPatients / 2 && failures_-- > 0) {
        receiver.abandon();
        return 0;
      }
    }
    return 1;
  }

 private:
  static constexpr uint32_t kPatients = 20;
  std::vector<store::InputFile> files_;
  mutable int failures_;
};

}  // namespace

TEST_CASE("a unit that is abandoned leaves no store; run again, the import misses nothing of it") {
  test::TemporaryFolder folder;
  DiagnosticSink sink;
  constexpr size_t kMemory = 1;  // each record becomes a run
  REQUIRE(store::import(BreakingSource(0), {.folder = folder / "whole", .memory_bytes = kMemory}, {}, sink));
  const BreakingSource breaking(2);
  const store::ImportOptions options{.folder = folder / "store", .memory_bytes = kMemory};
  for (int i = 0; i < 2; ++i) {
    CHECK_FALSE(store::import(breaking, options, {}, sink));
    CHECK(test::read_text(folder / "store/import.journal").find("\"units\"") != std::string::npos);
  }
  const auto manifest = store::import(breaking, options, {}, sink);
  REQUIRE(manifest);
  CHECK(manifest->patients == 40);
  CHECK(test::data_files(folder / "store") == test::data_files(folder / "whole"));
}
