// SPDX-License-Identifier: Apache-2.0
// Rule text that no readable case file can hold: wrong bytes, and texts beyond the limits.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include <vigil/rulebook.h>

namespace {

using namespace vigil;

std::string repeat(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// The only diagnostic of a text.
Diagnostic only_diagnostic(std::string text) {
  const auto compiled = compile({{"text.vigil", std::move(text)}});
  INFO(render_text(compiled.diagnostics, *compiled.sources).substr(0, 2000));
  REQUIRE(compiled.diagnostics.size() == 1);
  return compiled.diagnostics.front();
}

}  // namespace

TEST_CASE("VGL0001: bytes that are not UTF-8, at the first wrong one") {
  const auto d = only_diagnostic("define \"Dose\": 5 '\xB5g'\n");
  CHECK(d.code == "VGL0001");
  CHECK(d.span.begin == 18);
  CHECK(d.hint == "save the file as UTF-8");
}

TEST_CASE("VGL0002: too many bytes") {
  const auto d = only_diagnostic("// " + std::string(5u << 20, 'x'));
  CHECK(d.code == "VGL0002");
}

TEST_CASE("VGL0003: nested too deep, in brackets and in operators, and never a crash") {
  CHECK(only_diagnostic("define \"A\": " + repeat("(", 1000) + "1" + repeat(")", 1000)).code == "VGL0003");
  CHECK(only_diagnostic("define \"A\": " + repeat("not ", 1000) + "true").code == "VGL0003");
  CHECK(only_diagnostic("parameter \"A\" " + repeat("List<", 1000) + "Integer" + repeat(">", 1000)).code == "VGL0003");
}

TEST_CASE("VGL0004: too many words") {
  const auto d = only_diagnostic("define \"A\": {" + repeat("1,", 600'000) + "1}");
  CHECK(d.code == "VGL0004");
}

TEST_CASE("what is not too much compiles") {
  CHECK(compile({{"text.vigil", ""}}).diagnostics.empty());
  CHECK(compile({{"text.vigil", "define \"A\": 1" + repeat(" + 1", 5000)}}).diagnostics.empty());
  CHECK(compile({{"text.vigil", "define \"A\": " + repeat("(", 60) + "1" + repeat(")", 60)}}).diagnostics.empty());
}
