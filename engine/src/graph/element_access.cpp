// SPDX-License-Identifier: Apache-2.0
// Collects element reads from typed expressions.
#include "graph/element_access.h"

#include <algorithm>

#include "semantic/conversions.h"
#include "semantic/typed_walk.h"

namespace vigil::graph {

using model::TypeId;
using typed::Op;

namespace {

/// Visits the type or, of an abstract one such as FHIR.Resource, each type that a value of it can have.
template <class Visit>
void for_each_concrete(model::FhirTypeId type, Visit visit) {
  if (model::type(type).kind != model::TypeKind::kAbstract) return visit(type);
  for (size_t i = 0; i < model::type_count(); ++i) {
    const auto derived = static_cast<model::FhirTypeId>(i);
    if (model::is_subtype(derived, type) && model::type(derived).kind != model::TypeKind::kAbstract) visit(derived);
  }
}

}  // namespace

void ElementAccess::add(model::FhirTypeId type, std::string_view element) {
  elements_.emplace(type, std::string(element));
}

void ElementAccess::add_property(TypeId source, std::string_view element) {
  const auto& node = module_.types[source];
  if (node.shape == model::TypeShape::kFhir) add(node.fhir, element);
  for (const auto part : node.parts) add_property(part, element);  // choices; lists through their elements
}

void ElementAccess::add_whole(TypeId type) {
  const auto& node = module_.types[type];
  for (const auto part : node.parts) add_whole(part);
  if (node.shape == model::TypeShape::kFhir) add_whole_fhir(node.fhir);
  // It may be of any type.
  if (type == model::kAny || (node.shape == model::TypeShape::kFhir && node.fhir == model::find_type("Element")))
    for (size_t i = 0; i < model::type_count(); ++i)
      if (const auto kind = model::type(static_cast<model::FhirTypeId>(i)).kind;
          kind == model::TypeKind::kComplex || kind == model::TypeKind::kBackbone)
        add_whole_fhir(static_cast<model::FhirTypeId>(i));
}

void ElementAccess::add_whole_fhir(model::FhirTypeId type) {
  if (!whole_.insert(type).second) return;
  // A resource is told apart by its id: a snapshot holds each id once.
  if (model::is_resource(type)) return add(type, "id");
  for (const auto& element : model::type(type).elements()) {
    if (element.name == "id" || element.name == "extension" || element.name == "modifierExtension") continue;
    add(type, element.name);
    for (const auto inner : element.type_span())
      if (model::type(inner).kind != model::TypeKind::kPrimitive) add_whole_fhir(inner);
  }
}

void ElementAccess::add_display(TypeId type) {
  const auto& node = module_.types[type];
  for (const auto part : node.parts) add_display(part);
  if (node.shape != model::TypeShape::kFhir) return;
  const auto name = model::type(node.fhir).name;
  const auto all = [&](std::initializer_list<std::string_view> names) {
    for (const auto n : names) add(node.fhir, n);
  };
  if (name == "CodeableConcept") {
    all({"text", "coding"});
    add(model::find_type("Coding"), "display");
    add(model::find_type("Coding"), "code");
    add(model::find_type("Coding"), "system");
  } else if (name == "Coding") {
    all({"display", "code", "system"});
  } else if (name == "Reference") {
    all({"display", "reference"});
    add_medication();
  } else if (model::is_resource(node.fhir)) {
    for_each_concrete(node.fhir, [&](model::FhirTypeId resource) { add_display_of(resource); });
  } else {
    add_conversion(type);
    for (const auto n : {"text", "value"})
      if (model::find_element(node.fhir, n) != nullptr && model::type(node.fhir).kind != model::TypeKind::kPrimitive)
        add(node.fhir, n);
  }
}

/// A resource is shown by its main code.
void ElementAccess::add_display_of(model::FhirTypeId resource) {
  add(resource, "id");
  const auto& path = model::type(resource).primary_code_path;
  if (path.empty() || model::find_element(resource, path) == nullptr) return;
  add_coded(resource, path);
  add(model::find_type("CodeableConcept"), "text");
  add(model::find_type("Coding"), "display");
  add(model::find_type("Reference"), "display");
}

/// What the conversion of a FHIR data type to its System type reads.
void ElementAccess::add_conversion(TypeId source) {
  const auto& node = module_.types[source];
  for (const auto part : node.parts) add_conversion(part);
  if (node.shape != model::TypeShape::kFhir) return;
  const auto is = [&](std::string_view name) { return model::is_subtype(node.fhir, model::find_type(name)); };
  const auto all = [&](std::string_view type, std::initializer_list<std::string_view> names) {
    for (const auto n : names) add(model::find_type(type), n);
  };
  if (is("CodeableConcept")) {
    all("CodeableConcept", {"coding", "text"});
    all("Coding", {"system", "version", "code", "display"});
  }
  if (is("Coding")) all("Coding", {"system", "version", "code", "display"});
  if (is("Quantity") || is("Range") || is("Ratio")) all("Quantity", {"value", "unit", "code", "system", "comparator"});
  if (is("Range")) all("Range", {"low", "high"});
  if (is("Ratio")) all("Ratio", {"numerator", "denominator"});
  if (is("Period")) all("Period", {"start", "end"});
}

/// What comparing a resource's code reads, references to a Medication followed.
void ElementAccess::add_coded(model::FhirTypeId resource, std::string_view path) {
  const auto* element = model::find_element(resource, path);
  if (element == nullptr) return;
  add(resource, path);
  for (const auto t : element->type_span()) {
    const auto name = model::type(t).name;
    if (name == "CodeableConcept" || name == "Coding") {
      add(model::find_type("CodeableConcept"), "coding");
      add(model::find_type("Coding"), "system");
      add(model::find_type("Coding"), "code");
    } else if (name == "Reference") {
      add(t, "reference");
      add_medication();
    }
  }
}

/// What a reference to a Medication leads to.
void ElementAccess::add_medication() {
  const auto medication = model::find_type("Medication");
  add(medication, "code");
  add(medication, "id");
  roots_.insert(medication);
  add_codes_of_concepts();
}

/// What Vigil's own functions on resources read; `argument` a resource, a list of them, or a choice of several types.
void ElementAccess::add_resource_function(Op op, TypeId argument) {
  const auto& node = module_.types[argument];
  for (const auto part : node.parts) add_resource_function(op, part);
  if (node.shape != model::TypeShape::kFhir) return;
  for_each_concrete(node.fhir, [&](model::FhirTypeId resource) { add_resource_function(op, resource); });
}

void ElementAccess::add_resource_function(Op op, model::FhirTypeId resource) {
  const auto& info = model::type(resource);
  if (!info.primary_code_path.empty()) add_coded(resource, info.primary_code_path);
  const auto if_there = [&](std::string_view element) {
    if (model::find_element(resource, element) != nullptr) add(resource, element);
  };
  switch (op) {
    case Op::kIsActive:
    case Op::kIsCurrent:
      for (const auto e : {"status", "clinicalStatus", "verificationStatus", "doNotPerform"}) if_there(e);
      add_codes_of_concepts();
      break;
    case Op::kIsSevere:
      for (const auto e : {"criticality", "reaction"}) if_there(e);
      add(model::find_type("AllergyIntolerance.Reaction"), "severity");
      break;
    case Op::kAllergyMatch:
      for (const auto e : {"code", "reaction", "verificationStatus", "type"})
        add(model::find_type("AllergyIntolerance"), e);
      add(model::find_type("AllergyIntolerance.Reaction"), "substance");
      add_coded(model::find_type("AllergyIntolerance"), "code");
      break;
    case Op::kLatest:
    case Op::kLatestWithin:
      for (const auto e : {"effective", "issued", "status"}) if_there(e);
      add(model::find_type("Period"), "start");
      add(model::find_type("Period"), "end");
      add_values(resource);
      break;
    case Op::kIsTopical:
    case Op::kRoutes:
      for (const auto e : {"dosageInstruction", "dosage"}) if_there(e);
      for (const auto type : {"Dosage", "MedicationAdministration.Dosage"}) add(model::find_type(type), "route");
      add_codes_of_concepts();
      break;
    default: break;
  }
}

/// What comparing the values of two observations reads.
void ElementAccess::add_values(model::FhirTypeId resource) {
  const auto* const value = model::find_element(resource, "value");
  if (value == nullptr) return;
  add(resource, "value");
  for (const auto t : value->type_span())
    if (model::type(t).kind != model::TypeKind::kPrimitive) add_whole_fhir(t);
}

void ElementAccess::add_codes_of_concepts() {
  add(model::find_type("CodeableConcept"), "coding");
  add(model::find_type("Coding"), "system");
  add(model::find_type("Coding"), "code");
}

void ElementAccess::add_retrieve(const typed::Retrieve& retrieve) {
  roots_.insert(retrieve.type);
  add(retrieve.type, "id");
  if (const auto path = model::type(retrieve.type).patient_path; !path.empty()) {
    add(retrieve.type, path);
    add(model::find_type("Reference"), "reference");
  }
  if (!retrieve.code_path.empty()) add_coded(retrieve.type, retrieve.code_path);
  // A drug or allergy that nothing recognises is named where it is asked for or in force, whatever the rule asks for.
  if (model::find_element(retrieve.type, "doNotPerform") != nullptr) add(retrieve.type, "doNotPerform");
  const bool is_allergy = model::type(retrieve.type).name == "AllergyIntolerance";
  if (retrieve.scope == ast::RetrieveScope::kPlain && !is_allergy) return;
  for (const auto e : {"status", "clinicalStatus", "verificationStatus", "priorPrescription", "replaces"})
    if (model::find_element(retrieve.type, e) != nullptr) add(retrieve.type, e);
  if (const auto path = model::type(retrieve.type).primary_code_path; !path.empty()) add_coded(retrieve.type, path);
  add_codes_of_concepts();
  add(model::find_type("Reference"), "reference");
}

void ElementAccess::add_one(const typed::Expr& expr) {
  const auto operand_type = [&](size_t i) { return module_[expr.operands[i]].type; };
  switch (expr.op) {
    case Op::kProperty:
    case Op::kTraverseProperty: add_property(operand_type(0), module_.element_names[expr.a]); break;
    case Op::kToSystem: add_conversion(operand_type(0)); break;
    case Op::kIs:
    case Op::kAs:
    case Op::kCast: {
      // What a resource contains is kept where its type is named.
      const auto& named = module_.types[TypeId{expr.a}];
      if (named.shape == model::TypeShape::kFhir && model::is_resource(named.fhir)) roots_.insert(named.fhir);
      break;
    }
    case Op::kPatient:
      roots_.insert(model::find_type("Patient"));
      add(model::find_type("Patient"), "id");
      break;
    case Op::kRetrieve: add_retrieve(module_.retrieves[expr.a]); break;
    case Op::kEqual:
    case Op::kEquivalent:
    case Op::kDistinct:
    case Op::kUnion:
    case Op::kIntersect:
    case Op::kExcept:
    case Op::kInList:
    case Op::kContainsElement:
    case Op::kIncludesList:
    case Op::kIncludedInList:
    case Op::kProperlyIncludesList:
    case Op::kProperlyIncludedInList:
    case Op::kProperlyContainsElement:
    case Op::kProperlyInList:
    case Op::kIndexOf:
    case Op::kMode:
      for (size_t i = 0; i < expr.operands.size(); ++i) add_whole(operand_type(i));
      break;
    case Op::kInValueSet:
      if (module_.types.is_fhir(operand_type(0)) || module_.types.is_list(operand_type(0))) add_codes_of_concepts();
      break;
    case Op::kTemplate:
      for (size_t i = 1; i < expr.operands.size(); i += 2) add_display(operand_type(i));
      break;
    case Op::kQuery: {
      const auto& query = module_.queries[expr.a];
      if (query.distinct && query.result) add_whole(module_[query.result].type);
      if (query.aggregate && query.aggregate->distinct)
        for (const auto& source : query.sources) add_whole(source.element);
      break;
    }
    case Op::kCodes:
    case Op::kIngredients:
    case Op::kClasses:
    case Op::kIsA:
    case Op::kRoutes:
    case Op::kIsTopical:
    case Op::kLatest:
    case Op::kLatestWithin:
    case Op::kAllergyMatch:
    case Op::kIsActive:
    case Op::kIsCurrent:
    case Op::kIsSevere:
      for (size_t i = 0; i < expr.operands.size(); ++i) add_resource_function(expr.op, operand_type(i));
      break;
    default: break;
  }
}

void ElementAccess::add_expression(typed::ExprId root) {
  typed::for_each_below(module_, root, [&](typed::ExprId id) { add_one(module_[id]); });
}

void ElementAccess::add_instances(typed::ExprId root) {
  typed::for_each_below(module_, root, [&](typed::ExprId id) {
    if (module_[id].op != Op::kMakeObject) return;
    const auto& layout = module_.instances[module_[id].a];
    for (const auto& element : layout.elements) add(layout.type, element);
    roots_.insert(layout.type);
  });
}

void ElementAccess::add_copied(typed::ExprId root) {
  typed::for_each_below(module_, root, [&](typed::ExprId id) {
    if (module_[id].op != Op::kMakeObject) return;
    for (const auto operand : module_[id].operands) add_whole(module_[operand].type);
  });
}

std::vector<const model::ElementInfo*> ElementAccess::elements_of(model::FhirTypeId type) const {
  std::vector<const model::ElementInfo*> found;
  for (const auto& element : model::type(type).elements()) {
    for (auto base = type; base != model::kNoType; base = model::type(base).base) {
      if (!elements_.contains({base, std::string(element.name)})) continue;
      found.push_back(&element);
      break;
    }
  }
  // Ids and extensions of primitives, by the names JSON gives them.
  for (auto base = type; base != model::kNoType; base = model::type(base).base)
    for (auto at = elements_.lower_bound({base, "_"}); at != elements_.end() && at->first == base; ++at)
      if (at->second.starts_with('_'))
        if (const auto* const companion = model::find_element(type, at->second)) found.push_back(companion);
  return found;
}

void ElementAccess::add_paths(model::FhirTypeId type, const std::string& prefix, std::vector<model::FhirTypeId>& inside,
                              std::set<std::string>& paths) const {
  if (std::find(inside.begin(), inside.end(), type) != inside.end()) return;
  inside.push_back(type);
  for (const auto* element : elements_of(type)) {
    const auto path = prefix + std::string(element->name);
    bool leaf = true;
    for (const auto t : element->type_span()) {
      if (elements_of(t).empty() || model::type(t).kind == model::TypeKind::kPrimitive) continue;
      leaf = false;
      add_paths(t, path + ".", inside, paths);
    }
    if (leaf) paths.insert(path);
  }
  inside.pop_back();
}

std::vector<std::string> ElementAccess::paths_of(model::FhirTypeId type) const {
  std::set<std::string> paths;
  std::vector<model::FhirTypeId> inside;
  add_paths(type, "", inside, paths);
  return {paths.begin(), paths.end()};
}

}  // namespace vigil::graph
