// SPDX-License-Identifier: Apache-2.0
// References: what they resolve to, and codes behind them.
#include <doctest/doctest.h>

#include <array>

#include "facts.h"

using namespace vigil;
using test::Facts;

namespace {

const uint16_t kRequest = Facts::type("MedicationRequest");

ConceptId code_of(Facts& f, const Snapshot& snapshot, size_t index) {
  const Fact& fact = snapshot.facts(kRequest)[index];
  CHECK(fact.code_count <= 1);
  return fact.code_count == 0 ? 0 : fact.codes[0] <= f.knowledge->concept_count() ? fact.codes[0] : UINT32_MAX;
}

}  // namespace

TEST_CASE("a medication is found by type and id, by full URL and inside the request") {
  Facts f;
  f.add(f.request_by_reference("r1", "Medication/m1"));
  f.add(f.request_by_reference("r2", "urn:uuid:0001"));
  f.add_url(f.request_by_reference("r3", "http://host/fhir/Medication/m3"), "http://host/fhir/MedicationRequest/r3");
  f.add(f.request_by_reference("r4", "Medication/m1/_history/2"));
  auto* inside = f.request_by_reference("r5", "#m");
  const std::array<const Object*, 2> contained = {f.medication("other", "2"), f.medication("m", "1")};
  f.timeline.add({inside, Origin::kRecord, {}, contained, kAlways, kForever});
  f.add(f.medication("m1", "1"));
  f.add_url(f.medication("m2", "1"), "urn:uuid:0001");
  f.add_url(f.medication("m3", "1"), "http://host/fhir/Medication/m3");
  const auto snapshot = f.at();
  for (size_t i = 0; i < 5; ++i) {
    CHECK(code_of(f, snapshot, i) == f.knowledge->find_concept("rx", "1"));
    CHECK_FALSE(snapshot.facts(kRequest)[i].unresolved_reference);
  }
  CHECK(snapshot.resolve("#m", inside) == contained[1]);
  CHECK(snapshot.resolve("#", contained[1]) == inside);
  CHECK(snapshot.resolve("#other", contained[1]) == contained[0]);
  CHECK(snapshot.resolve("#none", inside) == nullptr);
  CHECK(snapshot.resolve("#m", nullptr) == nullptr);
  CHECK(snapshot.fact(*contained[0]) == nullptr);
  CHECK(f.sink.all().empty());
}

TEST_CASE("what may be there has codes for what is no surer than itself, and is marked") {
  Facts f;
  const auto add = [&](const Object* resource, bool is_possible) {
    f.timeline.add({resource, Origin::kRecord, {}, {}, kAlways, kForever, is_possible});
  };
  add(f.request_by_reference("sure", "Medication/m"), false);
  add(f.request_by_reference("possible", "Medication/m"), true);
  add(f.medication("m", "1"), true);
  const auto snapshot = f.at();
  const auto requests = snapshot.facts(kRequest);
  REQUIRE(requests.size() == 2);
  CHECK_FALSE(requests[0].is_possible);
  CHECK(requests[0].unresolved_reference);
  CHECK(requests[0].code_count == 0);
  CHECK(requests[1].is_possible);
  CHECK_FALSE(requests[1].unresolved_reference);
  CHECK(code_of(f, snapshot, 1) == f.knowledge->find_concept("rx", "1"));
}

TEST_CASE("what a reference does not find is marked and reported") {
  Facts f;
  f.add(f.request_by_reference("r1", "Medication/none"));
  f.add(f.request_by_reference("r2", "#none"));
  f.add(f.request_by_reference("r3", ""));
  f.add(f.request_by_reference("r4", "Practitioner/1"));
  f.add(f.request_by_reference("r5", "Medication?code=1"));
  const auto snapshot = f.at();
  for (const auto& fact : snapshot.facts(kRequest)) {
    CHECK(fact.unresolved_reference);
    CHECK(fact.code_count == 0);
  }
  REQUIRE(f.sink.all().size() == 3);
  CHECK(f.sink.all()[0].code == "VGL1011");
  CHECK(f.sink.all()[0].place == "MedicationRequest/r1");
}

TEST_CASE("an absolute reference does not find a resource of another server") {
  Facts f;
  f.add_url(f.medication("m", "1"), "http://host/fhir/Medication/m");
  f.add(f.medication("n", "1"));
  const auto snapshot = f.at();
  CHECK(snapshot.resolve("http://host/fhir/Medication/m", nullptr) != nullptr);
  CHECK(snapshot.resolve("http://other/fhir/Medication/m", nullptr) == nullptr);
  CHECK(snapshot.resolve("http://other/fhir/Medication/n", nullptr) != nullptr);  // from where it is, is not known
  CHECK(snapshot.resolve("Medication/m", nullptr) != nullptr);
  CHECK(snapshot.resolve("Condition/m", nullptr) == nullptr);
  CHECK(snapshot.resolve("", nullptr) == nullptr);
  CHECK(snapshot.resolve("/", nullptr) == nullptr);
  CHECK(snapshot.resolve("m", nullptr) == nullptr);
}

TEST_CASE("a relative reference goes by the URL of who refers, where there is no id") {
  Facts f;
  auto* request = f.request_by_reference("r", "Medication/m");
  f.add_url(request, "http://host/fhir/MedicationRequest/r");
  auto* medication = f.medication("", "1");
  f.add_url(medication, "http://host/fhir/Medication/m");
  const auto snapshot = f.at();
  CHECK(snapshot.resolve("Medication/m", request) == medication);
  CHECK(code_of(f, snapshot, 0) == f.knowledge->find_concept("rx", "1"));
}

TEST_CASE("a reference leads to the version known at the instant") {
  Facts f;
  f.add(f.request_by_reference("r", "Medication/m"));
  f.add(f.medication("m", "1"), 10);
  f.add(f.medication("m", "2"), 20);
  CHECK(f.at(5).facts(kRequest)[0].unresolved_reference);
  CHECK(code_of(f, *std::make_unique<Snapshot>(f.at(15)), 0) == f.knowledge->find_concept("rx", "1"));
  CHECK(code_of(f, *std::make_unique<Snapshot>(f.at(25)), 0) == f.knowledge->find_concept("rx", "2"));
}

TEST_CASE("a URN leads to the version known at the instant, whichever document it came from; a server's URL does not") {
  Facts f;
  f.add(f.request_by_reference("r", "urn:uuid:1"));
  f.timeline.add({f.medication("m", "1"), Origin::kRecord, "urn:uuid:1", {}, 10, 20});
  f.timeline.add({f.medication("m", "2"), Origin::kRecord, "urn:uuid:2", {}, 20, kForever});
  f.timeline.add({f.medication("n", "1"), Origin::kRecord, "http://host/Medication/n", {}, 10, 20});
  f.timeline.add({f.medication("n", "2"), Origin::kRecord, "http://other/Medication/n", {}, 20, kForever});
  CHECK(f.at(5).facts(kRequest)[0].unresolved_reference);
  CHECK(code_of(f, *std::make_unique<Snapshot>(f.at(15)), 0) == f.knowledge->find_concept("rx", "1"));
  CHECK(code_of(f, *std::make_unique<Snapshot>(f.at(25)), 0) == f.knowledge->find_concept("rx", "2"));
  CHECK(f.at(25).resolve("http://host/Medication/n", nullptr) == nullptr);
}

TEST_CASE("a chain of references is not followed round in circles") {
  Facts f;
  f.add(f.request_by_reference("a", "MedicationRequest/b"));
  f.add(f.request_by_reference("b", "MedicationRequest/a"));
  f.add(f.request_by_reference("c", "MedicationRequest/c"));
  const auto snapshot = f.at();
  for (const auto& fact : snapshot.facts(kRequest)) CHECK(fact.unresolved_reference);
}

TEST_CASE("without planned references full URLs are not kept, and nothing breaks") {
  const ReadPlan plan = test::make_plan({{"Condition", {"id"}}});
  const auto knowledge = test::make_knowledge({});
  Timeline timeline(plan, *knowledge);
  DiagnosticSink sink;
  timeline.add(
      {timeline.make_object(*plan.resource("Condition")), Origin::kRecord, "urn:uuid:1", {}, kAlways, kForever});
  const auto snapshot = timeline.at(0, sink);
  CHECK(snapshot.all_facts().size() == 1);
  CHECK(snapshot.resolve("urn:uuid:1", nullptr) == nullptr);
  CHECK(snapshot.plan_digest() == plan.digest());
  CHECK(&snapshot.knowledge() == knowledge.get());
}
