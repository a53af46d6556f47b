// SPDX-License-Identifier: Apache-2.0
// Random rules over the tiny world, as text; and smaller ones, for shrinking.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "differential/conditions.h"

namespace vigil::test {

struct RandomTier {
  std::string tier;
  std::optional<Cond> when;
};

struct RandomRule {
  std::string name;
  std::vector<std::pair<Alias, std::string>>
      sources;  ///< alias and what stands before it: "ordered [MedicationRequest]"
  std::vector<std::pair<std::string, Cond>> lets;
  std::optional<Cond> when;
  std::vector<Cond> unless;
  std::vector<RandomTier> tiers;
  std::set<std::string> source_features;  ///< of sources that are queries

  std::set<std::string> features() const {
    std::set<std::string> all = source_features;
    for (const auto& source : sources)
      all.insert(source.second.starts_with("\"")  ? "table join"
                 : source.second.starts_with("(") ? "query source"
                 : source.second.find("union") != std::string::npos
                     ? "union source"
                     : source.second.substr(0, source.second.find(" [")) + " source");
    for (const auto& let : lets) add_features(let.second, all);
    if (when) add_features(*when, all);
    for (const auto& cond : unless) {
      all.insert("unless");
      add_features(cond, all);
    }
    for (const auto& tier : tiers) {
      all.insert(tier.tier.starts_with("(") ? "computed tier" : "tier");
      if (tier.when) add_features(*tier.when, all);
    }
    return all;
  }

  std::string text() const {
    Defines defines;
    std::string out = "rule \"" + name + "\"\n  category 'property'\n  on 'order-sign'\n";
    for (size_t i = 0; i < sources.size(); ++i)
      out += (i == 0 ? "  for " : ",\n      ") + sources[i].second + " " + sources[i].first.name;
    if (!sources.empty()) out += "\n";
    for (const auto& [let, value] : lets) out += "  let " + let + ": " + render(value, defines) + "\n";
    if (when) out += "  when " + render(*when, defines) + "\n";
    for (size_t i = 0; i < unless.size(); ++i)
      out += "  unless " + render(unless[i], defines) + " because 'u" + std::to_string(i) + "'\n";
    for (const auto& tier : tiers)
      out += "  tier " + tier.tier + (tier.when ? " when " + render(*tier.when, defines) : "") + "\n";
    out += "  alert 'found'\n";
    std::string all;
    for (const auto& [define, value] : defines) all += "define \"" + define + "\":\n  " + value + "\n";
    return all + out;
  }
};

class RuleMaker {
 public:
  RuleMaker(RandomSource& random, const std::set<std::string>& excluded) : random_(random), excluded_(excluded) {}

  RandomRule make(const std::string& name) {
    RandomRule rule;
    rule.name = name;
    ConditionMaker conditions(random_, excluded_);
    std::vector<Alias> scope;
    add_sources(rule, scope, conditions);
    add_lets(rule, scope, conditions);
    if (!rule.when || random_.chance(50)) {
      auto more = conditions.condition(scope, 2);
      rule.when = rule.when ? Cond{"and", "(%0 and %1)", {*rule.when, std::move(more)}, {}} : std::move(more);
    }
    if (random_.chance(30) && conditions.allows("unless")) rule.unless.push_back(conditions.condition(scope, 1));
    if (random_.chance(40) && conditions.allows("tier")) add_tiers(rule, scope, conditions);
    return rule;
  }

 private:
  void add(RandomRule& rule, std::vector<Alias>& scope, const std::string& name, const std::string& type,
           const std::string& feature) {
    const std::string filter = is_of_drug(type) ? "MedicationRequest B" : type + " A";
    const std::string retrieve = "[" + type + (random_.chance(40) ? ": \"" + filter + "\"]" : "]");
    rule.sources.push_back({{name, type}, (feature == "plain" ? "" : feature + " ") + retrieve});
    scope.push_back({name, type});
  }

  /// What is taken, ordered or stated; joined with the table of pairs half the times.
  void add_union(RandomRule& rule, ConditionMaker& conditions) {
    static const std::vector<std::string> kSets = {"", ": \"MedicationRequest A\"", ": \"MedicationRequest B\""};
    static const std::vector<std::string> kConditions = {"(exists codes(Either))",
                                                         "isActive(Either)",
                                                         "codes(Either) in \"MedicationRequest A\"",
                                                         "isA(Either, \"K1\")",
                                                         "\"Is running\"(Either)",
                                                         "exists (ingredients(New) intersect ingredients(Either))",
                                                         "Either.medication in \"MedicationRequest B\""};
    const auto set = random_.pick(kSets);
    rule.sources.push_back(
        {{"Either", ""}, "current ([MedicationRequest" + set + "] union [MedicationStatement" + set + "])"});
    if (conditions.allows("table join") && random_.chance(50)) {
      rule.sources.push_back({{"Pair", ""}, "\"Pairs\""});
      rule.when = Cond{"table condition", "(Pair.a in ingredients(New) and Pair.b in ingredients(Either))", {}, {}};
    } else {
      rule.when = Cond{"function", random_.pick(kConditions), {}, {}};
    }
  }

  static Cond without_defines(Cond cond) {
    cond.define.clear();
    for (auto& part : cond.parts) part = without_defines(std::move(part));
    return cond;
  }

  void add_sources(RandomRule& rule, std::vector<Alias>& scope, ConditionMaker& conditions) {
    switch (random_.below(11)) {
      case 9: {
        Defines inlined;
        const std::string type = random_.chance(50) ? "Observation" : "Condition";
        const auto list = without_defines(conditions.list(type, {}, 2));
        add_features(list, rule.source_features);
        rule.sources.push_back({{"Row", type}, "(" + render(list, inlined) + ")"});
        scope.push_back({"Row", type});
        break;
      }
      case 0:
      case 1: break;
      case 2: add(rule, scope, "New", "MedicationRequest", "ordered"); break;
      case 3: add(rule, scope, "Old", "MedicationRequest", "current"); break;
      case 4:
        add(rule, scope, "New", "MedicationRequest", "ordered");
        add(rule, scope, "Old", "MedicationRequest", "current");
        break;
      case 5:
        add(rule, scope, "New", "MedicationRequest", "ordered");
        add(rule, scope, "Allergy", "AllergyIntolerance", "plain");
        break;
      case 10:
        add(rule, scope, "New", "MedicationRequest", "ordered");
        add_union(rule, conditions);
        break;
      case 6: add(rule, scope, "Problem", "Condition", random_.chance(50) ? "current" : "plain"); break;
      case 7:
        add(rule, scope, "New", "MedicationRequest", "ordered");
        add(rule, scope, "Lab", "Observation", "plain");
        break;
      default:
        add(rule, scope, "New", "MedicationRequest", "ordered");
        add(rule, scope, "Old", "MedicationRequest", "current");
        if (!conditions.allows("table join")) break;
        rule.sources.push_back({{"Pair", ""}, "\"Pairs\""});
        rule.when = Cond{"table condition", "(Pair.a in ingredients(New) and Pair.b in ingredients(Old))", {}, {}};
        if (random_.chance(50)) rule.tiers.push_back({"Pair.tier", {}});
        break;
    }
  }

  void add_lets(RandomRule& rule, const std::vector<Alias>& scope, ConditionMaker& conditions) {
    if (random_.chance(15) && conditions.allows("latest") && conditions.allows("let")) {
      rule.lets.emplace_back("Level",
                             Cond{"let", "latest(%0, 12 months)", {conditions.list("Observation", scope, 1)}, {}});
      rule.when = both(rule.when, {"latest", "Level.value > 5 'mmol/L'", {}, {}});
    }
    if (scope.size() == 2 && scope[1].type == "AllergyIntolerance" && random_.chance(60) &&
        conditions.allows("allergyMatch")) {
      rule.lets.emplace_back("Match", Cond{"let", "allergyMatch(New, Allergy)", {}, {}});
      rule.when = both(rule.when, {"allergyMatch", "(Match is not null and isActive(Allergy))", {}, {}});
      if (!conditions.allows("isActive(A)")) rule.when->text = "Match is not null";
      rule.tiers.push_back(
          {"hard-stop", Cond{"allergyMatch level", "(Match.level = 'ingredient' and isSevere(Allergy))", {}, {}}});
      rule.tiers.push_back({"passive", {}});
    }
  }

  static std::optional<Cond> both(const std::optional<Cond>& a, Cond b) {
    return a ? Cond{"and", "(%0 and %1)", {*a, std::move(b)}, {}} : std::move(b);
  }

  void add_tiers(RandomRule& rule, const std::vector<Alias>& scope, ConditionMaker& conditions) {
    static const std::vector<std::string> kTiers = {"hard-stop", "interruptive", "passive", "silent"};
    if (!rule.tiers.empty()) return;
    for (size_t i = 1 + random_.below(2); i > 0; --i)
      rule.tiers.push_back({random_.pick(kTiers), conditions.condition(scope, 1)});
    if (random_.chance(20) && conditions.allows("computed tier"))
      rule.tiers.push_back(
          {"%",
           Cond{"computed tier", "(if %0 then 'hard-stop' else 'passive')", {conditions.condition(scope, 1)}, {}}});
    else if (random_.chance(60))
      rule.tiers.push_back({random_.pick(kTiers), {}});
    fix_computed(rule);
  }

  /// A computed tier is kept as text: `tier (if … then 'hard-stop' else 'passive')`.
  static void fix_computed(RandomRule& rule) {
    for (auto& tier : rule.tiers) {
      if (tier.tier != "%") continue;
      Defines inlined;
      auto cond = *tier.when;
      cond.parts[0].define.clear();
      tier = {render(cond, inlined), {}};
    }
  }

  RandomSource& random_;
  const std::set<std::string>& excluded_;
};

inline std::vector<RandomRule> smaller(const RandomRule& rule) {
  std::vector<RandomRule> all;
  const auto with = [&](auto change) {
    all.push_back(rule);
    change(all.back());
  };
  for (size_t i = 0; i < rule.sources.size(); ++i) {
    with([&](RandomRule& r) { r.sources.erase(r.sources.begin() + static_cast<ptrdiff_t>(i)); });
    const auto& text = rule.sources[i].second;
    if (const auto colon = text.find(": \""); colon != std::string::npos)
      with([&](RandomRule& r) { r.sources[i].second = text.substr(0, colon) + "]"; });
  }
  for (size_t i = 0; i < rule.lets.size(); ++i)
    with([&](RandomRule& r) { r.lets.erase(r.lets.begin() + static_cast<ptrdiff_t>(i)); });
  for (size_t i = 0; i < rule.lets.size(); ++i)
    for (auto& one : smaller(rule.lets[i].second)) with([&](RandomRule& r) { r.lets[i].second = one; });
  for (size_t i = 0; i < rule.unless.size(); ++i)
    with([&](RandomRule& r) { r.unless.erase(r.unless.begin() + static_cast<ptrdiff_t>(i)); });
  for (size_t i = 0; i < rule.tiers.size(); ++i)
    with([&](RandomRule& r) { r.tiers.erase(r.tiers.begin() + static_cast<ptrdiff_t>(i)); });
  if (rule.when && !rule.sources.empty()) with([&](RandomRule& r) { r.when.reset(); });
  if (rule.when)
    for (auto& one : smaller(*rule.when)) with([&](RandomRule& r) { r.when = one; });
  for (size_t i = 0; i < rule.unless.size(); ++i)
    for (auto& one : smaller(rule.unless[i])) with([&](RandomRule& r) { r.unless[i] = one; });
  for (size_t i = 0; i < rule.tiers.size(); ++i)
    if (rule.tiers[i].when)
      for (auto& one : smaller(*rule.tiers[i].when)) with([&](RandomRule& r) { r.tiers[i].when = one; });
  return all;
}

}  // namespace vigil::test
