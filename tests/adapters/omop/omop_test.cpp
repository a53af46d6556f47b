// SPDX-License-Identifier: Apache-2.0
// Rows of OMOP tables as FHIR resources, from CSV and from SQLite.
#include "omop/omop_tables.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <map>

#include "support/files.h"
#include "tables/times.h"

using namespace vigil;

namespace {

struct Row {
  std::string json;
  bool is_coded = true;
};

struct Rows : omop::RowVisitor {
  std::vector<Row> rows;
  std::vector<std::string> broken_rows;
  void resource(std::string_view json, std::string_view, uint64_t, bool is_coded) override {
    rows.push_back({std::string(json), is_coded});
  }
  void broken_part(std::string_view type, uint64_t line, std::string_view reason) override {
    broken(type, line, reason, {});
  }
  size_t passed = 0;
  void passed_over(std::string_view) override { ++passed; }
  void broken(std::string_view type, uint64_t line, std::string_view reason, std::string_view) override {
    broken_rows.push_back(std::string(type) + " " + std::to_string(line) + ": " + std::string(reason));
  }
  bool progress(uint64_t) override { return true; }
};

/// A folder of tables with the concepts that the tests use.
struct Tables : test::TemporaryFolder {
  Tables() {
    write("CONCEPT.csv",
          "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code\n"
          "201826,Type 2 diabetes mellitus,Condition,SNOMED,x,S,44054006\n"
          "1567956,\"Type 2 diabetes, unspecified\",Condition,ICD10CM,x,,E11.9\n"
          "3004410,Hemoglobin A1c,Measurement,LOINC,x,S,4548-4\n"
          "8554,percent,Unit,UCUM,x,S,%\n"
          "1503297,metformin,Drug,RxNorm,x,S,6809\n"
          "40213198,Pneumococcal,Drug,CVX,x,S,133\n"
          "439224,Allergy to drug,Observation,SNOMED,x,S,416098002\n"
          "4000001,Local thing,Observation,Hospital,x,S,H1\n");
    write("PERSON.csv",
          "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth\n1,8507,1960,3,\n2,8532,1970,,\n");
  }
  Rows read(const std::string& table, DiagnosticSink& sink) const {
    Rows rows;
    const auto tables = omop::OmopTables::open(path().string(), sink);
    if (!tables) return rows;
    for (size_t i = 0; i < tables->tables().size(); ++i)
      if (tables->tables()[i].name == table) tables->read(i, rows, sink);
    return rows;
  }
  Rows read(const std::string& table) const {
    DiagnosticSink sink;
    auto rows = read(table, sink);
    CHECK_FALSE(sink.has_errors());
    return rows;
  }
};

std::vector<std::string> codes(const DiagnosticSink& sink) {
  std::vector<std::string> all;
  for (const auto& diagnostic : sink.all()) all.emplace_back(diagnostic.code);
  return all;
}

}  // namespace

TEST_CASE("persons: partial birth dates, and death") {
  Tables tables;
  tables.write("death.csv", "person_id,death_date,death_datetime\n2,2020-02-03,2020-02-03 14:30:00\n");
  const auto rows = tables.read("PERSON.csv").rows;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].json == R"({"resourceType":"Patient","id":"1","gender":"male","birthDate":"1960-03"})");
  CHECK(rows[1].json == R"({"resourceType":"Patient","id":"2","gender":"female","birthDate":"1970",)"
                        R"("deceasedDateTime":"2020-02-03T14:30:00Z"})");
}

TEST_CASE("conditions: standard and source codes, concept 0 as text, quotes in values, rows that cannot be read") {
  Tables tables;
  tables.write("CONDITION_OCCURRENCE.csv",
               "CONDITION_OCCURRENCE_ID,person_id,condition_concept_id,condition_start_date,condition_end_date,"
               "condition_source_value,condition_source_concept_id\n"
               "1,1,201826,2019-05-06,,E11.9,1567956\n"
               "2,1,0,2019-05-07,2019-06-01,\"a \"\"new\"\" one, with\na line\",0\n"
               "3,1,201826\n"
               "4,1,4000001,2019-05-08,,,0\n");
  const auto read = tables.read("CONDITION_OCCURRENCE.csv");
  REQUIRE(read.rows.size() == 3);
  CHECK(
      read.rows[0].json ==
      R"({"resourceType":"Condition","id":"1","code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006",)"
      R"("display":"Type 2 diabetes mellitus"},{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9",)"
      R"("display":"Type 2 diabetes, unspecified"}],"text":"E11.9"},"subject":{"reference":"Patient/1"},)"
      R"("onsetDateTime":"2019-05-06"})");
  CHECK_FALSE(read.rows[1].is_coded);
  CHECK(read.rows[1].json.find(R"("code":{"text":"a \"new\" one, with\na line"})") != std::string::npos);
  CHECK(read.rows[1].json.find(R"("code":"resolved")") != std::string::npos);
  CHECK(read.rows[1].json.find(R"("abatementDateTime":"2019-06-01")") != std::string::npos);
  CHECK_FALSE(read.rows[2].is_coded);
  CHECK(read.rows[2].json.find(R"({"system":"https://fhir-terminology.ohdsi.org","code":"4000001")") !=
        std::string::npos);
  REQUIRE(read.broken_rows.size() == 1);
  CHECK(read.broken_rows[0] == "Condition 5: it has another number of columns");
}

TEST_CASE("drugs: orders, administrations, vaccines and what patients say to take") {
  Tables tables;
  tables.write("drug_exposure.csv",
               "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,"
               "drug_type_concept_id,stop_reason,days_supply,quantity,sig\n"
               "1,1,1503297,2019-05-06,2019-06-05,32869,,30,60,\n"
               "2,1,1503297,2019-05-06,,32818,,,,\n"
               "3,1,40213198,2019-05-06,,32869,,,,\n"
               "4,1,1503297,2019-05-06,2019-06-05,32865,,30,60,twice a day\n"
               "5,1,1503297,2019-05-06,,44787730,,,,\n");
  const auto rows = tables.read("drug_exposure.csv").rows;
  REQUIRE(rows.size() == 5);
  CHECK(
      rows[0].json ==
      R"({"resourceType":"MedicationRequest","id":"1","status":"completed","intent":"order",)"
      R"("medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"6809",)"
      R"("display":"metformin"}],"text":"metformin"},"subject":{"reference":"Patient/1"},"authoredOn":"2019-05-06",)"
      R"("dispenseRequest":{"validityPeriod":{"start":"2019-05-06","end":"2019-06-05"},"quantity":{"value":60},)"
      R"("expectedSupplyDuration":{"value":30,"unit":"d","system":"http://unitsofmeasure.org","code":"d"}}})");
  CHECK(rows[1].json.starts_with(R"({"resourceType":"MedicationAdministration","id":"2","status":"completed")"));
  CHECK(rows[1].json.ends_with(R"("effectiveDateTime":"2019-05-06"})"));
  CHECK(rows[2].json.starts_with(R"({"resourceType":"Immunization","id":"3","status":"completed","vaccineCode")"));
  CHECK(rows[3].json.starts_with(R"({"resourceType":"MedicationStatement","id":"4","status":"completed","medication)"));
  CHECK(rows[3].json.ends_with(
      R"("effectivePeriod":{"start":"2019-05-06","end":"2019-06-05"},"dosage":[{"text":"twice a day"}]})"));
  CHECK(rows[4].json.starts_with(R"({"resourceType":"MedicationStatement","id":"5","status":"unknown")"));
  CHECK(rows[4].json.ends_with(R"("effectiveDateTime":"2019-05-06"})"));
}

TEST_CASE(
    "a row of DEATH that is lost is told; that a person died stays where the date is none, and the earliest counts") {
  Tables tables;
  tables.write("death.csv", "person_id,death_date\n1,soon\n2,2020-02-04\n2,2020-02-03\n3\n,2020-01-01\n");
  const auto persons = tables.read("PERSON.csv").rows;
  REQUIRE(persons.size() == 2);
  CHECK(persons[0].json.ends_with(R"("deceasedBoolean":true})"));
  CHECK(persons[1].json.ends_with(R"("deceasedDateTime":"2020-02-03"})"));
  const auto deaths = tables.read("death.csv");
  CHECK(deaths.rows.empty());
  CHECK(deaths.broken_rows == std::vector<std::string>{"Patient 2: column `death_date` holds no date or time",
                                                       "Patient 5: it has another number of columns",
                                                       "Patient 6: column `person_id` is empty"});
}

TEST_CASE("drug eras are what was taken where there are no exposures, else derived from them and only counted") {
  Tables tables;
  const std::string eras =
      "drug_era_id,person_id,drug_concept_id,drug_era_start_date,drug_era_end_date,drug_exposure_count,gap_days\n"
      "1,1,1503297,2019-05-06,2019-08-05,3,1\n2,2,1503297,2019-06-06,2019-06-16,1,0\n";
  tables.write("DRUG_ERA.csv", eras);
  const auto alone = tables.read("DRUG_ERA.csv");
  REQUIRE(alone.rows.size() == 2);
  CHECK(alone.passed == 0);
  CHECK(alone.rows[0].json ==
        R"({"resourceType":"MedicationStatement","id":"1","status":"completed","medicationCodeableConcept":{"coding":[)"
        R"({"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"6809","display":"metformin"}],)"
        R"("text":"metformin"},"subject":{"reference":"Patient/1"},)"
        R"("effectivePeriod":{"start":"2019-05-06","end":"2019-08-05"}})");
  const std::string columns = "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date\n";
  tables.write("drug_exposure.csv", columns);
  CHECK(tables.read("DRUG_ERA.csv").rows.size() == 2);  // a table without rows is none
  tables.write("drug_exposure.csv", columns + "1,1,1503297,2019-05-06\n");
  const auto derived = tables.read("DRUG_ERA.csv");
  CHECK(derived.rows.empty());
  CHECK(derived.passed == 2);
}

TEST_CASE("measurements: units, comparators and ranges; observations: values and allergies") {
  Tables tables;
  tables.write("MEASUREMENT.csv",
               "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,"
               "operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,range_low,range_high,"
               "unit_source_value\n"
               "7,1,3004410,2019-05-06,2019-05-06 08:15:00,4172704,.5,0,8554,4,6.5,\n");
  tables.write("OBSERVATION.csv",
               "observation_id;person_id;observation_concept_id;observation_date;value_as_string;value_as_concept_id\n"
               "1;1;439224;2019-05-06;;1503297\n2;1;4000001;2019-05-06;often;0\n");
  const auto measured = tables.read("MEASUREMENT.csv").rows;
  REQUIRE(measured.size() == 1);
  CHECK(
      measured[0].json ==
      R"({"resourceType":"Observation","id":"m7","status":"final","code":{"coding":[{"system":"http://loinc.org",)"
      R"("code":"4548-4","display":"Hemoglobin A1c"}],"text":"Hemoglobin A1c"},"subject":{"reference":"Patient/1"},)"
      R"("effectiveDateTime":"2019-05-06T08:15:00Z","valueQuantity":{"value":0.5,"comparator":">","unit":"percent",)"
      R"("system":"http://unitsofmeasure.org","code":"%"},"referenceRange":[{"low":{"value":4},"high":{"value":6.5}}]})");
  const auto observed = tables.read("OBSERVATION.csv").rows;
  REQUIRE(observed.size() == 2);
  CHECK(observed[0].json.starts_with(R"({"resourceType":"AllergyIntolerance","id":"1","code":{"coding":[{"system":)"));
  CHECK(observed[0].json.ends_with(R"("patient":{"reference":"Patient/1"},"recordedDate":"2019-05-06"})"));
  CHECK(observed[1].json.ends_with(R"("valueString":"often"})"));
}

TEST_CASE("an SQLite database gives what its tables give as CSV; VGL1314 where it is damaged") {
  Tables tables;
  tables.write("VISIT_OCCURRENCE.csv",
               "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,visit_source_value\n"
               "5,1,9201,2019-05-06,2019-05-09,\n6,2,0,2019-05-06,,walk-in\n");
  const std::string path = tables / "cdm.sqlite";
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  const char* sql =
      "create table CONCEPT(concept_id integer, concept_name, vocabulary_id, concept_code);"
      "create table person(person_id integer, gender_concept_id integer, year_of_birth integer);"
      "create table visit_occurrence(visit_occurrence_id integer, person_id integer, visit_concept_id integer,"
      " visit_start_date text, visit_end_date text, visit_source_value text);"
      "insert into visit_occurrence values (5, 1, 9201, '2019-05-06', '2019-05-09', null),"
      " (6, 2, 0, '2019-05-06', null, 'walk-in');";
  REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
  DiagnosticSink sink;
  CHECK(omop::OmopTables::is_omop(path));
  const auto opened = omop::OmopTables::open(path, sink);
  REQUIRE(opened);
  Rows rows;
  for (size_t i = 0; i < opened->tables().size(); ++i)
    if (opened->tables()[i].name == "visit_occurrence") REQUIRE(opened->read(i, rows, sink) == omop::TableRead::kWhole);
  const auto expected = tables.read("VISIT_OCCURRENCE.csv").rows;
  REQUIRE(rows.rows.size() == 2);
  for (size_t i = 0; i < 2; ++i) CHECK(rows.rows[i].json == expected[i].json);
  CHECK(expected[0].json ==
        R"({"resourceType":"Encounter","id":"5","status":"finished","class":{"system":)"
        R"("http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"reference":"Patient/1"},)"
        R"("period":{"start":"2019-05-06","end":"2019-05-09"}})");
  CHECK(expected[1].json.find(R"("class":{"display":"walk-in"})") != std::string::npos);
  std::filesystem::resize_file(path, 1000);
  DiagnosticSink damaged;
  CHECK_FALSE(omop::OmopTables::open(path, damaged));
  CHECK(codes(damaged)[0] == "VGL1314");
}

TEST_CASE("VGL1313: a column that a table cannot be understood without; VGL1306 without CONCEPT") {
  Tables tables;
  tables.write("MEASUREMENT.csv", "measurement_id,person\n1,1\n");
  DiagnosticSink sink;
  tables.read("MEASUREMENT.csv", sink);
  CHECK(codes(sink) == std::vector<std::string>{"VGL1313"});
  std::filesystem::remove(tables.path() / "CONCEPT.csv");
  DiagnosticSink without;
  CHECK_FALSE(omop::OmopTables::open(tables.path().string(), without));
  CHECK(codes(without) == std::vector<std::string>{"VGL1306"});
}

TEST_CASE("times: dates alone, zones, and texts that are no times") {
  CHECK(tables::fhir_time("2020-01-31", "") == "2020-01-31");
  CHECK(tables::fhir_time("2020-01-31", "2020-01-31 00:00:00") == "2020-01-31");
  CHECK(tables::fhir_time("", "2020-01-31T13:05:00.000+02:00") == "2020-01-31T13:05:00+02:00");
  CHECK(tables::fhir_time("2020-01-31", "2020-01-31 13:05:00.25-03") == "2020-01-31T13:05:00-03:00");
  CHECK(tables::fhir_time("2020-01-31", "2020-01-31 13:05:00.5") == "2020-01-31T13:05:00Z");
  CHECK(tables::fhir_time("31.01.2020", "soon") == "");
}
