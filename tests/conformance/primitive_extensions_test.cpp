// SPDX-License-Identifier: Apache-2.0
// Ids and extensions of FHIR primitives (FHIR R4, JSON Representation of Primitive Elements); context Unfiltered.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("the id and extensions of a primitive are read by its path") {
  static constexpr ExpressionCase kTable[] = {
      {"Patient.birthDate.id", "'b1'"},
      {"Patient.birthDate.extension.url", "{ 'urn:example:about' }"},
      {"singleton from (Patient.birthDate.extension E where E.url = 'urn:example:about' return E.value as FHIR.string)",
       "'about'"},
      {"Patient.gender.extension.url", "null"},
      {"(First([Observation]).value as FHIR.string).extension.url", "{ 'urn:example:note' }"},
      {"Patient.birthDate", "@1970"},
  };
  Surroundings surroundings;
  surroundings.patient = R"({"resourceType":"Bundle","type":"collection","entry":[
    {"resource":{"resourceType":"Patient","id":"p","birthDate":"1970","gender":"female",
      "_birthDate":{"id":"b1","extension":[{"url":"urn:example:about","valueString":"about"}]}}},
    {"resource":{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"Patient/p"},
      "code":{"text":"x"},"valueString":"x","_valueString":{"extension":[{"url":"urn:example:note"}]}}}]})";
  check(kTable, surroundings);
}

TEST_CASE("below context Unfiltered there is no patient to read") {
  static constexpr ExpressionCase kTable[] = {
      {"\"Five\" + 1", "6"},
      {"exists [Observation]", "false"},
  };
  Surroundings surroundings;
  surroundings.declarations = "context Unfiltered\ndefine \"Five\": 5\n";
  check(kTable, surroundings);
}
