// SPDX-License-Identifier: Apache-2.0
// What must not change the alerts of a patient: the order of resources, a resource given twice, what an Evaluator did
// before; and a symmetric pair is one problem.
#include <doctest/doctest.h>

#include <set>

#include "differential/determinacy_checks.h"

namespace vigil::test {
namespace {

/// Features whose result is not a function of the set of resources.
const std::set<std::string>& excluded_features() {
  static const std::set<std::string> kExcluded = {// What a sort finds equal keeps the order of the data, as CQL's does.
                                                  "First sort", "Last sort"};
  return kExcluded;
}

struct Batch {
  std::vector<RandomRule> rules;
  std::string text;
};

Batch random_batch(RandomSource& random, size_t count) {
  RuleMaker maker(random, excluded_features());
  Batch batch;
  for (size_t i = 0; i < count; ++i) {
    auto rule = maker.make("R" + std::to_string(i));
    std::string own = rule.text();
    for (size_t at = 0; (at = own.find("\"Definition X", at)) != std::string::npos; at += 10)
      own.replace(at, 11, "\"Definition" + std::to_string(i));
    batch.text += own;
    batch.rules.push_back(std::move(rule));
  }
  return batch;
}

/// A rule's result without what the order of reading may change: the order of its findings and of what is missing.
std::string canonical(const RuleResult& result) {
  std::vector<std::string> parts;
  for (const auto& finding : result.findings) {
    std::string part = finding.key + " " + std::string(name(finding.tier)) +
                       (finding.suppressed ? " suppressed " : " ") + finding.suppression_reason +
                       (finding.tier_undetermined ? "?" : "");
    auto facts = finding.facts;
    std::sort(facts.begin(), facts.end());
    for (const auto& fact : facts) part += " " + fact;
    parts.push_back(part);
  }
  std::sort(parts.begin(), parts.end());
  std::string out(name(result.outcome));
  for (const auto& part : parts) out += "\n    " + part;
  return out;
}

std::set<std::string> alert_set(const Alerts& alerts) {
  std::set<std::string> all;
  for (const auto& alert : alerts.alerts) all.insert(alert.key + " " + std::string(name(alert.tier)));
  return all;
}

void shuffle(RandomSource& random, std::vector<Resource>& resources) {
  for (size_t i = resources.size(); i > 1; --i) std::swap(resources[i - 1], resources[random.below(i)]);
}

Patient some_patient(RandomSource& random) {
  auto patient = random_patient(random);
  if (random.chance(50)) return make_incomplete(patient, {random_hole(random, patient)});
  return patient;
}

size_t rounds() {
  return static_cast<size_t>(std::max<uint64_t>(1, number_setting("VIGIL_PROPERTY_CASES", 2000) / 200));
}
uint64_t seed() { return number_setting("VIGIL_PROPERTY_SEED", 20260601); }

/// Rules of chance, compiled, as many times as the settings ask for; `number` makes them differ from other tests'.
template <class Check>
void for_each_batch(uint64_t number, Check check) {
  RandomSource random(seed() + number);
  const auto knowledge = make_small_knowledge();
  for (size_t i = 0; i < rounds(); ++i) {
    const auto batch = random_batch(random, 20);
    World world(knowledge, batch.text);
    REQUIRE_MESSAGE(world.compiled(), world.problems());
    check(random, batch, world);
  }
}

/// Compares rule by rule; the first few differences are shown.
void expect_same(const Batch& batch, const Outcome& a, const Outcome& b, const Patient& patient, const char* what) {
  static int shown = 0;
  REQUIRE(a.results.size() == b.results.size());
  for (size_t i = 0; i < a.results.size(); ++i) {
    if (canonical(a.results[i]) == canonical(b.results[i])) continue;
    if (++shown > 10) {
      FAIL_CHECK(std::string(what));
      return;
    }
    FAIL_CHECK(std::string(what), "\n", batch.rules[i].text(), to_json(patient), "\n  ", canonical(a.results[i]),
               "\n  ", canonical(b.results[i]));
  }
}

}  // namespace

TEST_CASE("the order of resources does not change the outcomes") {
  for_each_batch(0, [](RandomSource& random, const Batch& batch, World& world) {
    for (size_t p = 0; p < 8; ++p) {
      auto patient = some_patient(random);
      const auto before = world.evaluate(patient);
      const auto alerts = alert_set(world.alerts(before));
      const auto original = patient;
      shuffle(random, patient.resources);
      const auto after = world.evaluate(patient);
      expect_same(batch, before, after, original, "order of resources");
      CHECK(alerts == alert_set(world.alerts(after)));
    }
  });
}

TEST_CASE("a resource given twice counts once") {
  for_each_batch(1, [](RandomSource& random, const Batch& batch, World& world) {
    for (size_t p = 0; p < 8; ++p) {
      auto patient = some_patient(random);
      const auto before = world.evaluate(patient);
      const auto original = patient;
      for (size_t n = 1 + random.below(3); n > 0; --n) patient.resources.push_back(random.pick(original.resources));
      expect_same(batch, before, world.evaluate(patient), original, "a resource given twice");
    }
  });
}

TEST_CASE("an Evaluator reused gives what a fresh one gives") {
  for_each_batch(2, [](RandomSource& random, const Batch& batch, World& world) {
    for (size_t p = 0; p < 8; ++p) {
      const auto patient = some_patient(random);
      const auto once = world.evaluate(patient), twice = world.evaluate(patient), fresh = world.evaluate_fresh(patient);
      expect_same(batch, once, twice, patient, "evaluated twice");
      expect_same(batch, once, fresh, patient, "a fresh Evaluator");
    }
  });
}

TEST_CASE("a rule gives the same alone as among others") {
  const auto knowledge = make_small_knowledge();
  for_each_batch(3, [&](RandomSource& random, const Batch& batch, World& world) {
    for (size_t r = 0; r < 20; r += 4) {
      World alone(knowledge, batch.rules[r].text());
      REQUIRE(alone.compiled());
      for (size_t p = 0; p < 4; ++p) {
        const auto patient = some_patient(random);
        const auto among = world.evaluate(patient), single = alone.evaluate(patient);
        Outcome one;
        one.results = {among.results[r]};
        expect_same({{batch.rules[r]}, {}}, one, single, patient, "alone");
      }
    }
  });
}

namespace {

constexpr const char* kPairRule = R"(rule "Pair"
  category 'drug-interaction'
  on 'order-sign'
  for ordered [MedicationRequest] New, current [MedicationRequest] Old, "Pairs" P
  when P.a in ingredients(New) and P.b in ingredients(Old)
  alert 'pair'
)";

Resource request(const std::string& id, const std::string& status, const std::string& code) {
  return {"MedicationRequest", id, {{"status", status}, {"code", code}}, false};
}

Patient patient_of(std::vector<Resource> resources) {
  resources.insert(resources.begin(), {"Patient", "p", {{"birthDate", "1950-01-01"}, {"gender", "female"}}, false});
  return {std::move(resources), {}};
}

size_t alert_count(const std::string& rule, const Patient& patient) {
  World world(make_small_knowledge(), rule);
  REQUIRE_MESSAGE(world.compiled(), world.problems());
  return world.alerts(world.evaluate(patient)).alerts.size();
}

}  // namespace

TEST_CASE("a symmetric pair is one alert, in either direction") {
  CHECK(alert_count(kPairRule, patient_of({request("1", "draft", "D1"), request("2", "active", "D2")})) == 1);
  CHECK(alert_count(kPairRule, patient_of({request("1", "draft", "D2"), request("2", "active", "D1")})) == 1);
  CHECK(alert_count(kPairRule, patient_of({request("1", "draft", "D1"), request("2", "active", "D1")})) == 0);
  CHECK(alert_count(kPairRule, patient_of({request("1", "draft", "D1")})) == 0);
}

TEST_CASE("two drugs ordered together are one pair") {
  CHECK(alert_count(kPairRule, patient_of({request("1", "draft", "D1"), request("2", "draft", "D2")})) == 1);
}

TEST_CASE("current leaves out the row's own order, wherever the rule names it") {
  constexpr const char* kTail = "  when exists (ingredients(New) intersect ingredients(Old))\n  alert 'duplicate'\n";
  const std::string head = "rule \"Duplicate\"\n  category 'duplicate-therapy'\n  on 'order-sign'\n";
  const auto alone = patient_of({request("1", "draft", "D1")});
  CHECK(alert_count(head + "  for ordered [MedicationRequest] New, current [MedicationRequest] Old\n" + kTail, alone) ==
        0);
  CHECK(alert_count(head + "  for current [MedicationRequest] Old, ordered [MedicationRequest] New\n" + kTail, alone) ==
        0);
}

TEST_CASE("a finding about two orders is not hidden by one about another drug of the same code") {
  // Keys name a concept by its code alone: a condition and a drug of one code, or two systems, must not be one problem.
  const std::string rule =
      "rule \"Any\"\n  category 'c'\n  on 'order-sign'\n  for ordered [MedicationRequest] New, [Condition] Problem\n  "
      "alert 'x'\n";
  auto problem = [](const char* id, const char* code) {
    return Resource{"Condition", id, {{"status", "active"}, {"verification", "confirmed"}, {"code", code}}, false};
  };
  CHECK(alert_count(rule, patient_of({request("1", "draft", "D1"), problem("2", "C1"), problem("3", "C2")})) == 2);
}

TEST_CASE("a rule that fails does not touch the others") {
  std::string text;
  for (int i = 0; i < 400; ++i)
    text += "rule \"Fails" + std::to_string(i) +
            "\"\n  category 'c'\n  on 'order-sign'\n  when not (not (not ((singleton from [MedicationRequest]).status "
            "= 'active')))\n  alert 'x'\n";
  text +=
      "rule \"Works\"\n  category 'c'\n  on 'order-sign'\n  when not (exists ([Condition] C where not "
      "(C.clinicalStatus ~ \"Active\")))\n  alert 'x'\n";
  World world(make_small_knowledge(), text);
  REQUIRE_MESSAGE(world.compiled(), world.problems().substr(0, 2000));
  const auto outcome = world.evaluate(patient_of({request("1", "draft", "D1"), request("2", "active", "D2")}));
  CHECK(outcome.results.front().outcome == RuleOutcome::kError);
  CHECK_MESSAGE(outcome.results.back().outcome == RuleOutcome::kFired, describe(outcome.results.back()));
}

}  // namespace vigil::test
