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

/// The nearest type that each of `candidates` converts to, or a choice of all.
TypeId common_type(TypeTable& types, std::span<const TypeId> candidates);

}  // namespace vigil::semantic
