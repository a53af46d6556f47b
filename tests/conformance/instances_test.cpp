// SPDX-License-Identifier: Apache-2.0
// Values that rule text makes itself (CQL 1.5, Instance Selectors): what they are made of can be read again, though
// nothing of their type is retrieved.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("elements of values that are made are read") {
  static constexpr ExpressionCase kTable[] = {
      {"FHIR.Observation { status: 'final', value: 12 }.value", "12"},
      {"FHIR.Observation { status: 'final' }.status", "'final'"},
      {"MedicationRequest { status: 'active', intent: 'order' }.intent", "'order'"},
      {"exists ({ Observation { status: 'final' }, Observation { status: 'amended' } } O where O.status = 'final')",
       "true"},
      {"({ Observation { status: 'final' }, Observation { status: 'amended' } } O return O.status)",
       "{ 'final', 'amended' }"},
      {"FHIR.Quantity { value: 5.0, code: 'mg', system: 'http://unitsofmeasure.org' }.value", "5.0"},
      {"FHIR.Quantity { value: 5.0, code: 'mg', system: 'http://unitsofmeasure.org' } < 6 'mg'", "true"},
      {"FHIR.CodeableConcept { text: 'x', coding: { FHIR.Coding { system: 's', code: 'c' } } }.coding[0].code", "'c'"},
      {"FHIR.Observation { component: { FHIR.Observation.Component { value: 7 } } }.component[0].value", "7"},
      {"FHIR.Observation { status: 'final' }.issued", "null"},
  };
  for (const auto& one : kTable) check({&one, 1});  // alone: what the others name is planned for too
}

TEST_CASE("what a function makes, or a definition, is read where it is used") {
  Surroundings surroundings;
  surroundings.declarations =
      "context Patient\n"
      "define function Made(status String): Observation { status: FHIR.ObservationStatus { value: status } }\n"
      "define \"All\": { Condition { id: 'c', recordedDate: FHIR.dateTime { value: @2026-01-01T00:00:00.0 } } }\n";
  static constexpr ExpressionCase kTable[] = {
      {"Made('final').status", "'final'"},
      {"First(\"All\").recordedDate is not null", "true"},
  };
  check(kTable, surroundings);
}
