// SPDX-License-Identifier: Apache-2.0
// Read plans: look-up by name, also where names have one hash; digests.
#include <doctest/doctest.h>

#include <string>

#include "support/read_plans.h"

using namespace vigil;

namespace {

/// A type with every JSON member that FHIR defines for it, companions included.
PlannedType all_members(model::FhirTypeId id, std::vector<std::string>& names) {
  PlannedType type;
  type.fhir_type = id;
  for (const auto& element : model::type(id).elements())
    for (const auto choice : element.type_span()) {
      names.push_back(model::json_name(element, choice));
      names.push_back(std::string("_").append(names.back()));
    }
  for (const auto& name : names) type.elements.push_back({name, type.slot_count++, 0, Kind::kString, false});
  return type;
}

}  // namespace

TEST_CASE("each member of each FHIR type is found, and nothing else") {
  for (size_t id = 0; id < model::type_count(); ++id) {
    std::vector<std::string> names;
    PlannedType type = all_members(static_cast<model::FhirTypeId>(id), names);
    type.seal();
    for (size_t n = 0; n < names.size(); ++n) {
      const auto* element = type.find(names[n]);
      REQUIRE(element != nullptr);
      CHECK(element->slot == n);
    }
    for (const auto& name : names) {
      CHECK(type.find(name + "x") == nullptr);
    }
    CHECK(type.find("") == nullptr);
  }
}

TEST_CASE("sealing ends for names of one hash, for repeated names and for many") {
  PlannedType same_hash;
  for (const auto* name : {"aXbcdefg", "aYbcdefg", "aZbcdefg"})
    same_hash.elements.push_back({name, same_hash.slot_count++, 0, Kind::kString, false});
  same_hash.seal();
  CHECK(same_hash.find("aZbcdefg")->slot == 2);
  CHECK(same_hash.find("aWbcdefg") == nullptr);

  PlannedType repeated;
  for (uint16_t i = 0; i < 3; ++i) repeated.elements.push_back({"status", i, 0, Kind::kString, false});
  repeated.seal();
  CHECK(repeated.find("status")->slot == 0);

  PlannedType large;
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back(std::string("member").append(std::to_string(i)));
  for (const auto& name : names) large.elements.push_back({name, large.slot_count++, 0, Kind::kString, false});
  large.seal();
  CHECK(large.find("member254")->slot == 254);
  CHECK(large.find("member299")->slot == 299);
}

TEST_CASE("plans find types by name and by FHIR type") {
  const ReadPlan plan = test::make_bench_plan();
  CHECK(plan.resource("Condition") != nullptr);
  CHECK(plan.resource("Condition")->is_resource);
  CHECK(plan.resource("Coding") == nullptr);
  CHECK(plan.resource("Procedure") == nullptr);
  CHECK(plan.type(model::find_type("Coding"))->system_slot ==
        plan.type(model::find_type("Coding"))->find("system")->slot);
  CHECK(plan.type(model::find_type("Procedure")) == nullptr);
  CHECK(plan.type(9999) == nullptr);
  CHECK(ReadPlan().resource("Condition") == nullptr);
}

TEST_CASE("what is a resource type, and how it names its patient") {
  CHECK(ReadPlan::is_resource_type("Observation"));
  CHECK_FALSE(ReadPlan::is_resource_type("DomainResource"));
  CHECK_FALSE(ReadPlan::is_resource_type("Coding"));
  CHECK_FALSE(ReadPlan::is_resource_type("observation"));
  CHECK(ReadPlan::patient_element("Observation") == "subject");
  CHECK(ReadPlan::patient_element("AllergyIntolerance") == "patient");
  CHECK(ReadPlan::patient_element("Coverage") == "beneficiary");
  CHECK(ReadPlan::patient_element("Patient").empty());
  CHECK(ReadPlan::patient_element("Nonsense").empty());
}

TEST_CASE("the digest tells plans apart, but not the order of their types") {
  const auto a = test::make_plan({{"Patient", {"id"}}, {"Condition", {"id", "code"}}});
  const auto b = test::make_plan({{"Condition", {"id", "code"}}, {"Patient", {"id"}}});
  const auto c = test::make_plan({{"Condition", {"id", "code"}}, {"Patient", {"id", "birthDate"}}});
  CHECK(a.digest() == b.digest());
  CHECK(a.digest() != c.digest());
  CHECK(ReadPlan().digest() != a.digest());
}
