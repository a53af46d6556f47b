// SPDX-License-Identifier: Apache-2.0
// The static types of expressions: System types, FHIR types, and what is built from them; interned, so equal is same
// id.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/value.h>

#include "model/fhir_model.h"

namespace vigil::model {

/// A type of a TypeTable. The System types have fixed ids (see kAny …).
struct TypeId {
  uint32_t value = 0;
  bool operator==(const TypeId&) const = default;
  auto operator<=>(const TypeId&) const = default;
};

inline constexpr TypeId kAny{0}, kBoolean{1}, kInteger{2}, kLong{3}, kDecimal{4}, kString{5}, kDate{6}, kDateTime{7},
    kTime{8}, kQuantity{9}, kRatio{10}, kCode{11}, kConcept{12}, kValueSet{13}, kCodeSystem{14}, kVocabulary{15};
inline constexpr uint32_t kSystemTypeCount = 16;

/// What a type is made of. kSystem types are told apart by id; kVariable occurs in operator signatures only.
enum class TypeShape : uint8_t { kSystem, kFhir, kList, kInterval, kTuple, kChoice, kVariable };

struct TypeNode {
  TypeShape shape = TypeShape::kSystem;
  FhirTypeId fhir = kNoType;
  std::vector<TypeId> parts;       ///< element, point, tuple elements' types, choices (sorted)
  std::vector<std::string> names;  ///< of tuple elements, sorted
  auto operator<=>(const TypeNode&) const = default;
};

/// Interns types. Ids of one table mean nothing in another. Not thread-safe while interning.
class TypeTable {
 public:
  TypeTable();

  TypeId fhir(FhirTypeId type);
  TypeId list(TypeId element);
  TypeId interval(TypeId point);
  /// Elements in any order; slot i of a tuple value is the i-th by name.
  TypeId tuple(std::vector<std::pair<std::string, TypeId>> elements);
  /// Flattens nested choices, removes repeats; a choice of one is that one.
  TypeId choice(std::vector<TypeId> choices);
  TypeId variable(char name);

  const TypeNode& operator[](TypeId id) const { return nodes_[id.value]; }
  bool is_list(TypeId id) const { return nodes_[id.value].shape == TypeShape::kList; }
  bool is_interval(TypeId id) const { return nodes_[id.value].shape == TypeShape::kInterval; }
  bool is_tuple(TypeId id) const { return nodes_[id.value].shape == TypeShape::kTuple; }
  bool is_choice(TypeId id) const { return nodes_[id.value].shape == TypeShape::kChoice; }
  bool is_fhir(TypeId id) const { return nodes_[id.value].shape == TypeShape::kFhir; }
  /// Of a list or interval.
  TypeId element(TypeId id) const { return nodes_[id.value].parts[0]; }
  FhirTypeId fhir_type(TypeId id) const { return nodes_[id.value].fhir; }

  /// "Integer", "FHIR.Observation", "List<FHIR.Coding>", "Choice<Integer, String>", "Tuple { a Integer }".
  std::string name(TypeId id) const;
  /// A System type by name without "System."; none if unknown.
  static const TypeId* find_system(std::string_view name);
  /// Whether each value of `derived` is one of `base` without conversion (CQL 1.5, Subtyping): reflexive; FHIR
  /// inheritance; lists, intervals and tuples by their parts; a type and a choice that holds it.
  bool is_subtype(TypeId derived, TypeId base) const;

 private:
  bool is_before(TypeId a, TypeId b) const;
  TypeId intern(TypeNode node);
  std::vector<TypeNode> nodes_;
  std::map<TypeNode, TypeId> ids_;
};

}  // namespace vigil::model
