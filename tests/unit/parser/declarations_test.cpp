// SPDX-License-Identifier: Apache-2.0
// Declarations of CQL: their order is kept, their parts are where the grammar says.
#include <doctest/doctest.h>

#include "unit/parser/parsed.h"

using vigil::test::parse;

namespace {

/// The dump without the last line end, or the errors.
std::string declarations(std::string text) {
  const auto parsed = parse(std::move(text));
  auto out = parsed.errors() + parsed.dump();
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace

TEST_CASE("The library's head") {
  CHECK(declarations("library A") == "(library A)");
  CHECK(declarations("library A.\"B c\" version '1.2'") == "(library A.\"B c\" (version '1.2'))");
  CHECK(declarations("using FHIR version '4.0.1' called F") == "(using FHIR (version '4.0.1') called F)");
  CHECK(declarations("include org.Common version '1' called C") == "(include org.Common (version '1') called C)");
  CHECK(declarations("library A library B") == "VGL0112 1:11 clause `library` is given twice\n(library B)");
}

TEST_CASE("Terminology") {
  CHECK(declarations("codesystem \"LOINC\": 'http://loinc.org' version '2'") ==
        "(codesystem \"LOINC\" 'http://loinc.org' (version '2'))");
  CHECK(declarations("private valueset V: 'x' version '1' codesystems { \"A\", B.\"C\" }") ==
        "(valueset private V 'x' (version '1') (codesystem \"A\") (codesystem B.\"C\"))");
  CHECK(declarations("public code X: '1' from B.\"C\" display 'd'") == "(code X '1' B.\"C\" (display 'd'))");
  CHECK(declarations("concept X: { a, B.c } display 'd'") == "(concept X a B.c (display 'd'))");
}

TEST_CASE("Parameters and contexts") {
  CHECK(declarations("parameter P") == "(parameter P)");
  CHECK(declarations("parameter P List<Integer>\ncontext Patient") == "(parameter P List<Integer>)\n(context Patient)");
  CHECK(declarations("private parameter \"P q\" default 5 + 1") == "(parameter private \"P q\" (default (+ 5 1)))");
  CHECK(declarations("parameter P Interval<DateTime> default Interval[@2012, @2013)") ==
        "(parameter P Interval<DateTime> (default (interval [ @2012 @2013 ))))");
  CHECK(declarations("context FHIR.Patient") == "(context FHIR.Patient)");
}

TEST_CASE("Definitions and functions") {
  CHECK(declarations("define private X: 1") == "(define private X 1)");
  CHECK(declarations("define function f(): 1") == "(function f 1)");
  CHECK(declarations("define fluent function \"f g\"(a Integer, b FHIR.code) returns List<Integer>: { a }") ==
        "(fluent \"f g\" (a Integer) (b FHIR.code) (returns List<Integer>) (list a))");
  CHECK(declarations("define private function f(code Code, version Choice<Integer, String>) returns Code: external") ==
        "(function private f (code Code) (version Choice<Integer, String>) (returns Code) external)");
  CHECK(declarations("define function exists(a Tuple { x Integer }): a.x") ==
        "(function exists (a Tuple{x Integer}) (. a x))");
}

TEST_CASE("A declaration ends where the next begins") {
  CHECK(declarations("define A: code define B: version code C: '1' from A define D: A.define define E: 1") ==
        "(define A code)\n(define B version)\n(code C '1' A)\n(define D (. A define))\n(define E 1)");
  CHECK(declarations("define A: [X] x sort by code\ncontext Patient\ndefine B: x is T\ndefine C: x + 3 days\ndefine D: "
                     "case when a then b else c end\n"
                     "define E: end of x\nparameter P default null\ndefine function f(x Any): external\ndefine F: 1") ==
        "(define A (query (x (retrieve X)) (sort code)))\n(context Patient)\n(define B (is x T))\n(define C (+ x "
        "(quantity 3 'days')))\n"
        "(define D (case (when a b) (else c)))\n(define E (end of x))\n(parameter P (default null))\n(function f (x "
        "Any) external)\n(define F 1)");
}

TEST_CASE("Comments are kept by place, their tags by declaration") {
  const auto parsed = parse(
      "// first\n/* @author: Ada\n   @description: \"two\n lines\"\n   @shown */ define A: 1 // mail a@b.de\ndefine B: "
      "/* x */ 2");
  CHECK(parsed.errors() == "");
  CHECK(parsed.dump() == "@author: Ada\n@description: two\n lines\n@shown: \n(define A 1)\n(define B 2)\n");
  REQUIRE(parsed.library.comments.size() == 4);
  CHECK(parsed.text(parsed.library.comments[0]) == "// first");
  CHECK(parsed.text(parsed.library.comments[3]) == "/* x */");
}

TEST_CASE("An empty text is an empty library") {
  CHECK(declarations("") == "");
  CHECK(declarations(" // nothing\n") == "");
}
