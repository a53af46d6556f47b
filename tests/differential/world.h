// SPDX-License-Identifier: Apache-2.0
// The tiny knowledge base of these tests; rule text and patients to outcomes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/knowledge_base.h>
#include <vigil/primitives.h>
#include <vigil/rulebook.h>

#include "differential/patients.h"
#include "fhir/fhir_reader.h"
#include "model/fhir_model.h"

namespace vigil::test {

/// Drugs D1 … D4 of ingredients I1 … I3 (D3 has two, D4 shares I3); I1 and I2 share a side chain, all a group.
inline std::shared_ptr<const KnowledgeBase> make_small_knowledge() {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const auto drug = [&](const char* code) { return builder.intern("urn:t:drug", code); };
  const auto allergen = [&](const char* code) { return builder.intern("urn:t:allergen", code); };
  const auto condition = [&](const char* code) { return builder.intern("urn:t:condition", code); };
  const auto lab = [&](const char* code) { return builder.intern("urn:t:lab", code); };
  const auto group = [&](const char* code) { return builder.intern("urn:t:group", code); };
  const auto set = [&](const char* name, std::vector<ConceptId> members) {
    builder.add_value_set(std::string("urn:vs:") + name, "", name, members, sink);
  };
  set("drugs-a", {drug("D1"), drug("D2")});
  set("drugs-b", {drug("D2"), drug("D3"), drug("D4")});
  set("conditions-a", {condition("C1"), condition("C2")});
  set("labs-a", {lab("O1")});
  set("allergens-a", {allergen("I1"), allergen("A1")});
  condition("C3");
  lab("O2");
  for (const auto& [from, to] : {std::pair{"D1", "I1"}, {"D2", "I2"}, {"D3", "I2"}, {"D3", "I3"}, {"D4", "I3"}})
    builder.add_relation(Relation::kIngredient, drug(from), allergen(to));
  for (const auto* ingredient : {"I1", "I2", "I3"}) {
    builder.add_relation(Relation::kIngredient, allergen(ingredient), allergen(ingredient));
    builder.add_relation(Relation::kAllergenIngredient, allergen(ingredient), allergen(ingredient));
    builder.add_relation(Relation::kCrossReactiveGroup, allergen(ingredient), group("X1"));
  }
  for (const auto* ingredient : {"I1", "I2"})
    builder.add_relation(Relation::kSideChainGroup, allergen(ingredient), group("S1"));
  builder.add_relation(Relation::kDrugClass, allergen("I1"), group("K1"));
  builder.add_relation(Relation::kDrugClass, allergen("I2"), group("K1"));
  builder.add_relation(Relation::kDrugClass, allergen("I3"), group("K2"));
  builder.add_relation(Relation::kAllergenGroup, allergen("A1"), group("X1"));
  builder.add_relation(Relation::kAllergenIngredient, allergen("A2"), allergen("I2"));
  builder.add_no_allergy(allergen("N0"));
  builder.begin_table("Pairs", {{"a", ColumnType::kCode}, {"b", ColumnType::kCode}, {"tier", ColumnType::kString}});
  const auto pair = [&](const char* a, const char* b, const char* tier) {
    const Value cells[] = {builder.code_cell(allergen(a)), builder.code_cell(allergen(b)), builder.text_cell(tier)};
    builder.add_row(cells);
  };
  pair("I1", "I2", "hard-stop");
  pair("I2", "I3", "passive");
  return builder.build(sink);
}

inline const std::string& library_head() {
  static const std::string kHead = R"(library Property version '1'
using FHIR version '4.0.1'
codesystem "Clinical": 'http://terminology.hl7.org/CodeSystem/condition-clinical'
codesystem "Verification": 'http://terminology.hl7.org/CodeSystem/condition-ver-status'
codesystem "Drug": 'urn:t:drug'
codesystem "Group": 'urn:t:group'
code "Active": 'active' from "Clinical"
code "Refuted": 'refuted' from "Verification"
code "D1": 'D1' from "Drug"
code "K1": 'K1' from "Group"
valueset "MedicationRequest A": 'urn:vs:drugs-a'
valueset "MedicationRequest B": 'urn:vs:drugs-b'
valueset "Condition A": 'urn:vs:conditions-a'
valueset "Observation A": 'urn:vs:labs-a'
valueset "AllergyIntolerance A": 'urn:vs:allergens-a'
table "Pairs" { a Code, b Code, tier String } symmetric (a, b)
context Patient
define function "Is running"(M Choice<FHIR.MedicationRequest, FHIR.MedicationStatement>): M.status = 'active' or isActive(M)
)";
  return kHead;
}

inline const Temporal& property_now() {
  static const Temporal kNow{2026, 6, 1, 12, 0, 0, Precision::kMillisecond, 0, 0};
  return kNow;
}

/// Rules compiled together, asked about one patient after another.
class World {
 public:
  World(std::shared_ptr<const KnowledgeBase> knowledge, const std::string& text) {
    CompileOptions options;
    options.knowledge = std::move(knowledge);
    compilation_ = compile({{"property.vigil", library_head() + text}}, options);
    if (!compilation_.rulebook || compilation_.has_errors()) return;
    reader_.emplace(compilation_.rulebook->read_plan());
    timeline_.emplace(compilation_.rulebook->read_plan(), compilation_.rulebook->knowledge());
    evaluator_.emplace(*compilation_.rulebook);
  }
  bool compiled() const { return evaluator_.has_value(); }
  std::string problems() const { return render_text(compilation_.diagnostics, *compilation_.sources); }
  const Rulebook& rulebook() const { return *compilation_.rulebook; }

  /// The snapshot lives until the next call.
  const Snapshot& read(const Patient& patient) {
    timeline_->clear();
    DiagnosticSink sink;
    reader_->read(to_json(patient), "patient.json", *timeline_, sink);
    for (const auto& [type, level] : patient.incomplete)
      timeline_->degrade(model::find_type(type), completeness_of(level));
    timeline_->at(0, sink, snapshot_);
    return snapshot_;
  }
  Outcome evaluate(const Patient& patient) {
    return evaluator_->evaluate(read(patient), trigger(), {}, property_now());
  }
  Outcome evaluate_fresh(const Patient& patient) {
    return vigil::evaluate(rulebook(), read(patient), trigger(), {}, property_now());
  }
  Alerts alerts(const Outcome& outcome) const { return raise(rulebook(), outcome, trigger(), {}, property_now()); }
  static Trigger trigger() { return {"order-sign", {}, "user", "encounter"}; }

 private:
  static Completeness completeness_of(const std::string& level) {
    return level == "partial"   ? Completeness::kPartial
           : level == "damaged" ? Completeness::kDamaged
                                : Completeness::kNotObtained;
  }
  Compilation compilation_;
  std::optional<fhir::FhirReader> reader_;
  std::optional<Timeline> timeline_;
  std::optional<Evaluator> evaluator_;
  Snapshot snapshot_;
};

}  // namespace vigil::test
