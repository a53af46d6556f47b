// SPDX-License-Identifier: Apache-2.0
// Required bindings: particular elements, and what holds for the whole table.
#include "model/fhir_bindings.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace vigil::model;

namespace {

std::vector<std::string_view> codes_of(std::string_view type, std::string_view element) {
  const auto found = find_required_binding(find_type(type), element);
  return found ? std::vector(found->codes.begin(), found->codes.end()) : std::vector<std::string_view>();
}

}  // namespace

TEST_CASE("the codes of an element are those of its value set in the specification") {
  // http://hl7.org/fhir/R4/valueset-medicationrequest-status.html
  CHECK(codes_of("MedicationRequest", "status") == std::vector<std::string_view>{"active", "on-hold", "cancelled",
                                                                                 "completed", "entered-in-error",
                                                                                 "stopped", "draft", "unknown"});
  // http://hl7.org/fhir/R4/valueset-allergyintolerance-clinical.html, where `resolved` stands below `inactive`
  CHECK(codes_of("AllergyIntolerance", "clinicalStatus") ==
        std::vector<std::string_view>{"active", "inactive", "resolved"});
  CHECK(find_required_binding(find_type("Condition"), "clinicalStatus")->system ==
        "http://terminology.hl7.org/CodeSystem/condition-clinical");
  CHECK(codes_of("Patient.Contact", "gender") == std::vector<std::string_view>{"male", "female", "other", "unknown"});
}

TEST_CASE("an inherited element has the binding of its base") {
  CHECK(codes_of("Age", "comparator") == codes_of("Quantity", "comparator"));
  CHECK(codes_of("Age", "comparator").size() == 4);
}

TEST_CASE("elements without a required binding, or with codes that are not known here, have none") {
  CHECK_FALSE(find_required_binding(find_type("MedicationRequest"), "category"));  // example binding
  CHECK_FALSE(find_required_binding(find_type("Attachment"), "contentType"));      // MIME types
  CHECK_FALSE(find_required_binding(find_type("MedicationRequest"), "nothing"));
  CHECK_FALSE(find_required_binding(kNoType, "status"));
}

TEST_CASE("every status of a resource that is a code has codes, each once") {
  for (size_t i = 0; i < type_count(); ++i) {
    const auto id = static_cast<FhirTypeId>(i);
    const auto* const status = find_element(id, "status");
    if (type(id).kind != TypeKind::kResource || status == nullptr || type(status->types[0]).name != "code") continue;
    const auto codes = codes_of(type(id).name, "status");
    INFO(std::string(type(id).name));
    CHECK(codes.size() > 1);
    CHECK(std::set(codes.begin(), codes.end()).size() == codes.size());
  }
}
