// SPDX-License-Identifier: Apache-2.0
// The words of rules and tests stay free as names in CQL.
#include <doctest/doctest.h>

#include "unit/parser/parsed.h"

using vigil::test::parse;

namespace {

constexpr const char* kWords[] = {
    "rule",    "test",    "table",    "category", "on",        "for",       "ordered",  "current",
    "unless",  "because", "tier",     "severity", "once",      "one",       "alert",    "detail",
    "suggest", "delete",  "create",   "update",   "override",  "link",      "cite",     "unknown",
    "log",     "note",    "evidence", "active",   "shadow",    "given",     "patient",  "born",
    "at",      "expect",  "nothing",  "saying",   "obtained",  "symmetric", "included", "such",
    "that",    "more",    "less",     "than",     "recommend", "perform",   "launch",   "automatically"};

/// The text with `word` for each `#` and for the plain name.
std::string with_word(std::string text, const std::string& word) {
  for (const std::string_view hole : {"#", "_plain_"})
    for (size_t at = text.find(hole); at != std::string::npos && word != hole; at = text.find(hole, at))
      text.replace(at, hole.size(), word);
  return text;
}

}  // namespace

TEST_CASE("Each word is a name, an alias, a function and an element") {
  const std::string text =
      "define #: 1\n"
      "parameter # Integer default 1\n"
      "define A: # + #\n"
      "define B: [Condition] # where #.code = 'x' and exists #.# return #\n"
      "define C: from X #, Y y where # = y\n"
      "define D: #(#, 1).#(#)\n"
      "define E: { #: 1 }.#\n"
      "define F: # { #: # }\n"
      "define function #(# Integer, y #): # + y\n"
      "define G: x as #\n"
      "define H: X x with # y such that # return #\n"
      "define I: #\n"
      "define J: (#) # sort by #\n"
      "define K: if # then # else #\n"
      "define L: # before # or #\n"
      "include # called #\n"
      "context #\n"
      "define M: [#: # in #]\n";
  const auto plain = parse(with_word(text, "_plain_")).dump();
  for (const std::string word : kWords) {
    CAPTURE(word);
    const auto parsed = parse(with_word(text, word));
    CHECK(parsed.errors() == "");
    CHECK(parsed.dump() == with_word(plain, word));
  }
}

TEST_CASE("A declaration of rules is told from a query by its neighbours") {
  CHECK(parse("define X: rule \"B\" where \"B\".x").dump() == "(define X (query (\"B\" rule) (where (. \"B\" x))))\n");
  CHECK(parse("define X: a\nrule \"B\" alert 'x'").dump() == "(define X a)\n(rule \"B\" (alert (template 'x')))\n");
  CHECK(parse("define X: exists table T").dump() == "(define X (exists (query (T table))))\n");
  CHECK(parse("define X: [A] rule return rule.x\ntest \"t\" expect nothing").dump() ==
        "(define X (query (rule (retrieve A)) (return (. rule x))))\n(test \"t\" (expect nothing))\n");
}

TEST_CASE("In rules the words of clauses are names where a clause cannot begin") {
  const auto rule = [](const std::string& clauses) {
    return parse("rule R " + clauses).errors() + parse("rule R " + clauses).dump();
  };
  CHECK(rule("when alert.code = tier alert 'x'") == "(rule R (when (= (. alert code) tier)) (alert (template 'x')))\n");
  CHECK(rule("when exists ([A] alert where alert.x) alert 'x'") ==
        "(rule R (when (exists (query (alert (retrieve A)) (where (. alert x))))) (alert (template 'x')))\n");
  CHECK(rule("for [A] link, [B] on when link.x alert 'x'") ==
        "(rule R (for (link (retrieve A))) (for (on (retrieve B))) (when (. link x)) (alert (template 'x')))\n");
  CHECK(rule("when case when a then b else c end = 1 tier case when a then 'x' else 'y' end when d") ==
        "(rule R (when (= (case (when a b) (else c)) 1)) (tier (case (when a 'x') (else 'y')) (when d)))\n");
  CHECK(rule("for ordered[0] x, current [A] y") == "(rule R (for (x (index ordered 0))) (for (y (current A))))\n");
}

TEST_CASE("Keywords of CQL are names behind a point and before a colon in braces") {
  CHECK(parse("define X: a.define.rule.where\ndefine Y: { define: 1, rule: 2, if: 3 }").dump() ==
        "(define X (. (. (. a define) rule) where))\n(define Y (tuple (define: 1) (rule: 2) (if: 3)))\n");
}
