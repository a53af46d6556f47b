// SPDX-License-Identifier: Apache-2.0
// Any bytes as FHIR data: no crash, and what cannot be read is never passed over in silence.
#include <cstdint>
#include <cstdlib>
#include <string>

#include <vigil/knowledge_base.h>

#include "fhir/fhir_reader.h"
#include "support/read_plans.h"

namespace {

using namespace vigil;

struct Reading {
  ReadPlan plan = test::make_plan({
      {"MedicationRequest", {"id", "status", "medicationCodeableConcept", "medicationReference", "contained"}},
      {"Medication", {"id", "code"}},
      {"Observation",
       {"id", "status", "_status", "code", "effectiveDateTime", "valueQuantity", "valueString", "valueInteger",
        "component"}},
      {"Observation.Component", {"code", "valueQuantity"}},
      {"Patient", {"id", "birthDate", "name"}},
      {"HumanName", {"given", "_given"}},
      {"Element", {"extension"}},
      {"Extension", {"url", "extension"}},
      {"CodeableConcept", {"coding"}},
      {"Coding", {"system", "code"}},
      {"Quantity", {"value", "unit"}},
      {"Reference", {"reference"}},
  });
  DiagnosticSink sink;
  std::shared_ptr<const KnowledgeBase> knowledge = KnowledgeBaseBuilder().build(sink);
  Timeline timeline{plan, *knowledge, size_t{1} << 22};
  fhir::FhirReader reader{plan, {.max_bytes = size_t{1} << 20, .max_depth = 16}};
  Snapshot snapshot;
};

void demand(bool holds) {
  if (!holds) std::abort();
}

/// Touches everything a value holds.
size_t weigh(const Value& value) {
  size_t weight = 1;
  if (value.kind == Kind::kString)
    for (const char c : value.string()) weight += static_cast<unsigned char>(c);
  if (value.kind == Kind::kList)
    for (const Value& element : value) weight += weigh(element);
  if (value.kind == Kind::kObject)
    for (uint16_t i = 0; i < value.object->slot_count; ++i) weight += weigh(value.object->slots[i]);
  return weight;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Reading reading;
  std::string text(reinterpret_cast<const char*>(data), size);
  text.shrink_to_fit();
  DiagnosticSink sink;
  reading.timeline.clear();
  reading.reader.read(text, "fuzz", reading.timeline, sink);
  text.assign(text.size(), '!');  // nothing may refer to it any more
  reading.timeline.at(0, sink, reading.snapshot);
  size_t weight = 0;
  for (const auto& fact : reading.snapshot.all_facts()) {
    weight += weigh(Value::of(fact.resource)) + fact.id.size() + fact.status.size();
    for (const auto code : fact.code_span()) demand(!reading.snapshot.concept_info(code).code.empty());
    demand(reading.snapshot.fact(*fact.resource) == &fact);
  }
  demand(weight > 0 || reading.snapshot.all_facts().empty());
  for (const auto& diagnostic : sink.all()) {
    demand(diagnostic.code != "VGL1201");  // a wrong use of the catalogue
    const bool is_error = diagnostic.severity == Severity::kError;
    demand(!is_error || reading.snapshot.completeness(0) != Completeness::kComplete || diagnostic.code == "VGL1013");
  }
  return 0;
}
