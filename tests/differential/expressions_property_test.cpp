// SPDX-License-Identifier: Apache-2.0
// Random expressions: the program and the oracle, a second evaluator written from the specification, come to the same
// value or both to an error.
//   VIGIL_DIFFERENTIAL_CASES  how many (default 40000)   VIGIL_DIFFERENTIAL_SEED  which
//   VIGIL_DIFFERENTIAL_SHOWN  how many disagreements are made small and shown (default 10); above 1000 also what the
//                             compiler refuses
#include <doctest/doctest.h>

#include <cstdio>
#include <map>
#include <set>

#include <vigil/evaluate.h>

#include "differential/oracle/evaluator.h"
#include "differential/random_expressions.h"
#include "parser/parse.h"
#include "semantic/check.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// When the evaluation is asked for, in an offset that is not UTC.
const Temporal kNow{2026, 6, 1, 12, 34, 56, Precision::kMillisecond, 789, 120};

oracle::Value oracle_now() {
  oracle::Moment m;
  m.parts = {2026, 6, 1, 12, 34, 56, 789};
  m.last = oracle::kPartCount;
  m.offset = 120;
  return oracle::temporal(oracle::Kind::kDateTime, m);
}

/// What one expression came to; empty where it was not compiled.
struct Answers {
  std::string engine;
  std::string oracle;
  std::string diagnostic;
};

std::string library_text(const std::vector<std::string>& expressions, std::vector<size_t>& ends) {
  std::string text(expression_library_head());
  for (size_t i = 0; i < expressions.size(); ++i) {
    text += "define \"" + std::to_string(i) + "\": " + expressions[i] + "\n";
    ends.push_back(text.size());
  }
  return text;
}

void ask_engine(const Compilation& compilation, std::vector<Answers>& answers) {
  const auto& rulebook = *compilation.rulebook;
  Timeline timeline(rulebook.read_plan(), rulebook.knowledge());
  DiagnosticSink sink;
  const auto snapshot = timeline.at(to_instant(kNow), sink);
  for (const auto& result : Evaluator(rulebook).evaluate_definitions(snapshot, kNow, {})) {
    const auto& name = rulebook.definitions()[result.definition].name;
    if (name.empty() || name[0] < '0' || name[0] > '9') continue;
    auto& answer = answers[std::stoul(name)].engine;
    answer = result.error ? "error" : result.value;
  }
}

void ask_oracle(const std::string& text, std::vector<Answers>& answers) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto id = sources.add("differential.cql", text);
  const ast::Library libraries[] = {parse_library(sources, id, ParseLimits{}, sink)};
  const auto module = check(libraries, sink);
  oracle::Evaluator evaluator(module, oracle_now());
  for (const auto& definition : module.definitions) {
    if (definition.failed || definition.name.empty() || definition.name[0] < '0' || definition.name[0] > '9') continue;
    auto& answer = answers[std::stoul(definition.name)].oracle;
    try {
      answer = to_text(evaluator.evaluate(definition));
    } catch (const oracle::EvaluationError&) {
      answer = "error";
    } catch (const oracle::NotCovered& what) {
      answer = std::string("not covered: ") + what.what();
    }
  }
}

std::vector<Answers> ask(const std::vector<std::string>& expressions) {
  std::vector<Answers> answers(expressions.size());
  std::vector<size_t> ends;
  const auto text = library_text(expressions, ends);
  CompileOptions options;
  options.observe_definitions = true;
  const auto compilation = compile({{"differential.cql", text}}, options);
  for (const auto& diagnostic : compilation.diagnostics) {
    const auto at = std::lower_bound(ends.begin(), ends.end(), diagnostic.span.begin + 1);
    if (diagnostic.severity != Severity::kError || at == ends.end()) continue;
    answers[static_cast<size_t>(at - ends.begin())].diagnostic =
        std::string(diagnostic.code) + ": " + diagnostic.message;
  }
  if (!compilation.rulebook) return answers;
  ask_engine(compilation, answers);
  ask_oracle(text, answers);
  return answers;
}

bool disagree(const Answers& a) {
  return a.diagnostic.empty() && !a.engine.empty() && !a.oracle.starts_with("not covered") && a.engine != a.oracle;
}

/// The smallest expression found on which they still disagree.
Expression shrunk(Expression expression) {
  for (int round = 0; round < 60; ++round) {
    const auto candidates = smaller(expression);
    std::vector<std::string> texts;
    for (size_t i = 0; i < candidates.size() && i < 300; ++i) texts.push_back(candidates[i].to_text());
    // One by one where one keeps the library from compiling.
    const auto answers = ask(texts);
    size_t at = 0;
    while (at < texts.size() && !disagree(answers[at])) ++at;
    if (at == texts.size()) break;
    expression = candidates[at];
  }
  return expression;
}

}  // namespace

TEST_CASE("the program and the oracle agree on random expressions") {
  const auto cases = number_setting("VIGIL_DIFFERENTIAL_CASES", 40000);
  const auto seed = number_setting("VIGIL_DIFFERENTIAL_SEED", 20261122);
  const auto shown = number_setting("VIGIL_DIFFERENTIAL_SHOWN", 10);
  constexpr size_t kPerLibrary = 200;
  ExpressionGenerator generator(seed);
  std::map<std::string, size_t> refused;
  std::map<std::string, size_t> not_covered;
  size_t compared = 0;
  size_t errors = 0;
  size_t nulls = 0;
  size_t disagreements = 0;
  std::set<std::string> seen;
  for (size_t done = 0; done < cases;) {
    std::vector<Expression> expressions;
    std::vector<std::string> texts;
    for (size_t i = 0; i < kPerLibrary && done < cases; ++i, ++done) {
      expressions.push_back(generator.make(1 + i % 4));
      texts.push_back(expressions.back().to_text());
    }
    const auto answers = ask(texts);
    for (size_t i = 0; i < answers.size(); ++i) {
      const auto& answer = answers[i];
      if (!answer.diagnostic.empty()) {
        if (++refused[answer.diagnostic] == 1 && shown > 1000) MESSAGE(answer.diagnostic << "\n  " << texts[i]);
      } else if (answer.oracle.starts_with("not covered")) {
        ++not_covered[answer.oracle];
      } else {
        ++compared;
        errors += answer.engine == "error" ? 1 : 0;
        nulls += answer.engine == "null" ? 1 : 0;
        if (!disagree(answer)) continue;
        ++disagreements;
        if (seen.size() >= shown) continue;
        const auto least = shrunk(expressions[i]).to_text();
        if (!seen.insert(least).second) continue;
        const auto both = ask({least})[0];
        MESSAGE(least << "\n  engine: " << both.engine << "\n  oracle: " << both.oracle);
      }
    }
  }
  std::printf("%zu cases, seed %llu, %zu disagreements (%zu compared, %zu of them null, %zu errors)\n",
              static_cast<size_t>(cases), static_cast<unsigned long long>(seed), disagreements, compared, nulls,
              errors);
  for (const auto& [what, count] : not_covered) std::printf("  %6zu %s\n", count, what.c_str());
  for (const auto& [what, count] : refused) std::printf("  %6zu refused %s\n", count, what.c_str());
  CHECK(disagreements == 0);
  CHECK(compared * 10 > cases * 8);  // the generator and the oracle keep up with the language
}
