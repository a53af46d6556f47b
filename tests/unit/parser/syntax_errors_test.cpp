// SPDX-License-Identifier: Apache-2.0
// What is said about mistakes, and that they stay in their declaration.
#include <doctest/doctest.h>

#include "unit/parser/parsed.h"

using vigil::test::parse;

namespace {

std::string errors(std::string text) { return parse(std::move(text)).errors(); }
std::string hint(std::string text) {
  const auto parsed = parse(std::move(text));
  return parsed.diagnostics.empty() ? "" : parsed.diagnostics.front().hint;
}
/// The first diagnostic's first label: "text: label".
std::string label(std::string text) {
  const auto parsed = parse(std::move(text));
  if (parsed.diagnostics.empty() || parsed.diagnostics.front().labels.empty()) return "";
  const auto& first = parsed.diagnostics.front().labels.front();
  return std::string(parsed.text(first.span)) + ": " + first.text;
}

}  // namespace

TEST_CASE("What was met, and in a few words what could stand there") {
  CHECK(errors("define A = 1") == "VGL0101 1:10 unexpected `=`, expected `:`\n");
  CHECK(errors("define A: )") == "VGL0101 1:11 unexpected `)`, expected an expression\n");
  CHECK(errors("define A: f(1, )") == "VGL0101 1:14 unexpected `,`, expected `)`\n");
  CHECK(errors("define A: f(1 2)") == "VGL0101 1:15 unexpected `2`, expected an operator\n");
  CHECK(errors("define A: f(1 b)") == "VGL0101 1:15 unexpected `b`, expected an operator\n");
  CHECK(errors("define A: 1 +") == "VGL0110 1:14 unexpected end of text, expected an expression\n");
  CHECK(errors("define A: case when a then b end") ==
        "VGL0101 1:30 unexpected `end`, expected `else`, `when` or an operator\n");
  CHECK(errors("valueset \"V\": \"x\"") == "VGL0101 1:15 unexpected `\"x\"`, expected a text in single quotes\n");
  CHECK(errors("5") == "VGL0101 1:1 unexpected `5`, expected a declaration\n");
  CHECK(errors("define A: x.1") == "VGL0101 1:13 unexpected `1`, expected a name\n");
  CHECK(errors("define A: from x") == "VGL0101 1:11 unexpected `from`, expected an alias behind its source\n");
  CHECK(errors("define A: x per day") == "VGL0101 1:13 unexpected `per`, expected an operator\n");
  CHECK(errors("define A: x same week as y") == "VGL0113 1:18 `week` is no precision of a comparison\n");
  CHECK(errors("define A: f(x) { a: 1 }") ==
        "VGL0101 1:16 unexpected `{`, expected an operator or the next declaration\n");
}

TEST_CASE("What to change") {
  CHECK(hint("define A: 1\ndefin B: 2") == "did you mean `define`?");
  CHECK(hint("define A: X\ndefin B: 2") == "did you mean `define`?");
  CHECK(hint("define A: [C] c where c.x retrun c") == "did you mean `return`?");
  CHECK(hint("define A: if a then b esle c") == "did you mean `else`?");
  CHECK(hint("code A: '1' form B") == "did you mean `from`?");
  CHECK(hint("rule R\n  wen x\n  alert 'a'") == "did you mean `when`?");
  CHECK(hint("rule R\n  unles x\n  alert 'a'") == "did you mean `unless`?");
  CHECK(hint("rule R when a\n  on order-sign\n  alert 'a'") ==
        "the names of hooks stand in single quotes: on 'order-sign'");
  CHECK(hint("rule R when a\n  alert \"a\"") == "`alert` is followed by a text in single quotes");
  CHECK(hint("rule R suggest 'x': delet Y") == "did you mean `delete`?");
  CHECK(hint("rule R if unknown nite") == "did you mean `note`?");
  CHECK(hint("define A: a == b") == "CQL compares with a single `=`");
  CHECK(hint("define A: a <> b") == "write `!=` for unequal");
  CHECK(hint("define A: a && b") == "write `and`");
  CHECK(hint("define A: a || b") == "write `or`");
  CHECK(hint("define A: a)") == "no bracket is open here");
  CHECK(hint("define A: 1;") == "a declaration ends where the next begins; no `;` is needed");
  CHECK(hint("define A: \xE2\x80\x9Cx\xE2\x80\x9D") == "write straight quotes: '…' for a text, \"…\" for a name");
  CHECK(hint("define \xC3\x84: 1") == "a name with other letters than a to z stands in double quotes");
  CHECK(hint("define A: 2147483648") == "write `2147483648L` for a Long, or `2147483648.0`");
}

TEST_CASE("An open bracket, or what is incomplete, is shown") {
  CHECK(label("define A: f(1\ndefine B: 2") == "(: `(` is opened here");
  CHECK(label("define A: { a: [X }") == "[: `[` is opened here");
  CHECK(label("define A: 1 +\ndefine B: 2") == "+: what stands before is not complete");
}

TEST_CASE("Several mistakes are told, and what is right survives") {
  const auto parsed = parse(
      "define A: 1 +\n"
      "define B: (2\n"
      "define C: 3\n"
      "defin D: 4\n"
      "define E: 5 'x\n"
      "define F: 6\n"
      "define G: { a: 1, }\n"
      "rule R\n"
      "  category drug\n"
      "  when a b\n"
      "  alert 'x'\n"
      "define H: 7\n");
  CHECK(parsed.dump() == "(define C 3)\n(define F 6)\n(define H 7)\n");
  CHECK(parsed.errors() ==
        "VGL0101 2:1 unexpected `define`, expected an expression\n"
        "VGL0101 3:1 unexpected `define`, expected `)` or an operator\n"
        "VGL0101 4:1 unexpected `defin`, expected a declaration\n"
        "VGL0102 5:13 string is not closed\n"
        "VGL0101 7:17 unexpected `,`, expected `}`\n"
        "VGL0101 9:3 unexpected `category`, expected a clause\n");
}

TEST_CASE("Quotes and comments without end") {
  CHECK(errors("define A: 'abc\ndefine B: 'x'\ndefine C: 1") == "VGL0102 1:11 string is not closed\n");
  CHECK(parse("define A: 'abc\ndefine B: 'x'\ndefine C: 1").dump() == "(define B 'x')\n(define C 1)\n");
  CHECK(errors("define A: 1\ndefine \"B: 2\ndefine C: 3") == "VGL0103 2:8 quoted identifier is not closed\n");
  CHECK(errors("define A: 1 /* x\ndefine B: 2") == "VGL0104 1:13 comment is not closed\n");
  CHECK(parse("define A: 1 /* x\ndefine B: 2").dump() == "(define A 1)\n(define B 2)\n");
  CHECK(errors("'") == "VGL0102 1:1 string is not closed\n");
  CHECK(errors("define A: 'a\\") == "VGL0102 1:11 string is not closed\n");
  CHECK(errors("define A: 'x \\q y' + 'z") == "VGL0102 1:22 string is not closed\n");
}

TEST_CASE("Characters that no token begins with") {
  CHECK(errors("define A: 1 # 2 $$ 3") ==
        "VGL0105 1:13 unexpected character `#`\nVGL0105 1:17 unexpected character `$`\n");
  CHECK(errors("define A: @abc") == "VGL0105 1:11 unexpected character `@`\n");
  CHECK(errors(std::string("define A: \xFF", 11)) == "VGL0001 1:11 the text is not valid UTF-8\n");
}

TEST_CASE("Nothing thrown at it breaks the parser") {
  for (const auto* text : {"rule",
                           "rule \"R\"",
                           "test \"t\" given",
                           "table \"T\" {",
                           "define",
                           "define function",
                           "define function f(",
                           "library",
                           "using",
                           "private",
                           "private define",
                           "if",
                           "case",
                           "[",
                           "{",
                           "}",
                           ")",
                           "{{{{",
                           "'{",
                           "rule R alert '{'",
                           "rule R alert '{{'",
                           "rule R alert '}'",
                           "define A: %",
                           "define A: $",
                           "@",
                           "@T",
                           "\xEF\xBB\xBF"
                           "define A: 1",
                           "test \"t\" expect",
                           "test \"t\" expect \"R\" not-",
                           "rule R tier",
                           "rule R if",
                           "rule R if unknown",
                           "rule R for",
                           "define A: from",
                           "define A: x y z w",
                           "define A: x y sort",
                           "define A: 1 2 3",
                           "/*/",
                           "//",
                           "\"",
                           "`",
                           "-",
                           "x is",
                           "define A: a.",
                           "rule R suggest 'x': delete",
                           "rule R one alert per (",
                           "define A: @2012-",
                           "code",
                           "code code code code"}) {
    CAPTURE(text);
    CHECK_NOTHROW(parse(text));
  }
}
