// SPDX-License-Identifier: Apache-2.0
// Outcomes to summaries, and two of them to disagreements.
#include "cds-hooks/protocol/shadow_sample.h"

#include <algorithm>
#include <map>

#include "cds-hooks/protocol/unchecked_note.h"

namespace vigil::hooks {
namespace {

using Findings = std::vector<std::pair<std::string, Tier>>;

struct Sides {
  const RuleSummary* active = nullptr;
  const RuleSummary* candidate = nullptr;
};

class Comparison {
 public:
  explicit Comparison(std::string rule) : rule_(std::move(rule)) {}

  void add(Difference difference, Tier active, Tier candidate) {
    const auto same = std::ranges::find_if(all_, [&](const Disagreement& one) {
      return one.difference == difference && one.active == active && one.candidate == candidate;
    });
    if (same != all_.end())
      ++same->count;
    else
      all_.push_back({rule_, difference, active, candidate, 1});
  }

  /// Both are sorted by key; keys may stand in them several times.
  void compare_findings(const Findings& active, const Findings& candidate) {
    auto left = active.begin();
    auto right = candidate.begin();
    while (left != active.end() || right != candidate.end()) {
      if (right == candidate.end() || (left != active.end() && left->first < right->first)) {
        add(Difference::kLost, left->second, Tier::kSilent);
        ++left;
      } else if (left == active.end() || right->first < left->first) {
        add(Difference::kNew, Tier::kSilent, right->second);
        ++right;
      } else {
        if (left->second != right->second) add(Difference::kTier, left->second, right->second);
        ++left;
        ++right;
      }
    }
  }

  std::vector<Disagreement> take() { return std::move(all_); }

 private:
  std::string rule_;
  std::vector<Disagreement> all_;
};

}  // namespace

std::string_view name(Difference difference) {
  static constexpr std::string_view kNames[] = {"new", "lost", "tier", "undetermined", "determined", "not-comparable"};
  return kNames[static_cast<size_t>(difference)];
}

std::vector<RuleSummary> summarise(const Rulebook& rulebook, const Outcome& outcome) {
  std::vector<RuleSummary> all;
  for (const auto& result : outcome.results) {
    if (rulebook.rules()[result.rule].shadow) continue;
    RuleSummary summary;
    summary.rule = result.rule;
    summary.stopped = was_stopped(result);
    summary.undetermined = result.outcome == RuleOutcome::kUnknown || result.outcome == RuleOutcome::kError;
    for (const auto& finding : result.findings)
      if (!finding.suppressed) summary.findings.emplace_back(finding.key, finding.tier);
    std::ranges::sort(summary.findings);
    if (summary.undetermined || !summary.findings.empty()) all.push_back(std::move(summary));
  }
  return all;
}

bool differs(std::span<const Disagreement> all) {
  return std::ranges::any_of(all, [](const auto& one) { return one.difference != Difference::kNotComparable; });
}

std::vector<Disagreement> compare(const Rulebook& active, std::span<const RuleSummary> said, const Rulebook& candidate,
                                  std::span<const RuleSummary> would_say) {
  const auto name_of = [](const Rulebook& rulebook, uint32_t rule) {
    const auto& info = rulebook.rules()[rule];
    return info.library + "." + info.name;
  };
  std::map<std::string, Sides> rules;
  for (const auto& one : said) rules[name_of(active, one.rule)].active = &one;
  for (const auto& one : would_say) rules[name_of(candidate, one.rule)].candidate = &one;
  static const RuleSummary kNothing;
  std::vector<Disagreement> all;
  for (const auto& [rule, sides] : rules) {
    const auto& left = sides.active == nullptr ? kNothing : *sides.active;
    const auto& right = sides.candidate == nullptr ? kNothing : *sides.candidate;
    Comparison comparison(rule);
    if (left.stopped || right.stopped) {
      all.push_back({rule, Difference::kNotComparable});
      continue;
    }
    comparison.compare_findings(left.findings, right.findings);
    if (left.undetermined != right.undetermined)
      comparison.add(right.undetermined ? Difference::kUndetermined : Difference::kDetermined, Tier::kSilent,
                     Tier::kSilent);
    std::ranges::move(comparison.take(), std::back_inserter(all));
  }
  return all;
}

}  // namespace vigil::hooks
