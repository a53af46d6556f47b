// SPDX-License-Identifier: Apache-2.0
// Site overlays: what they change, and that the ONC floor stands unless it is acknowledged.
#include "packs/site_overlay.h"

#include <doctest/doctest.h>

#include <string>

#include <vigil/primitives.h>

#include "support/files.h"

using namespace vigil;

namespace {

constexpr std::string_view kRules = R"(library Two version '1'
using FHIR version '4.0.1'
context Patient
rule "Pairs"
  on 'patient-view'
  when true
  alert 'pair'
rule "Vaccination"
  on 'patient-view'
  when true
  alert 'due'
rule "Floor"
  on 'patient-view'
  when true
  alert 'floor'
  evidence
    cite 'Phansalkar S, et al. J Am Med Inform Assoc 2012;19(5):735-743, class pair 8'
)";

const Rulebook& rulebook() {
  static const auto compiled = compile({{"two.vigil", std::string(kRules)}});
  REQUIRE_FALSE(compiled.has_errors());
  return *compiled.rulebook;
}

Finding finding(std::string key, std::string cite = {}) {
  Finding made;
  made.key = std::move(key);
  if (!cite.empty()) made.cites.push_back(std::move(cite));
  return made;
}

Outcome fired(uint32_t rule, std::vector<Finding> findings) {
  RuleResult result;
  result.rule = rule;
  result.outcome = RuleOutcome::kFired;
  result.findings = std::move(findings);
  result.unknown_action = 1;
  Outcome outcome;
  outcome.results.push_back(std::move(result));
  return outcome;
}

struct Read {
  std::optional<SiteOverlay> overlay;
  std::vector<Diagnostic> problems;
};

Read read(const std::string& changes) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("overlay.json", "{\"site\": \"General Hospital\",\n\"changes\": [" + changes + "]}");
  DiagnosticSink sink;
  Read result{read_site_overlay(path, rulebook(), sink), {}};
  result.problems = sink.take();
  return result;
}

std::string change(const std::string& members) {
  return R"({"reason":"as agreed","by":"Committee","date":"2026-01-01",)" + members + "}";
}

const Temporal kNow = *parse_instant("2026-06-01T09:00:00Z");
constexpr std::string_view kFloor = "Phansalkar S, et al. J Am Med Inform Assoc 2012;19(5):735-743, class pair 28";

}  // namespace

TEST_CASE("a change of tier for one pair, in either order, names its reason") {
  const auto overlay = read(change(R"("rule":"Pairs","pair":["11289","1191"],"tier":"passive")")).overlay;
  REQUIRE(overlay);
  auto outcome =
      fired(0, {finding("drug-interaction|A/1|B/2|1191|11289"), finding("drug-interaction|A/1|B/3|161+5489|11289")});
  const auto effect = apply_overlay(*overlay, rulebook(), kNow, outcome);
  CHECK(effect.changed == 1);
  const auto& findings = outcome.results[0].findings;
  CHECK(findings[0].tier == Tier::kPassive);
  CHECK(findings[0].tier_reason == "changed by General Hospital (Committee, 2026-01-01): as agreed");
  CHECK(findings[1].tier == Tier::kInterruptive);
}

TEST_CASE("silenced findings stay, with the site's reason") {
  const auto overlay = read(change(R"("rule":"Vaccination","silence":true)")).overlay;
  auto outcome = fired(1, {finding("prevention|Vaccination")});
  apply_overlay(*overlay, rulebook(), kNow, outcome);
  CHECK(outcome.results[0].outcome == RuleOutcome::kSuppressed);
  CHECK(outcome.results[0].findings[0].suppressed);
  CHECK(outcome.results[0].findings[0].suppression_reason.ends_with("as agreed"));
  CHECK(outcome.results[0].unknown_action == 1);
}

TEST_CASE("switched off, nothing is told of missing data either, until the last day") {
  const auto overlay = read(change(R"("rule":"Vaccination","off":true,"until":"2026-06-01")")).overlay;
  auto outcome = fired(1, {finding("prevention|Vaccination")});
  apply_overlay(*overlay, rulebook(), kNow, outcome);
  CHECK(outcome.results[0].findings[0].suppression_reason.starts_with("switched off by General Hospital"));
  CHECK(outcome.results[0].unknown_action == 0);
  auto later = fired(1, {finding("prevention|Vaccination")});
  apply_overlay(*overlay, rulebook(), *parse_instant("2026-06-02T09:00:00Z"), later);
  CHECK_FALSE(later.results[0].findings[0].suppressed);
}

TEST_CASE("the ONC floor is kept unless it is acknowledged") {
  for (const std::string what : {R"("tier":"passive")", R"("silence":true)", R"("off":true)"}) {
    CAPTURE(what);
    const auto plain = read(change(R"("rule":"Pairs",)" + what)).overlay;
    auto outcome = fired(0, {finding("drug-interaction|A/1|B/2|2551|57258", std::string(kFloor))});
    auto effect = apply_overlay(*plain, rulebook(), kNow, outcome);
    CHECK(effect.changed == 0);
    CHECK(effect.kept_by_floor == 1);
    CHECK(outcome.results[0].outcome == RuleOutcome::kFired);
    CHECK(outcome.results[0].findings[0].tier == Tier::kInterruptive);
    const auto acknowledged = read(change(R"("rule":"Pairs","acknowledge_floor":true,)" + what)).overlay;
    effect = apply_overlay(*acknowledged, rulebook(), kNow, outcome);
    CHECK(effect.changed == 1);
  }
  const auto of_rule = read(change(R"("rule":"Floor","off":true)")).overlay;
  auto outcome = fired(2, {finding("drug-interaction|Floor")});
  CHECK(apply_overlay(*of_rule, rulebook(), kNow, outcome).kept_by_floor == 1);
}

TEST_CASE("a harder tier needs no acknowledgement, and the last change counts") {
  const auto overlay =
      read(change(R"("rule":"Pairs","tier":"passive")") + "," + change(R"("rule":"Pairs","tier":"hard-stop")")).overlay;
  auto outcome = fired(0, {finding("drug-interaction|A/1|B/2|2551|57258", std::string(kFloor))});
  CHECK(apply_overlay(*overlay, rulebook(), kNow, outcome).changed == 1);
  CHECK(outcome.results[0].findings[0].tier == Tier::kHardStop);
}

TEST_CASE("what is wrong with an overlay is told with its line, and none of it holds") {
  const auto told = [](const std::string& changes) {
    const auto result = read(changes);
    CHECK_FALSE(result.overlay);
    REQUIRE(result.problems.size() == 1);
    CHECK(result.problems[0].code == "VGL1108");
    CHECK(result.problems[0].place.ends_with(".json:2"));
    return result.problems[0].message;
  };
  CHECK(told(change(R"("rule":"Pears","off":true)")) == "`Pears` is no rule of these packs");
  CHECK(told(R"({"rule":"Pairs","off":true,"by":"me","date":"2026-01-01"})").find("`reason`, `by` and `date`") !=
        std::string::npos);
  CHECK(told(change(R"("rule":"Pairs")")).find("one of `tier`") != std::string::npos);
  CHECK(told(change(R"("rule":"Pairs","tier":"passive","off":true)")).find("one of `tier`") != std::string::npos);
  CHECK(told(change(R"("rule":"Pairs","tier":"loud")")).find("tier: hard-stop") != std::string::npos);
  CHECK(told(change(R"("rule":"Pairs","off":true,"pair":["1"])")).find("two ingredient codes") != std::string::npos);
  CHECK(told(change(R"("rule":"Pairs","off":true,"until":"soon")")) == "`soon` is no date");
}
