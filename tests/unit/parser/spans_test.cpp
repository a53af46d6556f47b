// SPDX-License-Identifier: Apache-2.0
// Spans are exact bytes, also behind letters of several bytes.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/parser/parsed.h"

using namespace vigil::ast;
using vigil::test::parse;
using vigil::test::Parsed;

namespace {

/// The texts of all expressions, in order of place and then longest first.
std::vector<std::string> texts(const Parsed& parsed) {
  std::vector<vigil::Span> spans;
  for (size_t i = 1; i < parsed.library.expressions.size(); ++i) spans.push_back(parsed.library.expressions[i].span);
  std::sort(spans.begin(), spans.end(),
            [](vigil::Span a, vigil::Span b) { return std::pair(a.begin, b.end) < std::pair(b.begin, a.end); });
  std::vector<std::string> out;
  for (const auto span : spans) out.emplace_back(parsed.text(span));
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Expressions cover what they are made of, parentheses inside included") {
  CHECK(texts(parse("define A: (a + b) * -c.d")) == Texts{"(a + b) * -c.d", "a + b", "a", "b", "-c.d", "c.d", "c"});
  CHECK(texts(parse("define A: a and b and (c)")) == Texts{"a and b and (c)", "a", "b", "c"});
  CHECK(texts(parse("define A: (a).b[0]")) == Texts{"(a).b[0]", "(a).b", "a", "0"});
  CHECK(texts(parse("define A: x is not null")) == Texts{"x is not null", "x"});
  CHECK(texts(parse("define A: a between 1 and (2)")) == Texts{"a between 1 and (2)", "a", "1", "2"});
  CHECK(texts(parse("define A: exists [X] x where x.y")) ==
        Texts{"exists [X] x where x.y", "[X] x where x.y", "[X]", "x.y", "x"});
  CHECK(texts(parse("define A: from X x, Y y return 1")) == Texts{"from X x, Y y return 1", "X", "Y", "1"});
  CHECK(texts(parse("define A: FHIR.Q { v: 1 }.v")) == Texts{"FHIR.Q { v: 1 }.v", "FHIR.Q { v: 1 }", "1"});
  CHECK(texts(parse("define A: days between a and b > 1")) ==
        Texts{"days between a and b > 1", "days between a and b", "a", "b", "1"});
  CHECK(texts(parse("define A: if a then b else c")) == Texts{"if a then b else c", "a", "b", "c"});
  CHECK(texts(parse("define A: -2147483648")) == Texts{"-2147483648"});
  CHECK(texts(parse("define A: a starts 3 days before start b")) ==
        Texts{"a starts 3 days before start b", "a", "3 days", "b"});
  CHECK(texts(parse("rule R for ordered [X] x")) == Texts{"ordered [X]"});
}

TEST_CASE("Letters of several bytes move nothing") {
  const auto parsed = parse(
      "// \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\ndefine \"\xC3\x84\": '\xE2\x82\xAC' + b /* \xC3\xA4 */ rule "
      "\"\xC3\xB6\" alert '\xC3\xBC {b.c} \\' \xC3\xBC {d}'");
  CHECK(parsed.errors() == "");
  REQUIRE(parsed.library.declarations.size() == 2);
  const auto& definition = std::get<Definition>(parsed.library.declarations[0].kind);
  CHECK(definition.name.text == "\xC3\x84");
  CHECK(parsed.text(definition.name.span) == "\"\xC3\x84\"");
  CHECK(parsed.text(parsed.library.declarations[0].span) == "define \"\xC3\x84\": '\xE2\x82\xAC' + b");
  CHECK(texts(parsed) ==
        Texts{"'\xE2\x82\xAC' + b", "'\xE2\x82\xAC'", "b", "'\xC3\xBC {b.c} \\' \xC3\xBC {d}'", "b.c", "b", "d"});
  CHECK(parse("define A: '\xC3\xA4' + )").errors() == "VGL0101 1:17 unexpected `)`, expected an expression\n");
}

TEST_CASE("Names, parts and errors have their places") {
  const auto parsed =
      parse("test \"t\" given patient born @1950 expect \"R\" hard-stop\nrule R on 'a', 'b' unless x because 'y'");
  const auto& test = std::get<Test>(parsed.library.declarations.at(0).kind);
  CHECK(parsed.text(test.patient.at(0).attribute.span) == "born");
  CHECK(parsed.text(test.expectations.at(0).span) == "expect \"R\" hard-stop");
  const auto& rule = std::get<Rule>(parsed.library.declarations.at(1).kind);
  CHECK(parsed.text(rule.hooks.at(1).span) == "'b'");
  CHECK(parsed.text(rule.unless.at(0).span) == "unless x because 'y'");
  const auto wrong = parse("define A: f(1");
  CHECK(wrong.diagnostics.at(0).span.begin == 13);
  CHECK(wrong.diagnostics.at(0).span.end == 13);
}
