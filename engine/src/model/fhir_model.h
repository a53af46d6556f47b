// SPDX-License-Identifier: Apache-2.0
// The FHIR R4 (4.0.1) model: its types, their elements and the names JSON and CQL give them.
//
// Everything here is constant data (fhir_table.inc, written by scripts/generate-fhir-model) and pure functions over it:
// usable from every thread and during static initialisation. Every view and pointer returned lives for ever.
//
//   const FhirTypeId observation = find_type("Observation");
//   const JsonElement value = find_json_element(observation, "valueQuantity");
//   assert(value.element->name == "value" && value.type == find_type("Quantity"));
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <vigil/value.h>

namespace vigil::model {

/// Index of a type in the table. Types are sorted by name, so it is the same for every build of one table.
using FhirTypeId = uint16_t;
inline constexpr FhirTypeId kNoType = 0xFFFF;

/// kAbstract: Element, BackboneElement, Resource and DomainResource.
enum class TypeKind : uint8_t { kPrimitive, kComplex, kBackbone, kResource, kAbstract };

/// One element of one type. A contentReference ("Questionnaire.item.item") is of the backbone it refers to, a contained
/// resource is of type Resource, and a Reference names no targets.
struct ElementInfo {
  std::string_view name;    ///< CQL's: a choice is without its [x] ("value", "medication")
  const FhirTypeId* types;  ///< the one type, or those of the choice in the definition's order; never empty
  uint16_t type_count;
  bool is_list;    ///< max > 1
  bool is_choice;  ///< defined with [x]; JSON adds the type to the name
  std::span<const FhirTypeId> type_span() const { return {types, type_count}; }
};

/// One type. Two profiles of Quantity are types here, as they are in CQL: SimpleQuantity and MoneyQuantity. A dose's
/// quantity is a SimpleQuantity, an onset an Age: who looks for quantities asks is_subtype(id, Quantity), not equality.
struct TypeInfo {
  /// "Observation", "CodeableConcept", "string"; a backbone is named as in the CQL model information, with each part
  /// of its path capitalised: "Observation.Component", "ClaimResponse.AddItem.Detail".
  std::string_view name;
  /// CQL's primaryCodePath of a resource: what `[Condition: "x"]` compares ("code", "medication", "type"); else empty.
  /// It leads to a code, Coding or CodeableConcept, to a list of them or to a choice that has one of them. It is dotted
  /// where that is inside a backbone ("issue.code" of OperationOutcome).
  std::string_view primary_code_path;
  /// The element of type Reference that names the patient the resource is about ("subject", "patient",
  /// "beneficiary"); else empty. Patient itself has none, nor has what names patients only deeper down (Appointment).
  std::string_view patient_path;
  const ElementInfo* first_element;
  uint16_t element_count;
  FhirTypeId base;  ///< kNoType for Element and Resource only
  TypeKind kind;
  Kind system_kind;  ///< of a primitive's `.value`: kString, kBoolean, kInteger, kDecimal, kDate, kDateTime or kTime;
                     ///< else kNull
  /// Own and inherited ones, in definition order. The `value` of a primitive is not among them.
  std::span<const ElementInfo> elements() const { return {first_element, element_count}; }
};

/// How many types there are; the ids are 0 .. type_count() - 1.
size_t type_count();

/// The type of an id below type_count(); anything else is a broken precondition.
const TypeInfo& type(FhirTypeId id);

/// The type of this name, case-sensitive; kNoType if there is none.
FhirTypeId find_type(std::string_view name);

/// The element by its CQL name, inherited ones included; null if there is none, or for kNoType. A primitive element has
/// a companion of type Element with its id and extensions, named as in JSON: "_birthDate", "_valueString".
const ElementInfo* find_element(FhirTypeId id, std::string_view name);

/// Whether `derived` is `base` or derives from it: code <: string <: Element, Age <: Quantity, Observation <: Resource.
/// False if either is kNoType.
bool is_subtype(FhirTypeId derived, FhirTypeId base);

/// Whether it is a resource: a subtype of Resource, the abstract ones included.
bool is_resource(FhirTypeId id);

/// What a JSON key stands for. `type` is, for a choice, the one its key names.
struct JsonElement {
  const ElementInfo* element = nullptr;
  FhirTypeId type = kNoType;
};

/// The element of a JSON key: "valueQuantity" -> {value, Quantity}, "status" -> {status, code}. The element is null for
/// keys the type does not define, which includes "value" for a choice and "resourceType"; of "_status" it is the
/// companion of `status`.
JsonElement find_json_element(FhirTypeId id, std::string_view json_key);

/// The JSON key of an element: "valueQuantity", "status". `choice_type` is used for choices only.
std::string json_name(const ElementInfo& element, FhirTypeId choice_type);

/// Whether this names a FHIR core profile, by id or by name ("bodyweight", "observation-bodyweight", "bp"): a
/// StructureDefinition that constrains a resource, which a retrieve cannot name as a type.
bool is_profile_name(std::string_view name);

/// CQL's FHIR model information has a type for each code bound to a required value set ("AdministrativeGender",
/// "ObservationStatus"); here these elements are plainly `code`. "code" for such a name; else empty.
std::string_view enumeration_base(std::string_view name);

}  // namespace vigil::model
