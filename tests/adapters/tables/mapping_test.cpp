// SPDX-License-Identifier: Apache-2.0
// Mapping files: rows as resources, and what is wrong with a mapping.
#include "tables/mapping.h"

#include <doctest/doctest.h>

#include <sstream>

#include "support/files.h"

using namespace vigil;

namespace {

constexpr const char* kLabs = R"([[table]]
file = "labs.csv"
resource = "Observation"
filed = "stored"
[table.elements]
id = { column = "lab_id", prefix = "lab-" }
status = "final"
"subject.reference" = { column = "mrn", prefix = "Patient/" }
"code.coding[0].system" = "http://loinc.org"
"code.coding[0].code" = { column = "loinc" }
"code.coding[1].code" = { column = "local" }
"code.coding[1].system" = "urn:local"
effectiveDateTime = { column = "taken", type = "time" }
"valueQuantity.value" = { column = "value", type = "number" }
"valueQuantity.unit" = "mg/dL"
)";

/// A mapping's text in a file of its own.
std::optional<tables::Mapping> mapping_of(const std::string& text, DiagnosticSink& sink) {
  const test::TemporaryFolder folder;
  return tables::read_mapping(folder.write("mapping.toml", text).string(), sink);
}

std::string problem_of(const std::string& text) {
  DiagnosticSink sink;
  CHECK_FALSE(mapping_of(text, sink));
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1312");
  const auto& place = sink.all()[0].place;
  return place.substr(place.find("line")) + ": " + sink.all()[0].message;
}

std::unique_ptr<tables::TableReader> table_of(const std::string& text) {
  return tables::read_csv_table(std::make_unique<std::istringstream>(text));
}

}  // namespace

TEST_CASE("a row becomes a resource; what has no value is left out with what never changes beside it") {
  DiagnosticSink sink;
  const auto mapping = mapping_of(kLabs, sink);
  REQUIRE(mapping);
  const auto reader = table_of(
      "lab_id,mrn,loinc,local,taken,value,stored\n"
      "1,p1,2345-7,GLU,2020-01-31 08:00:00,5.50,2020-01-31 13:05:00+01:00\n"
      "2,p1,2345-7,,2020-01-31,,\n"
      "3,p1,2345-7,,yesterday,high,\n");
  auto rows = tables::MappedRows::open(mapping->tables[0], *reader, sink);
  REQUIRE(rows);
  std::string problem;
  REQUIRE(reader->next());
  CHECK(rows->write(problem) ==
        R"({"resourceType":"Observation","code":{"coding":[{"code":"2345-7","system":"http://loinc.org"},)"
        R"({"code":"GLU","system":"urn:local"}]},"effectiveDateTime":"2020-01-31T08:00:00Z","id":"lab-1",)"
        R"("status":"final","subject":{"reference":"Patient/p1"},"valueQuantity":{"unit":"mg/dL","value":5.50}})");
  CHECK(problem.empty());
  CHECK(rows->filed() == "2020-01-31T13:05:00+01:00");
  REQUIRE(reader->next());
  CHECK(rows->write(problem) ==
        R"({"resourceType":"Observation","code":{"coding":[{"code":"2345-7","system":"http://loinc.org"}]},)"
        R"("effectiveDateTime":"2020-01-31","id":"lab-2","status":"final","subject":{"reference":"Patient/p1"}})");
  CHECK(rows->filed() == "");
  REQUIRE(reader->next());
  rows->write(problem);
  CHECK(problem == "column `value` holds no number");
}

TEST_CASE("a mapping that is wrong says where") {
  CHECK(problem_of("file = 1\n") == "line 1: mapping: it has no [[table]]");
  CHECK(problem_of("[[table]]\nfile = \"a.csv\"\nresource = \"Lab\"\n") ==
        "line 1: mapping: `Lab` is no resource type of FHIR R4");
  const std::string begin = "[[table]]\nfile = \"a.csv\"\nresource = \"Observation\"\n";
  CHECK(problem_of(begin + "colour = \"red\"\n") == "line 4: mapping: `colour` is not known here");
  CHECK(problem_of(begin) == "line 1: mapping: the table has no [table.elements]");
  const std::string elements = begin + "[table.elements]\n";
  CHECK(problem_of(elements + "id = 5\n") == "line 5: mapping: `id` is neither a text nor { column = … }");
  CHECK(problem_of(elements + "id = { prefix = \"a\" }\n") == "line 5: mapping: `id` names no column");
  CHECK(problem_of(elements + "id = { column = \"a\", type = \"colour\" }\n") ==
        "line 5: mapping: `colour` is not known here");
  CHECK(problem_of(elements + "\"coding[1].code\" = \"x\"\n") ==
        "line 5: mapping: `coding[1].code` leaves out an element before it");
  CHECK(problem_of(elements + "\"coding[x]\" = \"x\"\n") == "line 5: mapping: `coding[x]` is no path");
  CHECK(problem_of("[[table]\n").starts_with("line 1: mapping: "));
}

TEST_CASE("a column that the table does not have is VGL1313") {
  DiagnosticSink sink;
  const auto mapping = mapping_of(kLabs, sink);
  const auto reader = table_of("lab_id,mrn\n1,p\n");
  CHECK_FALSE(tables::MappedRows::open(mapping->tables[0], *reader, sink));
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1313");
}
