// SPDX-License-Identifier: Apache-2.0
// HL7's CQL tests (github.com/cqframework/cql-tests) as read from their XML files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vigil::cql_tests {

/// One test: an expression and what it must come to, both CQL text.
struct SuiteTest {
  /// At which stage the expression must be refused.
  enum class Invalid { kNo, kSyntax, kSemantic, kExecution, kAny };

  std::string file;   ///< "CqlIntervalOperatorsTest"
  std::string group;  ///< "After"
  std::string name;   ///< "TestAfterNull"
  std::string expression;
  std::string output;  ///< empty: any value will do
  Invalid invalid = Invalid::kNo;

  std::string path() const { return file + '/' + group + '/' + name; }
};

/// The tests of one file, in its order.
/// @throws std::runtime_error naming the file where it is not a test file
std::vector<SuiteTest> read_suite(const std::filesystem::path& file);

/// How a test went.
struct SuiteResult {
  bool passed = false;
  std::string got;  ///< the value as text, or the error; empty where it passed
};

/// Compiles and evaluates one test in a library of its own, at a fixed instant.
SuiteResult run(const SuiteTest& test);

}  // namespace vigil::cql_tests
