// SPDX-License-Identifier: Apache-2.0
// Findings to alerts: merged by problem, ranked, silenced with a reason; repeats as the history allows.
#include "unit/alerts/evaluated.h"

using namespace vigil;
using test::Evaluated;
using test::rule;

namespace {

Alerts raised(const Evaluated& evaluated, const AlertHistory& history = {}) {
  return raise(evaluated.rulebook(), evaluated.outcome, Evaluated::trigger(), history, evaluated.now);
}

/// A past showing of the only finding, acknowledged by the trigger's user in its encounter.
PastAlert past(const Evaluated& evaluated, std::string_view shown) {
  return {"R", evaluated.result().findings.at(0).key, "dr-a", "visit-1", to_instant(*parse_instant(shown)), true};
}

bool shows(const Evaluated& evaluated, const PastAlert& before, bool readable = true) {
  const auto alerts = raised(evaluated, {{before}, readable});
  CHECK(alerts.alerts.size() + alerts.silenced.size() == 1);
  return !alerts.alerts.empty();
}

}  // namespace

TEST_CASE("alerts are ranked by tier, findings before notes, then category; equals keep the order of rules") {
  const auto text = [](const char* name, const char* category, const char* tier) {
    return std::string("rule \"") + name + "\"\n  category '" + category +
           "'\n  on 'patient-view'\n  when true\n  tier " + tier + "\n  alert '" + name + "'\n";
  };
  const Evaluated e(text("A", "b", "passive") + text("B", "b", "interruptive") + text("C", "a", "interruptive") +
                    text("D", "z", "hard-stop") + text("E", "a", "interruptive") +
                    "rule \"F\"\n  category 'a'\n  on 'patient-view'\n  when (null as Boolean)\n  alert 'f'\n  if "
                    "unknown alert 'F'\n");
  std::string order;
  for (const auto& alert : raised(e).alerts) order += alert.summary;
  CHECK(order == "DCEBFA");
}

TEST_CASE("findings of one problem are one alert of the higher tier, with the sources of both") {
  const Evaluated e(rule("  for ({ 1, 2 }) X\n  tier passive when X = 1\n  tier interruptive\n  one alert per ('same')",
                         "'text {X}'"));
  const auto alerts = raised(e).alerts;
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].tier == Tier::kInterruptive);
  CHECK(alerts[0].summary == "text 2");
  CHECK(alerts[0].rules == std::vector<uint32_t>{0});
}

TEST_CASE("suppressed, silent and shadow findings are set aside, each with why") {
  const Evaluated e(rule("  when true\n  unless true because 'on purpose'", "'a'", "A") +
                    rule("  when true\n  tier silent", "'b'", "B") + rule("  when true", "'c'", "C") + "  shadow\n");
  const auto result = raised(e);
  CHECK(result.alerts.empty());
  REQUIRE(result.silenced.size() == 3);
  CHECK(result.silenced[0].reason == "on purpose");
  CHECK(result.silenced[0].summary == "a");
  for (const auto& silenced : result.silenced) CHECK_FALSE(silenced.reason.empty());
}

TEST_CASE("a suppressed finding does not hide another of the same problem") {
  const Evaluated e(rule("  for ({ 1, 2 }) X\n  unless X = 1 because 'first'\n  one alert per ('same')", "'text {X}'"));
  const auto result = raised(e);
  REQUIRE(result.alerts.size() == 1);
  CHECK(result.alerts[0].summary == "text 2");
  CHECK(result.silenced.size() == 1);
}

TEST_CASE("a rule without repeat control alerts each time") {
  const Evaluated e(rule("  when true"));
  CHECK(shows(e, past(e, "2026-06-15T08:00:00Z")));
}

TEST_CASE("once per patient: what the same user acknowledged of the same facts, and nothing else") {
  const Evaluated e(rule("  when true\n  once per patient"));
  const auto before = past(e, "2020-01-01T00:00:00Z");
  CHECK_FALSE(shows(e, before));
  CHECK(raised(e, {{before}, true}).silenced.at(0).is_repeat);
  CHECK(shows(e, before, false));  // a history that could not be read silences nothing
  const auto changed = [&](auto&& change) {
    auto other = before;
    change(other);
    return shows(e, other);
  };
  CHECK(changed([](PastAlert& p) { p.user = "dr-b"; }));
  CHECK(changed([](PastAlert& p) { p.acknowledged = false; }));
  CHECK(changed([](PastAlert& p) { p.key += "x"; }));
  CHECK(changed([](PastAlert& p) { p.rule = "Other"; }));
  CHECK(changed([](PastAlert& p) { p.shown = kForever; }));
  CHECK_FALSE(changed([](PastAlert& p) { p.encounter = "visit-0"; }));
}

TEST_CASE("a user who is not known is not the same as another who is not") {
  const Evaluated e(rule("  when true\n  once per patient"));
  auto before = past(e, "2020-01-01T00:00:00Z");
  auto trigger = Evaluated::trigger();
  before.user = trigger.user = "";
  CHECK(raise(e.rulebook(), e.outcome, trigger, {{before}, true}, e.now).alerts.size() == 1);
}

TEST_CASE("once per encounter holds in the encounter only") {
  const Evaluated e(rule("  when true\n  once per encounter"));
  auto before = past(e, "2026-06-15T08:00:00Z");
  CHECK_FALSE(shows(e, before));
  before.encounter = "visit-0";
  CHECK(shows(e, before));
}

TEST_CASE("once per period holds as long as the period") {
  const auto silenced = [](const std::string& period, std::string_view shown) {
    const Evaluated e(rule("  when true\n  once per " + period));
    return !shows(e, past(e, shown));
  };
  CHECK(silenced("6 months", "2025-12-16T09:00:00Z"));
  CHECK(silenced("6 months", "2025-12-15T09:00:00Z"));
  CHECK_FALSE(silenced("6 months", "2025-12-15T08:59:59Z"));
  CHECK(silenced("2 weeks", "2026-06-02T09:00:00Z"));
  CHECK_FALSE(silenced("2 weeks", "2026-05-31T09:00:00Z"));
  CHECK(silenced("1 year", "2025-07-01T00:00:00Z"));
  CHECK_FALSE(silenced("1 year", "2025-06-01T00:00:00Z"));
  CHECK(silenced("3 days", "2026-06-13T09:00:00Z"));
  CHECK_FALSE(silenced("3 days", "2026-06-11T09:00:00Z"));
  CHECK(silenced("12 hours", "2026-06-15T01:00:00Z"));
  CHECK_FALSE(silenced("12 hours", "2026-06-14T20:00:00Z"));
  CHECK(silenced("30 minutes", "2026-06-15T08:45:00Z"));
  CHECK_FALSE(silenced("30 minutes", "2026-06-15T08:15:00Z"));
}

TEST_CASE("a hard stop is never silenced by the history") {
  const Evaluated e(rule("  when true\n  tier hard-stop\n  once per patient"));
  CHECK(shows(e, past(e, "2026-06-15T08:00:00Z")));
}

TEST_CASE("a list of missing data that has its full length says that there may be more") {
  Evaluated unknown(rule("  when (null as Boolean)") + "  if unknown note\n");
  auto& missing = unknown.outcome.results.at(0).missing;
  missing.assign(kMaxMissingData - 1, {"Observation: none found", {}, {}});
  CHECK_FALSE(raised(unknown).alerts.at(0).detail.ends_with("more"));
  missing.push_back(missing.front());
  CHECK(raised(unknown).alerts.at(0).detail.ends_with("; and perhaps more"));
}

TEST_CASE("an unknown rule speaks only where it says so, and never in shadow") {
  const auto unknown = [](const std::string& clauses) {
    return raised(Evaluated(rule("  when (null as Boolean)") + clauses)).alerts;
  };
  CHECK(unknown("").empty());
  CHECK(unknown("  if unknown log\n").empty());
  CHECK(unknown("  if unknown alert 'x'\n  shadow\n").empty());
  const auto note = unknown("  if unknown note\n");
  REQUIRE(note.size() == 1);
  CHECK(note[0].is_note);
  CHECK(note[0].tier == Tier::kPassive);
  CHECK(note[0].summary == "Could not be checked: R");
  const auto alert = unknown("  if unknown alert 'measure it'\n");
  REQUIRE(alert.size() == 1);
  CHECK(alert[0].tier == Tier::kInterruptive);
  CHECK(alert[0].summary == "measure it");
}

TEST_CASE("what could not be read is one note") {
  Evaluated e(rule("  when true"));
  e.outcome.not_checked = {"AllergyIntolerance: not obtained", "Observation: damaged"};
  const auto alerts = raised(e).alerts;
  REQUIRE(alerts.size() == 2);
  CHECK(alerts[1].is_note);
  CHECK(alerts[1].detail.find("AllergyIntolerance: not obtained") != std::string::npos);
  CHECK(alerts[1].detail.find("Observation: damaged") != std::string::npos);
}

TEST_CASE("an alert names what each of its sources says, and whether they differ") {
  const Evaluated e(rule("  for ({ 1, 2, 2 + 0 }) X\n  tier passive when X = 1\n  tier interruptive\n  severity if X = "
                         "1 then 'moderate' "
                         "else 'major'\n  one alert per ('same')",
                         "'text {X}'\n    cite if X = 1 then 'List A' else 'List B'") +
                    rule("  when true", "'alone'", "S"));
  const auto alerts = raised(e).alerts;
  REQUIRE(alerts.size() == 2);
  REQUIRE(alerts[0].sources.size() == 2);
  CHECK(alerts[0].sources[0].tier == Tier::kInterruptive);
  CHECK(alerts[0].sources[0].cites == std::vector<std::string>{"List B"});
  CHECK(alerts[0].sources[1].tier == Tier::kPassive);
  CHECK(alerts[0].sources[1].severity == "moderate");
  CHECK(sources_differ(alerts[0]));
  CHECK(alerts[1].sources.size() == 1);
  CHECK_FALSE(sources_differ(alerts[1]));
}

TEST_CASE("texts are chosen by audience and language") {
  const std::vector<TextVariant> texts = {{"default", "", ""},
                                          {"patient", "patient", ""},
                                          {"deutsch", "", "de"},
                                          {"für Sie", "patient", "de"},
                                          {"österreichisch", "", "de-AT"}};
  CHECK(choose_text(texts, {}) == "default");
  CHECK(choose_text(texts, {"patient", ""}) == "patient");
  CHECK(choose_text(texts, {"", "de"}) == "deutsch");
  CHECK(choose_text(texts, {"", "de-CH"}) == "deutsch");
  CHECK(choose_text(texts, {"", "de-AT"}) == "österreichisch");
  CHECK(choose_text(texts, {"patient", "de-CH"}) == "für Sie");
  CHECK(choose_text(texts, {"patient", "fr"}) == "patient");
  CHECK(choose_text(texts, {"nurse", "fr"}) == "default");
  CHECK(choose_text({}, {"nurse", "fr"}).empty());
  CHECK(choose_text({{"only", "patient", ""}}, {"nurse", ""}) == "only");
}

TEST_CASE("raise speaks in the variant that is asked for") {
  const Evaluated e(
      rule("  when true",
           "'default'\n  alert 'für Sie' for 'patient' in 'de'\n    detail 'more'\n    detail 'mehr' in 'de'"));
  const auto alerts = raise(e.rulebook(), e.outcome, Evaluated::trigger(), {}, e.now, {"patient", "de"}).alerts;
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].summary == "für Sie");
  CHECK(alerts[0].detail == "mehr");
}

TEST_CASE("rows of what is no resource are told apart by what they hold") {
  const Evaluated tuples(rule("  for ({ Tuple { a: 1 }, Tuple { a: 2 }, Tuple { a: 2 } }) X", "'found {X.a}'"));
  const auto alerts = raised(tuples).alerts;
  REQUIRE(alerts.size() == 2);
  CHECK(alerts[0].summary == "found 1");
  CHECK(alerts[1].summary == "found 2");
  CHECK(raised(Evaluated(rule("  for ({ 'a', 'b' }) X", "'found {X}'"))).alerts.size() == 2);
}
