// SPDX-License-Identifier: Apache-2.0
// `test` declarations: facts, trigger, expectations.
#include <algorithm>
#include <array>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/hooks.h"
#include "semantic/module_checker.h"

namespace vigil::semantic {
namespace {

constexpr std::array<std::string_view, 9> kOutcomes = {"fired",     "suppressed",   "not-met", "unknown", "error",
                                                       "hard-stop", "interruptive", "passive", "silent"};

/// Whether the outcome shows an alert, so that `expect nothing` beside it cannot hold. Of a rule in `shadow` nothing is
/// shown, and `fired` may be of tier silent.
bool shows_alert(const typed::Rule& rule, std::string_view outcome) {
  if (rule.shadow) return false;
  if (outcome == "hard-stop" || outcome == "interruptive" || outcome == "passive") return true;
  const bool may_be_silent = std::any_of(rule.tiers.begin(), rule.tiers.end(), [](const auto& clause) {
    return !clause.tier || *clause.tier == typed::TierKind::kSilent;
  });
  return (outcome.empty() || outcome == "fired") && !may_be_silent;
}

std::string resource_hint(std::string_view name) {
  std::vector<std::string_view> known;
  for (size_t i = 0; i < model::type_count(); ++i)
    if (const auto& type = model::type(static_cast<model::FhirTypeId>(i)); type.kind == model::TypeKind::kResource)
      known.push_back(type.name);
  return did_you_mean(name, known);
}

std::string fact_hint(std::string_view attribute) {
  if (attribute == "birthDate" || attribute == "birthdate") return "write `born @1950-03-01`";
  if (attribute == "gender") return "write `sex 'female'`";
  if (attribute == "age" || attribute == "aged") return "write when the patient was born: `born @1950-03-01`";
  static constexpr std::string_view kFacts[] = {"born", "sex"};
  auto hint = did_you_mean(attribute, kFacts);
  return hint.empty() ? "known are `born` and `sex`" : hint;
}

}  // namespace

bool ModuleChecker::check_expected_definition(uint32_t library, const ast::TestExpectation& e,
                                              ExpressionChecker& checker, typed::Expectation& typed) {
  auto& view = *libraries_[library].view;
  const auto symbol = view.find(e.rule.text, std::nullopt, e.rule.span);
  if (symbol.kind != Symbol::Kind::kExpression || symbol.op != Op::kDefinition) {
    if (symbol.kind != Symbol::Kind::kFailed)
      sink_.add(make_diagnostic<Code::VGL0201>(e.rule.span, e.rule.text)
                    .with_hint(view.suggest_name(e.rule.text, std::nullopt, {})));
    return false;
  }
  typed.definition = symbol.index;
  const auto value = checker.check(e.value);
  if (!value) return false;
  // Equality as the author would write it: "X" = value, with null equal to null.
  typed.value = value;
  auto& types = module_.types();
  if (conversion_cost(types, module_.type(value), symbol.type)) {
    typed.value = convert(module_, value, symbol.type);
  } else if (!conversion_cost(types, symbol.type, module_.type(value))) {
    sink_.add(make_diagnostic<Code::VGL0303>(module_.span(value), spoken_type(types, symbol.type),
                                             spoken_type(types, module_.type(value)))
                  .label(module_.module().definitions[symbol.index].span, "the definition")
                  .with_hint("as it stands, the test can never pass"));
    return false;
  }
  return true;
}

bool ModuleChecker::check_expected_rule(uint32_t library, const ast::TestExpectation& e, typed::Expectation& typed) {
  const auto& rules = module_.module().rules;
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.name == e.rule.text; });
  if (found == rules.end()) {
    const bool broken = std::any_of(libraries_.begin(), libraries_.end(),
                                    [&](const auto& l) { return l.view->is_broken(e.rule.text); });
    if (broken) return false;
    std::vector<std::string_view> known;
    for (const auto& rule : rules) known.push_back(rule.name);
    const bool is_definition = libraries_[library].names.contains(e.rule.text);
    sink_.add(make_diagnostic<Code::VGL0801>(e.rule.span, e.rule.text)
                  .with_hint(is_definition
                                 ? "for the value of a definition write `expect define \"" + e.rule.text + "\" = ...`"
                                 : did_you_mean(e.rule.text, known)));
    return false;
  }
  typed.rule = static_cast<uint32_t>(found - rules.begin());
  for (uint32_t i = typed.rule; i < rules.size(); ++i)  // one of this library before a namesake
    if (rules[i].name == e.rule.text && rules[i].library == libraries_[library].name) typed.rule = i;
  return true;
}

void ModuleChecker::check_expectation(uint32_t library, const ast::Test& test, const ast::TestExpectation& e,
                                      ExpressionChecker& checker, typed::Test& typed) {
  typed::Expectation checked;
  checked.nothing = e.nothing;
  checked.span = e.span;
  checked.outcome = e.outcome;
  checked.because = e.because;
  checked.saying = e.saying;
  if (!e.outcome.empty() && std::find(kOutcomes.begin(), kOutcomes.end(), e.outcome) == kOutcomes.end()) {
    sink_.add(make_diagnostic<Code::VGL0803>(e.outcome_span, e.outcome).with_hint(did_you_mean(e.outcome, kOutcomes)));
    return;
  }
  if (e.definition) {
    if (!check_expected_definition(library, e, checker, checked)) return;
  } else if (!e.nothing) {
    if (!check_expected_rule(library, e, checked)) return;
    const bool alerts = shows_alert(module_.module().rules[checked.rule], e.outcome);
    const auto nothing = std::find_if(test.expectations.begin(), test.expectations.end(),
                                      [](const auto& other) { return other.nothing; });
    const bool of_this_library = module_.module().rules[checked.rule].library == libraries_[library].name;
    if (alerts && of_this_library && nothing != test.expectations.end())
      sink_.add(make_diagnostic<Code::VGL0804>(nothing->span, e.rule.text)
                    .label(e.span, "expects an alert")
                    .with_hint("keep the one that is meant"));
  }
  typed.expectations.push_back(std::move(checked));
}

/// A hook at which no rule runs: whatever the test expects of a rule there is no finding of it.
void ModuleChecker::check_test_hook(const ast::Test& test) {
  if (!test.hook) return;
  std::vector<std::string_view> known;
  for (const auto& rule : module_.module().rules)
    for (const auto& hook : rule.hooks) known.push_back(hook);
  const bool some_broken = std::any_of(asts_.begin(), asts_.end(), [](const auto& l) { return !l.broken.empty(); });
  if (known.empty() || some_broken || std::find(known.begin(), known.end(), test.hook->text) != known.end()) return;
  if (std::find(kHooks.begin(), kHooks.end(), test.hook->text) != kHooks.end()) return;  // that it does not run there
  auto hint = did_you_mean(test.hook->text, known);
  if (hint.empty()) hint = "rules run on '" + std::string(known.front()) + "'";
  sink_.add(make_diagnostic<Code::VGL0805>(test.hook->span, test.hook->text).with_hint(std::move(hint)));
}

void ModuleChecker::check_test_names(uint32_t library, const ast::Test& test) {
  if (test.name.text.empty()) report_empty_name(test.name);
  for (const auto& declaration : libraries_[library].ast->declarations) {
    const auto* other = std::get_if<ast::Test>(&declaration.kind);
    if (other == nullptr || other->name.text != test.name.text) continue;
    if (other != &test)
      sink_.add(make_diagnostic<Code::VGL0202>(test.name.span, test.name.text)
                    .label(other->name.span, "first declared here"));
    return;
  }
}

void ModuleChecker::check_test(uint32_t library, const ast::Test& test) {
  typed::Test typed;
  typed.library = libraries_[library].name;
  typed.name = test.name.text;
  typed.span = test.span;
  typed.hook = test.hook ? test.hook->text : "";
  check_test_names(library, test);
  check_test_hook(test);
  if (test.expectations.empty()) sink_.add(make_diagnostic<Code::VGL0802>(test.name.span, test.name.text));
  ExpressionChecker checker(module_, *libraries_[library].ast, *libraries_[library].view, sink_);
  for (const auto& fact : test.patient) {
    if (fact.attribute.text == "born")
      typed.patient.emplace_back("birthDate", checker.check_as(fact.value, model::kDate));
    else if (fact.attribute.text == "sex") {
      typed.patient.emplace_back("gender", checker.check_as(fact.value, model::kString));
      checker.warn_of_code(model::find_type("Patient"), "gender", typed.patient.back().second);
    } else
      sink_.add(make_diagnostic<Code::VGL0304>(fact.attribute.span, "the patient of a test", fact.attribute.text)
                    .with_hint(fact_hint(fact.attribute.text)));
  }
  const auto resources = [&](const std::vector<ast::ExprId>& from, std::vector<ExprId>& to) {
    for (const auto id : from) {
      const auto checked = checker.check(id);
      if (!checked) continue;
      const auto type = module_.type(checked);
      if (!module_.types().is_fhir(type) || !model::is_resource(module_.types().fhir_type(type))) {
        sink_.add(make_diagnostic<Code::VGL0303>(module_.span(checked), "a FHIR resource",
                                                 spoken_type(module_.types(), type)));
        continue;
      }
      to.push_back(checked);
    }
  };
  resources(test.given, typed.given);
  resources(test.orders, typed.orders);
  for (const auto& type : test.not_obtained) {
    const auto name = ast::join(type);
    if (model::find_type(name) == model::kNoType)
      sink_.add(make_diagnostic<Code::VGL0401>(type.front().span, name).with_hint(resource_hint(name)));
    else
      typed.not_obtained.push_back(name);
  }
  if (test.at) typed.at = checker.check_as(test.at, model::kDateTime);
  for (const auto& expectation : test.expectations) check_expectation(library, test, expectation, checker, typed);
  typed.frame_size = checker.frame_size();
  module_.module().tests.push_back(std::move(typed));
}

}  // namespace vigil::semantic
