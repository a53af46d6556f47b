// SPDX-License-Identifier: Apache-2.0
// The layout, case by case.
#include <doctest/doctest.h>
#include <vigil/format.h>

namespace vigil {
namespace {

std::string formatted(std::string_view text) { return format(text, "test.vigil").text; }

TEST_CASE("spaces: one around operators and behind commas, none inside parentheses") {
  CHECK(formatted("define  X :1+2*(  3- -4 )\n") == "define X: 1 + 2 * (3 - -4)\n");
  CHECK(formatted("define X: f (1 ,2) [ 0 ] . y\n") == "define X: f(1, 2)[0].y\n");
  CHECK(formatted("define X: {1,2} union { } union Tuple{a:1} union {:}\n") ==
        "define X: { 1, 2 } union {} union Tuple { a: 1 } union {:}\n");
  CHECK(formatted("define X: Interval [1,3) = Interval( 1 , 2]\n") == "define X: Interval[1, 3) = Interval(1, 2]\n");
  CHECK(formatted("parameter P List< Interval <DateTime> >\n") == "parameter P List<Interval<DateTime>>\n");
  CHECK(formatted("define X: 1 : 128\ndefine Y: 1 'mg':2 'mL'\n") == "define X: 1:128\ndefine Y: 1 'mg' : 2 'mL'\n");
  CHECK(formatted("define X: exists([A:code in\"B\"]a)\n") == "define X: exists ([A: code in \"B\"] a)\n");
}

TEST_CASE("texts, quoted names and comments stay as they are") {
  CHECK(formatted("define \"a  b\": 'it\\'s  \t' // c   d \t\n") == "define \"a  b\": 'it\\'s  \t'  // c   d\n");
  CHECK(formatted("define X: 'a\r\nb'\r\n") == "define X: 'a\r\nb'\n");
  CHECK(formatted("    /* a\n  b */\ndefine X: /* c */ 1\n") == "/* a\n  b */\ndefine X: /* c */ 1\n");
  CHECK(formatted("\xEF\xBB\xBF"
                  "define X: 'ü'") == "define X: 'ü'\n");
}

TEST_CASE("declarations: groups of one-line ones are kept, others stand apart") {
  CHECK(formatted("using FHIR version '4.0.1'\n\n\n\nvalueset \"A\": 'a'\nvalueset \"Long\": 'b'\n"
                  "define X:\n1\n// about Y\ndefine Y: 2 define Z: 3") ==
        "using FHIR version '4.0.1'\n\nvalueset \"A\":    'a'\nvalueset \"Long\": 'b'\n\n"
        "define X:\n  1\n\n// about Y\ndefine Y: 2\ndefine Z: 3\n");
  CHECK(formatted("define X:\n  1\n  // on X\n\ndefine Y: 2\n") == "define X:\n  1\n  // on X\n\ndefine Y: 2\n");
  CHECK(formatted("// only a comment   ") == "// only a comment\n");
  CHECK(formatted("").empty());
}

TEST_CASE("queries: clauses below their source") {
  CHECK(formatted("define X:\n[A] a\nwith [B] b\nsuch that a.x=b.x\nand b.y\nwhere a.z\nor a.w\nreturn a\n") ==
        "define X:\n  [A] a\n    with [B] b\n      such that a.x = b.x\n        and b.y\n    where a.z\n      or a.w\n"
        "    return a\n");
  CHECK(formatted("define X:\nexists ([A] a\nwhere a.x)\n") == "define X:\n  exists ([A] a\n    where a.x)\n");
  CHECK(formatted("define X:\nfrom [A] a,\n[B] b\nwhere a.x = b.x\n") ==
        "define X:\n  from [A] a,\n       [B] b\n    where a.x = b.x\n");
}

TEST_CASE("brackets and choices indent by their depth") {
  CHECK(formatted("define X: {\na: 1,\nb: f(\n2\n)\n}\n") == "define X: {\n  a: 1,\n  b: f(\n    2\n  )\n}\n");
  CHECK(formatted("define X:\n(a\nand b)\nor c\n") == "define X:\n  (a\n      and b)\n    or c\n");
  CHECK(formatted("define X:\nif a\nthen 1\nelse 2\n") == "define X:\n  if a\n    then 1\n    else 2\n");
  CHECK(formatted("define X:\nif a then\n1\nelse if b then\n2\nelse\n3\n") ==
        "define X:\n  if a then\n    1\n  else if b then\n    2\n  else\n    3\n");
  CHECK(formatted("define X:\ncase\nwhen a then 1\nelse 2\nend\n") ==
        "define X:\n  case\n    when a then 1\n    else 2\n  end\n");
  CHECK(formatted("define X:\n{ 1 }\nunion\n{ 2 }\n") == "define X:\n  { 1 }\n  union\n  { 2 }\n");
}

TEST_CASE("rules and tests: a clause a line, operands in one column") {
  CHECK(formatted("rule \"R\" category 'c' on 'order-sign','order-select' for ordered [A] a,\ncurrent [B] b\n"
                  "when a.x\nand b.y unless a.z\nbecause 'z' tier hard - stop when a.w\nalert 'x' detail 'd' "
                  "override 'o'\nif unknown note 'n' evidence developer 'v' cite 'w'") ==
        "rule \"R\"\n"
        "  category 'c'\n"
        "  on       'order-sign', 'order-select'\n"
        "  for      ordered [A] a,\n"
        "           current [B] b\n"
        "  when     a.x\n"
        "             and b.y\n"
        "  unless   a.z\n"
        "             because 'z'\n"
        "  tier     hard-stop when a.w\n"
        "  alert    'x'\n"
        "    detail   'd'\n"
        "    override 'o'\n"
        "  if unknown note 'n'\n"
        "  evidence\n"
        "    developer 'v'\n"
        "    cite      'w'\n");
  CHECK(formatted(
            "test \"T\" given patient born @2000-01-01,sex 'female'\nand A { x:1 }\nwhen 'order-sign' with B { y: 2 }\n"
            "expect \"R\" not - met") ==
        "test \"T\"\n"
        "  given patient born @2000-01-01, sex 'female'\n"
        "    and A { x: 1 }\n"
        "  when  'order-sign' with B { y: 2 }\n"
        "  expect \"R\" not-met\n");
  CHECK(formatted("table \"T\"{a Code,\nb Code}symmetric(a,b)") ==
        "table \"T\" { a Code,\n  b Code } symmetric (a, b)\n");
}

TEST_CASE("a text with errors stays, and they are told") {
  const auto result = format("define X:  1 +\n", "test.vigil");
  CHECK(result.text == "define X:  1 +\n");
  REQUIRE(!result.formatted());
  CHECK(result.diagnostics.front().code == "VGL0110");
}

}  // namespace
}  // namespace vigil
