// SPDX-License-Identifier: Apache-2.0
// FHIR values as System values (what FHIRHelpers does), and type tests.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "evaluation/run.h"

namespace vigil {

Value Run::coding_to_code(const Object& coding) {
  const auto& e = program_.elements;
  const auto text = [&](uint32_t id) {
    const auto value = element(coding, id);
    return value.kind == Kind::kString ? value.string() : std::string_view();
  };
  return Value::of(static_cast<const CodeValue*>(arena_.make<CodeValue>(
      CodeValue{text(e.code), text(e.system), text(e.version), text(e.display), coding.concept_id})));
}

/// The UCUM code before the display unit, as FHIRHelpers' ToQuantityIgnoringComparator; a comparator makes it null:
/// "<5" is not 5 (FHIR R4, Quantity.comparator).
namespace {

/// FHIR writes durations in UCUM; to CQL they are calendar durations (FHIRHelpers 4.0.1, ToCalendarUnit), so that an
/// age can be added to a date.
std::string_view calendar_unit(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::string_view> kUnits[] = {
      {"a", "year"}, {"mo", "month"},   {"wk", "week"},  {"d", "day"},
      {"h", "hour"}, {"min", "minute"}, {"s", "second"}, {"ms", "millisecond"}};
  if (unit.size() > 3) return unit;
  for (const auto& [ucum, calendar] : kUnits)
    if (unit == ucum) return calendar;
  return unit;
}

}  // namespace

Value Run::quantity_to_system(const Object& quantity) {
  const auto& e = program_.elements;
  const auto value = element(quantity, e.value);
  if (value.kind != Kind::kDecimal || !element(quantity, e.comparator).is_null()) return Value::null();
  const auto code = element(quantity, e.code);
  const auto unit = element(quantity, e.unit);
  const auto text = code.kind == Kind::kString   ? code.string()
                    : unit.kind == Kind::kString ? unit.string()
                                                 : std::string_view("1");
  return Value::of(static_cast<const Quantity*>(arena_.make<Quantity>(Quantity{value.decimal, calendar_unit(text)})));
}

Value Run::object_to_system(const Object& object, Kind kind) {
  const auto& e = program_.elements;
  const auto name = model::type(object.fhir_type).name;
  if (kind == Kind::kCode) return name == "Coding" ? coding_to_code(object) : Value::null();
  if (kind == Kind::kConcept && name == "CodeableConcept") {
    const auto codings = element(object, e.coding);
    const auto mark = scratch_.size();
    if (codings.kind == Kind::kList)
      for (const auto& coding : codings)
        if (coding.kind == Kind::kObject) scratch_.push_back(coding_to_code(*coding.object));
    const auto list = finish_list(mark);
    const auto text = element(object, e.text);
    return Value::of(static_cast<const ConceptValue*>(arena_.make<ConceptValue>(
        ConceptValue{list.elements, list.count, text.kind == Kind::kString ? text.string() : std::string_view()})));
  }
  if (kind == Kind::kQuantity) return quantity_to_system(object);
  if (kind == Kind::kRatio) {
    const auto numerator = to_system(element(object, e.numerator), Kind::kQuantity);
    const auto denominator = to_system(element(object, e.denominator), Kind::kQuantity);
    if (numerator.is_null() || denominator.is_null()) return Value::null();
    return Value::of(static_cast<const Ratio*>(arena_.make<Ratio>(Ratio{*numerator.quantity, *denominator.quantity})));
  }
  if (kind == Kind::kInterval) {
    // FHIR R4 Period: no start is unknown, no end is ongoing (an open low, a closed high end).
    const bool period = name == "Period";
    const auto low = to_system(element(object, period ? e.start : e.low), period ? Kind::kDateTime : Kind::kQuantity);
    const auto high = to_system(element(object, period ? e.end : e.high), period ? Kind::kDateTime : Kind::kQuantity);
    if (!period && low.is_null() && high.is_null()) return Value::null();
    return Value::of(static_cast<const IntervalValue*>(
        arena_.make<IntervalValue>(IntervalValue{low, high, !low.is_null() || !period, true})));
  }
  return Value::null();
}

Value Run::to_system(const Value& value, Kind kind) {
  if (value.is_null()) return value;
  const auto flags = static_cast<uint8_t>(value.flags & Value::kUndetermined);
  if (value.kind == Kind::kObject) return object_to_system(*value.object, kind).with_flags(flags);
  if (value.kind != kind) return Value::null().with_flags(flags);
  auto plain = value;
  plain.fhir_type = 0;
  return plain;
}

bool Run::is_instance(const TupleValue& tuple, const model::TypeNode& type) const {
  if (tuple.type == TupleValue::kUntyped || program_.module.types[model::TypeId{tuple.type}].names != type.names)
    return false;
  for (uint32_t i = 0; i < tuple.count; ++i)
    if (!tuple.slots[i].is_null() && !is_instance(tuple.slots[i], type.parts[i])) return false;
  return true;
}

bool Run::is_instance(const Value& value, model::TypeId type) const {
  if (value.kind == Kind::kUncertain) return is_instance(value.interval->low, type);
  const auto& types = program_.module.types;
  const auto& node = types[type];
  switch (node.shape) {
    case model::TypeShape::kChoice:
      for (const auto part : node.parts)
        if (is_instance(value, part)) return true;
      return false;
    case model::TypeShape::kFhir:
      if (value.kind == Kind::kObject) return model::is_subtype(value.object->fhir_type, node.fhir);
      return value.fhir_type != 0 && model::is_subtype(static_cast<model::FhirTypeId>(value.fhir_type - 1), node.fhir);
    case model::TypeShape::kList: {
      if (value.kind != Kind::kList) return false;
      return std::all_of(value.begin(), value.end(),
                         [&](const Value& item) { return item.is_null() || is_instance(item, node.parts[0]); });
    }
    case model::TypeShape::kInterval:
      if (value.kind != Kind::kInterval) return false;
      if (!value.interval->low.is_null()) return is_instance(value.interval->low, node.parts[0]);
      return value.interval->high.is_null() || is_instance(value.interval->high, node.parts[0]);
    case model::TypeShape::kTuple: return value.kind == Kind::kTuple && is_instance(*value.tuple, node);
    case model::TypeShape::kVariable: return false;
    case model::TypeShape::kSystem: break;
  }
  static constexpr Kind kKinds[] = {Kind::kNull,    Kind::kBoolean,    Kind::kInteger,    Kind::kLong,
                                    Kind::kDecimal, Kind::kString,     Kind::kDate,       Kind::kDateTime,
                                    Kind::kTime,    Kind::kQuantity,   Kind::kRatio,      Kind::kCode,
                                    Kind::kConcept, Kind::kVocabulary, Kind::kVocabulary, Kind::kVocabulary};
  if (type == model::kAny) return true;
  return value.kind == kKinds[type.value] && value.fhir_type == 0;
}

Value Run::evaluate_type_test(InstructionId id, const Instruction& x) {
  const auto value = evaluate(program_.operand(x, 0));
  const model::TypeId wanted{x.a};
  const auto flags = static_cast<uint8_t>(value.undetermined() ? Value::kUndetermined : 0);
  if (x.op == Op::kIs) return Value::of(!value.is_null() && is_instance(value, wanted)).with_flags(flags);
  if (value.kind == Kind::kInterval && value.interval->of_any) {  // the type says what its ends are
    auto typed = *value.interval;
    typed.of_any = false;
    return Value::of(static_cast<const IntervalValue*>(arena_.make<IntervalValue>(typed))).with_flags(value.flags);
  }
  if (value.is_null() || is_instance(value, wanted)) return value;
  if (x.op == Op::kCast)
    fail(make_diagnostic<Code::VGL0902>(program_.spans[id.value],
                                        program_.module.types.name(program_.types[program_.operand(x, 0).value]),
                                        program_.module.types.name(wanted)));
  return Value::null().with_flags(flags);
}

}  // namespace vigil
