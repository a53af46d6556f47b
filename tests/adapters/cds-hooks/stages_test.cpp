// SPDX-License-Identifier: Apache-2.0
// Candidates: whom they answer, what clients are asked for meanwhile, and how two packs differ.
#include "cds-hooks/protocol/stages.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "adapters/cds-hooks/service_fixture.h"
#include "cds-hooks/protocol/shadow_sample.h"

using namespace vigil;
using namespace vigil::hooks;

namespace {

constexpr const char* kHead = "library Two\nusing FHIR version '4.0.1'\ncontext Patient\n";

std::shared_ptr<const RulePack> pack_of(const std::string& rules, const std::string& digest) {
  auto pack = test::compile_pack(kHead + rules);
  pack.version = digest;
  pack.digest = digest;
  return make_pack(std::move(pack));
}

std::string rule(const std::string& name, const std::string& condition, const std::string& hook = "patient-view") {
  return "rule \"" + name + "\"\n  on '" + hook + "'\n  when " + condition + "\n  tier passive\n  alert '" + name +
         "'\n";
}

std::string patient(size_t number) { return "patient-" + std::to_string(number); }

RuleSummary summary(uint32_t rule, std::vector<std::pair<std::string, Tier>> findings, bool undetermined = false) {
  return {rule, undetermined, std::move(findings), /*stopped=*/false};
}

std::string text_of(const std::vector<Disagreement>& all) {
  std::string text;
  for (const auto& one : all)
    text += one.rule + " " + std::string(name(one.difference)) + " " + std::string(name(one.active)) + " " +
            std::string(name(one.candidate)) + " " + std::to_string(one.count) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a canary meets its share of patients, always the same ones, and more when it grows") {
  std::set<size_t> some;
  for (const uint32_t share : {0u, 500u, 2000u, 10'000u}) {
    CAPTURE(share);
    std::set<size_t> met;
    for (size_t i = 0; i < 10'000; ++i)
      if (meets_candidate({Stage::kCanary, share, {}}, "digest", "", patient(i))) met.insert(i);
    CHECK(met.size() >= share - share / 8);
    CHECK(met.size() <= share + share / 8);
    CHECK(std::ranges::includes(met, some));
    some = std::move(met);
  }
  CHECK_FALSE(meets_candidate({Stage::kShadow, 10'000, {"ehr"}}, "digest", "ehr", "p"));
  CHECK_FALSE(meets_candidate({Stage::kCanary, 10'000, {}}, "digest", "", ""));
}

TEST_CASE("another candidate meets other patients; clients that are named meet it whoever the patient is") {
  const TrialTerms half{Stage::kCanary, 5000, {}};
  size_t both = 0;
  for (size_t i = 0; i < 1000; ++i)
    both += meets_candidate(half, "a", "", patient(i)) && meets_candidate(half, "b", "", patient(i)) ? 1 : 0;
  CHECK(both > 180);
  CHECK(both < 320);
  const TrialTerms named{Stage::kCanary, 0, {"https://ehr.example.org/"}};
  CHECK(meets_candidate(named, "a", "https://ehr.example.org/", "p"));
  CHECK_FALSE(meets_candidate(named, "a", "https://other.example.org/", "p"));
  CHECK_FALSE(meets_candidate({Stage::kCanary, 0, {""}}, "a", "", "p"));
}

TEST_CASE("while a candidate is tried, clients are asked for what either reads") {
  const auto active = pack_of(rule("A", "exists ([Observation: LOINC '2823-3'])"), "one");
  const auto candidate = pack_of(rule("A", "exists ([Observation: LOINC '2160-0'])") +
                                     rule("B", "exists ([Condition])") + rule("C", "true", "encounter-start"),
                                 "two");
  const ServiceSet alone({{active, std::nullopt}}, {}, {});
  const ServiceSet both({{active, Candidate{candidate, {}}}}, {}, {});
  REQUIRE(both.services().size() == 1);  // a hook of the candidate alone is offered when it is in force
  const auto& service = both.services()[0];
  const auto* observation = service.asked.find("observation");
  REQUIRE(observation != nullptr);
  CHECK(observation->text.find("2823-3") != std::string::npos);
  CHECK(observation->text.find("2160-0") != std::string::npos);
  CHECK(service.asked.find("condition") != nullptr);
  CHECK(both.discovery().find("Condition?patient") != std::string::npos);
  CHECK(both.discovery_tag() != alone.discovery_tag());
  // What the pack in force reads, and so what may be missing of it, stays its own.
  CHECK(service.prefetch.find("condition") == nullptr);
  CHECK(service.prefetch.find("observation")->text == alone.services()[0].prefetch.find("observation")->text);
  CHECK(service.trial->service.pack == candidate);
  CHECK(both.holds(candidate));
  CHECK_FALSE(alone.holds(candidate));
}

TEST_CASE("packs that differ: new, lost, tier, and what only one could tell") {
  const auto active = pack_of(rule("A", "true") + rule("B", "true") + rule("Old", "true"), "one");
  const auto candidate = pack_of(rule("B", "true") + rule("A", "true") + rule("Young", "true"), "two");
  const auto differ = [&](std::vector<RuleSummary> said, std::vector<RuleSummary> would_say) {
    return text_of(compare(*active->rulebook, said, *candidate->rulebook, would_say));
  };
  // Rules are told apart by name, not by place.
  CHECK(differ({summary(0, {{"k", Tier::kPassive}})}, {summary(1, {{"k", Tier::kPassive}})}).empty());
  CHECK(differ({}, {}).empty());
  CHECK(differ({summary(2, {{"k", Tier::kPassive}})}, {summary(2, {{"k", Tier::kHardStop}})}) ==
        "Two.Old lost passive silent 1\nTwo.Young new silent hard-stop 1\n");
  CHECK(differ({summary(0, {{"a", Tier::kPassive}, {"b", Tier::kPassive}, {"d", Tier::kPassive}})},
               {summary(1, {{"b", Tier::kInterruptive}, {"c", Tier::kPassive}, {"d", Tier::kPassive}})}) ==
        "Two.A lost passive silent 1\nTwo.A tier passive interruptive 1\nTwo.A new silent passive 1\n");
  CHECK(differ({}, {summary(1, {{"a", Tier::kPassive}, {"a", Tier::kPassive}})}) == "Two.A new silent passive 2\n");
  CHECK(differ({}, {summary(1, {}, true)}) == "Two.A undetermined silent silent 1\n");
  CHECK(differ({summary(0, {}, true)}, {}) == "Two.A determined silent silent 1\n");
  CHECK(differ({summary(0, {}, true)}, {summary(1, {}, true)}).empty());
}

TEST_CASE("a rule that the deadline stopped cannot be compared, whatever the other pack says, and is no difference") {
  const auto active = pack_of(rule("A", "true") + rule("B", "true"), "one");
  const auto candidate = pack_of(rule("A", "true") + rule("C", "true"), "two");
  RuleSummary stopped{0, /*undetermined=*/true, {}, /*stopped=*/true};
  for (const auto& would_say :
       {std::vector<RuleSummary>{}, {summary(0, {{"k", Tier::kPassive}})}, {summary(0, {}, true)}}) {
    const auto all = compare(*active->rulebook, std::vector{stopped}, *candidate->rulebook, would_say);
    CHECK(text_of(all) == "Two.A not-comparable silent silent 1\n");
    CHECK_FALSE(differs(all));
  }
  // Others are compared all the same.
  const auto all = compare(*active->rulebook, std::vector{stopped, summary(1, {{"k", Tier::kPassive}})},
                           *candidate->rulebook, std::vector{summary(1, {{"k", Tier::kPassive}})});
  CHECK(text_of(all) ==
        "Two.A not-comparable silent silent 1\nTwo.B lost passive silent 1\nTwo.C new silent passive 1\n");
  CHECK(differs(all));
}

TEST_CASE("summaries tell rules that the deadline stopped from those that failed") {
  const auto pack = pack_of(rule("A", "true") + rule("B", "true"), "one");
  Outcome outcome;
  for (const uint32_t index : {0u, 1u}) {
    RuleResult result;
    result.rule = index;
    result.outcome = RuleOutcome::kError;
    result.error = index == 0 ? data_diagnostic("VGL0915", "", {}) : data_diagnostic("VGL0904", "", {"5"});
    outcome.results.push_back(result);
  }
  const auto all = summarise(*pack->rulebook, outcome);
  REQUIRE(all.size() == 2);
  CHECK(all[0].stopped);
  CHECK_FALSE(all[1].stopped);
  CHECK((all[0].undetermined && all[1].undetermined));
}

TEST_CASE("summaries hold what is shown: no suppressed finding, no rule in shadow by its own text") {
  const auto pack =
      pack_of(rule("A", "true") + "rule \"S\"\n  on 'patient-view'\n  shadow\n  when true\n  alert 's'\n", "one");
  REQUIRE(pack->rulebook->rules()[1].shadow);
  Outcome outcome;
  for (const uint32_t index : {0u, 1u}) {
    RuleResult result;
    result.rule = index;
    result.outcome = RuleOutcome::kFired;
    result.findings.resize(2);
    result.findings[0].key = "z";
    result.findings[1].key = "a";
    result.findings[1].suppressed = true;
    outcome.results.push_back(result);
  }
  const auto all = summarise(*pack->rulebook, outcome);
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].findings.size() == 1);
  CHECK(all[0].findings[0].first == "z");
}
