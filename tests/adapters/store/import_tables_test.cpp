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

/// OMOP tables of one person, and of one concept, which rows of others name as 1.
struct OnePerson : test::TemporaryFolder {
  explicit OnePerson(const std::string& name_vocabulary_and_code) {
    write("cdm/CONCEPT.csv",
          "concept_id,concept_name,vocabulary_id,concept_code\n1," + name_vocabulary_and_code + "\n");
    write("cdm/PERSON.csv", "person_id,gender_concept_id,year_of_birth\n1,8507,1960\n");
  }
};

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
  const OnePerson folder("Creatinine,LOINC,2160-0");
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

TEST_CASE(
    "rows of DEATH that are lost are rejects, and drug eras beside exposures are out of scope: totals reconcile") {
  test::TemporaryFolder folder;
  folder.write("cdm/CONCEPT.csv", "concept_id,concept_name,vocabulary_id,concept_code\n1,metformin,RxNorm,6809\n");
  folder.write("cdm/PERSON.csv", "person_id,gender_concept_id,year_of_birth\n1,8507,1960\n2,8507,1960\n");
  folder.write("cdm/DEATH.csv", "person_id,death_date\n1,2020-01-01\n2\n2,tomorrow\n");
  folder.write("cdm/DRUG_EXPOSURE.csv",
               "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date\n1,1,1,2019-01-01\n");
  folder.write(
      "cdm/DRUG_ERA.csv",
      "drug_era_id,person_id,drug_concept_id,drug_era_start_date,drug_era_end_date\n1,1,1,2019-01-01,2019-02-01\n");
  DiagnosticSink sink;
  const auto manifest = import_tables(folder, sink);
  CHECK(reconcile(*manifest));
  const auto& persons = manifest->totals.at("Patient");
  CHECK(persons.read == 4);  // two persons, and two rows that are lost to them
  CHECK(persons.kept == 2);
  CHECK(persons.rejected == 2);
  const auto rejects = test::read_text(folder / "store/rejects.ndjson");
  CHECK(rejects.find(R"("file":"DEATH.csv","line":3)") != std::string::npos);
  CHECK(rejects.find(R"("file":"DEATH.csv","line":4)") != std::string::npos);
  CHECK(manifest->totals.at("MedicationStatement").out_of_scope == 1);
  CHECK(manifest->totals.at("MedicationRequest").kept == 1);
  CHECK(manifest->degraded.empty());  // the persons are there; else each rule on their age would be unknown
}

TEST_CASE("what is rejected degrades its type since it can have been known, where that can be read") {
  const OnePerson folder("Creatinine,LOINC,2160-0");
  folder.write("cdm/MEASUREMENT.csv",
               "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number\n"
               "1,1,1,2020-03-01,many\n2,1,1,2020-02-01,more\n");
  folder.write("cdm/PROCEDURE_OCCURRENCE.csv",
               "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date\n1,1,1,then\n");
  DiagnosticSink sink;
  const auto manifest = import_tables(folder, sink);
  constexpr Instant kFebruary = 1580515200000;
  CHECK(manifest->degraded == std::map<std::string, Instant>{{"Observation", kFebruary}, {"Procedure", kAlways}});
  const auto opened = store::Store::open(folder / "store", sink);
  REQUIRE(opened);
  REQUIRE(opened->degraded().size() == 2);
  CHECK(opened->degraded()[0] == store::Degraded{"Observation", kFebruary});
  CHECK(opened->degraded()[1] == store::Degraded{"Procedure", kAlways});
}

TEST_CASE("rows of OMOP tables that cannot be read are rejects (VGL1315), and what has no code is counted") {
  const OnePerson folder("Fever,SNOMED,386661006");
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
  CHECK(manifest->degraded == std::map<std::string, Instant>{{"Condition", kAlways}});
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
