// SPDX-License-Identifier: Apache-2.0
// Parts of a rule beside its condition: what it suggests, when it is active, how often it speaks, its evidence.
#include <algorithm>
#include <array>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/module_checker.h"
#include "values/ucum.h"

namespace vigil::semantic {
namespace {

/// What can be said of a rule's evidence; the 13 source attributes of a predictive or evidence-based decision support
/// intervention (45 CFR 170.315(b)(11)(iv)(A)) have a word each.
constexpr std::array<std::string_view, 22> kEvidence = {
    "cite",        "developer", "funding",    "released",  "revised", "race",      "ethnicity", "language",
    "orientation", "gender",    "sex",        "birthdate", "sdoh",    "health",    "version",   "license",
    "reviewed",    "rationale", "population", "purpose",   "author",  "identifier"};
constexpr std::array<std::string_view, 3> kEvidenceDates = {"released", "revised", "reviewed"};

/// The literal an expression is; null where it is computed.
const ast::Literal* literal_of(const ModuleBuilder& module, const typed::Module& constants, ExprId id) {
  const auto& expr = module[id];
  if (expr.op != Op::kConstant) return nullptr;
  const auto& literal = constants.constants[expr.a].literal;
  return literal.kind == ast::LiteralKind::kNull ? nullptr : &literal;
}

/// The changed elements as an object of the target's type, so that readers keep what they hold and writers know their
/// FHIR forms; none where one is wrong.
ExprId make_changes(ModuleBuilder& module, model::FhirTypeId fhir, model::TypeId type, Span span,
                    std::vector<std::pair<std::string, ExprId>> changes) {
  typed::InstanceLayout layout{fhir, {}};
  std::vector<ExprId> values;
  for (auto& [element, value] : changes) {
    if (!value) return ExprId{};
    layout.elements.push_back(std::move(element));
    values.push_back(value);
  }
  module.module().instances.push_back(std::move(layout));
  return module.add(Op::kMakeObject, type, span, std::move(values),
                    static_cast<uint32_t>(module.module().instances.size() - 1));
}

}  // namespace

void ModuleChecker::check_required_clauses(const ast::Rule& rule, typed::Rule& typed) {
  std::vector<std::string> missing;
  if (rule.hooks.empty()) missing.emplace_back("`on`");
  if (rule.sources.empty() && !rule.when) missing.emplace_back("`for` or `when`");
  if (rule.alerts.empty()) missing.emplace_back("`alert`");
  if (missing.empty()) return;
  std::string text;
  for (size_t i = 0; i < missing.size(); ++i)
    text += (i == 0 ? "" : i + 1 < missing.size() ? ", no " : " and no ") + missing[i];
  sink_.add(make_diagnostic<Code::VGL0601>(rule.name.span, rule.name.text, text + " clause"));
  typed.failed = true;
}

void ModuleChecker::check_suggestions(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  for (const auto& suggestion : rule.suggestions) {
    typed::Suggestion checked{suggestion.kind, checker.check(suggestion.label), {}};
    typed.failed = typed.failed || !checked.label;
    for (const auto& action : suggestion.actions)
      if (auto one = check_action(checker, action)) {
        check_acted_on_once(checked, *one);
        checked.actions.push_back(*one);
      } else {
        typed.failed = true;
      }
    typed.suggestions.push_back(std::move(checked));
  }
}

/// None, reported, where it acts on nothing that can be ordered or changed.
std::optional<typed::SuggestedAction> ModuleChecker::check_action(ExpressionChecker& checker,
                                                                  const ast::SuggestedAction& action) {
  const auto& types = module_.types();
  const auto target = checker.check(action.target);
  if (!target) return std::nullopt;
  const auto fail = [&](std::string seen, std::string hint) -> std::optional<typed::SuggestedAction> {
    sink_.add(make_diagnostic<Code::VGL0605>(module_.span(target), std::move(seen)).with_hint(std::move(hint)));
    return std::nullopt;
  };
  const auto type = module_.type(target);
  if (!types.is_fhir(type) || !model::is_resource(types.fhir_type(type)))
    return fail(spoken_type(types, type), "name an alias of the rule's `for`, or write a resource");
  if (module_[target].op == Op::kPatient && action.kind != ast::SuggestedAction::Kind::kUpdate)
    return fail("Patient", "name an order of the rule's `for`, or write the new resource");
  typed::SuggestedAction checked{action.kind, {}, {}};
  (action.kind == ast::SuggestedAction::Kind::kCreate ? checked.resource : checked.target) = target;
  if (action.changes.empty()) return checked;
  std::vector<std::pair<std::string, ExprId>> changes;
  for (const auto& change : action.changes) changes.emplace_back(change.name.text, checker.check_element(type, change));
  checked.resource = make_changes(module_, types.fhir_type(type), type, action.span, std::move(changes));
  return checked.resource ? std::optional(checked) : std::nullopt;
}

/// FHIR R4, 3.1.0.11.2: actions that are carried out together act on each resource at most once.
void ModuleChecker::check_acted_on_once(const typed::Suggestion& suggestion, const typed::SuggestedAction& action) {
  if (!action.target || module_[action.target].op != Op::kLocal) return;
  for (const auto& other : suggestion.actions) {
    if (!other.target || module_[other.target].op != Op::kLocal || module_[other.target].a != module_[action.target].a)
      continue;
    sink_.add(make_diagnostic<Code::VGL0613>(module_.span(action.target))
                  .label(module_.span(other.target), "acted on here already")
                  .with_hint("put all changes into one `update`"));
    return;
  }
}

void ModuleChecker::check_evidence(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  for (const auto& item : rule.evidence) {
    if (std::find(kEvidence.begin(), kEvidence.end(), item.attribute.text) == kEvidence.end()) {
      sink_.add(make_diagnostic<Code::VGL0610>(item.attribute.span, item.attribute.text)
                    .with_hint(did_you_mean(item.attribute.text, kEvidence)));
      continue;
    }
    const bool is_date =
        std::find(kEvidenceDates.begin(), kEvidenceDates.end(), item.attribute.text) != kEvidenceDates.end();
    const auto value = is_date ? checker.check_as(item.value, model::kDate) : checker.check(item.value);
    typed.failed = typed.failed || !value;
    if (value) typed.evidence.push_back({item.attribute.text, value});
  }
}

/// A reason is a text, or a code of a system of reasons.
void ModuleChecker::check_overrides(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  for (const auto& reason : rule.overrides) {
    const auto value = checker.check(reason.value);
    typed.failed = typed.failed || !value;
    typed.overrides.push_back(value);
    if (!value) continue;
    const auto type = module_.type(value);
    if (conversion_cost(module_.types(), type, model::kString) ||
        conversion_cost(module_.types(), type, model::kConcept))
      continue;
    sink_.add(make_diagnostic<Code::VGL0303>(reason.span, "a text or a code", spoken_type(module_.types(), type))
                  .with_hint("write the reason in single quotes: override 'benefit outweighs risk'"));
    typed.failed = true;
  }
}

/// Alerts compare the period with the calendar, so it must be one written out, in a unit of the calendar.
void ModuleChecker::check_once_per(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  typed.once_per = rule.once_per;
  if (!rule.once_per || !rule.once_per->period) return;
  constexpr auto kForms = "write `once per patient`, `once per encounter` or a period such as `30 days`";
  if (const auto word = checker.unknown_word(rule.once_per->period)) {
    const bool visit = word->text == "visit" || word->text == "admission" || word->text == "stay";
    sink_.add(make_diagnostic<Code::VGL0201>(word->span, word->text)
                  .with_hint(visit ? "write `once per encounter`" : kForms));
    typed.failed = true;
    return;
  }
  typed.once_period = checker.check(rule.once_per->period);
  typed.failed = typed.failed || !typed.once_period;
  if (!typed.once_period) return;
  const auto* literal = literal_of(module_, module_.module(), typed.once_period);
  const bool is_period = literal != nullptr && literal->kind == ast::LiteralKind::kQuantity &&
                         ucum::calendar_unit(literal->unit) != ucum::Calendar::kNone;
  if (is_period) return;
  const bool number = literal != nullptr && literal->kind == ast::LiteralKind::kInteger;
  const bool quantity = literal != nullptr && literal->kind == ast::LiteralKind::kQuantity;
  const auto met = quantity ? "a quantity in `" + literal->unit + "`"
                            : spoken_type(module_.types(), module_.type(typed.once_period));
  sink_.add(
      make_diagnostic<Code::VGL0303>(module_.span(typed.once_period), "a period such as `6 months`", met)
          .with_hint(number ? "write its unit: `" + literal->text + " months`, `" + literal->text + " days`" : kForms));
  typed.failed = true;
}

void ModuleChecker::check_active_period(ExpressionChecker& checker, const ast::Rule& rule, typed::Rule& typed) {
  if (rule.active_from) typed.active_from = checker.check_as(rule.active_from, model::kDate);
  if (rule.active_to) typed.active_to = checker.check_as(rule.active_to, model::kDate);
  if (!typed.active_from || !typed.active_to) return;
  const auto* from = literal_of(module_, module_.module(), typed.active_from);
  const auto* to = literal_of(module_, module_.module(), typed.active_to);
  if (from == nullptr || to == nullptr) return;
  // Both are ISO 8601, so that texts of one length are ordered as the dates are.
  const auto shared = std::min(from->text.size(), to->text.size());
  if (from->text.substr(0, shared) <= to->text.substr(0, shared)) return;
  sink_.add(make_diagnostic<Code::VGL0611>(module_.span(typed.active_to))
                .label(module_.span(typed.active_from), "it begins here")
                .with_hint("exchange the two dates"));
  typed.failed = true;
}

}  // namespace vigil::semantic
