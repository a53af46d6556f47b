// SPDX-License-Identifier: Apache-2.0
// vigil-cql-tests: runs HL7's CQL tests, and says which fail that docs/conformance.md does not name.
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
  std::string filter;
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

struct Totals {
  int passed = 0;
  int known = 0;
  int failed = 0;
};

void report(const SuiteTest& test, const vigil::cql_tests::SuiteResult& result) {
  std::cout << test.path() << "\n  " << test.expression << "\n  expected: " << (test.invalid ? "an error" : test.output)
            << "\n  got:      " << result.got << "\n";
}

Totals run_all(const Options& options) {
  const auto known = read_known(options.known);
  Totals totals;
  for (const auto& file : test_files(options.paths)) {
    Totals of_file;
    for (const auto& test : vigil::cql_tests::read_suite(file)) {
      if (test.path().find(options.filter) == std::string::npos) continue;
      const auto result = vigil::cql_tests::run(test);
      const auto is_known = known.find('`' + test.path() + '`') != std::string::npos;
      ++(result.passed ? of_file.passed : is_known ? of_file.known : of_file.failed);
      if (result.passed && is_known) std::cout << test.path() << " passes, though named as wrong\n";
      if (!result.passed && !is_known) report(test, result);
    }
    std::cerr << file.stem().string() << ": " << of_file.passed << " passed, " << of_file.failed << " failed\n";
    totals.passed += of_file.passed;
    totals.known += of_file.known;
    totals.failed += of_file.failed;
  }
  return totals;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs HL7's CQL tests.\n\nExample:\n  vigil-cql-tests ../cql-tests/tests/cql", "vigil-cql-tests");
  Options options;
  app.add_option("path", options.paths, "Test files (.xml), or folders of them")->required()->check(CLI::ExistingPath);
  app.add_option("--filter", options.filter, "Only tests whose File/Group/Name contains this text");
  app.add_option("--known", options.known, "Document that names the tests which contradict the specification")
      ->default_val(VIGIL_CONFORMANCE_DOCUMENT);
  CLI11_PARSE(app, argc, argv);
  try {
    const auto totals = run_all(options);
    std::cout << totals.passed << " passed, " << totals.failed << " failed, " << totals.known
              << " contradict the specification (" << options.known << ")\n";
    return totals.failed == 0 && totals.passed > 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "vigil-cql-tests: " << error.what() << '\n';
    return 2;
  }
}
