// SPDX-License-Identifier: Apache-2.0
// vigil-cql-tests: runs HL7's CQL tests, and says which fail that docs/conformance.md does not name.
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "suite.h"

namespace {

namespace fs = std::filesystem;
using vigil::cql_tests::SuiteTest;

struct Options {
  std::vector<std::string> paths;
  std::string only;
  std::string known;
};

std::vector<fs::path> test_files(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  for (const auto& path : paths) {
    if (!fs::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".xml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The document that names the tests which contradict the specification; each stands in it as `File/Group/Name`.
std::string read_known(const std::string& file) {
  std::ifstream in(file);
  if (!file.empty() && !in) throw std::runtime_error(file + ": cannot be read");
  std::ostringstream text;
  if (in) text << in.rdbuf();
  return text.str();
}

/// What a test asks for, in words.
std::string expected_text(const SuiteTest& test) {
  using Invalid = SuiteTest::Invalid;
  switch (test.invalid) {
    case Invalid::kNo: return test.output;
    case Invalid::kSyntax: return "a syntax error";
    case Invalid::kSemantic: return "refused by the compiler";
    case Invalid::kExecution: return "an error when evaluated";
    case Invalid::kAny: break;
  }
  return "an error";
}

struct Totals {
  int passed = 0;
  int known = 0;
  int failed = 0;
};

void report(const SuiteTest& test, const vigil::cql_tests::SuiteResult& result, bool is_known) {
  std::cout << test.path() << (is_known ? " (contradicts the specification, see docs/conformance.md)" : "") << "\n  "
            << test.expression << "\n  expected: " << expected_text(test) << "\n  got:      " << result.got << "\n";
}

bool is_wanted(const SuiteTest& test, const std::string& only) {
  return only.empty() || fnmatch(only.c_str(), test.path().c_str(), 0) == 0 ||
         fnmatch(only.c_str(), test.name.c_str(), 0) == 0;
}

Totals run_all(const Options& options) {
  const auto known = read_known(options.known);
  Totals totals;
  for (const auto& file : test_files(options.paths)) {
    Totals of_file;
    for (const auto& test : vigil::cql_tests::read_suite(file)) {
      if (!is_wanted(test, options.only)) continue;
      const auto result = vigil::cql_tests::run(test);
      const bool is_known = known.find('`' + test.path() + '`') != std::string::npos;
      ++(result.passed ? of_file.passed : is_known ? of_file.known : of_file.failed);
      if (result.passed && is_known) std::cout << test.path() << " passes, though docs/conformance.md names it\n";
      if (!result.passed) report(test, result, is_known);
    }
    std::cerr << file.stem().string() << ": " << of_file.passed << " passed, " << of_file.failed + of_file.known
              << " failed\n";
    totals.passed += of_file.passed;
    totals.known += of_file.known;
    totals.failed += of_file.failed;
  }
  return totals;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Runs HL7's CQL tests. Exits with 0 where none fails but those that contradict the specification.\n\nExamples:\n"
      "  vigil-cql-tests cql-tests/tests/cql\n  vigil-cql-tests cql-tests/tests/cql --only '*/Collapse/*'",
      "vigil-cql-tests");
  Options options;
  app.add_option("path", options.paths, "Test files (.xml), or folders of them")->required()->check(CLI::ExistingPath);
  app.add_option("--only", options.only, "Only tests whose File/Group/Name, or name, matches this pattern (*, ?, [])");
  app.add_option("--known", options.known, "Document that names the tests which contradict the specification")
      ->default_val(VIGIL_CONFORMANCE_DOCUMENT);
  CLI11_PARSE(app, argc, argv);
  try {
    const auto totals = run_all(options);
    if (totals.known > 0)
      std::cout << totals.known << " of the failing tests contradict the specification: docs/conformance.md\n";
    std::cout << totals.passed << " passed, " << totals.failed + totals.known << " failed\n";
    return totals.failed == 0 && totals.passed > 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "vigil-cql-tests: " << error.what() << '\n';
    return 2;
  }
}
