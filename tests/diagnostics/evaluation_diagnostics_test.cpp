// SPDX-License-Identifier: Apache-2.0
// The errors of evaluation, each with the place in the rule text it stands at.
#include <doctest/doctest.h>

#include <string>

#include <vigil/evaluate.h>

namespace {

using namespace vigil;

struct Failure {
  std::string code;
  std::string place;  ///< the text of the span
  std::string message;
};

/// The error of the last definition, evaluated alone for nobody.
Failure failure_of(std::string text, const EvaluateOptions& options = {}) {
  const auto compiled = compile({{"text.vigil", std::move(text)}});
  INFO(render_text(compiled.diagnostics, *compiled.sources).substr(0, 2000));
  REQUIRE(compiled.rulebook != nullptr);
  const auto& rulebook = *compiled.rulebook;
  DiagnosticSink sink;
  Timeline timeline(rulebook.read_plan(), rulebook.knowledge());
  const auto snapshot = timeline.at(0, sink);
  Evaluator evaluator(rulebook, options);
  const uint32_t last[] = {static_cast<uint32_t>(rulebook.definitions().size() - 1)};
  const auto results = evaluator.evaluate_definitions(snapshot, *parse_instant("2026-11-22T09:30:00Z"), last);
  REQUIRE(results.size() == 1);
  REQUIRE_MESSAGE(results[0].error.has_value(), "the value is ", results[0].value);
  const auto& error = *results[0].error;
  return {std::string(error.code), std::string(compiled.sources->text(error.span)), error.message};
}

}  // namespace

TEST_CASE("VGL0901: several elements where one was expected") {
  const auto f = failure_of("define \"A\": singleton from {1, 2}");
  CHECK(f.code == "VGL0901");
  CHECK(f.place == "singleton from {1, 2}");
}

TEST_CASE("VGL0902: a cast met another type") {
  const auto f = failure_of("define \"A\": cast (if true then 1 else 'a') as String");
  CHECK(f.code == "VGL0902");
}

TEST_CASE("VGL0903: a value set is missing") {
  const auto f = failure_of(
      "using FHIR version '4.0.1'\nvalueset \"Statins\": 'urn:example:statins'\ncontext Patient\n"
      "define \"A\": exists [MedicationRequest: \"Statins\"]");
  CHECK(f.code == "VGL0903");
  CHECK(f.place == "\"Statins\"");
}

TEST_CASE("VGL0904: too many steps") {
  EvaluateOptions options;
  options.max_steps = 1000;
  const auto f = failure_of(
      "define \"L\": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}\n"
      "define \"A\": from \"L\" X, \"L\" Y, \"L\" Z where X + Y < Z return all X + Y + Z",
      options);
  CHECK(f.code == "VGL0904");
}

TEST_CASE("VGL0915: the caller has no more time") {
  EvaluateOptions options;
  options.stop = [] { return true; };
  const auto f = failure_of("define \"A\": Today() > @2020-01-01", options);
  CHECK(f.code == "VGL0915");
}

TEST_CASE("VGL0905: too much memory") {
  EvaluateOptions options;
  options.max_bytes = 100'000;
  const auto f = failure_of(
      "define \"L\": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}\n"
      "define \"A\": from \"L\" A, \"L\" B, \"L\" C, \"L\" D return all { a: A, b: B, c: C, d: D }",
      options);
  CHECK(f.code == "VGL0905");
}

TEST_CASE("VGL0906: the ends of an interval in the wrong order") {
  const auto f = failure_of("define \"A\": Interval[65, 18]");
  CHECK(f.code == "VGL0906");
  CHECK(f.place == "Interval[65, 18]");
}

TEST_CASE("VGL0907: a parameter without a value") {
  const auto f = failure_of("parameter \"Limit\" Integer\ndefine \"A\": \"Limit\" + 1");
  CHECK(f.code == "VGL0907");
  CHECK(f.place == "\"Limit\"");
  CHECK(f.message == "parameter `Limit` has no value");
}

TEST_CASE("VGL0908: beyond the greatest value") {
  const auto f = failure_of("define \"A\": start of Interval(2147483647, null]");
  CHECK(f.code == "VGL0908");
}

TEST_CASE("VGL0909: an error that the author reports") {
  const auto f = failure_of("define \"A\": Message(1, true, 'D1', 'Error', 'the dose is missing')");
  CHECK(f.code == "VGL0909");
  CHECK(f.message == "message `D1`: the dose is missing");
}

TEST_CASE("VGL0910: a long chain of definitions, asked for at its end") {
  std::string text = "define \"D0\": 1\n";
  for (int i = 1; i <= 3000; ++i)
    text += "define \"D" + std::to_string(i) + "\": \"D" + std::to_string(i - 1) + "\" + 1\n";
  CHECK(failure_of(text).code == "VGL0910");
}

TEST_CASE("VGL0911: a regular expression that is none") {
  const auto f = failure_of(R"(define "A": Matches('a', '(a'))");
  CHECK(f.code == "VGL0911");
  CHECK(f.place == "Matches('a', '(a')");
}

TEST_CASE("VGL0912: several points where one was expected") {
  const auto f = failure_of("define \"A\": point from Interval[1, 3]");
  CHECK(f.code == "VGL0912");
  CHECK(f.place == "point from Interval[1, 3]");
}

TEST_CASE("VGL0913: a definite year added to a date") {
  const auto f = failure_of("define \"A\": @2026-01-01 + 1 'a'");
  CHECK(f.code == "VGL0913");
  CHECK(f.place == "@2026-01-01 + 1 'a'");
}
