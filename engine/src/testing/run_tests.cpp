// SPDX-License-Identifier: Apache-2.0
// Runs `test` blocks: builds the patient they give, evaluates, compares.
#include <algorithm>

#include <vigil/evaluate.h>

#include "evaluation/equality.h"
#include "evaluation/run.h"
#include "evaluation/show.h"
#include "values/temporal.h"

namespace vigil {
namespace {

/// The moment a test runs at when it says none: tests must not depend on the day they run.
constexpr Temporal kDefaultNow{2026, 1, 15, 9, 0, 0, Precision::kMillisecond, 0, 0};

class TestRunner {
 public:
  TestRunner(const Rulebook& rulebook, const TestPlan& test)
      : rulebook_(rulebook),
        program_(rulebook.program()),
        test_(test),
        timeline_(program_.read_plan, rulebook.knowledge()) {}

  TestResult run() {
    result_.library = test_.library;
    result_.name = test_.name;
    result_.span = test_.span;
    try {
      build();
    } catch (const EvaluationError& error) {
      result_.failures.push_back("the facts of the test cannot be made: " + error.diagnostic.message);
      return std::move(result_);
    }
    DiagnosticSink sink;
    const auto snapshot = timeline_.at(to_instant(now_), sink);
    for (const auto& problem : sink.all())
      result_.failures.push_back("the facts of the test contradict each other: " + problem.message);
    Trigger trigger;
    trigger.hook = !test_.hook.empty() ? test_.hook : test_.orders.empty() ? "patient-view" : "order-sign";
    EvaluateOptions options;
    options.explain = true;
    const auto outcome = evaluate(rulebook_, snapshot, trigger, {}, now_, options);
    const auto alerts = raise(rulebook_, outcome, trigger, {}, now_);
    for (const auto& expectation : test_.expectations) {
      if (expectation.nothing)
        expect_nothing(alerts);
      else if (expectation.definition != UINT32_MAX)
        expect_definition(expectation, snapshot);
      else
        expect_rule(expectation, outcome, trigger);
    }
    result_.passed = result_.failures.empty();
    return std::move(result_);
  }

 private:
  /// Copies a value made by the run into the timeline, which outlives it.
  Value keep(const Value& value) {
    switch (value.kind) {
      case Kind::kString: {
        auto kept = Value::of(timeline_.copy(value.string()));
        kept.fhir_type = value.fhir_type;
        return kept;
      }
      case Kind::kList: {
        auto* elements = timeline_.make_values(value.count);
        for (uint32_t i = 0; i < value.count; ++i) elements[i] = keep(value.elements[i]);
        return Value::of(elements, value.count);
      }
      case Kind::kObject: return Value::of(static_cast<const Object*>(keep_object(*value.object)));
      default: return value;
    }
  }

  Object* keep_object(const Object& object) {
    const auto* plan = program_.read_plan.type(object.fhir_type);
    if (plan == nullptr) return nullptr;
    auto* kept = timeline_.make_object(*plan);
    auto* slots = const_cast<Value*>(kept->slots);
    for (uint16_t i = 0; i < object.slot_count && i < plan->slot_count; ++i) slots[i] = keep(object.slots[i]);
    if (plan->system_slot != PlannedType::kNoSlot && plan->code_slot != PlannedType::kNoSlot) {
      const auto& system = slots[plan->system_slot];
      const auto& code = slots[plan->code_slot];
      if (system.kind == Kind::kString && code.kind == Kind::kString)
        kept->concept_id = timeline_.intern(system.string(), code.string());
    }
    return kept;
  }

  void add(const Value& value, Origin origin, uint32_t number) {
    if (value.kind != Kind::kObject) return;
    auto* kept = keep_object(*value.object);
    if (kept == nullptr) return;  // a type that no rule reads
    const auto set = [&](std::string_view json_name, std::string_view text) {
      const auto* plan = program_.read_plan.type(kept->fhir_type);
      const auto* element = plan->find(json_name);
      if (element == nullptr || !kept->slots[element->slot].is_null()) return;
      auto made = Value::of(timeline_.copy(text));
      made.fhir_type = static_cast<uint16_t>(element->fhir_type + 1);
      const_cast<Value*>(kept->slots)[element->slot] = made;
    };
    set("id", (origin == Origin::kDraft ? "order-" : "fact-") + std::to_string(number));
    if (origin == Origin::kDraft) set("status", "draft");
    timeline_.add({kept, origin, {}, {}, kAlways, kForever});
  }

  void build() {
    const Timeline nobody(program_.read_plan, rulebook_.knowledge());
    DiagnosticSink sink;
    const auto empty = nobody.at(kAlways, sink);
    Run run(program_, {});
    run.begin(empty, kDefaultNow, nullptr);
    const Run::Frame frame(run, test_.frame_size);
    now_ = kDefaultNow;
    if (test_.at) {
      const auto at = run.evaluate(test_.at);
      if (!at.is_null()) now_ = at.temporal;
      if (now_.offset_minutes == Temporal::kNoOffset) now_.offset_minutes = 0;
      now_.precision = Precision::kMillisecond;
    }
    run.begin(empty, now_, nullptr);
    add_patient(run);
    uint32_t number = 0;
    for (const auto id : test_.given) add(run.evaluate(id), Origin::kRecord, ++number);
    number = 0;
    for (const auto id : test_.orders) add(run.evaluate(id), Origin::kDraft, ++number);
    for (const auto type : test_.not_obtained) timeline_.degrade(type, Completeness::kNotObtained);
  }

  void add_patient(Run& run) {
    const auto* plan = program_.read_plan.type(model::find_type("Patient"));
    if (plan == nullptr) return;
    auto* patient = timeline_.make_object(*plan);
    auto* slots = const_cast<Value*>(patient->slots);
    const auto set = [&](std::string_view element, Value value) {
      const auto* planned = plan->find(element);
      if (planned == nullptr || value.is_null()) return;
      value.fhir_type = static_cast<uint16_t>(planned->fhir_type + 1);
      slots[planned->slot] = value;
    };
    set("id", Value::of(timeline_.copy("patient")));
    for (const auto& [element, id] : test_.patient) set(element, keep(run.evaluate(id)));
    timeline_.add({patient, Origin::kRecord, {}, {}, kAlways, kForever});
  }

  /// Nothing of the rules of the test's own library: a test stays true whatever else is loaded beside it.
  void expect_nothing(const Alerts& alerts) {
    const auto own = [&](uint32_t rule) { return rulebook_.rules()[rule].library == test_.library; };
    for (const auto& alert : alerts.alerts)
      if (std::any_of(alert.rules.begin(), alert.rules.end(), own))
        result_.failures.push_back("expected nothing, got " + std::string(name(alert.tier)) + ": " + alert.summary);
  }

  void expect_definition(const ExpectationPlan& expectation, const Snapshot& snapshot) {
    Run run(program_, {});
    run.begin(snapshot, now_, nullptr);
    const auto& definition = program_.module.definitions[expectation.definition];
    try {
      const Run::Frame frame(run, test_.frame_size);
      const auto expected = run.evaluate(expectation.value);
      const auto got = run.definition(expectation.definition);
      if (!same(expected, got, run.default_offset()))
        result_.failures.push_back("expected define \"" + definition.name +
                                   "\" = " + to_cql(program_, expected, program_.types[expectation.value.value]) +
                                   ", got " + to_cql(program_, got, definition.type));
    } catch (const EvaluationError& error) {
      result_.failures.push_back("define \"" + definition.name + "\" ended in an error: " + error.diagnostic.message);
    }
  }

  static bool has_outcome(const RuleResult& result, const std::string& expected) {
    if (expected.empty() || expected == "fired") return result.outcome == RuleOutcome::kFired;
    for (const auto outcome :
         {RuleOutcome::kNotMet, RuleOutcome::kSuppressed, RuleOutcome::kUnknown, RuleOutcome::kError})
      if (name(outcome) == expected) return result.outcome == outcome;
    return result.outcome == RuleOutcome::kFired &&
           std::any_of(result.findings.begin(), result.findings.end(),
                       [&](const auto& f) { return !f.suppressed && name(f.tier) == expected; });
  }

  static std::string describe(const RuleResult& result) {
    std::string text(name(result.outcome));
    for (const auto& finding : result.findings) {
      text += finding.suppressed ? " [suppressed: " + finding.suppression_reason + "]"
                                 : " [" + std::string(name(finding.tier)) +
                                       (finding.tier_reason.empty() ? "" : " because " + finding.tier_reason) + "]";
      if (!finding.summaries.empty()) text += " " + finding.summaries[0].text;
    }
    for (const auto& missing : result.missing) text += "; missing: " + missing.what;
    if (result.error) text += "; " + result.error->message;
    return text;
  }

  void expect_rule(const ExpectationPlan& expectation, const Outcome& outcome, const Trigger& trigger) {
    const auto& info = rulebook_.rules()[expectation.rule];
    const auto wanted = expectation.outcome.empty() ? std::string("fired") : expectation.outcome;
    const auto result = std::find_if(outcome.results.begin(), outcome.results.end(),
                                     [&](const auto& r) { return r.rule == expectation.rule; });
    if (result == outcome.results.end()) {
      if (wanted == "not-met") return;
      result_.failures.push_back("expected \"" + info.name + "\" to be " + wanted + ", but it does not run on '" +
                                 trigger.hook + "'");
      return;
    }
    const auto explain = [&] {
      result_.explanation.insert(result_.explanation.end(), result->explanation.begin(), result->explanation.end());
      for (const auto& finding : result->findings)
        result_.explanation.insert(result_.explanation.end(), finding.explanation.begin(), finding.explanation.end());
    };
    if (!has_outcome(*result, wanted)) {
      result_.failures.push_back("expected \"" + info.name + "\" to be " + wanted + ", got " + describe(*result));
      explain();
      return;
    }
    const auto contains = [](const std::string& text, const std::optional<std::string>& part) {
      return !part || text.find(*part) != std::string::npos;
    };
    bool because = !expectation.because;
    bool saying = !expectation.saying;
    for (const auto& finding : result->findings) {
      because = because ||
                contains(finding.suppressed ? finding.suppression_reason : finding.tier_reason, expectation.because);
      for (const auto& text : finding.summaries) saying = saying || contains(text.text, expectation.saying);
    }
    for (const auto& missing : result->missing) because = because || contains(missing.what, expectation.because);
    saying = saying || (!result->unknown_text.empty() && contains(result->unknown_text, expectation.saying));
    if (!because)
      result_.failures.push_back("expected \"" + info.name + "\" because '" + *expectation.because + "', got " +
                                 describe(*result));
    if (!saying)
      result_.failures.push_back("expected \"" + info.name + "\" saying '" + *expectation.saying + "', got " +
                                 describe(*result));
    if (!because || !saying) explain();
  }

  const Rulebook& rulebook_;
  const Program& program_;
  const TestPlan& test_;
  Timeline timeline_;
  Temporal now_ = kDefaultNow;
  TestResult result_;
};

}  // namespace

std::vector<TestResult> run_tests(const Rulebook& rulebook, const std::string& only) {
  std::vector<TestResult> results;
  for (const auto& test : rulebook.program().tests)
    if (only.empty() || test.name.find(only) != std::string::npos) results.push_back(TestRunner(rulebook, test).run());
  return results;
}

}  // namespace vigil
