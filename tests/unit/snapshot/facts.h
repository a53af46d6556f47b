// SPDX-License-Identifier: Apache-2.0
// Resources made by hand, for tests of timelines.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/knowledge_base.h>
#include <vigil/snapshot.h>

#include "support/read_plans.h"

namespace vigil::test {

inline ReadPlan make_fact_plan() {
  return make_plan({
      {"MedicationRequest", {"id", "status", "medicationCodeableConcept", "medicationReference"}},
      {"Medication", {"id", "code"}},
      {"Condition", {"id", "clinicalStatus", "code"}},
      {"Patient", {"id", "birthDate"}},
      {"Encounter", {"id", "status"}},
      {"CodeableConcept", {"coding"}},
      {"Coding", {"system", "code"}},
      {"Reference", {"reference"}},
  });
}

inline std::shared_ptr<const KnowledgeBase> make_knowledge(
    std::initializer_list<std::pair<std::string_view, std::string_view>> codes) {
  KnowledgeBaseBuilder builder;
  for (const auto& [system, code] : codes) builder.intern(system, code, "held");
  DiagnosticSink sink;
  return builder.build(sink);
}

/// A timeline with its plan and knowledge base, and functions that make resources in it.
struct Facts {
  explicit Facts(ReadPlan given = make_fact_plan()) : plan(std::move(given)) {}

  ReadPlan plan;
  std::shared_ptr<const KnowledgeBase> knowledge = make_knowledge({{"rx", "1"}, {"rx", "2"}});
  Timeline timeline{plan, *knowledge};
  DiagnosticSink sink;

  static uint16_t type(std::string_view name) { return model::find_type(name); }
  void set(Object& object, std::string_view json_name, Value value) {
    Timeline::slots(object)[plan.type(object.fhir_type)->find(json_name)->slot] = value;
  }
  void set(Object& object, std::string_view json_name, std::string_view text) {
    set(object, json_name, Value::of(timeline.copy(text)));
  }
  Object* make(std::string_view name, std::string_view id = {}) {
    Object* object = timeline.make_object(*plan.type(type(name)));
    if (!id.empty()) set(*object, "id", id);
    return object;
  }
  Value list(const std::vector<Value>& values) {
    Value* copied = timeline.make_values(values.size());
    for (size_t i = 0; i < values.size(); ++i) copied[i] = values[i];
    return Value::of(copied, static_cast<uint32_t>(values.size()));
  }
  Value concept_of(std::initializer_list<std::pair<std::string_view, std::string_view>> codes) {
    std::vector<Value> codings;
    for (const auto& [system, code] : codes) {
      Object* coding = make("Coding");
      set(*coding, "system", system);
      set(*coding, "code", code);
      coding->concept_id = timeline.intern(system, code);
      codings.push_back(Value::of(static_cast<const Object*>(coding)));
    }
    Object* object = make("CodeableConcept");
    set(*object, "coding", list(codings));
    return Value::of(static_cast<const Object*>(object));
  }
  Value reference(std::string_view text) {
    Object* object = make("Reference");
    if (!text.empty()) set(*object, "reference", text);
    return Value::of(static_cast<const Object*>(object));
  }
  /// A MedicationRequest of one RxNorm-like code.
  Object* request(std::string_view id, std::string_view status, std::string_view code) {
    Object* object = make("MedicationRequest", id);
    set(*object, "status", status);
    set(*object, "medicationCodeableConcept", concept_of({{"rx", code}}));
    return object;
  }
  Object* request_by_reference(std::string_view id, std::string_view text) {
    Object* object = make("MedicationRequest", id);
    set(*object, "medicationReference", reference(text));
    return object;
  }
  Object* medication(std::string_view id, std::string_view code) {
    Object* object = make("Medication", id);
    set(*object, "code", concept_of({{"rx", code}}));
    return object;
  }
  void add(const Object* resource, Instant from = kAlways, Instant to = kForever, Origin origin = Origin::kRecord) {
    timeline.add({resource, origin, {}, {}, from, to});
  }
  void add_url(const Object* resource, std::string_view full_url) {
    timeline.add({resource, Origin::kRecord, full_url, {}, kAlways, kForever});
  }
  Snapshot at(Instant instant = 0) { return timeline.at(instant, sink); }
};

}  // namespace vigil::test
