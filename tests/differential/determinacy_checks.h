// SPDX-License-Identifier: Apache-2.0
// What must hold between a rule's result on incomplete data and on a completion of it; and shrinking of what breaks it.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "differential/random_rules.h"
#include "differential/world.h"

namespace vigil::test {

inline std::string describe(const RuleResult& result) {
  std::string out(name(result.outcome));
  for (const auto& finding : result.findings) {
    out += " [" + std::string(name(finding.tier)) + (finding.tier_undetermined ? "?" : "") +
           (finding.suppressed ? ", suppressed" : "") + ":";
    for (const auto& fact : finding.facts) out += " " + fact;
    out += "]";
  }
  for (const auto& datum : result.missing) out += " {missing " + datum.what + "}";
  if (result.error) out += " " + result.error->message;
  return out;
}

/// The resources of a finding's row, without those its lets found: the first ones.
inline std::vector<std::string> row_of(const Finding& finding, size_t sources) {
  return {finding.facts.begin(),
          finding.facts.begin() + static_cast<ptrdiff_t>(std::min(sources, finding.facts.size()))};
}

/// The tier of all findings of a row, suppressed ones aside; and whether it is certain.
struct RowResult {
  std::vector<std::string> row;
  bool fired = false;
  Tier tier = Tier::kSilent;
  bool tier_undetermined = false;
};

inline std::vector<RowResult> rows_of(const RuleResult& result, size_t sources) {
  std::vector<RowResult> rows;
  for (const auto& finding : result.findings) {
    const auto row = row_of(finding, sources);
    auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.row == row; });
    if (at == rows.end()) at = rows.insert(rows.end(), {row, false, Tier::kSilent, false});
    if (finding.suppressed) continue;
    at->fired = true;
    at->tier = std::max(at->tier, finding.tier);
    at->tier_undetermined = at->tier_undetermined || finding.tier_undetermined;
  }
  return rows;
}

/// Conditions that can be null though all data is there: the latest of none, an extreme of none.
inline bool can_be_null(const std::set<std::string>& features) {
  static const std::set<std::string> kNullable = {
      "latest",        "latest within", "Last sort", "First sort", "latest effective",  "latest is null",
      "computed tier", "Sum",           "Max",       "Min",        "allergyMatch level"};
  return std::any_of(features.begin(), features.end(), [](const auto& f) { return kNullable.contains(f); });
}

/// What is wrong with a result on complete data.
inline std::optional<std::string> wrong_on_complete(const RuleResult& result, const std::set<std::string>& features) {
  if (result.outcome == RuleOutcome::kError) return "an error on complete data";
  if (can_be_null(features)) return std::nullopt;
  if (result.outcome == RuleOutcome::kUnknown || !result.missing.empty()) return "unknown on complete data";
  if (std::any_of(result.findings.begin(), result.findings.end(), [](const auto& f) { return f.tier_undetermined; }))
    return "a tier is undetermined on complete data";
  return std::nullopt;
}

/// What is wrong between the two; none where nothing is. `sources`: resources of a row.
inline std::optional<std::string> disagreement(const RuleResult& incomplete, const RuleResult& complete, size_t sources,
                                               bool has_unless) {
  if (incomplete.outcome == RuleOutcome::kError || complete.outcome == RuleOutcome::kError) return "an error";
  if (incomplete.outcome == RuleOutcome::kUnknown && incomplete.missing.empty()) return "unknown without a datum";
  const bool fired = complete.outcome == RuleOutcome::kFired;
  if (incomplete.outcome == RuleOutcome::kNotMet && fired) return "not-met, but fires on a completion";
  if (incomplete.outcome == RuleOutcome::kNotMet && complete.outcome == RuleOutcome::kSuppressed && !has_unless)
    return "not-met, but suppressed on a completion";
  if (incomplete.outcome == RuleOutcome::kSuppressed && fired) return "suppressed, but fires on a completion";
  const auto completed = rows_of(complete, sources);
  for (const auto& row : rows_of(incomplete, sources)) {
    const auto at = std::find_if(completed.begin(), completed.end(), [&](const auto& r) { return r.row == row.row; });
    if (at == completed.end()) return "a certain finding is gone on a completion";
    if (!row.fired && at->fired) return "a suppressed finding fires on a completion";
    if (row.fired && !at->fired && !has_unless) return "a certain finding is suppressed without a suppressor";
    if (!row.fired || !at->fired) continue;
    if (row.tier < std::min(at->tier, Tier::kInterruptive)) return "the tier is lower than on a completion";
    if (!row.tier_undetermined && row.tier != at->tier) return "a tier said to be certain differs on a completion";
  }
  return std::nullopt;
}

/// A rule, incomplete data and a completion of it.
struct Case {
  RandomRule rule;
  Patient incomplete;
  Patient complete;
};

inline size_t source_count(const RandomRule& rule) {
  return static_cast<size_t>(
      std::count_if(rule.sources.begin(), rule.sources.end(), [](const auto& s) { return !s.first.type.empty(); }));
}

struct Verdict {
  std::optional<std::string> wrong;
  RuleResult incomplete;
  RuleResult complete;
};

/// What differs between the data and its completion, by type and element: "remove Observation.status".
inline std::string difference(const Case& one) {
  std::string out;
  for (const auto& [type, level] : one.incomplete.incomplete) out += level + " " + type + "; ";
  auto incomplete = one.incomplete;
  for (const auto& resource : one.complete.resources) {
    const auto* known = find_resource(incomplete, resource.type, resource.id);
    if (known == nullptr || *known == resource) continue;
    if (known->damaged) out += "damage " + resource.type + "; ";
    for (const auto& [element, text] : resource.elements) {
      const auto at = known->elements.find(element);
      if (known->damaged || (at != known->elements.end() && at->second == text)) continue;
      out += (at == known->elements.end() ? "remove " : "unknown ") + resource.type + "." + element + "; ";
    }
  }
  return out;
}

inline Verdict judge(const std::shared_ptr<const KnowledgeBase>& knowledge, const Case& one) {
  World world(knowledge, one.rule.text());
  if (!world.compiled()) return {};
  const auto incomplete = world.evaluate(one.incomplete), complete = world.evaluate(one.complete);
  if (incomplete.results.empty() || complete.results.empty()) return {};
  Verdict verdict{
      disagreement(incomplete.results[0], complete.results[0], source_count(one.rule), !one.rule.unless.empty()),
      incomplete.results[0], complete.results[0]};
  if (difference(one).empty() && !verdict.wrong)
    verdict.wrong = wrong_on_complete(verdict.complete, one.rule.features());
  return verdict;
}

/// Cases with less in them of which the completion still completes the data.
inline std::vector<Case> smaller(const Case& one) {
  std::vector<Case> all;
  for (auto& rule : smaller(one.rule)) all.push_back({std::move(rule), one.incomplete, one.complete});
  const auto drop = [](Patient& patient, const Resource& resource) {
    std::erase_if(patient.resources, [&](const Resource& r) { return r.type == resource.type && r.id == resource.id; });
  };
  for (const auto& resource : one.complete.resources) {
    all.push_back(one);
    drop(all.back().incomplete, resource);
    drop(all.back().complete, resource);
  }
  for (const auto& resource : one.complete.resources) {  // less missing
    auto whole = one;
    auto* known = find_resource(whole.incomplete, resource.type, resource.id);
    if (known == nullptr || *known == resource) continue;
    for (const auto& [element, text] : resource.elements) {
      if (known->damaged || (known->elements.contains(element) && known->elements[element] == text)) continue;
      all.push_back(one);
      find_resource(all.back().incomplete, resource.type, resource.id)->elements[element] = text;
    }
    *known = resource;
    all.push_back(std::move(whole));
  }
  for (const auto& [type, level] : one.incomplete.incomplete) {
    const bool needed =
        std::any_of(one.complete.resources.begin(), one.complete.resources.end(), [&, t = type](const Resource& r) {
          auto copy = one.incomplete;
          return r.type == t && find_resource(copy, r.type, r.id) == nullptr;
        });
    if (needed) continue;
    all.push_back(one);
    all.back().incomplete.incomplete.erase(type);
  }
  return all;
}

inline Case shrink(const std::shared_ptr<const KnowledgeBase>& knowledge, Case one, const std::string& wrong) {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& candidate : smaller(one)) {
      if (judge(knowledge, candidate).wrong != wrong) continue;
      one = std::move(candidate);
      changed = true;
      break;
    }
  }
  return one;
}

inline std::string signature(const Case& one, const std::string& wrong) {
  std::string out = wrong + " | " + difference(one) + "|";
  for (const auto& feature : one.rule.features()) out += " " + feature + ";";
  return out;
}

inline std::string report(const std::shared_ptr<const KnowledgeBase>& knowledge, const Case& one) {
  const auto verdict = judge(knowledge, one);
  std::string out =
      "\n=== " + verdict.wrong.value_or("nothing wrong") + "\n    " + signature(one, "") + "\n" + one.rule.text();
  out += "incomplete: " + to_json(one.incomplete);
  for (const auto& [type, level] : one.incomplete.incomplete) out += " and " + type + " " + level;
  out += "\n  got: " + describe(verdict.incomplete) + "\ncompletion: " + to_json(one.complete) +
         "\n  got: " + describe(verdict.complete) + "\n";
  return out;
}

}  // namespace vigil::test
