// SPDX-License-Identifier: Apache-2.0
// Terminology of others: expanded, told where it is broken, crosswalks apart from other maps; the XML of VSAC.
#include "knowledge/import_fhir.h"

#include <array>

#include "knowledge/read_svs.h"
#include "knowledge_files.h"

using namespace vigil;

namespace {

constexpr std::string_view kUnii = "http://fdasis.nlm.nih.gov";

constexpr std::string_view kBundle = R"({ "resourceType": "Bundle", "type": "collection", "entry": [
 { "resource": { "resourceType": "CodeSystem", "url": "urn:c", "content": "complete", "title": "Colours",
   "copyright": "CC0", "publisher": "House", "concept": [
    { "code": "warm", "concept": [ { "code": "red", "display": "Red \"deep\"" } ] }, { "code": "cold" } ] } },
 { "resource": { "resourceType": "ValueSet", "url": "urn:v:warm", "version": "2", "compose": { "include": [
    { "system": "urn:c", "filter": [ { "property": "concept", "op": "is-a", "value": "warm" } ] } ] } } },
 { "resource": { "resourceType": "ValueSet", "url": "urn:v:lost", "compose": { "include": [
    { "system": "urn:elsewhere", "filter": [ { "property": "concept", "op": "is-a", "value": "x" } ] } ] } } },
 { "resource": { "resourceType": "ConceptMap", "url": "urn:m", "copyright": "U.S. public domain", "group": [
   { "source": "http://fdasis.nlm.nih.gov", "target": "http://www.nlm.nih.gov/research/umls/rxnorm|2026", "element": [
     { "code": "5Q7ZVV76EI", "target": [ { "code": "11289", "equivalence": "equal" } ] },
     { "code": "WK2XYI10QM", "target": [ { "code": "5640", "relationship": "equivalent" } ] },
     { "code": "A", "target": [ { "code": "1", "equivalence": "wider" }, { "equivalence": "unmatched" } ] },
     { "code": "B", "target": [ { "code": "2", "equivalence": "equal", "dependsOn": [ { "property": "urn:p", "value": "q" } ] } ] },
     { "target": [ { "code": "3" } ] },
     { "code": "C", "target": [ { "equivalence": "equal" } ] } ] } ] } },
 { "resource": { "resourceType": "Patient" } } ] })";

constexpr std::string_view kSvs = R"(<?xml version="1.0" encoding="UTF-8"?>
<ns0:RetrieveMultipleValueSetsResponse xmlns:ns0="urn:ihe:iti:svs:2008">
  <!-- <ns0:Concept code="commented" codeSystem="2.16.840.1.113883.6.88"/> -->
  <ns0:DescribedValueSet ID="1.2.3" displayName="Clots &amp; more" version="20190819">
    <ns0:ConceptList>
      <ns0:Concept code="1804799" codeSystem="2.16.840.1.113883.6.88" codeSystemName="RXNORM" displayName="alteplase 100 MG"/>
      <ns0:Concept code='I21' codeSystem='2.16.840.1.113883.6.90' displayName='a &gt; b &#xE9;'/>
      <ns0:Concept codeSystem="2.16.840.1.113883.6.88" displayName="no code"/>
      <ns0:Concept code="x" codeSystem="9.9.9"/>
    </ns0:ConceptList>
    <ns0:Source>The Joint Commission</ns0:Source>
    <ns0:RevisionDate>2019-08-19</ns0:RevisionDate>
  </ns0:DescribedValueSet>
</ns0:RetrieveMultipleValueSetsResponse>)";

struct Imported {
  KnowledgeFiles files;
  TerminologyImport counts;
  std::vector<Diagnostic> problems;

  template <class Import>
  Imported(std::string_view name, std::string_view text, Import import) {
    DiagnosticSink sink;
    const std::array paths = {files.write(name, text)};
    counts = import(
        paths, files.root() / "out", [](std::string_view) {}, sink);
    problems = sink.take();
  }
  Loaded load() const { return load_knowledge(files.root() / "out"); }
};

}  // namespace

TEST_CASE("a Bundle: value sets are expanded, maps become crosswalks, broken parts are told") {
  const Imported imported("terminology.json", kBundle, import_fhir);
  CHECK(imported.counts.done);
  CHECK(imported.counts.code_systems == 1);
  CHECK(imported.counts.value_sets == 1);
  CHECK(imported.counts.left_out == 1);
  CHECK(imported.counts.concept_maps == 1);
  CHECK(imported.counts.crosswalk_rows == 2);
  CHECK(imported.counts.other_rows == 2);
  CHECK(imported.counts.broken == 2);
  REQUIRE(imported.problems.size() == 3);
  const auto loaded = imported.load();
  CHECK(loaded.told(imported.files).empty());
  CHECK(loaded.size_of("urn:v:warm") == 2);
  CHECK(loaded.in("urn:v:warm", "urn:c", "red"));
  const auto& knowledge = *loaded.knowledge;
  const auto concept_of = [&](std::string_view system, std::string_view code) {
    return knowledge.find_concept(system, code);
  };
  CHECK(knowledge.display(concept_of("urn:c", "red")) == "Red \"deep\"");
  CHECK(knowledge.subsumes(concept_of("urn:c", "warm"), concept_of("urn:c", "red")));
  const auto meant = knowledge.related(Relation::kSameAs, concept_of(kUnii, "5Q7ZVV76EI"));
  REQUIRE(meant.size() == 1);
  CHECK(meant[0] == concept_of(kDefaultCodeSystem, "11289"));
  CHECK_FALSE(knowledge.recognises(Relation::kSameAs, concept_of(kUnii, "A")));
  CHECK_FALSE(knowledge.recognises(Relation::kSameAs, concept_of(kUnii, "B")));  // only on a condition
  const auto* const others = knowledge.find_table("Concept maps");
  REQUIRE(others != nullptr);
  CHECK(others->row_count() == 2);
}

TEST_CASE("the import of an import is the same, byte for byte") {
  const Imported first("terminology.json", kBundle, import_fhir);
  const auto written = test::read_text(first.files.root() / "out/value-sets.json");
  const Imported again("value-sets.json", written, import_fhir);
  CHECK(written == test::read_text(again.files.root() / "out/value-sets.json"));
  CHECK(written.find("urn:v:warm") != std::string::npos);
}

TEST_CASE("value sets of VSAC's XML, under the URL of its FHIR service") {
  const Imported imported("vsac.xml", kSvs, import_vsac);
  CHECK(imported.counts.value_sets == 1);
  CHECK(imported.counts.broken == 1);
  REQUIRE(imported.problems.size() == 1);
  CHECK(imported.problems[0].place.ends_with("vsac.xml:8"));
  const auto loaded = imported.load();
  const std::string url = "http://cts.nlm.nih.gov/fhir/ValueSet/1.2.3";
  CHECK(loaded.size_of(url) == 3);
  CHECK(loaded.in(url, kDefaultCodeSystem, "1804799"));
  CHECK(loaded.in(url, "http://hl7.org/fhir/sid/icd-10-cm", "I21"));
  CHECK(loaded.in(url, "urn:oid:9.9.9", "x"));
  CHECK(loaded.knowledge->display(loaded.knowledge->find_concept("http://hl7.org/fhir/sid/icd-10-cm", "I21")) ==
        "a > b é");
  const auto value_set = loaded.knowledge->value_set(*loaded.knowledge->find_value_set(url));
  CHECK(value_set.name == "Clots & more");
  CHECK(value_set.version == "20190819");
  CHECK_FALSE(loaded.knowledge->find_concept(kDefaultCodeSystem, "commented"));
}

TEST_CASE("VSAC's FHIR JSON, other XML, and XML that ends early") {
  const Imported json("vsac.json", R"({ "resourceType": "ValueSet", "url": "http://cts.nlm.nih.gov/fhir/ValueSet/1.2",
    "expansion": { "total": 1, "contains": [ { "system": "urn:c", "code": "a" } ] } })",
                      import_vsac);
  CHECK(json.counts.value_sets == 1);
  const Imported other("other.xml", "<a><b/></a>", import_vsac);
  CHECK_FALSE(other.counts.done);
  CHECK(other.problems.at(0).code == "VGL1101");
  const Imported cut("cut.xml", kSvs.substr(0, kSvs.find("I21")), import_vsac);
  CHECK(cut.counts.value_sets == 1);
  CHECK(cut.problems.at(0).message.find("not closed") != std::string::npos);
}
