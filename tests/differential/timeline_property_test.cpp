// SPDX-License-Identifier: Apache-2.0
// Going through the instants of one patient with what was evaluated before is the same as starting anew at each.
#include <doctest/doctest.h>

#include <cstdio>
#include <set>

#include "differential/determinacy_checks.h"
#include "differential/world.h"

namespace vigil::test {
namespace {

constexpr size_t kInstants = 6;
constexpr Instant kHour = 3'600'000;

/// 2026-05-31T22:00Z and on, in steps of an hour and a half: some share a day, some do not.
Instant instant(size_t step) { return 1'780'264'800'000 + static_cast<Instant>(step) * kHour * 3 / 2; }

Temporal clock(size_t step) {
  const auto minutes = static_cast<int>(22 * 60 + step * 90);
  Temporal now{2026, 5, 31, 0, 0, 0, Precision::kMillisecond, 0, 0};
  if (minutes >= 24 * 60) {
    now.month = 6;
    now.day = 1;
  }
  now.hour = static_cast<uint8_t>(minutes / 60 % 24);
  now.minute = static_cast<uint8_t>(minutes % 60);
  return now;
}

std::string clock_text(size_t step) {
  const auto now = clock(step);
  char text[40];
  std::snprintf(text, sizeof text, "2026-%02d-%02dT%02d:%02d:00Z", now.month, now.day, now.hour, now.minute);
  return text;
}

/// A patient whose record changes a little at some of the instants, as a history Bundle.
std::string random_history(RandomSource& random) {
  auto patient = random_patient(random);
  // A birthday at the midnight that is crossed.
  if (random.chance(70))
    find_resource(patient, "Patient", "p")->elements["birthDate"] = random.chance(50) ? "2008-06-01" : "1960-06-01";
  std::string entries;
  const auto add = [&](const Resource& resource, size_t step) {
    auto json = to_json(resource);
    json.insert(json.size() - 1, R"(,"meta":{"lastUpdated":")" + clock_text(step) + "\"}");
    entries += (entries.empty() ? "" : ",\n") +
               (R"({"fullUrl":"http://t/)" + resource.reference() + R"(","resource":)") + json +
               R"(,"request":{"method":"PUT","url":")" + resource.reference() + "\"}}";
  };
  for (const auto& resource : patient.resources) add(resource, random.chance(70) ? 0 : random.below(kInstants));
  for (size_t step = 1; step < kInstants; ++step) {
    if (random.chance(40)) continue;
    auto& changed = patient.resources[random.below(patient.resources.size())];
    const bool draft = changed.is_draft();
    changed = random_resource(random, changed.type, changed.id + (random.chance(50) ? "" : "n"));
    if (changed.type == "Patient") changed.id = "p";
    if (draft) changed.elements["status"] = "draft";
    add(changed, step);
  }
  return R"({"resourceType":"Bundle","type":"history","entry":[)" + entries + "]}";
}

std::string all_of(const Outcome& outcome) {
  std::string text;
  for (const auto& result : outcome.results) {
    text += std::string(name(result.outcome));
    for (const auto& finding : result.findings) {
      text += " [" + finding.key + " " + std::string(name(finding.tier)) + (finding.suppressed ? " suppressed" : "");
      for (const auto& fact : finding.facts) text += " " + fact;
      text += "]";
    }
    for (const auto& missing : result.missing) text += " ?" + missing.what;
    text += "\n";
  }
  return text;
}

std::string outcomes_of(const Outcome& outcome) {
  std::string text;
  for (const auto& result : outcome.results) text += std::string(name(result.outcome)) + "\n";
  return text;
}

}  // namespace

TEST_CASE("following a timeline gives what starting anew at each instant gives") {
  RandomSource random(number_setting("VIGIL_PROPERTY_SEED", 20260601) + 77);
  const auto knowledge = make_small_knowledge();
  const std::set<std::string> kNoneExcluded;
  size_t compared = 0;
  size_t differences = 0;
  for (size_t i = 0; i < std::max<uint64_t>(1, number_setting("VIGIL_PROPERTY_CASES", 2000) / 200); ++i) {
    RuleMaker maker(random, kNoneExcluded);
    std::string text;
    for (int r = 0; r < 20; ++r) {
      auto rule = maker.make("R" + std::to_string(r)).text();
      for (size_t at = 0; (at = rule.find("\"Definition X", at)) != std::string::npos; at += 10)
        rule.replace(at, 11, "\"Definition" + std::to_string(r));
      text += rule;
    }
    CompileOptions options;
    options.knowledge = knowledge;
    const auto compilation = compile({{"property.vigil", library_head() + text}}, options);
    REQUIRE(!compilation.has_errors());
    Evaluator follower(*compilation.rulebook);
    Evaluator fresh(*compilation.rulebook);
    EvaluateOptions counting;
    counting.name_facts = false;
    Evaluator counter(*compilation.rulebook, counting);
    fhir::FhirReader reader(compilation.rulebook->read_plan());
    Timeline timeline(compilation.rulebook->read_plan(), *knowledge);
    for (int p = 0; p < 8; ++p) {
      const auto history = random_history(random);
      timeline.clear();
      DiagnosticSink sink;
      reader.read(history, "history.json", timeline, sink);
      follower.follow_timeline();
      for (size_t step = 0; step < kInstants; ++step) {
        const auto snapshot = timeline.at(instant(step), sink);
        const auto outcome = fresh.evaluate(snapshot, World::trigger(), {}, clock(step));
        const auto expected = all_of(outcome);
        CHECK(outcomes_of(outcome) == outcomes_of(counter.evaluate(snapshot, World::trigger(), {}, clock(step))));
        const auto got = all_of(follower.evaluate(snapshot, World::trigger(), {}, clock(step)));
        ++compared;
        if (got == expected || ++differences > 3) continue;
        FAIL_CHECK("instant ", step, "\n", text, history, "\n  anew:\n", expected, "\n  following:\n", got);
      }
    }
  }
  CHECK(differences == 0);
  MESSAGE(compared, " instants compared");
}

}  // namespace vigil::test
