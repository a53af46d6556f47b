// SPDX-License-Identifier: Apache-2.0
// Implicit conversions (CQL 1.5, author's guide "Implicit Conversions", and those FHIRHelpers declares for FHIR).
#pragma once

#include <optional>

#include "semantic/module_builder.h"

namespace vigil::semantic {

/// How far a conversion reaches; lower is nearer. The order is that of CQL 1.5, developer's guide, "Conversion
/// Precedence".
enum class Distance : uint8_t { kExact = 0, kSubtype = 1, kNull = 2, kCast = 3, kSimple = 4, kFhir = 6, kComplex = 8 };

/// The System type a FHIR type is implicitly converted to (FHIR.code → String, CodeableConcept → Concept, Period →
/// Interval<DateTime>); none where there is none.
std::optional<TypeId> system_type_of(TypeTable& types, model::FhirTypeId fhir);

/// The cost of converting a value of `from` where `to` is wanted; none where it cannot be.
std::optional<uint32_t> conversion_cost(TypeTable& types, TypeId from, TypeId to);

/// The expression converted; `conversion_cost` must have a value.
ExprId convert(ModuleBuilder& module, ExprId value, TypeId to);

/// A value of a choice by its dynamic type, as a value of `to`: for each alternative A with fits(A), `if value is A
/// then make(value as A)`; else `otherwise`.
template <class Fits, class Make>
ExprId by_alternative(ModuleBuilder& module, ExprId value, TypeId to, ExprId otherwise, Fits fits, Make make) {
  const auto span = module.span(value);
  const auto parts = module.types()[module.type(value)].parts;
  auto result = otherwise;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!fits(*part)) continue;
    const auto is = module.add(typed::Op::kIs, model::kBoolean, span, {value}, part->value);
    const auto as = module.add(typed::Op::kAs, *part, span, {value}, part->value);
    result = module.add(typed::Op::kIf, to, span, {is, make(as), result});
  }
  return result;
}

/// The nearest type that each of `candidates` converts to, or a choice of all.
TypeId common_type(TypeTable& types, std::span<const TypeId> candidates);

}  // namespace vigil::semantic
