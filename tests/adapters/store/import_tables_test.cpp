// SPDX-License-Identifier: Apache-2.0
// From tables to a store: OMOP, and CSV with a mapping.
#include <doctest/doctest.h>

#include <algorithm>

#include "store_fixture.h"

using namespace vigil;
using store::KnownSource;

namespace {

bool reconcile(const store::Manifest& manifest) {
  return std::all_of(manifest.totals.begin(), manifest.totals.end(),
                     [](const auto& entry) { return entry.second.reconcile(); });
}

/// Imports the OMOP tables in `folder`/cdm to `folder`/store.
std::optional<store::Manifest> import_tables(const test::TemporaryFolder& folder, DiagnosticSink& sink) {
  const auto source = store::open_source(folder / "cdm", sink);
  REQUIRE(source);
  auto manifest = store::import(*source, {.folder = folder / "store"}, {}, sink);
  REQUIRE(manifest);
  return manifest;
}

}  // namespace

TEST_CASE("the shared OMOP tables import, and their totals are those of their rows") {
  if (test::shared_data().empty()) {
    MESSAGE("skipped: no shared data; set VIGIL_SHARED_DATA");
    return;
  }
  test::TemporaryFolder folder;
  DiagnosticSink sink;
  const auto source = store::open_source((test::shared_data() / "omop/synthea27nj-5.4").string(), sink);
  REQUIRE(source);
  auto manifest = store::import(*source, {.folder = folder / "store"}, {}, sink);
  REQUIRE(manifest);
  CHECK_FALSE(sink.has_errors());
  CHECK(reconcile(*manifest));
  CHECK(manifest->patients == 28);
  CHECK(manifest->totals["Patient"].kept == 28);
  CHECK(manifest->totals["Encounter"].kept == 1791);
  CHECK(manifest->totals["Condition"].kept == 470);
  CHECK(manifest->totals["MedicationRequest"].kept == 883);
  CHECK(manifest->totals["Observation"].kept == 10040 + 8099);
  CHECK(manifest->totals["Procedure"].kept == 1649);
  for (const auto& [type, totals] : manifest->totals) CHECK(totals.uncoded == 0);
}

TEST_CASE("a date or number of OMOP that is none rejects its row (VGL1315), and is not left out silently") {
  test::TemporaryFolder folder;
  folder.write("cdm/CONCEPT.csv", "concept_id,concept_name,vocabulary_id,concept_code\n1,Creatinine,LOINC,2160-0\n");
  folder.write("cdm/PERSON.csv", "person_id,gender_concept_id,year_of_birth\n1,8507,1960\n");
  folder.write("cdm/DEATH.csv", "person_id,death_date\n1,\n");
  folder.write("cdm/MEASUREMENT.csv",
               "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,value_as_number\n"
               "1,1,1,2020-01-01,,1.4\n2,1,1,2020-02-30,,1.4\n3,1,1,01/02/2020,,1.4\n4,1,1,2020-01-01,,\"1,4\"\n"
               "5,1,1,2020-01-01,2020-01-01 25:00:00,1.4\n6,1,1,2020-02-29,NULL,\\N\n7,1,1,2020-01-01,,.5\n");
  DiagnosticSink sink;
  const auto manifest = import_tables(folder, sink);
  CHECK(reconcile(*manifest));
  const auto& totals = manifest->totals.find("Observation")->second;
  CHECK(totals.kept == 3);
  CHECK(totals.rejected == 4);
  const auto rejects = test::read_text(folder / "store/rejects.ndjson");
  CHECK(rejects.find("column `measurement_date` holds no date or time") != std::string::npos);
  CHECK(rejects.find("column `measurement_datetime` holds no date or time") != std::string::npos);
  CHECK(rejects.find("column `value_as_number` holds no number") != std::string::npos);
  const auto opened = store::Store::open(folder / "store", sink);
  REQUIRE(opened);
  store::PatientVersions versions;
  REQUIRE(opened->read(0, versions, sink));
  CHECK(versions.versions()[0].json.find(R"("deceasedBoolean":true)") != std::string_view::npos);
}

TEST_CASE("rows of OMOP tables that cannot be read are rejects (VGL1315), and what has no code is counted") {
  test::TemporaryFolder folder;
  folder.write("cdm/CONCEPT.csv", "concept_id,concept_name,vocabulary_id,concept_code\n1,Fever,SNOMED,386661006\n");
  folder.write("cdm/PERSON.csv", "person_id,gender_concept_id,year_of_birth\n1,8507,1960\n");
  folder.write("cdm/CONDITION_OCCURRENCE.csv",
               "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value\n"
               "1,1,1,2020-01-01,\n2,1,0,2020-01-01,odd\n3,1\n");
  DiagnosticSink sink;
  const auto manifest = import_tables(folder, sink);
  const auto& totals = manifest->totals.at("Condition");
  CHECK(totals.reconcile());
  CHECK(totals.kept == 2);
  CHECK(totals.rejected == 1);
  CHECK(totals.uncoded == 1);
  CHECK(manifest->degraded == std::vector<std::string>{"Condition"});
  CHECK(test::read_text(folder / "store/rejects.ndjson") ==
        "{\"file\":\"CONDITION_OCCURRENCE.csv\",\"line\":4,\"type\":\"Condition\",\"code\":\"VGL1315\","
        "\"reason\":\"it has another number of columns\"}\n");
}

TEST_CASE("CSV files import as a mapping tells, known from when they were filed") {
  test::TemporaryFolder folder;
  folder.write("in/patients.csv", "mrn,born\np1,1960-01-02\n");
  folder.write("in/labs.csv",
               "mrn,loinc,taken,value,stored\np1,2345-7,2020-01-31,5.5,2020-02-01 10:00:00\np1,2345-7,2020-03-01,x,\n");
  folder.write("map.toml", R"([[table]]
file = "patients.csv"
resource = "Patient"
[table.elements]
id = { column = "mrn" }
birthDate = { column = "born" }
[[table]]
file = "labs.csv"
resource = "Observation"
filed = "stored"
[table.elements]
"subject.reference" = { column = "mrn", prefix = "Patient/" }
"code.coding[0].code" = { column = "loinc" }
effectiveDateTime = { column = "taken", type = "time" }
"valueQuantity.value" = { column = "value", type = "number" }
)");
  DiagnosticSink sink;
  const auto source = store::open_mapped_source(folder / "in", folder / "map.toml", sink);
  REQUIRE(source);
  const auto manifest = store::import(*source, {.folder = folder / "store"}, {}, sink);
  REQUIRE(manifest);
  CHECK(reconcile(*manifest));
  CHECK(manifest->totals.at("Observation").rejected == 1);
  const auto opened = store::Store::open(folder / "store", sink);
  store::PatientVersions patient;
  REQUIRE(opened->read(*opened->find("p1"), patient, sink));
  REQUIRE(patient.versions().size() == 2);
  CHECK(patient.versions()[1].known_source == KnownSource::kFiled);
  CHECK(patient.versions()[1].known_from == 1580551200000);
  CHECK(patient.versions()[1].clinical_from == 1580428800000);
  CHECK_FALSE(store::open_mapped_source(folder / "nowhere/x", folder / "map.toml", sink));
}
