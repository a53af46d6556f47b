// SPDX-License-Identifier: Apache-2.0
// Orders and statements of which nothing knows the drug: named once for all rules, and no rule speaks of limits it has
// no reason to.
#include "packs.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Notes of rules, and how often the call's note names the order.
std::pair<size_t, size_t> notes_on(const std::string& record, const std::string& drafts, const std::string& reference) {
  size_t of_rules = 0, of_call = 0;
  for (const auto& alert : Packs::all().sign(record, drafts).alerts) {
    if (alert.is_note && !alert.rules.empty()) ++of_rules;
    if (!alert.is_note || !alert.rules.empty()) continue;
    for (size_t at = alert.detail.find(reference); at != std::string::npos; at = alert.detail.find(reference, at + 1))
      ++of_call;
  }
  return {of_rules, of_call};
}

}  // namespace

TEST_CASE("a code that leads to no ingredient is named once, and no rule guesses") {
  // Leuprolide is in the base by name alone.
  CHECK(notes_on("", order("new", "draft", "545835"), "MedicationRequest/new") == std::pair<size_t, size_t>(0, 1));
}

TEST_CASE("so is a code that nothing holds, ordered or taken") {
  CHECK(notes_on("", order("new", "draft", "999999999"), "MedicationRequest/new") == std::pair<size_t, size_t>(0, 1));
  const auto [of_rules, of_call] =
      notes_on(order("old", "active", "999999999"), order("new", "draft", "197361"), "MedicationRequest/old");
  CHECK(of_rules == 0);
  CHECK(of_call <= 1);
}

TEST_CASE("each of several orders is named, also the one that is not the last") {
  Packs::all().sign(order("old", "active", "866412"),
                    order("a", "draft", "545835") + "," + order("b", "draft", "197361"));
  const auto& unchecked = Packs::all().outcome().not_checked;
  CHECK(std::ranges::count(unchecked, "MedicationRequest/a: its ingredients are not known") == 1);
  CHECK(notes_on(order("old", "active", "866412"), order("a", "draft", "545835") + "," + order("b", "draft", "197361"),
                 "MedicationRequest/a") == std::pair<size_t, size_t>(0, 1));
}

TEST_CASE("a statement of a code that nothing holds could be any drug") {
  const auto stated =
      entry(R"({"resourceType":"MedicationStatement","id":"home","status":"active","medicationCodeableConcept":{)"
            R"("coding":[{"system":"urn:hospital","code":"WARF5"}],"text":"Warfarin 5 mg"}})");
  CHECK(notes_on(stated, order("new", "draft", "197805"), "MedicationStatement/home") ==
        std::pair<size_t, size_t>(0, 1));
  const auto& outcome = Packs::all().outcome();
  const auto& rules = Packs::all().rulebook().rules();
  for (const auto& result : outcome.results)
    if (rules[result.rule].name == "NSAID ordered during warfarin therapy")
      CHECK(result.outcome == RuleOutcome::kUnknown);
}
