// SPDX-License-Identifier: Apache-2.0
// Elements of objects, tuples and System classes; selectors; the patient.
#include "diagnostics/catalogue.h"
#include "evaluation/equality.h"
#include "evaluation/run.h"
#include "evaluation/show.h"

namespace vigil {

Value Run::evaluate_patient() {
  const auto* patient = snapshot_->patient();
  const auto completeness = snapshot_->completeness(model::find_type("Patient"));
  const uint8_t flags = completeness == Completeness::kComplete ? uint8_t{0} : uint8_t{Value::kUndetermined};
  return patient == nullptr ? Value::null().with_flags(Value::kUndetermined)
                            : Value::of(patient->resource).with_flags(flags);
}

bool Run::has_element(const Object& object, uint32_t element) const {
  return model::find_element(object.fhir_type, program_.module.element_names[element]) != nullptr;
}

Value Run::evaluate_property(const Instruction& x) {
  const auto source = evaluate(program_.operand(x, 0));
  if (source.kind != Kind::kObject) return Value::null().with_flags(source.flags);
  return element(*source.object, x.a).with_flags(source.flags & Value::kUndetermined);
}

Value Run::evaluate_traverse(const Instruction& x) {
  const auto list = evaluate(program_.operand(x, 0));
  if (list.kind != Kind::kList) return Value::null().with_flags(list.flags);
  const auto mark = scratch_.size();
  const auto maybe_mark = maybe_.size();
  for (uint32_t i = 0; i < list.count + list.possible(); ++i) {
    const auto& item = list.elements[i];
    auto& to = i < list.count ? scratch_ : maybe_;
    if (item.kind != Kind::kObject) continue;
    const auto value = element(*item.object, x.a);
    if (value.kind == Kind::kList) {
      for (const auto& inner : value) to.push_back(inner.with_flags(item.flags));
    } else if (!value.is_null()) {
      to.push_back(value.with_flags(item.flags));
    } else {
      maybe_.push_back(value);  // no element to CQL, but a missing one may be anything
    }
  }
  const auto flags = static_cast<uint8_t>((list.is_open() ? Value::kUndetermined | Value::kOpen : 0) |
                                          (list.flags & Value::kUndeterminedElements));
  return finish_list(mark, maybe_mark, flags);
}

Value Run::evaluate_system_element(const Instruction& x) {
  const auto v = evaluate(program_.operand(x, 0));
  using E = typed::SystemElement;
  const auto text = [](std::string_view t) { return t.empty() ? Value::null() : Value::of(t); };
  const auto value = [&]() -> Value {
    if (v.is_null()) return v;
    switch (static_cast<E>(x.a)) {
      case E::kQuantityValue: return Value::of(v.quantity->value);
      case E::kQuantityUnit: return text(v.quantity->unit);
      case E::kCode: return text(v.code->code);
      case E::kSystem: return text(v.code->system);
      case E::kVersion: return text(v.code->version);
      case E::kDisplay: return text(v.code->display);
      case E::kConceptCodes: return Value::of(v.concept_value->codes, v.concept_value->count);
      case E::kConceptDisplay: return text(v.concept_value->display);
      case E::kLow: return v.interval->low;
      case E::kHigh: return v.interval->high;
      case E::kLowClosed: return Value::of(v.interval->low_closed);
      case E::kHighClosed: return Value::of(v.interval->high_closed);
      case E::kNumerator: return Value::of(&v.ratio->numerator);
      case E::kDenominator: return Value::of(&v.ratio->denominator);
    }
    return Value::null();
  }();
  return value.with_flags(v.flags & Value::kUndetermined);
}

Value Run::evaluate_make_list(const Instruction& x) {
  const auto mark = scratch_.size();
  uint8_t flags = 0;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto value = evaluate(program_.operand(x, i));
    if (value.undetermined()) flags = Value::kUndeterminedElements;
    scratch_.push_back(value);
  }
  return finish_list(mark, flags);
}

Value Run::evaluate_make_tuple(InstructionId id, const Instruction& x) {
  const auto mark = scratch_.size();
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto value = evaluate(program_.operand(x, i));
    scratch_.push_back(value);
  }
  const auto list = finish_list(mark);
  return Value::of(static_cast<const TupleValue*>(
      arena_.make<TupleValue>(TupleValue{list.elements, list.count, program_.types[id.value].value})));
}

Value Run::evaluate_make_interval(InstructionId id, const Instruction& x) {
  // An end that is known within a range only is not known.
  const auto point = [](const Value& v) { return v.kind == Kind::kUncertain ? Value().with_flags(v.flags) : v; };
  const auto low = point(evaluate(program_.operand(x, 0)));
  const auto high = point(evaluate(program_.operand(x, 1)));
  const bool low_closed = (x.a & 1u) != 0;
  const bool high_closed = (x.a & 2u) != 0;
  if (!low.is_null() && !high.is_null()) {
    const auto compared = order(low, high, default_offset());
    const bool empty = compared == Comparison::kEqual && !(low_closed && high_closed);
    if (compared == Comparison::kGreater || empty)
      fail(make_diagnostic<Code::VGL0906>(program_.spans[id.value])
               .with_hint("its ends are " + to_cql(program_, low, model::kAny) + " and " +
                          to_cql(program_, high, model::kAny)));
  }
  const auto flags = static_cast<uint8_t>(low.undetermined() || high.undetermined() ? Value::kUndetermined : 0);
  return Value::of(static_cast<const IntervalValue*>(
                       arena_.make<IntervalValue>(IntervalValue{low, high, low_closed, high_closed, (x.a & 4u) != 0})))
      .with_flags(flags);
}

Value Run::evaluate_make_object(const Instruction& x) {
  const auto& plan = program_.instances[x.a];
  auto* object = arena_.make<Object>();
  object->fhir_type = plan.fhir_type;
  if (plan.type == nullptr) return Value::of(static_cast<const Object*>(object));
  auto* slots = arena_.array<Value>(plan.type->slot_count);
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto value = evaluate(program_.operand(x, i));
    if (plan.slots[i] != PlannedType::kNoSlot) slots[plan.slots[i]] = value;
  }
  object->slot_count = plan.type->slot_count;
  object->slots = slots;
  if (plan.type->system_slot != PlannedType::kNoSlot && plan.type->code_slot != PlannedType::kNoSlot) {
    const auto& code = slots[plan.type->code_slot];
    const auto& system = slots[plan.type->system_slot];
    if (code.kind == Kind::kString && system.kind == Kind::kString)
      object->concept_id = knowledge().find_concept(system.string(), code.string());
  }
  return Value::of(static_cast<const Object*>(object));
}

Value Run::evaluate_to_fhir(const Instruction& x) {
  auto value = evaluate(program_.operand(x, 0));
  if (value.is_null()) return value;
  const auto wanted = model::type(static_cast<model::FhirTypeId>(x.a)).system_kind;
  if (value.kind == Kind::kInteger && wanted == Kind::kDecimal)
    value = Value::of(decimal_from_int64(value.integer)).with_flags(value.flags);
  if (value.kind == Kind::kDate && wanted == Kind::kDateTime)
    value = Value::of(Kind::kDateTime, value.temporal).with_flags(value.flags);
  if (value.kind == Kind::kDateTime && wanted == Kind::kDate)
    value = Value::of(Kind::kDate, date_from(value.temporal)).with_flags(value.flags);
  value.fhir_type = static_cast<uint16_t>(x.a + 1);
  return value;
}

Value Run::evaluate_convert_elements(const Instruction& x) {
  const auto source = evaluate(program_.operand(x, 0));
  if (source.is_null()) return source;
  const Frame frame(*this, 1);
  const auto conversion = program_.operand(x, 1);
  if (source.kind == Kind::kInterval) {
    auto converted = *source.interval;
    local(0) = source.interval->low;
    converted.low = evaluate(conversion);
    local(0) = source.interval->high;
    converted.high = evaluate(conversion);
    return Value::of(static_cast<const IntervalValue*>(arena_.make<IntervalValue>(converted))).with_flags(source.flags);
  }
  const auto mark = scratch_.size();
  for (const auto& item : source) {
    local(0) = item;
    const auto value = evaluate(conversion).with_flags(item.flags);
    scratch_.push_back(value);
  }
  return finish_list(mark, source.flags);
}

Value Run::evaluate_table(const Instruction& x) {
  const auto& table = program_.tables[x.a];
  const auto mark = scratch_.size();
  for (const auto* row : table.rows) scratch_.push_back(Value::of(row));
  return finish_list(mark);
}

Value Run::evaluate_template(const Instruction& x) {
  const auto mark = text_.size();  // a template may stand in another's part
  uint8_t flags = 0;
  for (uint32_t i = 0; i < x.operand_count; ++i) {
    const auto value = evaluate(program_.operand(x, i));
    if (i % 2 == 0)
      text_ += value.string();
    else
      append_plain(text_, program_, *snapshot_, value, longest_name_);
    if (value.undetermined()) flags = Value::kUndetermined;
  }
  const auto text = make_text(std::string_view(text_).substr(mark));
  text_.resize(mark);
  return text.with_flags(flags);
}

}  // namespace vigil
