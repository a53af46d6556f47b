// SPDX-License-Identifier: Apache-2.0
// A row that holds becomes a finding: its texts, resources, suggestions, and the key of its clinical problem.
#include <algorithm>

#include <vigil/source.h>

#include "alerts/rule_state.h"
#include "evaluation/show.h"

namespace vigil {

Finding RuleRunner::make_finding(State& state) {
  const auto& plan = state.plan;
  Finding finding;
  if (const auto reason = suppressed_because(plan)) {
    finding.suppressed = true;
    finding.suppression_reason = *reason;
  }
  set_tier(plan, finding);
  finding.severity = text_of(plan.severity);
  add_texts(plan.alerts, finding.summaries);
  for (size_t i = 0; i < plan.alerts.size(); ++i)
    finding.summaries[i].brief = brief_of(plan.alerts[i].text, finding.summaries[i].text);
  add_texts(plan.details, finding.details);
  add_suggestions(plan, finding);
  for (const auto id : plan.overrides) {
    const auto value = run_.evaluate(id);
    if (value.kind == Kind::kCode)
      finding.overrides.push_back({std::string(value.code->display.empty() ? value.code->code : value.code->display),
                                   std::string(value.code->system), std::string(value.code->code)});
    else
      finding.overrides.push_back({text_of(id), {}, {}});
  }
  for (const auto& link : plan.links)
    finding.links.push_back(
        {text_of(link.label), link.url, link.launches_app, link.is_automatic, text_of(link.app_context)});
  for (const auto id : plan.cites) {
    auto cite = text_of(id);
    if (run_.evaluate(id).is_null()) continue;
    finding.cites.push_back(std::move(cite));
  }
  add_resources(state, finding);
  finding.key = key_of(state, finding);
  if (explain_) finding.explanation = explain_clauses(plan);
  return finding;
}

/// TextVariant::brief: with the longest names that let it fit, or the shortest.
std::string RuleRunner::brief_of(InstructionId id, const std::string& text) {
  constexpr size_t kFits = 139;  // code points: CDS Hooks 2.0.1, "Card Attributes", summary
  std::string brief;
  if (text.size() <= kFits || count_code_points(text) <= kFits) return brief;
  for (const uint32_t longest : {72, 56, 40, 24}) {
    run_.cut_names(longest);
    brief = text_of(id);
    if (count_code_points(brief) <= kFits) break;
  }
  run_.cut_names(kWholeNames);
  return brief == text ? std::string() : brief;
}

void RuleRunner::add_resources(State& state, Finding& finding) {
  for (const auto& source : state.plan.rows.sources) {
    const auto& value = run_.local(source.slot);
    if (value.kind != Kind::kObject) continue;
    const auto reference = reference_of(run_.program(), *value.object);
    finding.facts.push_back(reference);
    // Two drugs ordered together are a pair: both are orders of the finding, whichever source bound them.
    const auto* fact = run_.fact_of(*value.object);
    if (source.is_order || (fact != nullptr && run_.is_order(*fact))) finding.orders.push_back(reference);
  }
  if (!names_facts_) return;
  const auto add_facts_of = [&](const Value& value) {
    for (auto& fact : state.explainer.facts_of(value))
      if (std::find(finding.facts.begin(), finding.facts.end(), fact) == finding.facts.end())
        finding.facts.push_back(std::move(fact));
  };
  for (const auto& source : state.plan.rows.sources)
    if (run_.local(source.slot).kind != Kind::kObject) add_facts_of(run_.local(source.slot));
  for (const auto& let : state.plan.rows.lets) add_facts_of(run_.local(let.slot));
  if (state.plan.rows.sources.empty() && state.plan.rows.where)  // then it rests on what its condition read
    state.explainer.add_facts_read(state.plan.rows.where, finding.facts);
}

void RuleRunner::add_suggestions(const RulePlan& plan, Finding& finding) {
  const auto& program = run_.program();
  for (const auto& planned : plan.suggestions) {
    // Actions are carried out together or not at all: one on nothing leaves no suggestion.
    const bool has_targets = std::all_of(planned.actions.begin(), planned.actions.end(), [&](const auto& one) {
      return !one.target || run_.evaluate(one.target).kind == Kind::kObject;
    });
    if (!has_targets) continue;
    Suggestion suggestion{planned.kind, text_of(planned.label), {}};
    for (const auto& one : planned.actions) {
      SuggestedAction action{one.kind, {}, {}};
      if (one.target) action.resource = reference_of(program, *run_.evaluate(one.target).object);
      if (one.resource)
        action.resource_json = to_json(program, run_.evaluate(one.resource), program.types[one.resource.value]);
      suggestion.actions.push_back(std::move(action));
    }
    finding.suggestions.push_back(std::move(suggestion));
  }
}

/// What a resource is about: a drug's ingredients, else its codes, else itself.
std::string RuleRunner::identity_of(const Object& resource) const {
  const auto* fact = run_.fact_of(resource);
  if (fact == nullptr) return reference_of(run_.program(), resource);
  std::vector<ConceptId> ids;
  for (const auto code : fact->code_span()) {
    const auto ingredients = run_.knowledge().related(Relation::kIngredient, code);
    ids.insert(ids.end(), ingredients.begin(), ingredients.end());
  }
  if (ids.empty()) ids.assign(fact->codes, fact->codes + fact->code_count);
  if (ids.empty()) return reference_of(run_.program(), resource);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::string text;
  for (const auto id : ids) {
    const auto info = run_.snapshot().concept_info(id);
    text += (text.empty() ? "" : "+") + std::string(info.code);
  }
  return text;
}

/// Findings of one key are one clinical problem: the same category, orders and pair of drugs (or drug and allergen),
/// whichever rule found it and in whichever direction. A finding about one resource belongs to its rule alone.
std::string RuleRunner::key_of(const State& state, const Finding& finding) {
  std::string key = state.typed.category;
  if (!state.plan.group_by.empty()) {
    key += "|" + state.typed.name;
    for (const auto id : state.plan.group_by) key += "|" + text_of(id);
    return key;
  }
  std::vector<std::string> parts;
  for (const auto& source : state.plan.rows.sources) {
    const auto& value = run_.local(source.slot);
    if (value.kind == Kind::kObject && model::is_resource(value.object->fhir_type))
      parts.push_back(identity_of(*value.object));
  }
  // Rows of no resource are told apart by what they hold: tuples by the resources they name. Beside resources, as in a
  // join with a table, other values say how they were found.
  if (parts.empty())
    for (const auto& source : state.plan.rows.sources)
      key += "|" + to_cql(run_.program(), run_.local(source.slot), model::kAny);
  if (parts.size() < 2) key += "|" + state.typed.library + "." + state.typed.name;
  std::sort(parts.begin(), parts.end());
  auto orders = finding.orders;
  std::sort(orders.begin(), orders.end());
  for (const auto& order : orders) key += "|" + order;
  for (const auto& part : parts) key += "|" + part;
  return key;
}

}  // namespace vigil
