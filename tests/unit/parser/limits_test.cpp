// SPDX-License-Identifier: Apache-2.0
// No text takes the parser down: nesting, length and number of errors end in diagnostics; long chains are no nesting.
#include <doctest/doctest.h>

#include "unit/parser/parsed.h"

using vigil::test::parse;

namespace {

std::string repeat(const std::string& text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

constexpr size_t kMany = 20'000;

bool is_too_deep(const std::string& text) {
  const auto parsed = parse(text);
  return parsed.library.declarations.empty() && parsed.diagnostics.size() == 1 &&
         parsed.diagnostics.front().code == "VGL0003";
}

}  // namespace

TEST_CASE("Nesting ends at its limit") {
  CHECK(parse("define A: " + repeat("(", 250) + "1" + repeat(")", 250)).errors() == "");
  CHECK(parse("define A: " + repeat("(", 251) + "1" + repeat(")", 251)).errors() ==
        "VGL0003 1:262 nesting is deeper than the limit of 250\n");
  CHECK(is_too_deep("define A: " + repeat("(", kMany)));
  CHECK(is_too_deep("define A: " + repeat("{", kMany)));
  CHECK(is_too_deep("define A: " + repeat("not ", kMany) + "a"));
  CHECK(is_too_deep("define A: " + repeat("- ", kMany) + "a"));
  CHECK(is_too_deep("define A: " + repeat("exists ", kMany) + "a"));
  CHECK(is_too_deep("define A: " + repeat("distinct ", kMany) + "a"));
  CHECK(is_too_deep("define A: " + repeat("if a then b else ", kMany) + "c"));
  CHECK(is_too_deep("define A: " + repeat("if ", kMany) + "c"));
  CHECK(is_too_deep("define A: " + repeat("case when ", kMany) + "c"));
  CHECK(is_too_deep("define A: " + repeat("[A] a where ", kMany) + "c"));
  CHECK(is_too_deep("define A: a" + repeat(".b", kMany)));
  CHECK(is_too_deep("define A: a" + repeat("[0]", kMany)));
  CHECK(is_too_deep("define A: a" + repeat(" - b", kMany)));
  CHECK(is_too_deep("define A: a" + repeat(" = b", kMany)));
  CHECK(is_too_deep("define A: a" + repeat(" between 1 and 2", kMany)));
  CHECK(is_too_deep("define A: a as " + repeat("List<", kMany)));
  CHECK(is_too_deep("define A: " + repeat("f(", kMany)));
  CHECK(is_too_deep("define A: " + repeat("Interval[", kMany)));
  CHECK(is_too_deep("define A: " + repeat("days between ", kMany) + "a"));
}

TEST_CASE("The limit holds in holes, and for one expression") {
  CHECK(parse("rule R alert '{" + repeat("(", 300) + "a" + repeat(")", 300) + "}'").errors() ==
        "VGL0003 1:267 nesting is deeper than the limit of 250\n");
  CHECK(vigil::test::parse_one(repeat("(", 300)).errors() == "VGL0003 1:252 nesting is deeper than the limit of 250\n");
}

TEST_CASE("Chains of thousands are one node") {
  for (const std::string op : {" and ", " or ", " + ", " & ", " union "}) {
    CAPTURE(op);
    const auto parsed = parse("define A: a" + repeat(op + "b.c", 5'000));
    CHECK(parsed.errors() == "");
    const auto& value = std::get<vigil::ast::Definition>(parsed.library.declarations.at(0).kind).value;
    CHECK(std::get<vigil::ast::OperationExpr>(parsed.library[value].kind).operands.size() == 5'001);
  }
  CHECK(parse("define A: { " + repeat("1, ", 20'000) + "1 }").errors() == "");
}

TEST_CASE("Bytes, tokens and errors have their limits") {
  vigil::ParseLimits limits;
  limits.max_bytes = 10;
  CHECK(parse("define A: 1", limits).errors() == "VGL0002 1:1 the text has 11 bytes, more than the limit of 10\n");
  limits = {};
  limits.max_tokens = 7;
  CHECK(parse("define A: 1 define B: 2", limits).errors() == "VGL0004 1:23 the text holds more than 7 tokens\n");
  limits = {};
  limits.max_errors = 3;
  CHECK(parse(repeat("define A: )\n", 10), limits).diagnostics.size() == 3);
}

TEST_CASE("Many mistakes cost little") {
  CHECK(parse(repeat("define A: 'x\n", 2'000)).diagnostics.size() <= 100);
  CHECK(parse(repeat("define A: (\n", 2'000)).diagnostics.size() <= 51);
  CHECK(parse(repeat("\"", 20'001)).diagnostics.size() <= 51);
  CHECK(parse(repeat("rule ", 20'000)).diagnostics.size() <= 51);
  CHECK(parse("define A: " + repeat("x ", 20'000)).diagnostics.size() <= 51);
  CHECK(parse("rule R " + repeat("when a b ", 2'000)).diagnostics.size() <= 2'001);
}
