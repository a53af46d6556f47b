// SPDX-License-Identifier: Apache-2.0
// Small packs for tests: a folder of one rule with its test, built and signed.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "packs/build_pack.h"
#include "support/files.h"

namespace vigil {

inline std::string rule_text(const std::string& alert = "due", const std::string& expected = "passive") {
  return "library One version '1'\nusing FHIR version '4.0.1'\ncontext Patient\nrule \"One\"\n  on 'patient-view'\n"
         "  when true\n  tier passive\n  alert '" +
         alert +
         "'\n\ntest \"fires\"\n  given patient born @1950-01-01, sex 'female'\n  when 'patient-view'\n  expect "
         "\"One\" " +
         expected + "\n";
}

inline std::string manifest_text(const std::string& version = "1.0.0", const std::string& needs = "{}") {
  return R"({"name":"one","version":")" + version + R"(","authors":["Tests"],"licence":"CC0-1.0","requires":)" + needs +
         "}";
}

struct Built {
  BuiltPack pack;
  std::vector<Diagnostic> problems;
};

inline Built build_folder(const test::TemporaryFolder& folder, const PackSurroundings& surroundings = {}) {
  DiagnosticSink sink;
  Built built{build_pack({.folder = folder.path(), .manifest = {}, .includes = {}}, surroundings, sink), {}};
  built.problems = sink.take();
  return built;
}

/// The pack of one rule.
inline PackFile small_pack(const std::string& version = "1.0.0", const std::string& needs = "{}") {
  const test::TemporaryFolder folder;
  folder.write("one.vigil", rule_text());
  folder.write("pack.json", manifest_text(version, needs));
  folder.write("README.md", "# One\n");
  auto built = build_folder(folder);
  REQUIRE(built.pack.pack);
  return *built.pack.pack;
}

}  // namespace vigil
