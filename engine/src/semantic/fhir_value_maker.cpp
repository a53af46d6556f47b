// SPDX-License-Identifier: Apache-2.0
// System values as FHIR elements.
#include "semantic/fhir_value_maker.h"

namespace vigil::semantic {

using E = typed::SystemElement;

ExprId FhirValueMaker::make(ExprId value) {
  span_ = module_.span(value);
  const auto from = module_.type(value);
  if (from == model::kAny) {
    const auto wanted = module_.types().fhir(element_.types[0]);
    return module_.add(Op::kAs, wanted, span_, {value}, wanted.value);
  }
  if (from == model::kCode) return from_code(value);
  if (from == model::kString) return from_string(value);
  if (from == model::kBoolean) return primitive(value, {"boolean"});
  if (from == model::kInteger) return primitive(value, {"integer", "decimal"});
  if (from == model::kDecimal) return primitive(value, {"decimal"});
  if (from == model::kDateTime || from == model::kDate) return primitive(value, {"dateTime", "date", "instant"});
  if (from == model::kTime) return primitive(value, {"time"});
  if (from == model::kQuantity) return from_quantity(value);
  return module_.types().is_interval(from) ? from_interval(value) : ExprId{};
}

model::FhirTypeId FhirValueMaker::accepted(std::string_view name) const {
  const auto wanted = model::find_type(name);
  for (const auto t : element_.type_span())
    if (model::is_subtype(t, wanted)) return t;
  return model::kNoType;
}

ExprId FhirValueMaker::primitive(ExprId value, std::initializer_list<std::string_view> names) {
  for (const auto name : names)
    if (const auto t = accepted(name); t != model::kNoType && model::type(t).kind == model::TypeKind::kPrimitive)
      return module_.add(Op::kToFhir, module_.types().fhir(t), span_, {value}, t);
  return {};
}

ExprId FhirValueMaker::object(std::string_view name, const Parts& parts) {
  auto t = accepted(name);
  if (t == model::kNoType) t = model::find_type(name);
  typed::InstanceLayout layout{t, {}};
  std::vector<ExprId> operands;
  for (const auto& [element, value] : parts) {
    layout.elements.push_back(element);
    operands.push_back(value);
  }
  auto& instances = module_.module().instances;
  instances.push_back(std::move(layout));
  return module_.add(Op::kMakeObject, module_.types().fhir(t), span_, std::move(operands),
                     static_cast<uint32_t>(instances.size() - 1));
}

ExprId FhirValueMaker::converted(ExprId value, std::string_view fhir) {
  const auto t = model::find_type(fhir);
  return module_.add(Op::kToFhir, module_.types().fhir(t), span_, {value}, t);
}

ExprId FhirValueMaker::part(ExprId value, typed::SystemElement which, TypeId type, std::string_view fhir) {
  return converted(module_.add(Op::kSystemElement, type, span_, {value}, static_cast<uint32_t>(which)), fhir);
}

ExprId FhirValueMaker::list_of(ExprId item) {
  return module_.add(Op::kMakeList, module_.types().list(module_.type(item)), span_, {item});
}

ExprId FhirValueMaker::coding(ExprId code) {
  return object("Coding", {{"system", part(code, E::kSystem, model::kString, "uri")},
                           {"code", part(code, E::kCode, model::kString, "code")},
                           {"display", part(code, E::kDisplay, model::kString, "string")}});
}

ExprId FhirValueMaker::from_code(ExprId code) {
  if (accepted("CodeableConcept") != model::kNoType)
    return object("CodeableConcept", {{"coding", list_of(coding(code))}});
  return accepted("Coding") != model::kNoType ? coding(code) : ExprId{};
}

ExprId FhirValueMaker::from_string(ExprId text) {
  if (const auto direct = primitive(text, {"string", "uri"})) return direct;
  if (accepted("CodeableConcept") != model::kNoType)
    return object("CodeableConcept", {{"coding", list_of(object("Coding", {{"code", converted(text, "code")}}))}});
  if (accepted("Reference") != model::kNoType) return object("Reference", {{"reference", converted(text, "string")}});
  return {};
}

ExprId FhirValueMaker::from_quantity(ExprId quantity) {
  if (accepted("Quantity") == model::kNoType) return {};
  return object("Quantity", {{"value", part(quantity, E::kQuantityValue, model::kDecimal, "decimal")},
                             {"code", part(quantity, E::kQuantityUnit, model::kString, "code")},
                             {"unit", part(quantity, E::kQuantityUnit, model::kString, "string")},
                             {"system", converted(module_.string("http://unitsofmeasure.org", span_), "uri")}});
}

ExprId FhirValueMaker::from_interval(ExprId interval) {
  if (accepted("Period") == model::kNoType) return {};
  return object("Period", {{"start", part(interval, E::kLow, model::kDateTime, "dateTime")},
                           {"end", part(interval, E::kHigh, model::kDateTime, "dateTime")}});
}

}  // namespace vigil::semantic
