// SPDX-License-Identifier: Apache-2.0
// Timelines: which versions a snapshot sees, what they say, and what a reference leads to.
#include <doctest/doctest.h>

#include <string>

#include "facts.h"

using namespace vigil;
using test::Facts;

namespace {

const uint16_t kRequest = Facts::type("MedicationRequest");
const uint16_t kCondition = Facts::type("Condition");

std::vector<std::string> ids(const Snapshot& snapshot, uint16_t type) {
  std::vector<std::string> all;
  for (const auto& fact : snapshot.facts(type)) all.emplace_back(fact.id);
  return all;
}

}  // namespace

TEST_CASE("facts stand by type in the order read, with id, status and codes") {
  Facts f;
  f.add(f.request("b", "active", "1"));
  auto* condition = f.make("Condition", "c");
  f.set(*condition, "clinicalStatus", f.concept_of({{"http://x/clinical", "active"}, {"http://x/clinical", "other"}}));
  f.set(*condition, "code", f.concept_of({{"sct", "7"}, {"rx", "2"}}));
  f.add(condition);
  f.add(f.request("a", "stopped", "2"));
  const auto snapshot = f.at();
  CHECK(ids(snapshot, kRequest) == std::vector<std::string>{"b", "a"});
  CHECK(snapshot.all_facts().size() == 3);
  CHECK(snapshot.facts(kRequest)[1].status == "stopped");
  CHECK(snapshot.facts(kRequest)[1].code_span().size() == 1);
  CHECK(snapshot.facts(kRequest)[1].codes[0] == f.knowledge->find_concept("rx", "2"));

  const Fact& fact = snapshot.facts(kCondition)[0];
  CHECK(fact.status == "active");
  REQUIRE(fact.code_count == 2);
  CHECK(fact.codes[0] > f.knowledge->concept_count());
  CHECK(snapshot.concept_info(fact.codes[0]).code == "7");
  CHECK(snapshot.concept_info(fact.codes[1]).display == "held");
  CHECK(snapshot.concept_info(0).code.empty());
  CHECK(snapshot.concept_info(999).code.empty());
  CHECK(snapshot.fact(*condition) == &fact);
  CHECK(f.sink.all().empty());
}

TEST_CASE("a snapshot made by its default constructor holds nothing") {
  const Snapshot nothing;
  CHECK(nothing.facts(kRequest).empty());
  CHECK(nothing.patient() == nullptr);
  CHECK(nothing.completeness(kRequest) == Completeness::kComplete);
}

TEST_CASE("a version is known from known_from until just before known_to") {
  Facts f;
  f.add(f.request("a", "active", "1"), 10, 20);
  CHECK(f.at(9).facts(kRequest).empty());
  CHECK(f.at(10).facts(kRequest).size() == 1);
  CHECK(f.at(19).facts(kRequest).size() == 1);
  CHECK(f.at(20).facts(kRequest).empty());
}

TEST_CASE("of the versions of one id the last known one counts") {
  Facts f;
  f.add(f.request("a", "completed", "1"), 20);
  f.add(f.request("a", "active", "1"), 10);
  f.add(f.request("a", "on-hold", "1"), 15, 18);
  CHECK(f.at(12).facts(kRequest)[0].status == "active");
  CHECK(f.at(16).facts(kRequest)[0].status == "on-hold");
  CHECK(f.at(18).facts(kRequest)[0].status == "active");
  CHECK(f.at(25).facts(kRequest)[0].status == "completed");
  CHECK(f.at(25).facts(kRequest).size() == 1);
  CHECK(f.sink.all().empty());
}

TEST_CASE("snapshots of several instants stand beside each other") {
  Facts f;
  const auto* early = f.request("a", "active", "1");
  const auto* late = f.request("a", "completed", "1");
  f.add(early, 10);
  f.add(late, 20);
  const auto before = f.at(15);
  const auto after = f.at(25);
  CHECK(before.fact(*early)->status == "active");
  CHECK(before.fact(*late) == nullptr);
  CHECK(after.fact(*early) == nullptr);
  CHECK(after.fact(*late)->status == "completed");
}

TEST_CASE("a draft counts before a record, however late that was known") {
  Facts f;
  f.add(f.request("a", "active", "1"), 20);
  f.add(f.request("a", "draft", "2"), kAlways, kForever, Origin::kDraft);
  const auto snapshot = f.at(30);
  REQUIRE(snapshot.facts(kRequest).size() == 1);
  CHECK(snapshot.facts(kRequest)[0].origin == Origin::kDraft);
  CHECK(snapshot.facts(kRequest)[0].status == "draft");
}

TEST_CASE("the same resource twice is one fact; resources without id are all kept") {
  Facts f;
  f.add(f.request("a", "active", "1"));
  f.add(f.request("a", "active", "1"));
  f.add(f.request("", "active", "1"));
  f.add(f.request("", "active", "1"));
  CHECK(f.at().facts(kRequest).size() == 3);
  CHECK(f.sink.all().empty());
}

TEST_CASE("one id does not join resources of two types") {
  Facts f;
  f.add(f.request("a", "active", "1"));
  f.add(f.make("Condition", "a"));
  CHECK(f.at().all_facts().size() == 2);
}

TEST_CASE("two different resources of one id are reported, left out, and damage their type") {
  Facts f;
  f.add(f.request("a", "active", "1"));
  f.add(f.request("b", "active", "1"));
  f.add(f.request("a", "active", "2"));
  f.add(f.request("a", "active", "1"));
  const auto snapshot = f.at();
  CHECK(ids(snapshot, kRequest) == std::vector<std::string>{"b"});
  CHECK(snapshot.completeness(kRequest) == Completeness::kDamaged);
  CHECK(snapshot.completeness(kCondition) == Completeness::kComplete);
  REQUIRE(f.sink.all().size() == 1);
  CHECK(f.sink.all()[0].code == "VGL1005");
  CHECK(f.sink.all()[0].place == "MedicationRequest/a");
}

TEST_CASE("a conflict of earlier versions is over once there is a later one") {
  Facts f;
  f.add(f.request("a", "active", "1"), 10);
  f.add(f.request("a", "active", "2"), 10);
  f.add(f.request("a", "completed", "1"), 20);
  CHECK(f.at(25).facts(kRequest).size() == 1);
  CHECK(f.at(25).completeness(kRequest) == Completeness::kComplete);
  CHECK(f.sink.all().empty());
  CHECK(f.at(15).facts(kRequest).empty());
  CHECK(f.sink.all().size() == 1);
}

TEST_CASE("completeness keeps the worst, of a type and of all") {
  Facts f;
  f.timeline.degrade(kRequest, Completeness::kDamaged);
  f.timeline.degrade(kRequest, Completeness::kPartial);
  f.timeline.degrade_all(Completeness::kPartial);
  f.timeline.degrade_all(Completeness::kNotObtained);
  const auto snapshot = f.at();
  CHECK(snapshot.completeness(kRequest) == Completeness::kDamaged);
  CHECK(snapshot.completeness(kCondition) == Completeness::kNotObtained);
  CHECK(snapshot.completeness(60000) == Completeness::kNotObtained);
  CHECK(name(Completeness::kNotObtained) == "not obtained");
  f.timeline.restore();
  CHECK(f.at().completeness(kRequest) == Completeness::kComplete);
  CHECK(f.at().completeness(kCondition) == Completeness::kComplete);
  CHECK(snapshot.completeness(kRequest) == Completeness::kDamaged);  // of another instant
  f.timeline.degrade(kRequest, Completeness::kDamaged);
  f.timeline.clear();
  CHECK(f.at().completeness(kRequest) == Completeness::kComplete);
}

TEST_CASE("the patient is the only Patient") {
  Facts f;
  CHECK(f.at().patient() == nullptr);
  f.add(f.make("Patient", "p"));
  CHECK(f.at().patient()->id == "p");
  f.add(f.make("Patient", "q"));
  CHECK(f.at().patient() == nullptr);
  CHECK(f.at().completeness(Facts::type("Patient")) == Completeness::kDamaged);
}

TEST_CASE("codes of the knowledge base keep their ids, others get ids of the timeline's own") {
  Facts f;
  CHECK(f.timeline.intern("rx", "1") == f.knowledge->find_concept("rx", "1"));
  const auto own = f.timeline.intern("rx", "77");
  CHECK(own == f.knowledge->concept_count() + 1);
  CHECK(f.timeline.intern("sct", "77") == own + 1);
  CHECK(f.timeline.intern("rx", "77") == own);
  CHECK(f.timeline.intern("", "77") == 0);
  CHECK(f.timeline.intern("rx", "") == 0);
  f.timeline.clear();
  CHECK(f.timeline.intern("sct", "77") == own);
  CHECK(f.timeline.intern("rx", "1") == f.knowledge->find_concept("rx", "1"));
  CHECK(f.at().concept_info(own).system == "sct");
}

TEST_CASE("objects of types that are not planned are not taken") {
  Facts f;
  PlannedType procedure;
  procedure.fhir_type = Facts::type("Procedure");
  f.add(f.timeline.make_object(procedure));
  f.timeline.add({});
  CHECK(f.timeline.version_count() == 0);
}

TEST_CASE("a timeline knows when it is full, and forgets with clear") {
  Facts f;
  Timeline small(f.plan, *f.knowledge, 100'000);
  while (!small.full()) small.copy(std::string(1000, 'x'));
  CHECK(small.copy("still valid") == "still valid");
  small.clear();
  CHECK_FALSE(small.full());
}

TEST_CASE("cleared and filled again, a timeline says the same") {
  Facts f;
  Snapshot snapshot;
  for (int round = 0; round < 3; ++round) {
    f.timeline.clear();
    for (int i = 0; i < 300; ++i)
      f.add(f.request(std::string("r").append(std::to_string(i % 200)), "active", std::to_string(i % 200)));
    f.timeline.at(0, f.sink, snapshot);
    CHECK(snapshot.facts(kRequest).size() == 200);
    CHECK(snapshot.facts(kRequest)[199].id == "r199");
  }
  CHECK(f.sink.all().empty());
}
