// SPDX-License-Identifier: Apache-2.0
// Rows of a rule to its outcome: fired, suppressed, not met, unknown, error.
#include <algorithm>

#include "unit/alerts/evaluated.h"

using namespace vigil;
using test::Evaluated;
using test::rule;

TEST_CASE("each true row is a finding with its own text; none is not met") {
  const Evaluated some(rule("  for ({ 1, 2, 3 }) X\n  when X > 1", "'found {X}'"));
  CHECK(some.result().outcome == RuleOutcome::kFired);
  REQUIRE(some.result().findings.size() == 2);
  CHECK(some.result().findings[0].summaries.at(0).text == "found 2");
  CHECK(some.result().findings[1].summaries.at(0).text == "found 3");
  CHECK(some.result().missing.empty());
  const Evaluated none(rule("  for ({ 1, 2 }) X\n  when X > 5"));
  CHECK(none.result().outcome == RuleOutcome::kNotMet);
  CHECK(none.result().findings.empty());
}

TEST_CASE("a row whose condition is null is unknown; a true row beside it still fires") {
  const Evaluated unknown(rule("  for ({ 1, null as Integer }) X\n  when X > 1"));
  CHECK(unknown.result().outcome == RuleOutcome::kUnknown);
  CHECK_FALSE(unknown.result().missing.empty());
  const Evaluated fired(rule("  for ({ 2, null as Integer }) X\n  when X > 1"));
  CHECK(fired.result().outcome == RuleOutcome::kFired);
  CHECK(fired.result().findings.size() == 1);
  CHECK_FALSE(fired.result().missing.empty());
}

TEST_CASE("a suppressor that is true silences with its reason; one that is null never does") {
  const Evaluated silenced(rule("  when true\n  unless false because 'no'\n  unless 1 = 1 because 'one is one'"));
  CHECK(silenced.result().outcome == RuleOutcome::kSuppressed);
  REQUIRE(silenced.result().findings.size() == 1);
  CHECK(silenced.result().findings[0].suppressed);
  CHECK(silenced.result().findings[0].suppression_reason == "one is one");
  const Evaluated kept(rule("  when true\n  unless (null as Boolean) because 'never'"));
  CHECK(kept.result().outcome == RuleOutcome::kFired);
  CHECK_FALSE(kept.result().findings.at(0).suppressed);
}

TEST_CASE("a rule with one suppressed and one other finding has fired") {
  const Evaluated both(rule("  for ({ 1, 2 }) X\n  when X > 0\n  unless X = 1 because 'first'"));
  CHECK(both.result().outcome == RuleOutcome::kFired);
  REQUIRE(both.result().findings.size() == 2);
  CHECK(both.result().findings[0].suppressed);
  CHECK_FALSE(both.result().findings[1].suppressed);
}

TEST_CASE("an unknown row that would be suppressed either way is not unknown") {
  const Evaluated moot(rule("  when (null as Boolean)\n  unless true because 'moot'"));
  CHECK(moot.result().outcome == RuleOutcome::kNotMet);
}

TEST_CASE("the first tier whose condition holds applies, with its reason") {
  const Evaluated tiers(
      rule("  for ({ 1, 2, 3 }) X\n  tier hard-stop when X = 1 because 'one'\n  tier passive when X = 2\n  tier "
           "interruptive"));
  const auto& findings = tiers.result().findings;
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].tier == Tier::kHardStop);
  CHECK(findings[0].tier_reason == "one");
  CHECK(findings[1].tier == Tier::kPassive);
  CHECK(findings[2].tier == Tier::kInterruptive);
  for (const auto& finding : findings) CHECK_FALSE(finding.tier_undetermined);
}

TEST_CASE("a tier that is unknown never lowers the alert, and makes no hard stop") {
  const Evaluated lower(rule("  when true\n  tier passive when (null as Boolean)\n  tier interruptive"));
  CHECK(lower.result().findings.at(0).tier == Tier::kInterruptive);
  const Evaluated higher(rule("  when true\n  tier hard-stop when (null as Boolean)\n  tier passive"));
  CHECK(higher.result().findings.at(0).tier == Tier::kInterruptive);
  CHECK(higher.result().findings.at(0).tier_undetermined);
}

TEST_CASE("a rule is in force from its first to its last day, both included") {
  const auto text = rule("  when true") + "  active from @2026-06-15 to @2026-06-20\n";
  const auto fired = [&](std::string_view at) { return Evaluated(text, at).result().outcome == RuleOutcome::kFired; };
  CHECK_FALSE(fired("2026-06-14T23:59:59Z"));
  CHECK(fired("2026-06-15T00:00:00Z"));
  CHECK(fired("2026-06-20T23:59:59Z"));
  CHECK_FALSE(fired("2026-06-21T00:00:00Z"));
}

TEST_CASE("an error ends its rule and no other; what was found before stays") {
  const Evaluated two(rule("  for ({ 1, 2 }) X\n  when X = 1 or singleton from ({ 1, 2 }) = X", "'a'", "Broken") +
                      rule("  when true", "'b'", "Whole"));
  REQUIRE(two.outcome.results.size() == 2);
  CHECK(two.outcome.results[0].outcome == RuleOutcome::kError);
  REQUIRE(two.outcome.results[0].error);
  CHECK(two.outcome.results[1].outcome == RuleOutcome::kFired);
}

TEST_CASE("a rule that runs too long is an error of that rule") {
  EvaluateOptions options;
  options.max_steps = 2000;
  const Evaluated slow(rule("  for ({ 1, 2, 3, 4, 5, 6, 7, 8 }) A, ({ 1, 2, 3, 4, 5, 6, 7, 8 }) B,\n"
                            "      ({ 1, 2, 3, 4, 5, 6, 7, 8 }) C, ({ 1, 2, 3, 4, 5, 6, 7, 8 }) D\n"
                            "  when A + B + C + D > 100"),
                       "2026-06-15T09:00:00Z", options);
  CHECK(slow.result().outcome == RuleOutcome::kError);
  REQUIRE(slow.result().error);
  CHECK(slow.result().error->code == "VGL0904");
}

TEST_CASE("a source that is the same in every row takes its memory once") {
  EvaluateOptions options;
  options.max_bytes = 1 << 20;  // each of the lists takes some 50 KB
  const Evaluated pairs(rule("  for (expand Interval[1, 1000] per 1) A, (expand Interval[1, 1000] per 1) B\n"
                             "  when A + B = 2000"),
                        "2026-06-15T09:00:00Z", options);
  CHECK(pairs.result().outcome == RuleOutcome::kFired);
  const Evaluated related(
      rule("  for (expand Interval[1, 1000] per 1) A\n"
           "  when A = 1000 and exists (({ A }) X with (expand Interval[1, 1000] per 1) B such that X = B)"),
      "2026-06-15T09:00:00Z", options);
  CHECK(related.result().outcome == RuleOutcome::kFired);
}

TEST_CASE("a source that reads an earlier one is found for each row") {
  const Evaluated of_each(rule("  for ({ 1, 2, 3 }) A, (expand Interval[A, 3] per 1) B\n  when A = 3 and B < 3"));
  CHECK(of_each.result().outcome == RuleOutcome::kNotMet);
  const Evaluated by_let(
      rule("  when Count(({ 1, 2 }) A let L: A + 1 with (expand Interval[L, 3] per 1) B such that B = 2) = 1"));
  CHECK(by_let.result().outcome == RuleOutcome::kFired);
}

TEST_CASE("a caller that has no more time stops the rule that runs, and all behind it; those before have answered") {
  const std::string slow =
      "  for (expand Interval[1, 1000] per 1) A, (expand Interval[1, 1000] per 1) B\n"
      "  when A + B = 0";
  const auto text = rule("  when 1 + 1 = 2", "'before'", "Before") + rule(slow, "'slow'", "Slow") +
                    rule("  when Today() > @2020-01-01", "'behind'", "Behind");
  EvaluateOptions options;
  int asked = 0;
  options.stop = [&] { return ++asked > 5; };
  const Evaluated stopped(text, "2026-06-15T09:00:00Z", options);
  CHECK(asked == 6);  // once it has said so it is not asked again
  const auto& results = stopped.outcome.results;
  REQUIRE(results.size() == 3);
  CHECK(results[0].outcome == RuleOutcome::kFired);
  for (const size_t late : {1, 2}) {
    CHECK(results[late].outcome == RuleOutcome::kError);
    REQUIRE(results[late].error);
    CHECK(results[late].error->code == "VGL0915");
  }
  options.stop = [] { return false; };
  const Evaluated whole(text, "2026-06-15T09:00:00Z", options);
  CHECK(whole.outcome.results[1].outcome == RuleOutcome::kNotMet);
  CHECK(whole.outcome.results[2].outcome == RuleOutcome::kFired);
}

TEST_CASE("an evaluator that was stopped once evaluates the next call whole") {
  auto compilation = compile(
      {{"r.vigil", "using FHIR version '4.0.1'\ncontext Patient\n" + rule("  when Today() > @2020-01-01", "'a'")}});
  REQUIRE(compilation.rulebook != nullptr);
  const auto& rulebook = *compilation.rulebook;
  const Timeline nobody(rulebook.read_plan(), rulebook.knowledge());
  const auto now = *parse_instant("2026-06-15T09:00:00Z");
  DiagnosticSink sink;
  const auto snapshot = nobody.at(to_instant(now), sink);
  bool is_over = true;
  EvaluateOptions options;
  options.stop = [&] { return is_over; };
  Evaluator evaluator(rulebook, options);
  CHECK(evaluator.evaluate(snapshot, Evaluated::trigger(), {}, now).results[0].outcome == RuleOutcome::kError);
  is_over = false;
  CHECK(evaluator.evaluate(snapshot, Evaluated::trigger(), {}, now).results[0].outcome == RuleOutcome::kFired);
}

TEST_CASE("one problem is what the rule says it is: keys by `one alert per`") {
  const Evaluated grouped(rule("  for ({ 1, 2, 3 }) X\n  one alert per (X mod 2)"));
  const auto& findings = grouped.result().findings;
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].key == findings[2].key);
  CHECK(findings[0].key != findings[1].key);
}

TEST_CASE("what the rule says where data is missing") {
  const Evaluated note(rule("  when (null as Boolean)") + "  if unknown note 'look yourself'\n");
  CHECK(note.result().outcome == RuleOutcome::kUnknown);
  CHECK(note.result().unknown_action == 1);
  CHECK(note.result().unknown_text == "look yourself");
  CHECK(Evaluated(rule("  when (null as Boolean)") + "  if unknown alert 'now'\n").result().unknown_action == 2);
  CHECK(Evaluated(rule("  when (null as Boolean)")).result().unknown_action == 0);
}

TEST_CASE("explanations are made when asked for") {
  EvaluateOptions options;
  options.explain = true;
  const auto text = rule("  when 1 + 1 = 2");
  CHECK_FALSE(Evaluated(text, "2026-06-15T09:00:00Z", options).result().findings.at(0).explanation.empty());
  CHECK(Evaluated(text).result().findings.at(0).explanation.empty());
}

TEST_CASE("a long explanation is cut between letters, not within one") {
  EvaluateOptions options;
  options.explain = true;
  for (const std::string begin : {"", "x"}) {
    std::string letters = begin;
    for (int i = 0; i < 200; ++i) letters += "ä";
    const Evaluated e(rule("  when '" + letters + "' = 'b'"), "2026-06-15T09:00:00Z", options);
    const auto& text = e.result().explanation.at(0).text;
    CHECK(text.ends_with("ä..."));
    CHECK(find_invalid_utf8(text) == text.size());
  }
}

TEST_CASE("findings beyond the limit are counted and told, and the strongest are kept") {
  const std::string numbers = "expand { Interval[1, 300] } per 1";
  const Evaluated many(rule("  for (" + numbers +
                                ") X\n  unless start of X <= 250 because 'low'\n  tier hard-stop when start of X = "
                                "300\n  tier passive",
                            "'found {start of X}'"));
  const auto& result = many.result();
  CHECK(result.outcome == RuleOutcome::kFired);  // the first 250 are silenced: they must not crowd out the others
  CHECK(result.findings.size() == 200);
  CHECK(result.left_out == 100);
  CHECK(std::ranges::count_if(result.findings, [](const Finding& f) { return !f.suppressed; }) == 50);
  CHECK(std::ranges::any_of(result.findings, [](const Finding& f) { return f.tier == Tier::kHardStop; }));
  REQUIRE(many.outcome.not_checked.size() == 1);
  CHECK(many.outcome.not_checked[0] == "rule `R`: 100 more findings than a rule may have, left out");
  const auto raised = raise(many.rulebook(), many.outcome, Evaluated::trigger(), {}, many.now);
  CHECK(raised.alerts.back().detail.find("100 more findings") != std::string::npos);
  const Evaluated few(rule("  for ({ 1, 2 }) X", "'found {X}'"));
  CHECK(few.result().left_out == 0);
  CHECK(few.outcome.not_checked.empty());
}

TEST_CASE("a rule that is not met tells the comparison that alone kept it from it, and by how much") {
  EvaluateOptions explaining;
  explaining.explain = true;
  const auto miss_of = [&](const std::string& clauses) {
    const Evaluated evaluated(rule(clauses), "2026-06-15T09:00:00Z", explaining);
    CHECK(evaluated.result().outcome == RuleOutcome::kNotMet);
    return evaluated.result().miss;
  };
  const auto nearest = miss_of("  for ({ 40, 33, 90 }) X\n  when X > 0 and X < 30");
  REQUIRE(nearest.has_value());
  CHECK(nearest->comparison == "X < 30");
  CHECK(nearest->distance == doctest::Approx(3));
  CHECK(nearest->of_limit == doctest::Approx(0.1));
  CHECK(nearest->unit.empty());
  CHECK(nearest->row.empty());
  const auto converted = miss_of("  for ({ 1.5 'g' }) X\n  when X < 1000 'mg'");
  REQUIRE(converted.has_value());
  CHECK(converted->distance == doctest::Approx(500));
  CHECK(converted->unit == "mg");
  const auto either = miss_of("  for ({ 9.5 }) X\n  when X > 20 or X >= 10.0");
  REQUIRE(either.has_value());
  CHECK(either->distance == doctest::Approx(0.5));
  CHECK(miss_of("  for ({ 30 }) X\n  when X < 30")->distance == 0);
  CHECK_FALSE(miss_of("  for ({ 5 }) X\n  when X > 10 and X > 20").has_value());  // two keep it false
  CHECK_FALSE(miss_of("  for ({ 5 }) X\n  when X > 10 and X = 6").has_value());
  CHECK_FALSE(miss_of("  for ({ 'a' }) X\n  when X > 'b'").has_value());
  CHECK_FALSE(
      Evaluated(rule("  for ({ 1 }) X\n  when X > 2")).result().miss.has_value());  // explanations are not asked for
}

TEST_CASE("an operand that fails and was not come to costs no finding") {
  for (const char* condition :
       {"true or (singleton from { 1, 2 }) = 1", "not (false and (singleton from { 1, 2 }) = 1)"}) {
    INFO(condition);
    const Evaluated evaluated(rule(std::string("  when ") + condition));
    CHECK(evaluated.result().outcome == RuleOutcome::kFired);
    CHECK(evaluated.result().findings.size() == 1);
  }
}
