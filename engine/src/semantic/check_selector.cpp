// SPDX-License-Identifier: Apache-2.0
// Literals and selectors of intervals, lists, tuples, codes; texts with holes.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"
#include "values/ucum.h"

namespace vigil::semantic {

ExprId ExpressionChecker::check_literal(const ast::Literal& e, Span span) {
  using K = ast::LiteralKind;
  static constexpr TypeId kTypes[] = {model::kAny,     model::kBoolean,  model::kInteger, model::kLong,
                                      model::kDecimal, model::kString,   model::kDate,    model::kDateTime,
                                      model::kTime,    model::kQuantity, model::kRatio};
  typed::Constant constant;
  constant.type = kTypes[static_cast<size_t>(e.kind)];
  constant.literal = e;
  if (e.kind == K::kNull) return module_.null(model::kAny, span);
  for (const auto& unit : {e.unit, e.unit2})
    if (!unit.empty() && ucum::calendar_unit(unit) == ucum::Calendar::kNone && !ucum::parse(unit))
      sink_.add(make_diagnostic<Code::VGL0311>(span, unit)
                    .with_hint("it compares with the same text only; UCUM writes `mg`, `mL/min`, `mm[Hg]`"));
  return module_.constant(std::move(constant), span);
}

ExprId ExpressionChecker::check_interval(const ast::IntervalExpr& e, Span span) {
  auto low = check(e.low);
  auto high = check(e.high);
  if (!low || !high) return none();
  const auto system = [&](ExprId id) {
    const auto t = type(id);
    if (!types_.is_fhir(t)) return id;
    const auto target = system_type_of(types_, types_.fhir_type(t));
    return target ? convert(module_, id, *target) : id;
  };
  low = system(low);
  high = system(high);
  const TypeId ends[] = {type(low), type(high)};
  const auto point = common_type(types_, ends);
  if (types_.is_choice(point)) {
    sink_.add(make_diagnostic<Code::VGL0303>(module_.span(high), type_name(low), type_name(high))
                  .label(module_.span(low), "the low end is " + type_name(low)));
    return none();
  }
  warn_of_ends(low, high);
  const uint32_t closed = (e.low_closed ? 1u : 0u) | (e.high_closed ? 2u : 0u) | (point == model::kAny ? 4u : 0u);
  return module_.add(Op::kMakeInterval, types_.interval(point), span,
                     {convert(module_, low, point), convert(module_, high, point)}, closed);
}

ExprId ExpressionChecker::check_list(const ast::ListExpr& e, Span span) {
  std::vector<ExprId> elements;
  std::vector<TypeId> element_types;
  bool failed = false;
  for (const auto element : e.elements) {
    elements.push_back(check(element));
    failed = failed || !elements.back();
    if (elements.back()) element_types.push_back(type(elements.back()));
  }
  std::optional<TypeId> element;
  if (e.element_type) {
    element = resolve_type(e.element_type);
    failed = failed || !element;
  } else {
    element = common_type(types_, element_types);
  }
  if (failed) return none();
  for (auto& id : elements) {
    id = convert_or_report(id, *element);
    if (!id) return none();
  }
  return module_.add(Op::kMakeList, types_.list(*element), span, std::move(elements));
}

ExprId ExpressionChecker::check_tuple(const ast::TupleExpr& e, Span span) {
  std::vector<std::pair<std::string, TypeId>> parts;
  std::vector<std::pair<std::string, ExprId>> values;
  bool failed = false;
  for (const auto& element : e.elements) {
    const auto value = check(element.value);
    failed = failed || !value;
    const auto same =
        std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == element.name.text; });
    if (same != values.end()) {
      sink_.add(make_diagnostic<Code::VGL0309>(element.name.span, element.name.text));
      failed = true;
    }
    values.emplace_back(element.name.text, value);
    parts.emplace_back(element.name.text, value ? type(value) : model::kAny);
  }
  if (failed) return none();
  std::sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ExprId> operands;
  for (const auto& value : values) operands.push_back(value.second);
  return module_.add(Op::kMakeTuple, types_.tuple(std::move(parts)), span, std::move(operands));
}

ExprId ExpressionChecker::check_code(const ast::CodeExpr& e, Span span) {
  const auto system = names_.find_code_system(e.system);
  if (!system) {
    const auto place = e.system.empty() ? span : cover(e.system.front().span, e.system.back().span);
    if (e.system.empty() || !names_.is_broken(e.system.back().text))
      sink_.add(make_diagnostic<Code::VGL0206>(place, ast::join(e.system))
                    .with_hint(names_.suggest_code_system(ast::join(e.system))));
    return none();
  }
  typed::Constant constant;
  constant.type = model::kCode;
  constant.code = e.code;
  constant.system = system->first;
  constant.version = system->second;
  constant.display = e.display;
  return module_.constant(std::move(constant), span);
}

ExprId ExpressionChecker::check_concept(const ast::ConceptExpr& e, Span span) {
  typed::Constant constant;
  constant.type = model::kConcept;
  constant.display = e.display;
  for (const auto id : e.codes) {
    const auto code = check(id);
    if (!code) return none();
    constant.codes.push_back(module_.module().constants[module_[code].a]);
  }
  return module_.constant(std::move(constant), span);
}

bool can_show(const TypeTable& types, TypeId type) {
  if (types.is_list(type)) return can_show(types, types.element(type));
  if (types.is_choice(type))
    return std::all_of(types[type].parts.begin(), types[type].parts.end(),
                       [&](TypeId part) { return can_show(types, part); });
  if (types.is_tuple(type)) return false;
  return !types.is_interval(type) || can_show(types, types.element(type));
}

ExprId ExpressionChecker::check_template(const ast::TemplateExpr& e, Span span) {
  std::vector<ExprId> operands;
  for (size_t i = 0; i < e.texts.size(); ++i) {
    operands.push_back(module_.string(e.texts[i], span));
    if (i == e.holes.size()) break;
    const auto hole = check(e.holes[i]);
    if (!hole) return none();
    if (!can_show(types_, type(hole))) {
      sink_.add(
          make_diagnostic<Code::VGL0607>(module_.span(hole), type_name(hole)).with_hint("name one of its elements"));
      return none();
    }
    operands.push_back(hole);
  }
  return module_.add(Op::kTemplate, model::kString, span, std::move(operands));
}

}  // namespace vigil::semantic
