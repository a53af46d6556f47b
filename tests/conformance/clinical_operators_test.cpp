// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.12 Clinical Operators: codes, value sets, code systems.
#include "conformance/expressions.h"

using namespace vigil;
using namespace vigil::conformance;

namespace {

std::shared_ptr<const KnowledgeBase> make_knowledge() {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const auto warfarin = builder.intern("urn:test:drugs", "11289", "warfarin");
  const auto apixaban = builder.intern("urn:test:drugs", "1364430", "apixaban");
  const auto ibuprofen = builder.intern("urn:test:drugs", "5640", "ibuprofen");
  const auto anticoagulant = builder.intern("urn:test:drugs", "B01A", "anticoagulants");
  builder.add_parent(warfarin, anticoagulant);
  builder.add_parent(apixaban, anticoagulant);
  builder.add_value_set("urn:test:anticoagulants", "1", "Anticoagulants", std::vector<ConceptId>{warfarin, apixaban},
                        sink);
  builder.add_value_set("urn:test:anticoagulants", "2", "Anticoagulants",
                        std::vector<ConceptId>{warfarin, apixaban, anticoagulant}, sink);
  (void)ibuprofen;
  return builder.build(sink);
}

const Surroundings& surroundings() {
  static const Surroundings all = {.declarations = R"(
codesystem "Drugs": 'urn:test:drugs'
codesystem "Others": 'urn:test:others'
valueset "Anticoagulants": 'urn:test:anticoagulants'
valueset "Anticoagulants of old": 'urn:test:anticoagulants' version '1'
valueset "Nowhere": 'urn:test:nowhere'
code "Warfarin": '11289' from "Drugs" display 'warfarin'
code "Warfarin by another name": '11289' from "Drugs" display 'Coumadin'
code "Ibuprofen": '5640' from "Drugs"
code "Anticoagulant": 'B01A' from "Drugs"
code "Same number": '11289' from "Others"
code "Unheard of": '42' from "Others"
)",
                                   .knowledge = make_knowledge()};
  return all;
}

}  // namespace

TEST_CASE("codes are one by system and code; the display plays no part") {
  static constexpr ExpressionCase kTable[] = {
      {R"("Warfarin" = "Warfarin by another name")", "true"},
      {R"("Warfarin" ~ "Warfarin by another name")", "true"},
      {R"("Warfarin" = "Same number")", "false"},
      {R"("Warfarin" ~ "Same number")", "false"},
      {R"("Warfarin" = "Ibuprofen")", "false"},
      {R"("Unheard of" ~ "Unheard of")", "true"},
      {R"(Concept { Code '5640' from "Drugs", Code '11289' from "Drugs" } ~ "Warfarin")", "true"},
      {R"(Concept { Code '5640' from "Drugs", Code '11289' from "Drugs" } ~ Concept { Code '11289' from "Others", Code '11289' from "Drugs" })",
       "true"},
      {R"(Concept { Code '5640' from "Drugs" } ~ "Warfarin")", "false"},
      {R"("Warfarin" in { "Ibuprofen", "Warfarin by another name" })", "true"},
  };
  check(kTable, surroundings());
}

TEST_CASE("B.12.6 in a value set: of the version asked for, else the greatest; a missing one is an error, not false") {
  static constexpr ExpressionCase kTable[] = {
      {R"("Warfarin" in "Anticoagulants")", "true"},
      {R"("Ibuprofen" in "Anticoagulants")", "false"},
      {R"("Same number" in "Anticoagulants")", "false ?"},
      {R"("Unheard of" in "Anticoagulants")", "false ?"},
      {R"("Anticoagulant" in "Anticoagulants")", "true"},
      {R"("Anticoagulant" in "Anticoagulants of old")", "false"},
      {R"('11289' in "Anticoagulants")", "true"},
      {R"('5640' in "Anticoagulants")", "false"},
      {R"(Concept { Code '5640' from "Drugs", Code '11289' from "Drugs" } in "Anticoagulants")", "true"},
      {R"({ "Ibuprofen", "Warfarin" } in "Anticoagulants")", "true"},
      {R"((null as Code) in "Anticoagulants")", "null"},
      {R"("Warfarin" in "Nowhere")", "error VGL0903"},
  };
  check(kTable, surroundings());
}

TEST_CASE("B.12.5 in a code system, B.12.4 expansion, B.12.8 subsumption") {
  static constexpr ExpressionCase kTable[] = {
      {R"("Warfarin" in "Drugs")", "true"},
      {R"("Same number" in "Drugs")", "false"},
      {R"(Concept { Code '42' from "Others", Code '11289' from "Drugs" } in "Drugs")", "true"},
      {R"(Count(ExpandValueSet("Anticoagulants of old")))", "2"},
      {R"("Ibuprofen" in ExpandValueSet("Anticoagulants"))", "false"},
      {R"(Subsumes("Anticoagulant", "Warfarin"))", "true"},
      {R"(Subsumes("Warfarin", "Anticoagulant"))", "false"},
      {R"(Subsumes("Warfarin", "Warfarin"))", "true"},
      {R"(SubsumedBy("Warfarin", "Anticoagulant"))", "true"},
      {R"(Subsumes("Anticoagulant", "Unheard of"))", "null"},
      {R"(Subsumes("Anticoagulant", null as Code))", "null"},
  };
  check(kTable, surroundings());
}

TEST_CASE("B.12 retrieves by every comparator, of coded and of plain elements") {
  Surroundings surroundings;
  surroundings.declarations =
      "codesystem \"LOINC\": 'http://loinc.org'\ncode \"K\": '2823-3' from \"LOINC\"\ncode \"Na\": '2951-2' from "
      "\"LOINC\"\n"
      "codesystem \"Categories\": 'urn:example:category'\ncode \"Lab\": 'lab' from \"Categories\"\n"
      "concept \"Electrolytes\": { \"K\", \"Na\" }\n"
      "context Patient\n"
      "define \"Nobody\": null as FHIR.Patient\n"
      "define \"Mother\": FHIR.Patient { id: 'mother' }\n";
  surroundings.patient = R"({"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p"}},
    {"resource":{"resourceType":"Observation","id":"1","status":"final","subject":{"reference":"Patient/p"},
      "category":[{"coding":[{"system":"urn:example:category","code":"lab"}]}],
      "code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}]},"valueString":"a"}},
    {"resource":{"resourceType":"Observation","id":"2","status":"preliminary","subject":{"reference":"Patient/p"},
      "category":[{"coding":[{"system":"urn:example:category","code":"vital"}]}],
      "code":{"coding":[{"system":"http://loinc.org","code":"2951-2"}]},"valueString":"b"}}]})";
  static constexpr ExpressionCase kTable[] = {
      {"Count([Observation: \"K\"])", "1"},
      {"Count([Observation: code ~ \"K\"])", "1"},
      {"Count([Observation: code = \"K\"])", "1"},
      {"Count([Observation: code in { \"K\", \"Na\" }])", "2"},
      {"Count([Observation: \"Electrolytes\"])", "2"},
      {"Count([Observation: category ~ \"Lab\"])", "1"},
      {"Count([Observation: category in { \"Lab\" }])", "1"},
      {"Count([Observation: status in { 'final', 'amended' }])", "1"},
      {"Count([Observation: status ~ 'preliminary'])", "1"},
      {"Count([Observation: bodySite ~ \"Lab\"])", "0 ?"},
      {"Count([Observation: code in { 'final' }])", "error VGL0303"},
      // In the context of another: this patient's data, null, or an error; never an empty list for want of data.
      {"Count([Patient -> Observation: \"K\"])", "1"},
      {"[\"Nobody\" -> Observation: \"K\"]", "null"},
      {"[\"Mother\" -> Observation: \"K\"]", "error VGL0914"},
      {"[\"Lab\" -> Observation]", "error VGL0303"},
  };
  check(kTable, surroundings);
}
