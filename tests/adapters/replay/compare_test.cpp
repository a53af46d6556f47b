// SPDX-License-Identifier: Apache-2.0
// Planted edits of rules give exactly the planted differences.
#include <doctest/doctest.h>

#include <cmath>

#include "replay/compare_rules.h"
#include "replay_fixture.h"

using namespace vigil;
using replay::ChangeCount;
using test::count_lines;

namespace {

std::string edited(const std::string& from, const std::string& to) {
  std::string rules = test::kReplayRules;
  const auto at = rules.find(from);
  REQUIRE(at != std::string::npos);
  return rules.replace(at, from.size(), to);
}

/// Histories in which each rule has something to say.
std::string histories() {
  std::string lines;
  const auto issued = [](const char* at) { return std::string(R"("issued":")") + at + "\""; };
  for (int p = 0; p < 10; ++p) {
    const std::string id = "p" + std::to_string(p);
    lines += test::patient_line(id, p % 2 == 0 ? "1940-01-01" : "1990-01-01");
    // eGFR 20, 25, ... 65
    lines += test::egfr_line(id + "-e", id, 20 + 5 * p, issued("2020-01-01T08:00:00Z"));
    lines += test::order_line(id + "-m", id, "metformin", "2020-01-02T10:00:00Z");
    lines += test::order_line(id + "-w", id, "warfarin", "2020-01-03T10:00:00Z");
    if (p < 4) lines += test::order_line(id + "-i", id, "ibuprofen", "2020-01-04T10:00:00Z");
  }
  return lines;
}

struct Compared {
  test::ReplayBench bench;
  std::map<std::string, std::string> tables;
  std::optional<replay::Assembled> assembled;

  explicit Compared(const std::string& rules_b, size_t threads = 1, replay::Subgroups subgroups = {}) {
    bench.import(histories());
    bench.input.subgroups = std::move(subgroups);
    auto compiled = compile({{"rules.vigil", rules_b}});
    REQUIRE_MESSAGE(!compiled.has_errors(), render_text(compiled.diagnostics, *compiled.sources));
    replay::CompareInput input{bench.input, bench.input};
    std::vector<std::string> unasked;
    input.b.rulebook = compiled.rulebook.get();
    input.b.hooks = replay::HookChoice::of(compiled.rulebook->rules(), unasked);
    const replay::RunFolder folder(bench.folder / "compared");
    REQUIRE(replay::run_parts(replay::make_plan(input), replay::make_worker_maker(input), folder, {.threads = threads},
                              {}, bench.sink));
    assembled = replay::assemble({&folder, 1}, folder, "ndjson", bench.sink);
    REQUIRE(assembled.has_value());
    for (const char* name : {"differences", "difference_facts", "change_counts", "change_rates"})
      tables[name] = test::read_text(bench.folder / ("compared/" + std::string(name) + ".ndjson"));
  }
  int64_t all(ChangeCount count) const {
    for (const auto& sum : assembled->changes)
      if (sum.rule_id == 0 && sum.subgroup == "all") return sum.of(count);
    return -1;
  }
};

}  // namespace

TEST_CASE("the same rules differ in nothing") {
  const Compared same(test::kReplayRules);
  CHECK(same.tables.at("differences").empty());
  CHECK(same.all(ChangeCount::kAlertsA) == same.all(ChangeCount::kAlertsB));
  CHECK(same.all(ChangeCount::kAlertsA) == 6);  // two of metformin, four of ibuprofen
}

TEST_CASE("a threshold raised gives the alerts between the two") {
  const Compared raised(edited("Egfr.value < 30", "Egfr.value < 45"));
  CHECK(raised.all(ChangeCount::kAdded) == 3);  // 30, 35, 40
  CHECK(raised.all(ChangeCount::kLost) == 0);
  CHECK(count_lines(raised.tables.at("differences"), "\"change\":\"new\"") == 3);
  CHECK(count_lines(raised.tables.at("differences"), "\"outcome_a\":\"not-met\",\"outcome_b\":\"fired\"") == 3);
  CHECK(count_lines(raised.tables.at("differences"), "\"why_a\":null") == 0);  // each opens with both explanations
  CHECK(count_lines(raised.tables.at("differences"), "\"why_b\":null") == 0);
  CHECK(count_lines(raised.tables.at("change_counts"), "\"subgroup\":\"age_band\"") > 0);
}

TEST_CASE("a threshold lowered loses them, and the other way round they are new") {
  const Compared lowered(edited("Egfr.value < 30", "Egfr.value < 25"));
  CHECK(lowered.all(ChangeCount::kLost) == 1);
  CHECK(lowered.all(ChangeCount::kAdded) == 0);
}

TEST_CASE("another tier, a suppressor, a rule less and a rule more") {
  const Compared tier(edited("  alert 'NSAID with warfarin'", "  tier hard-stop\n  alert 'NSAID with warfarin'"));
  CHECK(tier.all(ChangeCount::kTier) == 4);
  CHECK(tier.all(ChangeCount::kAdded) + tier.all(ChangeCount::kLost) == 0);
  const Compared suppressed(edited("  alert 'NSAID with warfarin'",
                                   "  unless AgeInYears() < 40 because 'young'\n  alert 'NSAID with warfarin'"));
  CHECK(suppressed.all(ChangeCount::kLost) == 2);
  CHECK(count_lines(suppressed.tables.at("differences"), "\"outcome_b\":\"suppressed\"") == 2);
  const Compared renamed(edited("rule \"NSAID with warfarin\"", "rule \"NSAID beside warfarin\""));
  CHECK(renamed.all(ChangeCount::kAdded) == 4);
  CHECK(renamed.all(ChangeCount::kLost) == 4);
}

TEST_CASE("a difference names the facts behind both sides, and which rests on them") {
  const auto fact = [](const std::string& sides, const std::string& type, int is_order) {
    return sides + ",\"resource_type\":\"" + type + "\",\"is_order\":" + std::to_string(is_order);
  };
  const Compared raised(edited("Egfr.value < 30", "Egfr.value < 45"));
  const auto& added = raised.tables.at("difference_facts");
  CHECK(count_lines(added, fact("\"in_a\":0,\"in_b\":1", "Observation", 0)) == 3);
  CHECK(count_lines(added, fact("\"in_a\":0,\"in_b\":1", "MedicationRequest", 1)) == 3);
  CHECK(count_lines(added, "\"known_from\":\"2020-01-01T08:00:00Z\",\"basis\":\"issued\"") == 3);
  const Compared tier(edited("  alert 'NSAID with warfarin'", "  tier hard-stop\n  alert 'NSAID with warfarin'"));
  CHECK(count_lines(tier.tables.at("difference_facts"), "\"in_a\":1,\"in_b\":1") > 0);
}

TEST_CASE("a comparison counts by given subgroups too, those without a value apart") {
  const Compared raised(edited("Egfr.value < 30", "Egfr.value < 45"), 1, {{"p2", {{"payer", "public"}}}});
  const auto of = [&](const std::string& value) { return "\"subgroup\":\"payer\",\"value\":\"" + value + "\""; };
  CHECK(count_lines(raised.tables.at("change_counts"), "\"rule_id\":0," + of("public")) == 1);
  CHECK(count_lines(raised.tables.at("change_counts"), "\"rule_id\":0," + of("not on record")) == 1);
  CHECK(count_lines(raised.tables.at("change_rates"), of("public") + ",\"change\":\"added\"") >= 1);
}

TEST_CASE("a comparison's counts hold what intervals take of patients") {
  const Compared raised(edited("Egfr.value < 30", "Egfr.value < 45"));
  const auto all = std::ranges::find_if(raised.assembled->changes,
                                        [](const auto& sum) { return sum.rule_id == 0 && sum.subgroup == "all"; });
  REQUIRE(all != raised.assembled->changes.end());
  CHECK(all->added().part == all->of(ChangeCount::kTriggersAdded));
  CHECK(all->added().whole == all->of(ChangeCount::kTriggers));
  CHECK(all->added().patients > 1);
  CHECK(all->added().whole_squares > all->added().whole);  // some patient has several triggers
  CHECK(all->lost().part_squares == 0);
}

TEST_CASE("threads change no byte of a comparison") {
  const auto rules = edited("Egfr.value < 30", "Egfr.value < 45");
  CHECK(Compared(rules, 3).tables == Compared(rules).tables);
}
