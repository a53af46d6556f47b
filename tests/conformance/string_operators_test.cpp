// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.7 String Operators. Positions count code points.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.7.1 Combine leaves nulls out") {
  static constexpr ExpressionCase kTable[] = {
      {"Combine({ 'a', 'b', 'c' })", "'abc'"},           {"Combine({ 'a', 'b', 'c' }, ', ')", "'a, b, c'"},
      {"Combine({ 'a', null, 'c' }, '-')", "'a-c'"},     {"Combine({ '', 'x' }, '-')", "'-x'"},
      {"Combine({ null as String, null })", "null"},     {"Combine({})", "null"},
      {"Combine({ 'a', 'b' }, null as String)", "'ab'"}, {"Combine(null as List<String>, ',')", "null"},
  };
  check(kTable);
}

TEST_CASE("B.7.2 Concatenate: + with null is null, & takes null as empty") {
  static constexpr ExpressionCase kTable[] = {
      {"'warf' + 'arin'", "'warfarin'"},       {"'warf' + (null as String)", "null"},
      {"'warf' & (null as String)", "'warf'"}, {"(null as String) & (null as String)", "''"},
      {"Concatenate('a', 'b')", "'ab'"},       {"'1' & '2' & '3'", "'123'"},
  };
  check(kTable);
}

TEST_CASE("B.6 beginnings, ends, positions") {
  static constexpr ExpressionCase kTable[] = {
      {"StartsWith('metformin', 'met')", "true"}, {"StartsWith('met', 'metformin')", "false"},
      {"StartsWith('met', '')", "true"},          {"StartsWith('met', null)", "null"},
      {"EndsWith('metformin', 'min')", "true"},   {"EndsWith('min', 'metformin')", "false"},
      {"PositionOf('for', 'metformin')", "3"},    {"PositionOf('x', 'metformin')", "-1"},
      {"PositionOf('', 'metformin')", "0"},       {"PositionOf('\u03b2', '\u03b1-\u03b2')", "2"},
      {"PositionOf(null, 'metformin')", "null"},
  };
  check(kTable);
}

TEST_CASE("B.6 lengths, indexes and parts") {
  static constexpr ExpressionCase kTable[] = {
      {"Length('metformin')", "9"},
      {"Length('\u03b1\u03b2\u03b3')", "3"},
      {"Length('\U0001f48a')", "1"},
      {"Length('')", "0"},
      {"Length(null as String)", "null"},
      {"'\u03b1\u03b2\u03b3'[1]", "'\u03b2'"},
      {"'abc'[3]", "null"},
      {"'abc'[-1]", "null"},
      {"Substring('metformin', 3)", "'formin'"},
      {"Substring('metformin', 3, 3)", "'for'"},
      {"Substring('metformin', 6, 20)", "'min'"},
      {"Substring('metformin', 9)", "null"},
      {"Substring('metformin', -1)", "null"},
      {"Substring('', 0)", "''"},
      {"Substring('abc', 0, 0)", "''"},
      {"Substring('abc', 1, null as Integer)", "'bc'"},
      {"Substring('\u03b1\u03b2\u03b3', 1, 1)", "'\u03b2'"},
      {"Substring(null as String, 0)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.7.11 Split: by the whole separator") {
  static constexpr ExpressionCase kTable[] = {
      {"Split('a,b,,c', ',')", "{ 'a', 'b', '', 'c' }"},
      {"Split('a::b:c', '::')", "{ 'a', 'b:c' }"},
      {"Split('abc', ',')", "{ 'abc' }"},
      {"Split('', ',')", "{ '' }"},
      {"Split('abc', null as String)", "{ 'abc' }"},
      {"Split(null as String, ',')", "null"},
  };
  check(kTable);
}

TEST_CASE("B.7.7, B.7.16 Lower and Upper know no locale") {
  static constexpr ExpressionCase kTable[] = {
      {"Upper('warfarin 5 mg')", "'WARFARIN 5 MG'"},
      {"Lower('WARFARIN')", "'warfarin'"},
      {"Upper('i')", "'I'"},
      {"Lower('I')", "'i'"},
      {"Upper('\u00e9\u00e0\u00f1')", "'\u00c9\u00c0\u00d1'"},
      {"Lower('\u0391\u0392')", "'\u03b1\u03b2'"},
      {"Upper('\u00df')", "'\u00df'"},
      {"Upper(null as String)", "null"},
  };
  check(kTable);
}
