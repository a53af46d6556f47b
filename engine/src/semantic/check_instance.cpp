// SPDX-License-Identifier: Apache-2.0
// FHIR objects written in rule text, and System values as FHIR elements.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"
#include "semantic/fhir_value_maker.h"

namespace vigil::semantic {

ExprId ExpressionChecker::check_instance(const ast::InstanceExpr& e, Span span) {
  const auto named = resolve_named_type(e.type, span);
  if (!named) return none();
  if (!types_.is_fhir(*named)) {
    return check_system_instance(e, *named, span);
  }
  const auto fhir = types_.fhir_type(*named);
  if (model::type(fhir).kind == model::TypeKind::kPrimitive && e.elements.size() == 1 &&
      e.elements[0].name.text == "value")
    return check_primitive_instance(e.elements[0], *named, span);
  typed::InstanceLayout layout{fhir, {}};
  std::vector<ExprId> operands;
  bool failed = false;
  for (const auto& value : e.elements) {
    auto name = value.name.text;
    if (std::find(layout.elements.begin(), layout.elements.end(), name) != layout.elements.end()) {
      sink_.add(make_diagnostic<Code::VGL0309>(value.name.span, name));
      failed = true;
      continue;
    }
    const auto* element = model::find_element(fhir, name);
    if (element == nullptr) {
      report_no_element(*named, value.name, {}, ElementUse::kNamed);
      check(value.value);
      failed = true;
      continue;
    }
    const auto checked = instance_element(fhir, *element, value);
    failed = failed || !checked;
    layout.elements.push_back(std::move(name));
    operands.push_back(checked);
  }
  if (failed) return none();
  module_.module().instances.push_back(std::move(layout));
  return module_.add(Op::kMakeObject, *named, span, std::move(operands),
                     static_cast<uint32_t>(module_.module().instances.size() - 1));
}

/// `FHIR.string { value: 'x' }`, as FHIR's model for CQL writes a primitive.
ExprId ExpressionChecker::check_primitive_instance(const ast::NamedValue& value, TypeId of, Span span) {
  const auto fhir = types_.fhir_type(of);
  const auto system = system_type_of(types_, fhir);
  const auto checked = system ? check_as(value.value, *system) : none();
  return checked ? module_.add(Op::kToFhir, of, span, {checked}, fhir) : none();
}

/// An element of a System class; one value stands for a list of it.
ExprId ExpressionChecker::check_part(ast::ExprId value, TypeId wanted) {
  auto part = check(value);
  if (!part) return none();
  if (types_.is_list(wanted) && conversion_cost(types_, type(part), types_.element(wanted)) &&
      type(part) != model::kAny)
    part = module_.add(Op::kMakeList, wanted, module_.span(part), {convert(module_, part, types_.element(wanted))});
  return convert_or_report(part, wanted);
}

/// System classes: `Quantity { value: 5, unit: 'mg' }`. Elements that are left out are null.
ExprId ExpressionChecker::check_system_instance(const ast::InstanceExpr& e, TypeId of, Span span) {
  struct Row {
    TypeId owner;
    std::string_view name;
    TypeId type;
  };
  const Row rows[] = {{model::kQuantity, "value", model::kDecimal},
                      {model::kQuantity, "unit", model::kString},
                      {model::kRatio, "numerator", model::kQuantity},
                      {model::kRatio, "denominator", model::kQuantity},
                      {model::kCode, "code", model::kString},
                      {model::kCode, "system", model::kString},
                      {model::kCode, "version", model::kString},
                      {model::kCode, "display", model::kString},
                      {model::kConcept, "codes", types_.list(model::kCode)},
                      {model::kConcept, "display", model::kString},
                      {model::kValueSet, "id", model::kString},
                      {model::kValueSet, "version", model::kString},
                      {model::kValueSet, "name", model::kString},
                      {model::kCodeSystem, "id", model::kString},
                      {model::kCodeSystem, "version", model::kString},
                      {model::kCodeSystem, "name", model::kString}};
  std::vector<ExprId> operands;
  bool failed = false;
  for (const auto& row : rows) {
    if (row.owner != of) continue;
    auto operand = module_.null(row.type, span);
    for (const auto& value : e.elements)
      if (value.name.text == row.name) operand = check_part(value.value, row.type);
    failed = failed || !operand;
    operands.push_back(operand);
  }
  for (const auto& value : e.elements) {
    const auto known = std::any_of(std::begin(rows), std::end(rows),
                                   [&](const Row& row) { return row.owner == of && row.name == value.name.text; });
    if (known) continue;
    report_no_element(of, value.name);
    failed = true;
  }
  return failed ? none() : module_.add(Op::kMakeSystem, of, span, std::move(operands), of.value);
}

namespace {

bool is_text_element(const model::ElementInfo& element) {
  const auto types = element.type_span();
  return std::all_of(types.begin(), types.end(), [](auto t) { return model::type(t).system_kind == Kind::kString; });
}

}  // namespace

ExprId ExpressionChecker::check_element(TypeId resource, const ast::NamedValue& value) {
  const auto* element = model::find_element(types_.fhir_type(resource), value.name.text);
  if (element != nullptr) return instance_element(types_.fhir_type(resource), *element, value);
  report_no_element(resource, value.name, {}, ElementUse::kNamed);
  check(value.value);
  return none();
}

ExprId ExpressionChecker::instance_element(model::FhirTypeId owner, const model::ElementInfo& element,
                                           const ast::NamedValue& value) {
  const auto checked = check(value.value);
  if (!checked) return none();
  warn_of_code(owner, element.name, checked);
  const auto report = [&] {
    std::string wanted;
    for (const auto t : element.type_span())
      wanted += (wanted.empty() ? "" : " or ") + spoken_type(types_, types_.fhir(t));
    const bool value_set = type(checked) == model::kValueSet;
    const bool text = value_set || !is_text_element(element)
                          ? false
                          : type(checked) == model::kInteger || type(checked) == model::kDecimal;
    sink_.add(make_diagnostic<Code::VGL0303>(module_.span(checked), wanted, type_name(checked))
                  .with_hint(value_set ? "a value set is many codes: write one, such as `RxNorm '11289'`"
                             : text    ? "write a text in single quotes"
                                       : ""));
    return none();
  };
  if (!element.is_list || type(checked) == model::kAny) {
    const auto converted = to_fhir(checked, element);
    return converted ? converted : report();
  }
  // A list element takes a list selector, element by element, or one value.
  std::vector<ExprId> items;
  const auto& list = module_[checked];
  if (list.op == Op::kMakeList)
    items = list.operands;
  else if (types_.is_list(list.type))
    return types_.is_fhir(types_.element(list.type)) ? checked : report();
  else
    items.push_back(checked);
  TypeId item_type = types_.fhir(element.types[0]);
  for (auto& item : items) {
    const auto converted = to_fhir(item, element);
    if (!converted) return report();
    item = converted;
    item_type = type(converted);
  }
  return module_.add(Op::kMakeList, types_.list(item_type), module_.span(checked), std::move(items));
}

ExprId ExpressionChecker::to_fhir(ExprId value, const model::ElementInfo& element) {
  const auto from = type(value);
  const auto takes = [&](TypeId one) {
    const auto allowed = element.type_span();
    return types_.is_fhir(one) && std::any_of(allowed.begin(), allowed.end(), [&](model::FhirTypeId t) {
             return model::is_subtype(types_.fhir_type(one), t);
           });
  };
  if (types_.is_fhir(from)) return takes(from) ? value : none();
  // `medication` of another resource: one of several types, each of which the element takes.
  if (types_.is_choice(from)) {
    const auto& parts = types_[from].parts;
    return std::all_of(parts.begin(), parts.end(), takes) ? value : none();
  }
  if (types_.is_interval(from)) {
    value = convert_or_report(value, types_.interval(model::kDateTime));
    if (!value) return none();
  }
  return FhirValueMaker(module_, element).make(value);
}

}  // namespace vigil::semantic
