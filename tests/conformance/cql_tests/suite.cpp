// SPDX-License-Identifier: Apache-2.0
#include "suite.h"

#include <pugixml.hpp>
#include <stdexcept>

#include <vigil/evaluate.h>

namespace vigil::cql_tests {
namespace {

constexpr std::string_view kNow = "2026-11-22T09:30:00.000Z";

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

SuiteTest::Invalid read_invalid(std::string_view text) {
  using Invalid = SuiteTest::Invalid;
  if (text.empty() || text == "false") return Invalid::kNo;
  if (text == "syntax") return Invalid::kSyntax;
  if (text == "semantic") return Invalid::kSemantic;
  return text == "execution" ? Invalid::kExecution : Invalid::kAny;
}

SuiteTest read_test(const pugi::xml_node& node, const std::string& file, const std::string& group) {
  SuiteTest test;
  test.file = file;
  test.group = group;
  test.name = node.attribute("name").value();
  const auto expression = node.child("expression");
  test.expression = trimmed(expression.text().get());
  test.invalid = read_invalid(expression.attribute("invalid").value());
  test.output = trimmed(node.child("output").text().get());
  return test;
}

/// What the definitions of a library came to, by name.
struct Results {
  std::vector<DefinitionResult> values;
  std::string refused;     ///< the first compile error
  bool is_syntax = false;  ///< it came from reading the text: VGL01xx
  const DefinitionResult* actual = nullptr;
  const DefinitionResult* expected = nullptr;
  const DefinitionResult* same = nullptr;
};

std::string error_text(const Diagnostic& diagnostic) {
  return "error " + std::string(diagnostic.code) + ' ' + diagnostic.message;
}

Results evaluate_library(const std::string& definitions) {
  Results results;
  CompileOptions options;
  options.observe_definitions = true;
  const auto compilation = compile({{"test.cql", "library Test\n" + definitions}}, options);
  for (const auto& diagnostic : compilation.diagnostics)
    if (diagnostic.severity == Severity::kError && results.refused.empty()) {
      results.refused = error_text(diagnostic);
      results.is_syntax = diagnostic.code.starts_with("VGL01");
    }
  if (!compilation.rulebook || !results.refused.empty()) return results;
  const auto& rulebook = *compilation.rulebook;
  Timeline timeline(rulebook.read_plan(), rulebook.knowledge());
  DiagnosticSink sink;
  const auto now = *parse_instant(kNow);
  const auto snapshot = timeline.at(to_instant(now), sink);
  results.values = Evaluator(rulebook).evaluate_definitions(snapshot, now, {});
  for (const auto& value : results.values) {
    const auto& name = rulebook.definitions()[value.definition].name;
    if (name == "Actual") results.actual = &value;
    if (name == "Expected") results.expected = &value;
    if (name == "Same") results.same = &value;
  }
  return results;
}

/// Refused at the stage the test says, or not at all.
bool is_as_wanted(SuiteTest::Invalid invalid, const Results& results) {
  using Invalid = SuiteTest::Invalid;
  const bool refused = !results.refused.empty();
  const bool failed = results.actual && results.actual->error;
  switch (invalid) {
    case Invalid::kNo: return !refused && !failed;
    case Invalid::kSyntax: return refused && results.is_syntax;
    case Invalid::kSemantic: return refused;
    case Invalid::kExecution: return failed;
    case Invalid::kAny: return refused || failed;
  }
  return false;
}

}  // namespace

std::vector<SuiteTest> read_suite(const std::filesystem::path& file) {
  pugi::xml_document document;
  const auto parsed = document.load_file(file.c_str());
  if (!parsed) throw std::runtime_error(file.string() + ": " + parsed.description());
  const auto root = document.child("tests");
  if (!root) throw std::runtime_error(file.string() + ": no <tests> element");
  std::vector<SuiteTest> tests;
  for (const auto& group : root.children("group"))
    for (const auto& test : group.children("test"))
      tests.push_back(read_test(test, file.stem().string(), group.attribute("name").value()));
  return tests;
}

SuiteResult run(const SuiteTest& test) {
  const auto actual_only = "define Actual: " + test.expression + '\n';
  if (test.invalid != SuiteTest::Invalid::kNo || test.output.empty()) {
    const auto results = evaluate_library(actual_only);
    if (is_as_wanted(test.invalid, results)) return {true, {}};
    if (!results.refused.empty()) return {false, results.refused};
    if (!results.actual) return {false, "no value"};
    return {false, results.actual->error ? error_text(*results.actual->error) : results.actual->value};
  }
  const auto both = actual_only + "define Expected: " + test.output + '\n';
  const auto results = evaluate_library(both);
  if (!results.refused.empty()) return {false, results.refused};
  if (results.actual->error) return {false, error_text(*results.actual->error)};
  if (results.expected->error) return {false, "the expected output: " + error_text(*results.expected->error)};
  if (results.actual->value == results.expected->value) return {true, {}};
  // 5 and 5.0 are written differently and equal.
  const auto compared = evaluate_library(both + "define Same: Actual = Expected\n");
  if (compared.same && compared.same->is_true) return {true, {}};
  return {false, results.actual->value};
}

}  // namespace vigil::cql_tests
