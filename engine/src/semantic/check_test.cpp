// SPDX-License-Identifier: Apache-2.0
// `test` declarations: facts, trigger, expectations.
#include <algorithm>
#include <array>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/module_checker.h"

namespace vigil::semantic {
namespace {

constexpr std::array<std::string_view, 9> kOutcomes = {"fired",     "suppressed",   "not-met", "unknown", "error",
                                                       "hard-stop", "interruptive", "passive", "silent"};

}  // namespace

void ModuleChecker::check_expectation(uint32_t library, const ast::Test& test, const ast::TestExpectation& e,
                                      ExpressionChecker& checker, typed::Test& typed) {
  typed::Expectation checked;
  checked.nothing = e.nothing;
  checked.span = e.span;
  checked.outcome = e.outcome;
  checked.because = e.because;
  checked.saying = e.saying;
  auto& module = module_.module();
  if (!e.outcome.empty() && std::find(kOutcomes.begin(), kOutcomes.end(), e.outcome) == kOutcomes.end()) {
    sink_.add(make_diagnostic<Code::VGL0803>(e.span, e.outcome).with_hint(did_you_mean(e.outcome, kOutcomes)));
    return;
  }
  if (e.definition) {
    const auto symbol = libraries_[library].view->find(e.rule.text, std::nullopt, e.rule.span);
    if (symbol.kind != Symbol::Kind::kExpression || symbol.op != Op::kDefinition) {
      if (symbol.kind != Symbol::Kind::kFailed)
        sink_.add(make_diagnostic<Code::VGL0201>(e.rule.span, e.rule.text)
                      .with_hint(did_you_mean(e.rule.text, libraries_[library].view->all_names())));
      return;
    }
    checked.definition = symbol.index;
    const auto value = checker.check(e.value);
    if (!value) return;
    // Equality as the author would write it: "X" = value, with null equal to null.
    checked.value = value;
    if (conversion_cost(module_.types(), module_.type(value), symbol.type))
      checked.value = convert(module_, value, symbol.type);
  } else if (!e.nothing) {
    const auto found = std::find_if(module.rules.begin(), module.rules.end(),
                                    [&](const auto& rule) { return rule.name == e.rule.text; });
    if (found == module.rules.end()) {
      std::vector<std::string_view> known;
      for (const auto& rule : module.rules) known.push_back(rule.name);
      sink_.add(make_diagnostic<Code::VGL0801>(e.rule.span, e.rule.text).with_hint(did_you_mean(e.rule.text, known)));
      return;
    }
    checked.rule = static_cast<uint32_t>(found - module.rules.begin());
    for (uint32_t i = checked.rule; i < module.rules.size(); ++i)  // one of this library before a namesake
      if (module.rules[i].name == e.rule.text && module.rules[i].library == libraries_[library].name) checked.rule = i;
  }
  (void)test;
  typed.expectations.push_back(std::move(checked));
}

void ModuleChecker::check_test(uint32_t library, const ast::Test& test) {
  typed::Test typed;
  typed.library = libraries_[library].name;
  typed.name = test.name.text;
  typed.span = test.span;
  typed.hook = test.hook ? test.hook->text : "";
  if (test.expectations.empty()) sink_.add(make_diagnostic<Code::VGL0802>(test.name.span, test.name.text));
  ExpressionChecker checker(module_, *libraries_[library].ast, *libraries_[library].view, sink_);
  for (const auto& fact : test.patient) {
    if (fact.attribute.text == "born")
      typed.patient.emplace_back("birthDate", checker.check_as(fact.value, model::kDate));
    else if (fact.attribute.text == "sex")
      typed.patient.emplace_back("gender", checker.check_as(fact.value, model::kString));
    else
      sink_.add(make_diagnostic<Code::VGL0304>(fact.attribute.span, "the patient of a test", fact.attribute.text)
                    .with_hint("known are `born` and `sex`"));
  }
  const auto resources = [&](const std::vector<ast::ExprId>& from, std::vector<ExprId>& to) {
    for (const auto id : from) {
      const auto checked = checker.check(id);
      if (!checked) continue;
      const auto type = module_.type(checked);
      if (!module_.types().is_fhir(type) || !model::is_resource(module_.types().fhir_type(type))) {
        sink_.add(make_diagnostic<Code::VGL0303>(module_.span(checked), "a FHIR resource", module_.types().name(type)));
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
      sink_.add(make_diagnostic<Code::VGL0401>(type.front().span, name));
    else
      typed.not_obtained.push_back(name);
  }
  if (test.at) typed.at = checker.check_as(test.at, model::kDateTime);
  for (const auto& expectation : test.expectations) check_expectation(library, test, expectation, checker, typed);
  typed.frame_size = checker.frame_size();
  module_.module().tests.push_back(std::move(typed));
}

}  // namespace vigil::semantic
