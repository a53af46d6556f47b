// SPDX-License-Identifier: Apache-2.0
// What expressions read of FHIR data: nothing they need may be missed, nothing else is kept.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "graph/rule_graph.h"
#include "support/checked.h"

using namespace vigil;

namespace {

/// The paths that the definition X, with all it depends on, reads of a resource type.
class Reads {
 public:
  explicit Reads(const std::string& declarations)
      : checked_(test::check_texts({"library L\nusing FHIR version '4.0.1'\ncodesystem \"S\": 'urn:s'\n"
                                    "valueset \"V\": 'urn:vs:v'\ncontext Patient\n" +
                                    declarations})) {
    REQUIRE(checked_.codes.empty());
    const auto graph = build_graph(checked_.module);
    const auto found = graph.find("X");
    REQUIRE(found.size() == 1);
    access_ = std::make_unique<graph::ElementAccess>(access_of(checked_.module, graph, found[0]));
  }
  std::vector<std::string> all(std::string_view type) const { return access_->paths_of(model::find_type(type)); }
  bool has(std::string_view type, std::string_view path) const {
    const auto paths = all(type);
    return std::find(paths.begin(), paths.end(), path) != paths.end();
  }
  bool retrieves(std::string_view type) const { return access_->roots().contains(model::find_type(type)); }

 private:
  test::Checked checked_;
  std::unique_ptr<graph::ElementAccess> access_;
};

}  // namespace

TEST_CASE("a retrieve reads its id and whose it is, and no element nobody names") {
  const Reads reads("define X: exists [Observation]\n");
  CHECK(reads.all("Observation") == std::vector<std::string>{"id", "subject.reference"});
  CHECK(reads.retrieves("Observation"));
  CHECK_FALSE(reads.retrieves("Condition"));
}

TEST_CASE("an element is read wherever the expression that names it stands") {
  CHECK(Reads("define X: [Observation] O where O.status = 'final'\n").has("Observation", "status"));
  CHECK(Reads("define function s(o Observation): o.issued\ndefine X: [Observation] O return s(O)\n")
            .has("Observation", "issued"));
  CHECK(Reads("define All: [Observation]\ndefine X: First(All).issued\n").has("Observation", "issued"));
  CHECK(Reads("define X: [Observation] O sort by issued\n").has("Observation", "issued"));
  CHECK(Reads("define X: [Condition] C with [Observation] O such that O.issued is not null\n")
            .has("Observation", "issued"));
  CHECK_FALSE(
      Reads("define Y: [Observation] O return O.issued\ndefine X: [Observation]\n").has("Observation", "issued"));
}

TEST_CASE("a code filter reads system and code, and follows a reference to a Medication") {
  const Reads reads("define X: [MedicationRequest: \"V\"]\n");
  CHECK(reads.has("MedicationRequest", "medication.coding.code"));
  CHECK(reads.has("MedicationRequest", "medication.coding.system"));
  CHECK(reads.has("MedicationRequest", "medication.reference"));
  CHECK_FALSE(reads.has("MedicationRequest", "medication.coding.display"));
  CHECK(reads.retrieves("Medication"));
  CHECK(reads.has("Medication", "code.coding.code"));
  CHECK_FALSE(Reads("define X: [Observation: \"V\"]\n").retrieves("Medication"));
}

TEST_CASE("a choice compared with a value set reads the codes of its alternatives") {
  const Reads reads("define X: [Observation] O where O.value in \"V\"\n");
  CHECK(reads.has("Observation", "value.coding.code"));
  CHECK(reads.has("Observation", "value.coding.system"));
}

TEST_CASE("conversions to System types read all the target is made of") {
  const Reads quantity("define X: [Observation] O where O.value > 3 'mg'\n");
  for (const auto* path : {"value.value", "value.unit", "value.code", "value.system", "value.comparator"})
    CHECK_MESSAGE(quantity.has("Observation", path), path);
  const Reads period(
      "define X: [Encounter] E where E.period during Interval[@2020-01-01T00:00:00, @2021-01-01T00:00:00]\n");
  CHECK(period.has("Encounter", "period.start"));
  CHECK(period.has("Encounter", "period.end"));
}

TEST_CASE("a type that a contained resource is taken for is kept") {
  const Reads reads(
      "define X: [MedicationRequest] M where exists (M.contained C where (C as FHIR.Medication).form is null)\n");
  CHECK(reads.retrieves("Medication"));
  CHECK(reads.has("Medication", "form"));
}

TEST_CASE("naming a medication reads what its reference leads to") {
  const Reads reads("rule \"X\"\n  on 'patient-view'\n  for [MedicationRequest] M\n  alert '{M.medication}'\n");
  CHECK(reads.retrieves("Medication"));
  CHECK(reads.has("Medication", "code.coding.code"));
}

TEST_CASE("comparing whole elements reads the whole of them") {
  const Reads reads("define X: [Observation] O with [Observation] P such that O.code = P.code\n");
  CHECK(reads.has("Observation", "code.coding.version"));
  CHECK(reads.has("Observation", "code.text"));
}

TEST_CASE("an order reads what it is of, whether it is in force and what it replaces, and no more") {
  CHECK(Reads("rule \"X\"\n  on 'order-sign'\n  for ordered [MedicationRequest] M\n  alert 'a'\n")
            .all("MedicationRequest") ==
        std::vector<std::string>{"doNotPerform", "id", "medication.coding.code", "medication.coding.system",
                                 "medication.reference", "priorPrescription.reference", "status", "subject.reference"});
}

TEST_CASE("isActive reads the status of the type at hand") {
  const Reads orders("define X: [MedicationRequest] M where isActive(M)\n");
  CHECK(orders.has("MedicationRequest", "status"));
  const Reads conditions("define X: [Condition] C where isActive(C)\n");
  CHECK(conditions.has("Condition", "clinicalStatus.coding.code"));
  CHECK(conditions.has("Condition", "verificationStatus.coding.code"));
}

TEST_CASE("an element of a base type is read of every type derived from it") {
  const typed::Module module;
  graph::ElementAccess access(module);
  access.add(model::find_type("Resource"), "id");
  const auto elements = access.elements_of(model::find_type("Observation"));
  REQUIRE(elements.size() == 1);
  CHECK(elements[0]->name == "id");
}

TEST_CASE("a type inside itself is followed once") {
  const typed::Module module;
  graph::ElementAccess access(module);
  const auto questionnaire = model::find_type("Questionnaire");
  const auto item = model::find_type("Questionnaire.Item");
  access.add(questionnaire, "item");
  access.add(item, "item");
  access.add(item, "text");
  const auto paths = access.paths_of(questionnaire);
  CHECK(std::find(paths.begin(), paths.end(), "item.text") != paths.end());
  CHECK(paths.size() <= 2);
}
