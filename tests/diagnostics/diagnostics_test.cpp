// SPDX-License-Identifier: Apache-2.0
// Compiles each file of cases/ and compares its diagnostics with the comments in it. VIGIL_UPDATE_CASES=1 rewrites
// them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "case_file.h"
#include "repository_knowledge.h"

namespace {

namespace fs = std::filesystem;
using namespace vigil;
using namespace vigil::test;

std::vector<fs::path> all_cases() {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(VIGIL_SOURCE_DIR) / "tests/diagnostics/cases")) {
    const auto& path = entry.path();
    if (!entry.is_regular_file() || path.parent_path().filename() == "with") continue;
    if (path.extension() == ".vigil" || path.extension() == ".cql") cases.push_back(path);
  }
  std::ranges::sort(cases);
  return cases;
}

bool updates() {
  const char* wanted = std::getenv("VIGIL_UPDATE_CASES");
  return wanted != nullptr && std::string_view(wanted) == "1";
}

/// `fail_` has an error, `warn_` something less, `pass_` nothing.
void check_name(const fs::path& path, const Compilation& compilation) {
  const auto name = path.filename().string();
  if (name.starts_with("fail_"))
    CHECK_MESSAGE(compilation.has_errors(), "a fail_ file without an error");
  else if (name.starts_with("warn_"))
    CHECK_MESSAGE((!compilation.has_errors() && !compilation.diagnostics.empty()),
                  "a warn_ file warns, without an error");
  else if (name.starts_with("pass_"))
    CHECK_MESSAGE(compilation.diagnostics.empty(), "a pass_ file with a diagnostic");
  else
    FAIL_CHECK("a case is named fail_, warn_ or pass_");
}

/// Holds for every diagnostic, whatever the case says.
void check_form(const Diagnostic& d, const SourceSet& sources) {
  INFO(d.code, ": ", d.message);
  CHECK(describe_code(d.code).has_value());
  CHECK(d.message.find('\n') == std::string::npos);
  CHECK_FALSE(d.message.empty());
  CHECK_FALSE(d.message.ends_with('.'));
  CHECK(d.labels.size() <= 2);
  if (!d.span.source) return;
  CHECK(d.span.begin <= d.span.end);
  CHECK(d.span.end <= sources[d.span.source].text().size());
}

}  // namespace

TEST_CASE("each case gives the diagnostics written in it") {
  REQUIRE(all_cases().size() >= 75);
  for (const auto& path : all_cases()) {
    const auto file = read_case(path);
    const auto compilation = compile_case(file, repository_knowledge());
    const auto wanted = with_expectations(file, compilation);
    INFO(fs::relative(path, VIGIL_SOURCE_DIR).generic_string());
    if (updates() && wanted != file.text)
      std::ofstream(path, std::ios::binary) << wanted;
    else if (!updates() && wanted != file.text)
      FAIL_CHECK("expected (-) and got (+):\n", differing_lines(file.text, wanted));
    check_name(path, compilation);
    for (const auto& diagnostic : compilation.diagnostics) check_form(diagnostic, *compilation.sources);
  }
}

TEST_CASE("a case's file compiles the same with its expectations in it") {
  // Where a quote or comment is left open, what follows it is another text.
  for (const auto& path : all_cases()) {
    auto file = read_case(path);
    if (path.parent_path().filename() == "open_ends") continue;
    const auto without = compile_case(file, repository_knowledge());
    file.rules = file.text;
    const auto with = compile_case(file, repository_knowledge());
    INFO(fs::relative(path, VIGIL_SOURCE_DIR).generic_string());
    CHECK(with.diagnostics.size() == without.diagnostics.size());
  }
}

TEST_CASE("rendering never fails") {
  for (const auto& path : all_cases()) {
    const auto compilation = compile_case(read_case(path), repository_knowledge());
    if (compilation.diagnostics.empty()) continue;
    CHECK_FALSE(render_text(compilation.diagnostics, *compilation.sources).empty());
    CHECK(render_json(compilation.diagnostics, *compilation.sources).find("VGL") != std::string::npos);
    CHECK(render_sarif(compilation.diagnostics, *compilation.sources).find("VGL") != std::string::npos);
  }
}
