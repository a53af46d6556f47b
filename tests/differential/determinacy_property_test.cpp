// SPDX-License-Identifier: Apache-2.0
// "Unknown is never silently false" (docs/DESIGN.md, decision 4) as a property of random rules and patients.
//
//   VIGIL_PROPERTY_CASES=100000   rule and patient pairs, default 2000
//   VIGIL_PROPERTY_SEED=7         another seed
//   VIGIL_PROPERTY_ALL=1          with the features and pairs that known defects exclude
//   VIGIL_PROPERTY_EXCLUDE=a,b    further features to leave out
#include <doctest/doctest.h>

#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "differential/determinacy_checks.h"

namespace vigil::test {
namespace {

constexpr size_t kRulesAtOnce = 20;
constexpr size_t kPatientsPerBatch = 10;
constexpr size_t kCompletions = 6;
constexpr size_t kMaxReports = 150;

/// Features of rules that are left out: those of VIGIL_PROPERTY_EXCLUDE.
const std::set<std::string>& excluded_features() {
  static const std::set<std::string> kExcluded = [] {
    std::set<std::string> all;
    std::istringstream more(setting("VIGIL_PROPERTY_EXCLUDE", ""));
    for (std::string one; std::getline(more, one, ',');) all.insert(one);
    return all;
  }();
  return kExcluded;
}

/// Pairs of a feature and a way of missing data that are left out, each with the decision that excludes it. An empty
/// feature stands for every rule.
const std::vector<std::pair<std::string, std::string>>& excluded_pairs() {
  static const std::vector<std::pair<std::string, std::string>> kExcluded = {
      // docs/decisions/0008: a missing verificationStatus is no refutation.
      {"isActive(C)", "remove Condition.verification"},
      {"isActive(A)", "remove AllergyIntolerance.verification"},
      {"current source", "remove Condition.verification"},
      {"allergyMatch", "remove AllergyIntolerance.verification"},
      {"allergyMatch level", "remove AllergyIntolerance.verification"},
  };
  static const std::vector<std::pair<std::string, std::string>> kNone;
  return setting("VIGIL_PROPERTY_ALL", "").empty() ? kExcluded : kNone;
}

bool is_excluded(const std::set<std::string>& features, const std::vector<Hole>& holes) {
  for (const auto& [feature, hole] : excluded_pairs()) {
    const bool applies = feature.empty() || features.contains(feature);
    if (applies && std::any_of(holes.begin(), holes.end(), [&, h = hole](const Hole& one) { return one.name == h; }))
      return true;
  }
  return false;
}

class PropertyRun {
 public:
  explicit PropertyRun(uint64_t seed) : random_(seed), knowledge_(make_small_knowledge()) {}

  void run(uint64_t cases) {
    while (cases_ < cases && reports_.size() < kMaxReports) batch();
  }

  std::map<std::string, std::string> reports_;  ///< by signature
  std::map<std::string, size_t> counts_;
  uint64_t cases_ = 0;

 private:
  void batch() {
    RuleMaker maker(random_, excluded_features());
    std::vector<RandomRule> rules;
    std::string text;
    for (size_t i = 0; i < kRulesAtOnce; ++i) {
      auto rule = maker.make("R" + std::to_string(i));
      std::string own = rule.text();  // names of definitions are of the rule
      for (size_t at = 0; (at = own.find("\"Definition X", at)) != std::string::npos; at += 10)
        own.replace(at, 11, "\"Definition" + std::to_string(i));
      text += own;
      rules.push_back(std::move(rule));
    }
    World world(knowledge_, text);
    if (!world.compiled()) {
      ++counts_["batches that do not compile"];
      reports_.emplace("does not compile", world.problems().substr(0, 3000));
      return;
    }
    for (size_t i = 0; i < kPatientsPerBatch; ++i) patient(world, rules);
  }

  void patient(World& world, const std::vector<RandomRule>& rules) {
    const auto whole = random_patient(random_);
    const auto on_whole = world.evaluate(whole);
    std::vector<Hole> holes;
    for (size_t i = 1 + random_.below(2); i > 0; --i) add_hole(holes, random_hole(random_, whole));
    const auto incomplete = make_incomplete(whole, holes);
    const auto on_incomplete = world.evaluate(incomplete);
    std::vector<Patient> completions = {whole};
    std::vector<Outcome> on_completions = {on_whole};
    for (size_t i = 0; i < kCompletions; ++i) {
      completions.push_back(random_completion(random_, whole, holes));
      on_completions.push_back(world.evaluate(completions.back()));
    }
    for (size_t r = 0; r < rules.size(); ++r) {
      ++cases_;
      const auto features = rules[r].features();
      check_complete(rules[r], whole, on_whole.results[r], features);
      if (is_excluded(features, holes)) {
        ++counts_["excluded"];
        continue;
      }
      check(rules[r], incomplete, on_incomplete.results[r], completions, on_completions, r);
    }
  }

  /// One hole a resource or type.
  static void add_hole(std::vector<Hole>& holes, Hole hole) {
    if (std::none_of(holes.begin(), holes.end(), [&](const Hole& h) {
          return h.type == hole.type && (h.id == hole.id || h.id.empty() || hole.id.empty());
        }))
      holes.push_back(std::move(hole));
  }

  void check_complete(const RandomRule& rule, const Patient& whole, const RuleResult& result,
                      const std::set<std::string>& features) {
    ++counts_["on complete data: " + std::string(name(result.outcome))];
    const auto wrong = wrong_on_complete(result, features);
    if (wrong) add_report({rule, whole, whole}, *wrong);
  }

  void add_report(const Case& one, const std::string& wrong) {
    ++counts_["violations"];
    const auto small = shrink(knowledge_, one, wrong);
    auto what = signature(small, wrong);
    if (judge(knowledge_, small).wrong != wrong) what = "only beside other rules: " + what;
    if (!reports_.contains(what)) reports_.emplace(what, report(knowledge_, small));
  }

  void check(const RandomRule& rule, const Patient& incomplete, const RuleResult& result,
             const std::vector<Patient>& completions, const std::vector<Outcome>& on_completions, size_t r) {
    ++counts_[std::string(name(result.outcome))];
    bool differ = false;
    for (size_t c = 0; c < completions.size(); ++c) {
      const auto& completed = on_completions[c].results[r];
      differ = differ || completed.outcome != on_completions[0].results[r].outcome;
      const auto wrong = disagreement(result, completed, source_count(rule), !rule.unless.empty());
      if (!wrong) continue;
      add_report({rule, incomplete, completions[c]}, *wrong);
      return;
    }
    if (result.outcome == RuleOutcome::kUnknown && !differ) ++counts_["unknown though all completions agree"];
  }

  RandomSource random_;
  std::shared_ptr<const KnowledgeBase> knowledge_;
};

}  // namespace

TEST_CASE("a decided outcome is the outcome of every completion of the data") {
  const auto seed = number_setting("VIGIL_PROPERTY_SEED", 20260601);
  PropertyRun run(seed);
  run.run(number_setting("VIGIL_PROPERTY_CASES", 2000));
  std::ostringstream summary;
  summary << "seed " << seed << ", " << run.cases_ << " cases";
  for (const auto& [what, count] : run.counts_) summary << "; " << what << " " << count;
  std::cout << summary.str() << "\n";
  for (const auto& [what, text] : run.reports_) FAIL_CHECK(text);
  CHECK(run.reports_.empty());
}

}  // namespace vigil::test
