// SPDX-License-Identifier: Apache-2.0
// The record of shadows: counts that add up, examples, and what is kept.
#include "cds-hooks/activation/shadow_store.h"

#include <doctest/doctest.h>

#include "support/files.h"

using namespace vigil;
using namespace vigil::hooks;

namespace {

struct Record : test::TemporaryFolder {
  std::string file = *this / "shadow/shadow.db";

  std::unique_ptr<ShadowStore> open(uint64_t keep = 1000) const {
    std::string problem;
    auto store = ShadowStore::open(file, keep, problem);
    INFO(problem);
    REQUIRE(store);
    return store;
  }
  std::vector<ShadowReport> reports(size_t examples = 3) const {
    std::string problem;
    auto all = read_shadow_reports(file, examples, problem);
    CHECK(problem.empty());
    return all;
  }
};

ComparedCall call(const std::string& decision, std::vector<Disagreement> disagreements,
                  const std::string& version = "2", int64_t at = 1000) {
  return {
      at, decision, "vigil-order-sign", "vigil", "1", version, "digest-" + version, false, std::move(disagreements)};
}

}  // namespace

TEST_CASE("counts of calls and findings by rule, kind and tiers, with the latest examples") {
  const Record record;
  auto store = record.open();
  std::vector<ComparedCall> calls = {call("d0", {})};
  for (int i = 1; i <= 5; ++i)
    calls.push_back(call("d" + std::to_string(i), {{"A.One", Difference::kNew, Tier::kSilent, Tier::kPassive, 2},
                                                   {"A.Two", Difference::kTier, Tier::kPassive, Tier::kHardStop, 1}}));
  calls.push_back(call("d6", {{"A.One", Difference::kUndetermined, Tier::kSilent, Tier::kSilent, 1}}));
  calls.push_back(call("d7", {}));
  calls.back().failed = true;
  CHECK(store->write(calls).empty());
  store.reset();  // a restart goes on with the same record
  CHECK(record.open()->write(std::vector{call("d8", {}), call("e0", {}, "3", 2000)}).empty());
  const auto reports = record.reports();
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].version == "3");
  const auto& report = reports[1];
  CHECK(report.pack == "vigil");
  CHECK(report.active_version == "1");
  CHECK(report.digest == "digest-2");
  CHECK(report.compared == 8);
  CHECK(report.differing == 6);
  CHECK(report.failed == 1);
  REQUIRE(report.lines.size() == 3);
  CHECK(report.lines[0].difference == "new");
  CHECK(report.lines[0].active_tier.empty());
  CHECK(report.lines[0].candidate_tier == "passive");
  CHECK(report.lines[0].findings == 10);
  CHECK(report.lines[0].calls == 5);
  CHECK(report.lines[0].examples == std::vector<std::string>{"d5", "d4", "d3"});
  CHECK(report.lines[1].difference == "undetermined");
  CHECK(report.lines[1].candidate_tier.empty());
  CHECK(report.lines[2].active_tier == "passive");
  CHECK(report.lines[2].candidate_tier == "hard-stop");
}

TEST_CASE("the oldest disagreements go, the counts of calls stay") {
  const Record record;
  auto store = record.open(10);
  for (int i = 0; i < 40; ++i)
    CHECK(store
              ->write(std::vector{
                  call("d" + std::to_string(i), {{"A.One", Difference::kLost, Tier::kPassive, Tier::kSilent, 1}})})
              .empty());
  const auto reports = record.reports(1);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].compared == 40);
  CHECK(reports[0].differing == 40);
  REQUIRE(reports[0].lines.size() == 1);
  CHECK(reports[0].lines[0].findings == 10);
  CHECK(reports[0].lines[0].examples == std::vector<std::string>{"d39"});
}

TEST_CASE("a record that cannot be opened is told") {
  std::string problem;
  CHECK(ShadowStore::open("/proc/none/shadow.db", 1, problem) == nullptr);
  CHECK_FALSE(problem.empty());
  problem.clear();
  CHECK(read_shadow_reports("/proc/none/shadow.db", 1, problem).empty());
  CHECK_FALSE(problem.empty());
}
