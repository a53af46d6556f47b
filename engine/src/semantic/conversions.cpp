// SPDX-License-Identifier: Apache-2.0
// The table of implicit conversions and their application.
#include "semantic/conversions.h"

#include <algorithm>
#include <array>

namespace vigil::semantic {
namespace {

using model::TypeShape;

struct SystemConversion {
  TypeId from;
  TypeId to;
  Op op;
  uint32_t cost;
};

constexpr std::array kSystemConversions = {
    SystemConversion{model::kInteger, model::kLong, Op::kConvertIntegerToLong, 4},
    SystemConversion{model::kInteger, model::kDecimal, Op::kConvertIntegerToDecimal, 5},
    SystemConversion{model::kLong, model::kDecimal, Op::kConvertLongToDecimal, 4},
    SystemConversion{model::kDate, model::kDateTime, Op::kConvertDateToDateTime, 4},
    SystemConversion{model::kCode, model::kConcept, Op::kConvertCodeToConcept, 7},
    SystemConversion{model::kInteger, model::kQuantity, Op::kConvertIntegerToQuantity, 9},
    SystemConversion{model::kDecimal, model::kQuantity, Op::kConvertDecimalToQuantity, 8},
};

const SystemConversion* find_system(TypeId from, TypeId to) {
  const auto* at = std::find_if(kSystemConversions.begin(), kSystemConversions.end(),
                                [&](const auto& c) { return c.from == from && c.to == to; });
  return at == kSystemConversions.end() ? nullptr : at;
}

uint32_t cost(Distance distance) { return static_cast<uint32_t>(distance); }

/// The alternatives of a choice of which some could become `to`.
std::optional<uint32_t> choice_cost(TypeTable& types, TypeId from, TypeId to) {
  std::optional<uint32_t> best;
  const auto parts = types[from].parts;
  for (const auto part : parts)
    if (const auto one = conversion_cost(types, part, to)) best = std::min(best.value_or(UINT32_MAX), *one);
  if (!best) return best;
  return cost(Distance::kCast) + *best;
}

Kind kind_of(const TypeTable& types, TypeId system) {
  switch (system.value) {
    case model::kBoolean.value: return Kind::kBoolean;
    case model::kInteger.value: return Kind::kInteger;
    case model::kLong.value: return Kind::kLong;
    case model::kDecimal.value: return Kind::kDecimal;
    case model::kString.value: return Kind::kString;
    case model::kDate.value: return Kind::kDate;
    case model::kDateTime.value: return Kind::kDateTime;
    case model::kTime.value: return Kind::kTime;
    case model::kQuantity.value: return Kind::kQuantity;
    case model::kRatio.value: return Kind::kRatio;
    case model::kCode.value: return Kind::kCode;
    case model::kConcept.value: return Kind::kConcept;
    default: return types.is_interval(system) ? Kind::kInterval : Kind::kNull;
  }
}

}  // namespace

std::optional<TypeId> system_type_of(TypeTable& types, model::FhirTypeId fhir) {
  const auto& info = model::type(fhir);
  switch (info.system_kind) {
    case Kind::kBoolean: return model::kBoolean;
    case Kind::kInteger: return model::kInteger;
    case Kind::kDecimal: return model::kDecimal;
    case Kind::kString: return model::kString;
    case Kind::kDate: return model::kDate;
    case Kind::kDateTime: return model::kDateTime;
    case Kind::kTime: return model::kTime;
    default: break;
  }
  const auto is = [&](std::string_view name) { return model::is_subtype(fhir, model::find_type(name)); };
  if (is("Quantity")) return model::kQuantity;
  if (is("Coding")) return model::kCode;
  if (is("CodeableConcept")) return model::kConcept;
  if (is("Ratio")) return model::kRatio;
  if (is("Period")) return types.interval(model::kDateTime);
  if (is("Range")) return types.interval(model::kQuantity);
  return std::nullopt;
}

std::optional<uint32_t> conversion_cost(TypeTable& types, TypeId from, TypeId to) {
  if (from == to) return cost(Distance::kExact);
  if (from == model::kAny) return cost(Distance::kNull);
  if (types.is_choice(from) && !types.is_subtype(from, to)) return choice_cost(types, from, to);
  if (types.is_subtype(from, to)) return cost(Distance::kSubtype);
  if (const auto* direct = find_system(from, to)) return direct->cost;
  if (types.is_fhir(from)) {
    const auto system = system_type_of(types, types.fhir_type(from));
    if (!system) return std::nullopt;
    const auto rest = conversion_cost(types, *system, to);
    if (!rest) return std::nullopt;
    return cost(Distance::kFhir) + *rest;
  }
  if (types.is_choice(to)) {  // a conversion into one of the alternatives
    std::optional<uint32_t> best;
    const auto parts = types[to].parts;
    for (const auto part : parts)
      if (const auto one = conversion_cost(types, from, part)) best = std::min(best.value_or(UINT32_MAX), *one + 1);
    return best;
  }
  if (types.is_list(from) && types.is_list(to)) {
    const auto element = conversion_cost(types, types.element(from), types.element(to));
    if (!element) return std::nullopt;
    return cost(Distance::kComplex) + *element;
  }
  if (types.is_interval(from) && types.is_interval(to)) {
    const auto point = conversion_cost(types, types.element(from), types.element(to));
    if (!point) return std::nullopt;
    return cost(Distance::kComplex) + *point;
  }
  if (types.is_tuple(from) && types.is_tuple(to) && types[from].names == types[to].names) {
    uint32_t total = cost(Distance::kComplex);
    for (size_t i = 0; i < types[from].parts.size(); ++i) {
      const auto part = conversion_cost(types, types[from].parts[i], types[to].parts[i]);
      if (!part) return std::nullopt;
      total += *part;
    }
    return total;
  }
  return std::nullopt;
}

namespace {

/// A list's elements one by one; the conversion's operand stands in a slot of its own.
ExprId convert_list(ModuleBuilder& module, ExprId value, TypeId to) {
  // The evaluator binds the element to slot 0 of a frame of its own.
  const auto span = module.span(value);
  const auto element = module.add(Op::kLocal, module.types().element(module.type(value)), span, {}, 0);
  const auto converted = convert(module, element, module.types().element(to));
  return module.add(Op::kConvertElements, to, span, {value, converted});
}

ExprId convert_interval(ModuleBuilder& module, ExprId value, TypeId to) {
  const auto span = module.span(value);
  const auto from_point = module.types().element(module.type(value));
  const auto to_point = module.types().element(to);
  const auto element = module.add(Op::kLocal, from_point, span, {}, 0);
  const auto converted = convert(module, element, to_point);
  return module.add(Op::kConvertElements, to, span, {value, converted}, 0, 1);
}

ExprId convert_tuple(ModuleBuilder& module, ExprId value, TypeId to) {
  const auto span = module.span(value);
  const auto from_parts = module.types()[module.type(value)].parts;
  const auto to_parts = module.types()[to].parts;
  std::vector<ExprId> elements;
  for (uint32_t i = 0; i < from_parts.size(); ++i)
    elements.push_back(convert(module, module.add(Op::kTupleElement, from_parts[i], span, {value}, i), to_parts[i]));
  const auto made = module.add(Op::kMakeTuple, to, span, std::move(elements));
  const auto is_null = module.add(Op::kIsNull, model::kBoolean, span, {value});
  return module.add(Op::kIf, to, span, {is_null, module.null(to, span), made});
}

ExprId convert_choice(ModuleBuilder& module, ExprId value, TypeId to) {
  auto& types = module.types();
  const auto span = module.span(value);
  const auto parts = types[module.type(value)].parts;
  bool all_to_system = true;
  for (const auto part : parts)
    all_to_system = all_to_system && (types.is_fhir(part) || !conversion_cost(types, part, to));
  const auto kind = kind_of(types, to);
  if (all_to_system && kind != Kind::kNull && kind != Kind::kInterval && kind != Kind::kDateTime &&
      kind != Kind::kConcept && kind != Kind::kDecimal && kind != Kind::kLong)
    return module.add(Op::kToSystem, to, span, {value}, static_cast<uint32_t>(kind));
  return by_alternative(
      module, value, to, module.null(to, span),
      [&](TypeId part) { return conversion_cost(types, part, to).has_value(); },
      [&](ExprId as) { return convert(module, as, to); });
}

}  // namespace

ExprId convert(ModuleBuilder& module, ExprId value, TypeId to) {
  auto& types = module.types();
  const auto from = module.type(value);
  const auto span = module.span(value);
  if (from == to || types.is_subtype(from, to)) return value;
  if (from == model::kAny) return module.add(Op::kAs, to, span, {value}, to.value);
  if (types.is_choice(from)) return convert_choice(module, value, to);
  if (const auto* direct = find_system(from, to)) return module.add(direct->op, to, span, {value});
  if (types.is_fhir(from)) {
    const auto system = *system_type_of(types, types.fhir_type(from));
    const auto converted =
        module.add(Op::kToSystem, system, span, {value}, static_cast<uint32_t>(kind_of(types, system)));
    return convert(module, converted, to);
  }
  if (types.is_choice(to)) {
    const auto parts = types[to].parts;
    const TypeId* nearest = nullptr;
    uint32_t nearest_cost = UINT32_MAX;
    for (const auto& part : parts) {
      const auto one = conversion_cost(types, from, part);
      if (one && *one < nearest_cost) {
        nearest = &part;
        nearest_cost = *one;
      }
    }
    return convert(module, value, *nearest);
  }
  if (types.is_list(to)) return convert_list(module, value, to);
  if (types.is_interval(to)) return convert_interval(module, value, to);
  if (types.is_tuple(to)) return convert_tuple(module, value, to);
  return value;
}

TypeId common_type(TypeTable& types, std::span<const TypeId> candidates) {
  std::vector<TypeId> wanted(candidates.begin(), candidates.end());
  for (const auto type : candidates)
    if (types.is_fhir(type))
      if (const auto system = system_type_of(types, types.fhir_type(type))) wanted.push_back(*system);
  TypeId best = model::kAny;
  uint32_t best_cost = UINT32_MAX;
  for (const auto target : wanted) {
    if (target == model::kAny) continue;
    uint32_t total = 0;
    bool all = true;
    for (const auto type : candidates) {
      const auto one = conversion_cost(types, type, target);
      all = all && one && (*one < 10 || !types.is_choice(type));
      total += one.value_or(0);
    }
    if (all && total < best_cost) {
      best = target;
      best_cost = total;
    }
  }
  if (best_cost != UINT32_MAX) return best;
  const bool all_null = std::all_of(candidates.begin(), candidates.end(), [](TypeId t) { return t == model::kAny; });
  return all_null ? model::kAny : types.choice({candidates.begin(), candidates.end()});
}

}  // namespace vigil::semantic
