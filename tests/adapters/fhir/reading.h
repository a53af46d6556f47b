// SPDX-License-Identifier: Apache-2.0
// Reading a text in a test: the snapshot, and what was reported.
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wrestrict"  // false for `"literal" + std::string` (GCC bug 105651, fixed in 13)
#endif

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/knowledge_base.h>

#include "fhir/fhir_reader.h"
#include "support/read_plans.h"

namespace vigil::test {

inline ReadPlan make_reading_plan() {
  return make_plan({
      {"MedicationRequest", {"id", "status", "medicationCodeableConcept", "medicationReference", "dosageInstruction"}},
      {"Dosage", {"text", "doseAndRate"}},
      {"Medication", {"id", "code"}},
      {"Condition", {"id", "clinicalStatus", "code", "recordedDate"}},
      {"Observation",
       {"id", "status", "_status", "code", "effectiveDateTime", "effectiveInstant", "valueQuantity", "valueString",
        "valueBoolean", "valueInteger", "valueTime", "component"}},
      {"Observation.Component", {"code", "valueQuantity"}},
      {"ServiceRequest", {"id", "code"}},
      {"AllergyIntolerance", {"id", "code"}},
      {"Appointment", {"id", "status"}},
      {"Patient", {"id", "birthDate", "name", "deceasedBoolean"}},
      {"HumanName", {"given", "_given", "family"}},
      {"Element", {"extension"}},
      {"Extension", {"url", "valueCode", "extension"}},
      {"CodeableConcept", {"coding", "text"}},
      {"Coding", {"system", "code", "display"}},
      {"Quantity", {"value", "unit"}},
      {"Reference", {"reference"}},
  });
}

inline std::shared_ptr<const KnowledgeBase> make_no_knowledge() {
  DiagnosticSink sink;
  return KnowledgeBaseBuilder().build(sink);
}

/// A reader with its timeline. Reads a text and looks at it at once.
struct Reading {
  ReadPlan plan = make_reading_plan();
  std::shared_ptr<const KnowledgeBase> knowledge = make_no_knowledge();
  Timeline timeline{plan, *knowledge};
  fhir::FhirReader reader{plan};
  DiagnosticSink sink;
  Snapshot snapshot;

  Reading() = default;
  explicit Reading(const std::string& text, std::string_view expected_patient = {}) { read(text, expected_patient); }

  Reading& read(const std::string& text, std::string_view expected_patient = {}) {
    // As long as its capacity, so that a sanitizer sees what reads past the end.
    std::string exact(text);
    exact.shrink_to_fit();
    reader.read(exact, "test.json", timeline, sink, expected_patient);
    timeline.at(0, sink, snapshot);
    return *this;
  }
  std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const auto& diagnostic : sink.all()) all.emplace_back(diagnostic.code);
    return all;
  }
  std::string place(size_t i = 0) const { return i < sink.all().size() ? sink.all()[i].place : ""; }
  std::string message(size_t i = 0) const { return i < sink.all().size() ? sink.all()[i].message : ""; }
  static uint16_t type(std::string_view name) { return model::find_type(name); }
  std::span<const Fact> facts(std::string_view name) const { return snapshot.facts(type(name)); }
  size_t count(std::string_view name) const { return facts(name).size(); }
  Completeness completeness(std::string_view name) const { return snapshot.completeness(type(name)); }
  /// The value of a member of an object.
  Value get(const Object& object, std::string_view json_name) const {
    return object.slots[plan.type(object.fhir_type)->find(json_name)->slot];
  }
  Value get(std::string_view name, std::string_view json_name) const {
    return get(*facts(name)[0].resource, json_name);
  }
};

inline std::vector<std::string> list_of(std::initializer_list<const char*> codes) {
  return {codes.begin(), codes.end()};
}

}  // namespace vigil::test
