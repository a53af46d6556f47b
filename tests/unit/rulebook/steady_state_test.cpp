// SPDX-License-Identifier: Apache-2.0
// Once warm, evaluation takes nothing from the heap but what the outcome holds.
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/evaluate.h>
#include <vigil/primitives.h>

#include "model/fhir_model.h"
#include "support/allocations.h"

using namespace vigil;

namespace {

constexpr Temporal kNow{2026, 6, 1, 12, 0, 0, Precision::kMillisecond, 0, 0};

std::shared_ptr<const KnowledgeBase> make_knowledge() {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const ConceptId drugs[] = {builder.intern("urn:t:drug", "D1", "one"), builder.intern("urn:t:drug", "D2", "two")};
  builder.add_value_set("urn:vs:drugs", "", "drugs", drugs, sink);
  return builder.build(sink);
}

constexpr std::string_view kHead = R"(library SteadyState version '1'
using FHIR version '4.0.1'
codesystem "Lab": 'urn:t:lab'
code "L1": 'L1' from "Lab"
code "L2": 'L2' from "Lab"
valueset "Drugs": 'urn:vs:drugs'
context Patient
define function "Running"(orders List<FHIR.MedicationRequest>):
  orders M where M.status in { 'active', 'draft' }
)";

/// Rule text compiled, and a patient with two orders and three observations.
struct World {
  Compilation compiled;
  Timeline timeline;
  Snapshot snapshot;
  DiagnosticSink sink;

  explicit World(std::string_view text)
      : compiled(compile({{"test.vigil", std::string(kHead).append(text)}}, options())),
        timeline(compiled.rulebook->read_plan(), compiled.rulebook->knowledge()) {
    REQUIRE_MESSAGE(!compiled.has_errors(), render_text(compiled.diagnostics, *compiled.sources));
    add("MedicationRequest", {{"id", "a"}, {"status", "active"}}, "medicationCodeableConcept", "urn:t:drug", "D1");
    add("MedicationRequest", {{"id", "b"}, {"status", "stopped"}}, "medicationCodeableConcept", "urn:t:drug", "D2");
    add("Observation", {{"id", "c"}, {"status", "final"}}, "code", "urn:t:lab", "L1", "2026-01-01T00:00:00Z");
    add("Observation", {{"id", "d"}, {"status", "final"}}, "code", "urn:t:lab", "L1", "2026-02-01T00:00:00Z");
    add("Observation", {{"id", "e"}, {"status", "final"}}, "code", "urn:t:lab", "L2", "2026-03-01T00:00:00Z");
    timeline.at(to_instant(kNow), sink, snapshot);
    REQUIRE(snapshot.all_facts().size() == 5);
  }

 private:
  using Texts = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  static CompileOptions options() {
    CompileOptions options;
    options.knowledge = make_knowledge();
    return options;
  }
  void set(Object& object, std::string_view json_name, Value value) {
    const auto* element = timeline.plan().type(object.fhir_type)->find(json_name);
    if (element == nullptr) return;  // the text does not read it
    if (value.kind != Kind::kObject && value.kind != Kind::kList)
      value.fhir_type = static_cast<uint16_t>(element->fhir_type + 1);
    Timeline::slots(object)[element->slot] = value;
  }
  Object* make(std::string_view type, Texts texts) {
    const auto* planned = timeline.plan().type(model::find_type(type));
    if (planned == nullptr) return nullptr;
    Object* object = timeline.make_object(*planned);
    for (const auto& [name, text] : texts) set(*object, name, Value::of(timeline.copy(text)));
    return object;
  }
  void add(std::string_view type, Texts texts, std::string_view code_element, std::string_view system,
           std::string_view code, std::string_view effective = {}) {
    Object* object = make(type, texts);
    Object* coding = make("Coding", {{"system", system}, {"code", code}});
    Object* concept_object = make("CodeableConcept", {});
    REQUIRE(object != nullptr);
    REQUIRE(coding != nullptr);
    coding->concept_id = timeline.intern(system, code);
    Value* codings = timeline.make_values(1);
    codings[0] = Value::of(static_cast<const Object*>(coding));
    set(*concept_object, "coding", Value::of(codings, 1));
    set(*object, code_element, Value::of(static_cast<const Object*>(concept_object)));
    if (!effective.empty()) set(*object, "effectiveDateTime", *parse_fhir_primitive(Kind::kDateTime, effective));
    timeline.add({object, Origin::kRecord, {}, {}, kAlways, kForever});
  }
};

/// Calls of operator new in the last of several rounds.
template <class Round>
size_t allocations_when_warm(Round round) {
  size_t before = 0;
  for (int i = 0; i < 5; ++i) {
    before = test::allocations();
    round();
  }
  return test::allocations() - before;
}

}  // namespace

TEST_CASE("warm definitions allocate nothing") {
  World world(R"(
define "by value set": exists "Running"([MedicationRequest: "Drugs"])
define "by code": Count([Observation: "L1"]) = 2
define "by codes": Count([Observation: { "L1", "L2" }]) = 3
define "sorted": Last([Observation: "L1"] O sort by (effective as FHIR.dateTime).value).id = 'd'
define "distinct": Count(distinct ([Observation] O return O.code.coding[0].code.value)) = 2
define "in time": exists ([Observation: "L1"] O where (O.effective as FHIR.dateTime).value during Interval[Now() - 6 months, Now()])
define "with": exists ([MedicationRequest: "Drugs"] M with [Observation: "L2"] O such that M.status = 'active' and O.status = 'final')
define "pairs": Count(from [MedicationRequest] M, [Observation] O return Tuple { m: M, o: O }) = 6
define "sets": ({ 1, 2, 3 } intersect { 2, 3, 4 }) = { 2, 3 } and Sum({ 1.5, 2.5 }) = 4.0
define "text": 'a' + 'b' = 'ab' and Upper('x') = 'X' and PositionOf('b', 'abc') = 1
define "quantities": 2 'g' > 1500 'mg' and 1 'h' + 30 'min' = 90 'min'
define "aggregate": ([Observation] O aggregate Total starting 0: Total + 1) = 3
)");
  Evaluator evaluator(*world.compiled.rulebook);
  std::vector<uint32_t> which;
  for (uint32_t i = 0; i < world.compiled.rulebook->definitions().size(); ++i) which.push_back(i);
  std::vector<bool> result;
  CHECK(allocations_when_warm([&] { evaluator.evaluate_booleans(world.snapshot, kNow, which, result); }) == 0);
  for (size_t i = 0; i < which.size(); ++i) CHECK_MESSAGE(result[i], world.compiled.rulebook->definitions()[i].name);
}

TEST_CASE("a rule that is not met costs the place of its result, one that fires what its findings hold") {
  World world(R"(
rule "never"
  category 'guideline-deviation'
  on       'patient-view'
  for      [MedicationRequest: "Drugs"] M
  let      Latest: Last([Observation: "L1"] O sort by (effective as FHIR.dateTime).value)
  when     M.status = 'cancelled' and Latest.status = 'final'
  alert    'Never'

rule "always"
  category 'guideline-deviation'
  on       'order-sign'
  for      [MedicationRequest: "Drugs"] M
  when     M.status = 'active'
  alert    'Always of {M.medication}, whose text is too long for a string without memory of its own'
)");
  Evaluator evaluator(*world.compiled.rulebook);
  const auto warm = [&](const char* hook, RuleOutcome expected) {
    const Trigger trigger{hook, {}, {}, {}};
    Outcome outcome;
    const auto made = allocations_when_warm([&] { outcome = evaluator.evaluate(world.snapshot, trigger, {}, kNow); });
    REQUIRE(outcome.results.size() == 1);
    CHECK(outcome.results[0].outcome == expected);
    const auto before = test::allocations();
    const Outcome copy = outcome;
    const auto held = test::allocations() - before;
    CHECK(copy.results.size() == 1);
    return std::pair(made, held);
  };
#if !defined(__SANITIZE_ADDRESS__)  // then nothing is counted
  const auto [made, held] = warm("patient-view", RuleOutcome::kNotMet);
  CHECK(held == 1);
  CHECK(made == held);
#endif
  // Texts and lists grow while they are made, so that making takes more steps than copying.
  const auto [made_of_finding, held_of_finding] = warm("order-sign", RuleOutcome::kFired);
  CHECK(made_of_finding <= 3 * held_of_finding);
}
