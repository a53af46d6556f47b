// SPDX-License-Identifier: Apache-2.0
// The FHIR model: particular types and elements, and what holds for the whole table.
#include "model/fhir_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace vigil;
using namespace vigil::model;

namespace {

using Names = std::vector<std::string_view>;

FhirTypeId id_of(std::string_view name) {
  const FhirTypeId id = find_type(name);
  REQUIRE_MESSAGE(id != kNoType, std::string(name));
  return id;
}

const TypeInfo& info_of(std::string_view name) { return type(id_of(name)); }

const ElementInfo& element_of(std::string_view type_name, std::string_view element_name) {
  const ElementInfo* element = find_element(id_of(type_name), element_name);
  const std::string path = std::string(type_name) + "." + std::string(element_name);
  REQUIRE_MESSAGE(element, path);
  return *element;
}

Names type_names(const ElementInfo& element) {
  Names names;
  for (const FhirTypeId id : element.type_span()) names.push_back(type(id).name);
  return names;
}

Names type_names(std::string_view type_name, std::string_view element_name) {
  return type_names(element_of(type_name, element_name));
}

/// "value:Quantity", or "" for a key that is unknown.
std::string json_element(std::string_view type_name, std::string_view key) {
  const JsonElement found = find_json_element(id_of(type_name), key);
  if (!found.element) return "";
  return std::string(found.element->name) + ":" + std::string(type(found.type).name);
}

bool derives(std::string_view derived, std::string_view base) { return is_subtype(id_of(derived), id_of(base)); }

size_t count_of(TypeKind kind) {
  size_t count = 0;
  for (FhirTypeId id = 0; id < type_count(); ++id) count += type(id).kind == kind;
  return count;
}

/// Whether `[Resource: "terminology"]` can compare the element.
bool holds_code(const ElementInfo& element) {
  const Names names = type_names(element);
  return std::ranges::any_of(
      names, [](std::string_view name) { return name == "code" || name == "Coding" || name == "CodeableConcept"; });
}

/// The element at the end of a dotted path, each step into the one type of the element before.
const ElementInfo* element_at(FhirTypeId id, std::string_view path) {
  const size_t dot = path.find('.');
  const ElementInfo* element = find_element(id, path.substr(0, dot));
  if (!element || dot == std::string_view::npos) return element;
  return element_at(element->types[0], path.substr(dot + 1));
}

}  // namespace

TEST_CASE("the definitions of FHIR 4.0.1 have 146 resources, 20 primitives and 39 data types; CQL adds two") {
  CHECK(count_of(TypeKind::kResource) == 146);
  CHECK(count_of(TypeKind::kPrimitive) == 20);
  CHECK(count_of(TypeKind::kAbstract) == 4);
  CHECK(count_of(TypeKind::kComplex) == 41);
  CHECK(count_of(TypeKind::kBackbone) == 473);
  CHECK(type_count() == 684);
}

TEST_CASE("what FHIR R5 and Medplum added is not there") {
  CHECK(find_type("SubscriptionStatus") == kNoType);
  CHECK(find_type("ResearchStudy.Recruitment") == kNoType);
  CHECK(find_element(id_of("Meta"), "project") == nullptr);
  CHECK(type_names("Bundle.Entry.Response", "outcome") == Names{"Resource"});
}

TEST_CASE("a type has the kind and the System kind of its definition") {
  CHECK(info_of("Element").kind == TypeKind::kAbstract);
  CHECK(info_of("DomainResource").kind == TypeKind::kAbstract);
  CHECK(info_of("Observation").kind == TypeKind::kResource);
  CHECK(info_of("Observation.Component").kind == TypeKind::kBackbone);
  CHECK(info_of("Timing.Repeat").kind == TypeKind::kBackbone);
  CHECK(info_of("CodeableConcept").kind == TypeKind::kComplex);
  CHECK(info_of("code").kind == TypeKind::kPrimitive);

  CHECK(info_of("boolean").system_kind == Kind::kBoolean);
  for (const auto name : {"integer", "positiveInt", "unsignedInt"}) CHECK(info_of(name).system_kind == Kind::kInteger);
  CHECK(info_of("decimal").system_kind == Kind::kDecimal);
  CHECK(info_of("date").system_kind == Kind::kDate);
  for (const auto name : {"dateTime", "instant"}) CHECK(info_of(name).system_kind == Kind::kDateTime);
  CHECK(info_of("time").system_kind == Kind::kTime);
  for (const auto name :
       {"string", "code", "id", "markdown", "uri", "url", "canonical", "oid", "uuid", "base64Binary", "xhtml"}) {
    CHECK(info_of(name).system_kind == Kind::kString);
  }
  CHECK(info_of("Quantity").system_kind == Kind::kNull);
}

TEST_CASE("names are exact") {
  CHECK(find_type("observation") == kNoType);
  CHECK(find_type("Observation.component") == kNoType);
  CHECK(find_type("") == kNoType);
  CHECK(find_type("zzz") == kNoType);
  CHECK(find_element(id_of("Observation"), "Status") == nullptr);
  CHECK(find_element(kNoType, "status") == nullptr);
}

TEST_CASE("elements have their types, cardinality and choices") {
  const ElementInfo& status = element_of("Observation", "status");
  CHECK(type_names(status) == Names{"code"});
  CHECK_FALSE(status.is_list);
  CHECK_FALSE(status.is_choice);

  const ElementInfo& category = element_of("Observation", "category");
  CHECK(type_names(category) == Names{"CodeableConcept"});
  CHECK(category.is_list);

  const ElementInfo& value = element_of("Observation", "value");
  CHECK(value.is_choice);
  CHECK_FALSE(value.is_list);
  CHECK(type_names(value) == Names{"Quantity", "CodeableConcept", "string", "boolean", "integer", "Range", "Ratio",
                                   "SampledData", "time", "dateTime", "Period"});
  CHECK(find_element(id_of("Observation"), "value[x]") == nullptr);
  CHECK(find_element(id_of("Observation"), "valueQuantity") == nullptr);

  CHECK(type_names("MedicationRequest", "medication") == Names{"CodeableConcept", "Reference"});
  CHECK(type_names("Condition", "onset") == Names{"dateTime", "Age", "Period", "Range", "string"});
  CHECK(type_names("Patient", "deceased") == Names{"boolean", "dateTime"});
  CHECK(element_of("Extension", "value").type_count == 50);
}

TEST_CASE("inherited elements come first, in the order of the definitions") {
  Names names;
  for (const ElementInfo& element : info_of("Observation").elements().first(10)) names.push_back(element.name);
  CHECK(names == Names{"id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension",
                       "identifier", "basedOn"});
  Names of_quantity;
  for (const ElementInfo& element : info_of("Age").elements()) of_quantity.push_back(element.name);
  CHECK(of_quantity == Names{"id", "extension", "value", "comparator", "unit", "system", "code"});
  Names of_primitive;
  for (const ElementInfo& element : info_of("code").elements()) of_primitive.push_back(element.name);
  CHECK(of_primitive == Names{"id", "extension"});
  CHECK(element_of("Observation.Component", "modifierExtension").is_list);
}

TEST_CASE("elements on System types have the FHIR type these stand for") {
  CHECK(type_names("Patient", "id") == Names{"id"});
  CHECK(type_names("HumanName", "id") == Names{"string"});
  CHECK(type_names("Extension", "url") == Names{"uri"});
}

TEST_CASE("an element whose content is defined elsewhere has the backbone it refers to") {
  CHECK(type_names("Observation.Component", "referenceRange") == Names{"Observation.ReferenceRange"});
  CHECK(type_names("Questionnaire.Item", "item") == Names{"Questionnaire.Item"});
  CHECK(type_names("ValueSet.Compose", "exclude") == Names{"ValueSet.Compose.Include"});
  CHECK(type_names("ClaimResponse.AddItem.Detail", "adjudication") == Names{"ClaimResponse.Item.Adjudication"});
}

TEST_CASE("elements that hold a resource have the type Resource") {
  CHECK(type_names("Patient", "contained") == Names{"Resource"});
  CHECK(type_names("Bundle.Entry", "resource") == Names{"Resource"});
  CHECK(type_names("Parameters.Parameter", "resource") == Names{"Resource"});
}

TEST_CASE("subtypes") {
  CHECK(derives("code", "code"));
  CHECK(derives("code", "string"));
  CHECK(derives("code", "Element"));
  CHECK(derives("positiveInt", "integer"));
  CHECK(derives("canonical", "uri"));
  CHECK(derives("Age", "Quantity"));
  CHECK(derives("SimpleQuantity", "Quantity"));
  CHECK(derives("Observation", "DomainResource"));
  CHECK(derives("Observation", "Resource"));
  CHECK(derives("Bundle", "Resource"));
  CHECK(derives("Observation.Component", "BackboneElement"));
  CHECK(derives("Dosage", "BackboneElement"));
  CHECK(derives("Dosage.DoseAndRate", "Element"));
  CHECK_FALSE(derives("string", "code"));
  CHECK_FALSE(derives("Quantity", "Age"));
  CHECK_FALSE(derives("Bundle", "DomainResource"));
  CHECK_FALSE(derives("Dosage.DoseAndRate", "BackboneElement"));
  CHECK_FALSE(is_subtype(kNoType, id_of("Element")));
  CHECK_FALSE(is_subtype(id_of("Element"), kNoType));
  CHECK_FALSE(is_subtype(kNoType, kNoType));

  CHECK(is_resource(id_of("Patient")));
  CHECK(is_resource(id_of("Resource")));
  CHECK_FALSE(is_resource(id_of("Observation.Component")));
  CHECK_FALSE(is_resource(id_of("Element")));
  CHECK_FALSE(is_resource(kNoType));
}

TEST_CASE("a JSON key gives the element and the type it carries") {
  CHECK(json_element("Observation", "status") == "status:code");
  CHECK(json_element("Observation", "id") == "id:id");
  CHECK(json_element("Observation", "valueQuantity") == "value:Quantity");
  CHECK(json_element("Observation", "valueCodeableConcept") == "value:CodeableConcept");
  CHECK(json_element("Observation", "valueDateTime") == "value:dateTime");
  CHECK(json_element("Observation.Component", "valueString") == "value:string");
  CHECK(json_element("Extension", "valueBase64Binary") == "value:base64Binary");
  CHECK(json_element("MedicationRequest", "medicationReference") == "medication:Reference");
  CHECK(json_element("Dosage", "asNeededBoolean") == "asNeeded:boolean");
  CHECK(json_element("Dosage.DoseAndRate", "doseQuantity") == "dose:SimpleQuantity");
  CHECK(json_element("Immunization", "doseQuantity") == "doseQuantity:SimpleQuantity");
  CHECK(json_element("Observation", "component") == "component:Observation.Component");
}

TEST_CASE("a JSON key the type does not define gives no element") {
  for (const auto key : {"", "value", "valuequantity", "valueAddress", "valueSimpleQuantity", "statusCode", "_value",
                         "_subject", "resourceType", "Status", "values"}) {
    CHECK_MESSAGE(json_element("Observation", key).empty(), key);
  }
  CHECK(find_json_element(kNoType, "status").element == nullptr);
}

TEST_CASE("a primitive element has a companion with its id and extensions") {
  const auto status = find_json_element(id_of("Observation"), "_status");
  REQUIRE(status.element != nullptr);
  CHECK(status.element->name == "_status");
  CHECK(status.type == id_of("Element"));
  CHECK_FALSE(status.element->is_list);
  CHECK(find_element(id_of("Observation"), "_valueString") != nullptr);
  CHECK(find_element(id_of("Observation"), "_valueQuantity") == nullptr);
  CHECK(find_element(id_of("HumanName"), "_given")->is_list);
}

TEST_CASE("an element gives its JSON key") {
  CHECK(json_name(element_of("Observation", "status"), id_of("code")) == "status");
  CHECK(json_name(element_of("Observation", "value"), id_of("Quantity")) == "valueQuantity");
  CHECK(json_name(element_of("Observation", "value"), id_of("dateTime")) == "valueDateTime");
  CHECK(json_name(element_of("Dosage.DoseAndRate", "dose"), id_of("SimpleQuantity")) == "doseQuantity");
}

TEST_CASE("primary code paths are those of the CQL model information") {
  CHECK(info_of("Observation").primary_code_path == "code");
  CHECK(info_of("MedicationRequest").primary_code_path == "medication");
  CHECK(info_of("Immunization").primary_code_path == "vaccineCode");
  CHECK(info_of("Encounter").primary_code_path == "type");
  CHECK(info_of("AdverseEvent").primary_code_path == "event");
  CHECK(info_of("OperationOutcome").primary_code_path == "issue.code");
  CHECK(info_of("Patient").primary_code_path.empty());
  CHECK(info_of("FamilyMemberHistory").primary_code_path.empty());
}

TEST_CASE("patient paths") {
  CHECK(info_of("Observation").patient_path == "subject");
  CHECK(info_of("AllergyIntolerance").patient_path == "patient");
  CHECK(info_of("Coverage").patient_path == "beneficiary");
  CHECK(info_of("Task").patient_path == "for");
  CHECK(info_of("Patient").patient_path.empty());
  CHECK(info_of("Medication").patient_path.empty());
  CHECK(info_of("Practitioner").patient_path.empty());
}

TEST_CASE("profiles and enumerations are known by name") {
  for (const auto name : {"vitalsigns", "bodyweight", "observation-bodyweight", "bp", "cqllibrary"}) {
    CHECK_MESSAGE(is_profile_name(name), name);
  }
  for (const auto name : {"Observation", "SimpleQuantity", "", "elementdefinition-de"}) {
    CHECK_FALSE_MESSAGE(is_profile_name(name), name);
  }
  for (const auto name : {"AdministrativeGender", "ObservationStatus", "MedicationRequestStatus", "EncounterStatus",
                          "StrandType", "Messageheader_Response_Request"}) {
    CHECK_MESSAGE(enumeration_base(name) == "code", name);
  }
  for (const auto name : {"Observation", "code", "ObservationCategory", ""}) {
    CHECK_MESSAGE(enumeration_base(name).empty(), name);
  }
}

TEST_CASE("invariant: types are sorted, found by name, and derive from Element or Resource") {
  for (FhirTypeId id = 0; id < type_count(); ++id) {
    const TypeInfo& info = type(id);
    CAPTURE(std::string(info.name));
    CHECK((id == 0 || type(static_cast<FhirTypeId>(id - 1)).name < info.name));
    CHECK(find_type(info.name) == id);
    CHECK((info.base == kNoType) == (info.name == "Element" || info.name == "Resource"));
    CHECK((is_resource(id) || is_subtype(id, find_type("Element"))));
    CHECK((info.kind == TypeKind::kPrimitive) == (info.system_kind != Kind::kNull));
    CHECK((info.kind != TypeKind::kResource || is_resource(id)));
  }
}

TEST_CASE("invariant: elements have types of the table and unambiguous JSON keys that lead back to them") {
  for (FhirTypeId id = 0; id < type_count(); ++id) {
    CAPTURE(std::string(type(id).name));
    std::set<std::string> keys;
    for (const ElementInfo& element : type(id).elements()) {
      CAPTURE(std::string(element.name));
      CHECK(find_element(id, element.name) == &element);
      CHECK((element.is_choice ? element.type_count > 1 && !element.is_list : element.type_count == 1));
      for (const FhirTypeId type_id : element.type_span()) {
        CHECK(type_id < type_count());
        const std::string key = json_name(element, type_id);
        const JsonElement found = find_json_element(id, key);
        CHECK(keys.insert(key).second);
        CHECK(found.element == &element);
        CHECK(found.type == type_id);
      }
    }
  }
}

TEST_CASE("invariant: a type begins with the elements of its base") {
  for (FhirTypeId id = 0; id < type_count(); ++id) {
    if (type(id).base == kNoType) continue;
    CAPTURE(std::string(type(id).name));
    const auto inherited = type(type(id).base).elements();
    const auto elements = type(id).elements();
    REQUIRE(elements.size() >= inherited.size());
    const auto names = elements.first(inherited.size());
    CHECK(std::ranges::equal(names, inherited, {}, &ElementInfo::name, &ElementInfo::name));
  }
}

TEST_CASE("invariant: primary code paths lead to codes, patient paths to references, both of resources only") {
  for (FhirTypeId id = 0; id < type_count(); ++id) {
    const TypeInfo& info = type(id);
    CAPTURE(std::string(info.name));
    if (info.kind != TypeKind::kResource) CHECK((info.primary_code_path.empty() && info.patient_path.empty()));
    if (!info.primary_code_path.empty()) {
      const ElementInfo* element = element_at(id, info.primary_code_path);
      REQUIRE(element);
      CHECK(holds_code(*element));
    }
    if (!info.patient_path.empty()) CHECK(type_names(info.name, info.patient_path) == Names{"Reference"});
  }
}
