// SPDX-License-Identifier: Apache-2.0
// The engine inside a program: compile a rule, read a patient, evaluate an order, show the alerts.
#include <fhir/fhir_reader.h>

#include <vigil/evaluate.h>
#include <iostream>

namespace {

constexpr auto kRule = R"(
library Embedded version '1.0.0'
using FHIR version '4.0.1'
codesystem "RxNorm": 'http://www.nlm.nih.gov/research/umls/rxnorm'
code "Warfarin": '11289' from "RxNorm"
code "Ibuprofen": '5640' from "RxNorm"
context Patient

rule "Ibuprofen together with warfarin"
  category 'drug-interaction'
  on       'order-sign'
  for      ordered [MedicationRequest: "Ibuprofen"] Ordered,
           current [MedicationRequest: "Warfarin"] Warfarin
  tier     interruptive
  alert    '{Ordered.medication} together with {Warfarin.medication}: risk of bleeding'
)";

constexpr auto kPatient = R"({ "resourceType": "Bundle", "type": "collection", "entry": [
  { "resource": { "resourceType": "Patient", "id": "p1", "birthDate": "1950-03-01" } },
  { "resource": { "resourceType": "MedicationRequest", "id": "w1", "status": "active", "intent": "order",
      "subject": { "reference": "Patient/p1" }, "medicationCodeableConcept": { "text": "warfarin",
      "coding": [ { "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "11289" } ] } } },
  { "resource": { "resourceType": "MedicationRequest", "id": "o1", "status": "draft", "intent": "order",
      "subject": { "reference": "Patient/p1" }, "medicationCodeableConcept": { "text": "ibuprofen",
      "coding": [ { "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "5640" } ] } } } ] })";

}  // namespace

int main() {
  // Once: compile. The rulebook is immutable and may be shared by all threads.
  const auto compiled = vigil::compile({{"embedded.vigil", kRule}});
  std::cerr << vigil::render_text(compiled.diagnostics, *compiled.sources);
  if (compiled.has_errors()) return 2;
  const auto& rulebook = *compiled.rulebook;

  // Per patient: read what the rules require, and view it at an instant.
  vigil::DiagnosticSink problems;
  vigil::Timeline timeline(rulebook.read_plan(), rulebook.knowledge());
  vigil::fhir::FhirReader reader(rulebook.read_plan());
  reader.read(kPatient, "patient", timeline, problems);
  const auto now = *vigil::parse_instant("2026-11-22T09:00:00Z");
  const auto snapshot = timeline.at(vigil::to_instant(now), problems);

  // Per order: evaluate and raise.
  const vigil::Trigger trigger{"order-sign", {}, "dr-example", "encounter-1"};
  const auto outcome = vigil::evaluate(rulebook, snapshot, trigger, {}, now);
  const auto raised = vigil::raise(rulebook, outcome, trigger, {}, now);
  for (const auto& alert : raised.alerts) std::cout << vigil::name(alert.tier) << ": " << alert.summary << "\n";
  for (const auto& result : outcome.results)
    if (result.outcome == vigil::RuleOutcome::kUnknown)
      std::cout << "could not decide: " << rulebook.rules()[result.rule].name << "\n";
  return raised.alerts.size() == 1 ? 0 : 1;
}
