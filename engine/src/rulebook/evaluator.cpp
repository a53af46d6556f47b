// SPDX-License-Identifier: Apache-2.0
// The public Evaluator: rules of a trigger, definitions, Booleans.
#include <algorithm>

#include <vigil/evaluate.h>

#include "alerts/rule_runner.h"
#include "evaluation/show.h"
#include "rulebook/rulebook_content.h"

namespace vigil {

struct Evaluator::Content {
  Content(const Rulebook& r, const EvaluateOptions& o) : rulebook(r), options(o), run(r.program(), o) {}
  const Rulebook& rulebook;
  EvaluateOptions options;
  Run run;
  /// The rules that a trigger of this hook concerns.
  const std::vector<uint32_t>& rules_of(const std::string& hook);

  struct HookRules {
    std::string hook;
    std::vector<uint32_t> rules;
  };
  std::vector<HookRules> by_hook;        ///< of the hooks met that name rules
  std::vector<model::FhirTypeId> types;  ///< scratch of evaluate(), kept for its memory
};

const std::vector<uint32_t>& Evaluator::Content::rules_of(const std::string& hook) {
  static const std::vector<uint32_t> kNone;
  for (const auto& known : by_hook)
    if (known.hook == hook) return known.rules;
  HookRules found{hook, {}};
  const auto& program = rulebook.program();
  for (uint32_t i = 0; i < program.rules.size(); ++i) {
    const auto& hooks = program.module.rules[i].hooks;
    if (!program.rules[i].failed && std::find(hooks.begin(), hooks.end(), hook) != hooks.end())
      found.rules.push_back(i);
  }
  // Any caller can invent hooks; those of no rule are not kept.
  return found.rules.empty() ? kNone : by_hook.emplace_back(std::move(found)).rules;
}

Evaluator::Evaluator(const Rulebook& rulebook, const EvaluateOptions& options)
    : content_(std::make_unique<Content>(rulebook, options)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;

namespace {

/// An order or allergy whose codes the knowledge base does not hold: named once, whichever rules need it.
void add_unrecognised(const Run& run, model::FhirTypeId type, std::vector<std::string>& all) {
  for (const auto& fact : run.snapshot().facts(type)) {
    const bool allergy = model::type(type).name == "AllergyIntolerance";
    if (!allergy && !(run.is_order(fact) && run.asks_for_something(fact))) continue;
    if (allergy && !run.is_active(fact).holds && !run.is_active(fact).undetermined) continue;
    const auto codes = fact.code_span();
    if (std::any_of(codes.begin(), codes.end(), [&](ConceptId id) { return run.recognises(id); })) continue;
    auto text = reference_of(run.program(), *fact.resource) + ": ";
    if (fact.unresolved_reference)
      text += "its medication is not in the data";
    else if (codes.empty())
      text += "not coded";
    else
      text += "code `" + std::string(run.snapshot().concept_info(codes[0]).code) + "` is not recognised";
    all.push_back(std::move(text));
  }
}

/// What could not be read or recognised though a rule of this trigger reads it.
std::vector<std::string> not_checked(const Run& run, const std::vector<uint32_t>& rules,
                                     std::vector<model::FhirTypeId>& types) {
  const auto& program = run.program();
  const auto& snapshot = run.snapshot();
  types.clear();
  for (const auto rule : rules)
    types.insert(types.end(), program.rules[rule].reads.begin(), program.rules[rule].reads.end());
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  std::vector<std::string> all;
  for (const auto type : types) {
    const auto name_of_type = model::type(type).name;
    if (name_of_type == "MedicationRequest" || name_of_type == "AllergyIntolerance") add_unrecognised(run, type, all);
    const auto completeness = snapshot.completeness(type);
    if (completeness == Completeness::kComplete) continue;
    all.push_back(std::string(model::type(type).name) + ": " + std::string(name(completeness)));
  }
  return all;
}

/// Orders and statements whose code leads to no ingredient, though a rule asked for one: each once.
void add_unknown_drugs(const std::vector<RuleResult>& results, std::vector<std::string>& all) {
  std::vector<std::string> orders;
  for (const auto& result : results)
    for (const auto& datum : result.missing)
      if (is_unknown_drug(datum) && std::find(orders.begin(), orders.end(), datum.reference) == orders.end())
        orders.push_back(datum.reference);
  const auto named = all;
  for (const auto& order : orders)
    if (std::none_of(named.begin(), named.end(), [&](const auto& what) { return what.starts_with(order + ":"); }))
      all.push_back(order + ": its ingredients are not known");
}

}  // namespace

Outcome Evaluator::evaluate(const Snapshot& snapshot, const Trigger& trigger, const AlertHistory& history,
                            const Temporal& now) {
  Outcome outcome;
  evaluate(snapshot, trigger, history, now, outcome);
  return outcome;
}

void Evaluator::evaluate(const Snapshot& snapshot, const Trigger& trigger, const AlertHistory&, const Temporal& now,
                         Outcome& outcome) {
  const auto& concerned = content_->rules_of(trigger.hook);
  content_->run.begin(snapshot, now, &trigger);
  RuleRunner runner(content_->run, content_->rulebook.sources(), content_->options);
  outcome.results.resize(concerned.size());
  for (size_t i = 0; i < concerned.size(); ++i) runner.evaluate(concerned[i], outcome.results[i]);
  outcome.not_checked.clear();
  if (content_->options.name_facts) outcome.not_checked = not_checked(content_->run, concerned, content_->types);
  add_unknown_drugs(outcome.results, outcome.not_checked);
  for (const auto& result : outcome.results)
    if (result.left_out > 0)
      outcome.not_checked.push_back("rule `" + content_->rulebook.rules()[result.rule].name + "`: " +
                                    std::to_string(result.left_out) + " more findings than a rule may have, left out");
}

void Evaluator::follow_timeline() { content_->run.follow_timeline(); }

std::vector<DefinitionResult> Evaluator::evaluate_definitions(const Snapshot& snapshot, const Temporal& now,
                                                              std::span<const uint32_t> which) {
  const auto& program = content_->rulebook.program();
  std::vector<uint32_t> all;
  if (which.empty()) {
    for (uint32_t i = 0; i < program.definitions.size(); ++i) all.push_back(i);
    which = all;
  }
  content_->run.begin(snapshot, now, nullptr);
  std::vector<DefinitionResult> results;
  for (const auto index : which) {
    DefinitionResult result;
    result.definition = index;
    if (program.definitions[index].failed) continue;
    content_->run.begin_part();
    try {
      const auto value = content_->run.definition(index);
      const auto type = program.module.definitions[index].type;
      result.value = to_cql(program, value, type);
      result.json = to_json(program, value, type);
      result.is_true = value.is_true();
      result.undetermined = value.undetermined();
    } catch (const EvaluationError& error) {
      result.error = error.diagnostic;
    }
    results.push_back(std::move(result));
  }
  return results;
}

void Evaluator::evaluate_booleans(const Snapshot& snapshot, const Temporal& now, std::span<const uint32_t> which,
                                  std::vector<bool>& result) {
  content_->run.begin(snapshot, now, nullptr);
  result.assign(which.size(), false);
  for (size_t i = 0; i < which.size(); ++i) {
    content_->run.begin_part();
    try {
      result[i] = content_->run.definition(which[i]).is_true();
    } catch (const EvaluationError&) {
      result[i] = false;
    }
  }
}

Outcome evaluate(const Rulebook& rulebook, const Snapshot& snapshot, const Trigger& trigger,
                 const AlertHistory& history, const Temporal& now, const EvaluateOptions& options) {
  return Evaluator(rulebook, options).evaluate(snapshot, trigger, history, now);
}

}  // namespace vigil
