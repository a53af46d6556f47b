// SPDX-License-Identifier: Apache-2.0
// Rule text, patients and tables of a given size, the same on every run.
#pragma once

#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <vigil/evaluate.h>
#include <vigil/primitives.h>
#include <vigil/rulebook.h>

#include "fhir/fhir_reader.h"

namespace vigil::benchmark_data {

inline constexpr Temporal kNow{2026, 6, 1, 12, 0, 0, Precision::kMillisecond, 0, 0};

/// A Bundle of one patient with so many medication requests and observations; every `every`-th has a code of the value
/// sets, D0 or L0.
inline std::string make_patient(size_t facts_of_a_type, size_t every = 10) {
  std::string text =
      R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p",)"
      R"("birthDate":"1950-03-01","gender":"female"}})";
  for (size_t i = 0; i < facts_of_a_type; ++i) {
    const auto number = std::to_string(i);
    const auto code = i % every == 0 ? std::string("0") : std::to_string(1 + i % 50);
    const auto day = std::to_string(10 + i % 18);
    text +=
        R"(,{"resource":{"resourceType":"MedicationRequest","id":"m)" + number +
        R"(","status":"active","intent":"order","medicationCodeableConcept":{"coding":[{"system":"urn:b:drug","code":"D)" +
        code + R"("}]},"subject":{"reference":"Patient/p"}}})";
    text += R"(,{"resource":{"resourceType":"Observation","id":"o)" + number +
            R"(","status":"final","code":{"coding":[{"system":"urn:b:lab","code":"L)" + code +
            R"("}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-05-)" + day +
            R"(T08:00:00Z","valueQuantity":{"value":)" + std::to_string(i % 200) +
            R"(,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}})";
  }
  return text + "]}";
}

/// Value sets of one drug and one observation, and `pairs` rows of interacting drugs: D0 with D2, the others with drugs
/// that no patient takes.
inline std::shared_ptr<const KnowledgeBase> make_knowledge(size_t pairs) {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const auto drug = [&](const std::string& code) { return builder.intern("urn:b:drug", code); };
  const ConceptId drugs[] = {drug("D0")};
  const ConceptId labs[] = {builder.intern("urn:b:lab", "L0")};
  builder.add_value_set("urn:vs:drugs", "", "drugs", drugs, sink);
  builder.add_value_set("urn:vs:labs", "", "labs", labs, sink);
  for (size_t i = 1; i <= 50; ++i) drug("D" + std::to_string(i));
  builder.begin_table("Pairs", {{"a", ColumnType::kCode}, {"b", ColumnType::kCode}});
  for (size_t i = 0; i < pairs; ++i) {
    const auto a = i == 0 ? drug("D0") : drug("X" + std::to_string(i));
    const auto b = i == 0 ? drug("D2") : drug("Y" + std::to_string(i));
    const Value cells[] = {builder.code_cell(a), builder.code_cell(b)};
    builder.add_row(cells);
  }
  return builder.build(sink);
}

inline std::string library_head() {
  return "library Benchmark version '1'\nusing FHIR version '4.0.1'\n"
         "codesystem \"Lab\": 'urn:b:lab'\ncode \"L7\": 'L7' from \"Lab\"\n"
         "valueset \"Drugs\": 'urn:vs:drugs'\nvalueset \"Labs\": 'urn:vs:labs'\n";
}

/// A compiled text with the snapshots of patients, ready to be evaluated again and again.
class Loaded {
 public:
  Loaded(const std::string& text, std::shared_ptr<const KnowledgeBase> knowledge)
      : rulebook_(compile_or_throw(text, std::move(knowledge))), evaluator_(*rulebook_) {}

  void add_patient(const std::string& bytes, const Temporal& now) {
    auto& patient = patients_.emplace_back(*rulebook_);
    DiagnosticSink sink;
    fhir::FhirReader reader(rulebook_->read_plan());
    reader.read(bytes, "patient.json", patient.timeline, sink);
    patient.timeline.at(to_instant(now), sink, patient.snapshot);
    if (!sink.all().empty()) throw std::runtime_error(sink.all()[0].message);
  }

  const Rulebook& rulebook() const { return *rulebook_; }
  size_t patient_count() const { return patients_.size(); }
  const Snapshot& snapshot(size_t patient) const { return patients_[patient].snapshot; }
  Evaluator& evaluator() { return evaluator_; }

 private:
  struct Patient {
    explicit Patient(const Rulebook& rulebook) : timeline(rulebook.read_plan(), rulebook.knowledge()) {}
    Timeline timeline;
    Snapshot snapshot;
  };

  static std::unique_ptr<Rulebook> compile_or_throw(const std::string& text,
                                                    std::shared_ptr<const KnowledgeBase> knowledge) {
    CompileOptions options;
    options.knowledge = std::move(knowledge);
    auto compiled = compile({{"benchmark.vigil", text}}, options);
    if (compiled.has_errors()) throw std::runtime_error(render_text(compiled.diagnostics, *compiled.sources));
    return std::move(compiled.rulebook);
  }

  std::unique_ptr<Rulebook> rulebook_;
  Evaluator evaluator_;
  std::deque<Patient> patients_;
};

}  // namespace vigil::benchmark_data
