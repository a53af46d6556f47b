// SPDX-License-Identifier: Apache-2.0
// Codes that rules name, and the lists of facts that pass the filters of retrieves.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "facts.h"
#include "snapshot/code_filters.h"

using namespace vigil;

namespace {

/// Of the knowledge base's rx 1 and rx 2, and the named rx 9: filters of orders {1, 9}, {2}, and of conditions {9}.
struct Filtered {
  ReadPlan plan = test::make_fact_plan();
  std::shared_ptr<const KnowledgeBase> knowledge = test::make_knowledge({{"rx", "1"}, {"rx", "2"}});
  uint32_t first_order = 0;
  uint32_t second_order = 0;
  uint32_t condition = 0;

  Filtered() {
    CodeFilters filters(knowledge->concept_count(), {{"rx", "9"}, {"zz", "0"}});
    const auto id = [&](std::string_view code) { return knowledge->find_concept("rx", code); };
    const auto named = filters.find_named("rx", "9");
    const auto orders = model::find_type("MedicationRequest");
    first_order = filters.add(orders, true, std::array{named, id("1"), id("1")});
    second_order = filters.add(orders, true, std::array{id("2")});
    condition = filters.add(model::find_type("Condition"), false, std::array{named});
    ReadPlanBuilder::set_code_filters(plan, std::move(filters));
  }
  uint32_t unsettled(std::string_view name) const {
    for (const auto& t : plan.code_filters()->types())
      if (t.fhir_type == model::find_type(name)) return t.unsettled;
    return CodeFilters::kNone;
  }
};

std::string ids(const Snapshot& snapshot, uint32_t filter) {
  std::string text;
  for (const auto place : snapshot.passing(filter)) (text += snapshot.all_facts()[place].id) += ' ';
  return text;
}

}  // namespace

TEST_CASE("a named code has an id after the knowledge base's, the same in each timeline") {
  const Filtered f;
  const auto& filters = *f.plan.code_filters();
  CHECK(filters.find_named("rx", "9") == 3);
  CHECK(filters.find_named("zz", "0") == 4);
  CHECK(filters.find_named("rx", "0") == 0);
  CHECK(filters.last_shared_id() == 4);
  test::Facts one(f.plan), other(f.plan);
  CHECK(one.timeline.intern("rx", "unheard of") == 5);
  CHECK(one.timeline.intern("rx", "9") == 3);
  CHECK(other.timeline.intern("rx", "9") == 3);
  CHECK(other.timeline.intern("rx", "1") == 1);
  one.timeline.clear();
  CHECK(one.timeline.intern("rx", "9") == 3);
  CHECK(one.timeline.intern("rx", "other") == 5);
  const auto snapshot = one.at();
  CHECK(snapshot.concept_info(3).code == "9");
  CHECK(snapshot.concept_info(4).system == "zz");
  CHECK(snapshot.concept_info(5).code == "other");
  CHECK(snapshot.concept_info(1).display == "held");
}

TEST_CASE("facts are listed by the filters that one of their codes passes, once and in the order read") {
  const Filtered f;
  test::Facts facts(f.plan);
  const auto order = [&](std::string_view id, auto... codes) {
    Object* object = facts.make("MedicationRequest", id);
    facts.set(*object, "medicationCodeableConcept", facts.concept_of({{"rx", codes}...}));
    facts.add(object);
  };
  order("a", "1");
  order("b", "2", "9");
  order("c", "9", "1");
  order("d", "unheard of");
  order("e", "unheard of", "1");
  facts.add(facts.make("MedicationRequest", "f"));
  facts.add(facts.request_by_reference("g", "Medication/m"));
  facts.add(facts.medication("m", "2"));
  Object* problem = facts.make("Condition", "h");
  facts.set(*problem, "code", facts.concept_of({{"rx", "9"}}));
  facts.add(problem);
  Object* other_problem = facts.make("Condition", "i");
  facts.set(*other_problem, "code", facts.concept_of({{"rx", "unheard of"}}));
  facts.add(other_problem);
  const auto snapshot = facts.at();
  CHECK(ids(snapshot, f.first_order) == "a b c e ");
  CHECK(ids(snapshot, f.second_order) == "b g ");
  CHECK(ids(snapshot, f.unsettled("MedicationRequest")) == "d f ");
  CHECK(ids(snapshot, f.condition) == "h ");
  CHECK(ids(snapshot, f.unsettled("Condition")) == "");
  CHECK(snapshot.passing(1000).empty());
  CHECK(Snapshot().passing(0).empty());
}

TEST_CASE(
    "the stamp of a filter is of the facts that pass it, in the versions that count, with the codes they lead to") {
  const Filtered f;
  test::Facts facts(f.plan);
  facts.add(facts.request("a", "active", "1"), 10);
  facts.add(facts.request("b", "active", "2"), 20);
  facts.add(facts.request("a", "completed", "1"), 30);
  facts.add(facts.make("MedicationRequest", "without a code"), 40);
  facts.add(facts.medication("m", "2"), 10, 60);
  facts.add(facts.request_by_reference("c", "Medication/m"), 50);
  facts.add(facts.medication("m", "1"), 60);
  const auto unsettled = f.unsettled("MedicationRequest");
  const auto stamps = [&](Instant at) {
    const auto snapshot = facts.at(at);
    return std::array{snapshot.stamp_of_passing(f.first_order), snapshot.stamp_of_passing(f.second_order),
                      snapshot.stamp_of_passing(unsettled)};
  };
  const auto changed = [&](Instant before, Instant after) {
    std::string text;
    for (size_t i = 0; i < 3; ++i) text += stamps(before)[i] == stamps(after)[i] ? '-' : '!';
    return text;
  };
  CHECK(changed(10, 19) == "---");
  CHECK(changed(10, 20) == "-!-");
  CHECK(changed(20, 30) == "!--");
  CHECK(changed(30, 40) == "--!");
  CHECK(changed(40, 50) == "-!-");
  CHECK(changed(50, 60) == "!!-");
  facts.timeline.degrade(model::find_type("MedicationRequest"), Completeness::kPartial);
  const auto partial = stamps(60)[2];
  facts.timeline.degrade(model::find_type("MedicationRequest"), Completeness::kDamaged);
  CHECK(partial != stamps(60)[2]);
  CHECK(facts.at(60).stamp_of_passing(1000) == 0);
}

TEST_CASE("where codes do not matter, only a fact without any is unsettled") {
  const Filtered f;
  test::Facts facts(f.plan);
  facts.add(facts.make("Condition", "none"));
  const auto snapshot = facts.at();
  CHECK(ids(snapshot, f.unsettled("Condition")) == "none ");
  CHECK(ids(snapshot, f.condition) == "");
}

TEST_CASE("a concept's filters are found whatever word of the set it is in") {
  CodeFilters filters(1000, {});
  const auto odd = filters.add(1, false, std::array<ConceptId, 4>{1, 63, 129, 999});
  const auto all = filters.add(1, false, std::array<ConceptId, 5>{1, 64, 128, 129, 999});
  filters.seal();
  const auto numbers = [&](ConceptId id) {
    std::vector<uint32_t> found;
    for (const auto& filter : filters.filters_of(id)) found.push_back(filter.number);
    return found;
  };
  CHECK(numbers(1) == std::vector{odd, all});
  CHECK(numbers(63) == std::vector{odd});
  CHECK(numbers(64) == std::vector{all});
  CHECK(numbers(128) == std::vector{all});
  CHECK(numbers(129) == std::vector{odd, all});
  CHECK(numbers(999) == std::vector{odd, all});
  for (const ConceptId none : {0u, 2u, 127u, 130u, 1000u, 4000000000u}) CHECK(numbers(none).empty());
}
