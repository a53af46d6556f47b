// SPDX-License-Identifier: Apache-2.0
// What a comparison is run on.
#include "replay/compare_rules.h"

#include <algorithm>

#include "crypto/hashes.h"
#include "replay/patient_compare.h"
#include "replay/run_replay.h"

namespace vigil::replay {

namespace {

std::optional<uint32_t> find_rule(std::span<const RuleInfo> rules, const RuleInfo& wanted) {
  const auto found = std::ranges::find_if(
      rules, [&](const RuleInfo& rule) { return rule.name == wanted.name && rule.library == wanted.library; });
  if (found == rules.end()) return std::nullopt;
  return static_cast<uint32_t>(found - rules.begin());
}

}  // namespace

std::vector<CompareInput::RulePair> CompareInput::pair_rules() const {
  std::vector<RulePair> pairs;
  const auto rules_a = a.rulebook->rules();
  const auto rules_b = b.rulebook->rules();
  for (uint32_t rule = 0; rule < rules_b.size(); ++rule) pairs.push_back({find_rule(rules_a, rules_b[rule]), rule});
  for (uint32_t rule = 0; rule < rules_a.size(); ++rule)
    if (!find_rule(rules_b, rules_a[rule])) pairs.push_back({rule, std::nullopt});
  return pairs;
}

RunPlan make_plan(const CompareInput& input) {
  const RunPlan a = make_plan(input.a);
  RunPlan plan = make_plan(input.b);
  plan.kind = ResultKind::kCompare;
  plan.run_id = crypto::to_hex(crypto::sha256("vigil compare 2\n" + a.run_id + "\n" + plan.run_id));
  std::vector<RuleInfo> rules;
  for (const auto& pair : input.pair_rules())
    rules.push_back(pair.in_b ? input.b.rulebook->rules()[*pair.in_b] : input.a.rulebook->rules()[*pair.in_a]);
  plan.rule_rows = rule_rows(rules);
  for (auto& [name, value] : plan.settings) {
    if (name == "run_id") value = plan.run_id;
    if (name == "rulebook digest")
      value = std::to_string(input.a.rulebook->digest()) + " to " + std::to_string(input.b.rulebook->digest());
  }
  std::erase_if(plan.settings, [](const auto& setting) {
    return setting.first == "rows" || setting.first == "leakage" || setting.first.starts_with("feedback") ||
           setting.first.starts_with("labels");
  });
  return plan;
}

WorkerMaker make_worker_maker(const CompareInput& input) {
  return [&input] { return std::make_unique<PatientCompare>(input); };
}

}  // namespace vigil::replay
