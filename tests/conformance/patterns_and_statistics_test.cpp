// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.7 regular expressions, B.10 parts of lists, B.11 statistics, B.3 conversions asked about.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.7 Matches: anywhere in the text, unless ^ and $ hold it") {
  static constexpr ExpressionCase kTable[] = {
      {R"(Matches('order 12', '\\d+'))", "true"},
      {R"(Matches('order 12', '^\\d+$'))", "false"},
      {"Matches('a\\nb', 'a.b')", "true"},
      {"Matches('é', '^.$')", "true"},
      {"Matches('A', 'a')", "false"},
      {"Matches(null, 'a')", "null"},
      {"Matches('a', '(')", "error VGL0911"},
      {R"(Matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a+)+$'))", "false"},
  };
  check(kTable);
}

TEST_CASE("B.7 ReplaceMatches, SplitOnMatches, LastPositionOf") {
  static constexpr ExpressionCase kTable[] = {
      {R"(ReplaceMatches('a1b22', '\\d+', '#'))", "'a#b#'"},
      {R"(ReplaceMatches('mg/mL', '(\\w+)/(\\w+)', '$2 per $1'))", "'mL per mg'"},
      {R"(ReplaceMatches('5', '\\d', '\\$'))", "'$'"},
      {"ReplaceMatches('abc', 'x', 'y')", "'abc'"},
      {"ReplaceMatches('ab', '', '-')", "'-a-b-'"},
      {"ReplaceMatches('ab', 'a', null)", "null"},
      {R"(SplitOnMatches('a, b;c', '[,;]\\s*'))", "{ 'a', 'b', 'c' }"},
      {"SplitOnMatches('abc', 'x')", "{ 'abc' }"},
      {"LastPositionOf('b', 'abcb')", "3"},
      {"LastPositionOf('', 'abc')", "3"},
      {"LastPositionOf('x', 'abc')", "-1"},
      {"Concatenate('a', null)", "null"},
      {"'a' & null & 'b'", "'ab'"},
  };
  check(kTable);
}

TEST_CASE("B.10 Slice, Length, proper inclusion of an element") {
  static constexpr ExpressionCase kTable[] = {
      {"Slice({ 1, 2, 3, 4 }, 1, 3)", "{ 2, 3 }"},
      {"Slice({ 1, 2, 3, 4 }, -3, -1)", "{ 2, 3 }"},
      {"Slice({ 1, 2, 3, 4 }, 3, 1)", "{}"},
      {"Slice(null as List<Integer>, 1)", "null"},
      {"Length({ 4, null, 6 })", "3"},
      {"Length(null as List<Integer>)", "0"},
      {"Count({ 4, null, 6 })", "2 ?"},
      {"{ 'a', 'b' } properly includes 'a'", "true"},
      {"'a' properly included in { 'a' }", "false"},
      {"null properly included in { 'a', null }", "true"},
  };
  check(kTable);
}

TEST_CASE("B.11 Product, GeometricMean, Mode") {
  static constexpr ExpressionCase kTable[] = {
      {"Product({ 2, 3, 7 })", "42"},
      {"Product({ 1.5, null, 2.0 })", "3.0 ?"},
      {"Product({ 65536, 65536 })", "null"},
      {"Product({ 2.0 'm', 3.0 'm' })", "6.0 'm2'"},
      {"Product(null as List<Integer>)", "null"},
      {"GeometricMean({ 2.0, 8.0 })", "4.0"},
      {"GeometricMean({ 4.0, null, 16.0 })", "8.0 ?"},
      {"GeometricMean({ -1.0, 4.0 })", "null"},
      {"Mode({ 3, 1, 3, 2 })", "3"},
      {"Mode({ 'b', 'a', 'b', 'a' })", "'a'"},
      {"Mode({ null as Integer })", "null ?"},
      {"Mode({ { 2 }, { 1 }, { 2 } })", "{ 2 }"},
  };
  check(kTable);
}

TEST_CASE("B.11 Variance, StdDev, PopulationVariance, PopulationStdDev") {
  static constexpr ExpressionCase kTable[] = {
      {"Variance({ 2.0, 4.0, 6.0 })", "4.0"},
      {"StdDev({ 2.0, 4.0, 6.0 })", "2.0"},
      {"PopulationVariance({ 2.0, 6.0 })", "4.0"},
      {"PopulationStdDev({ 2.0, 6.0 })", "2.0"},
      {"PopulationStdDev({ 2.5, 1.0, 2.0 })", "0.62360956"},
      {"StdDev({ 2.0 'mg', 4.0 'mg', 0.006 'g' })", "2.0 'mg'"},
      {"Variance({ 2.0 'mg', 4.0 'mg', 6.0 'mg' })", "4.0 'mg2'"},
      {"StdDev({ 2.0 'mg', 4.0 'mL' })", "null"},
      {"Variance({ 2.0 })", "null"},
      {"PopulationVariance({ 2.0 })", "0.0"},
      {"StdDev(null as List<Decimal>)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.3 ConvertsTo...") {
  static constexpr ExpressionCase kTable[] = {
      {"ConvertsToInteger('12')", "true"},
      {"ConvertsToInteger('12a')", "false"},
      {"ConvertsToInteger(5)", "true"},
      {"ConvertsToInteger(@2026)", "false"},
      {"ConvertsToBoolean('yes')", "true"},
      {"ConvertsToBoolean(5)", "false"},
      {"ConvertsToDate('2026-13')", "false"},
      {"ConvertsToQuantity('5 mg')", "false"},
      {"ConvertsToQuantity('5 \\'mg\\'')", "true"},
      {"ConvertsToRatio('1:128')", "true"},
      {"ConvertsToTime(null as String)", "null"},
      {"CanConvertQuantity(1 'g', 'mg')", "true"},
      {"CanConvertQuantity(1 'g', 'mL')", "false"},
  };
  check(kTable);
}

TEST_CASE("B.3 further conversions") {
  static constexpr ExpressionCase kTable[] = {
      {"ToInteger(true)", "1"},
      {"ToDecimal(false)", "0.0"},
      {"ToBoolean(1)", "true"},
      {"ToBoolean(0.0)", "false"},
      {"ToBoolean(7)", "null"},
      {"ToInteger(4294967296L)", "null"},
      {"ToRatio('1 \\'mg\\':2 \\'mL\\'')", "1.0 'mg':2.0 'mL'"},
      {"ToQuantity(6.0 'mg':2.0 'mL')", "3.0 'mg/mL'"},
      {"ToTime(@2026-11-22T08:30:00.0)", "@T08:30:00.000"},
      {"ToChars('añb')", "{ 'a', 'ñ', 'b' }"},
      {"ToList(5)", "{ 5 }"},
      {"ToList(null as Integer)", "{}"},
  };
  check(kTable);
}

TEST_CASE("B.1 System classes written out") {
  static constexpr ExpressionCase kTable[] = {
      {"Quantity { value: 5.0, unit: 'mg' }", "5.0 'mg'"},
      {"Quantity { value: 5 }", "5.0 '1'"},
      {"Code { code: 'a', system: 'urn:s', display: 'A' } ~ Code { code: 'a', system: 'urn:s' }", "true"},
      {"Ratio { numerator: 1 'mg', denominator: 2 'mL' }.denominator", "2.0 'mL'"},
      {"ValueSet { id: 'urn:v' } is Vocabulary", "true"},
      {"Quantity { amount: 5 }", "error VGL0304"},
  };
  check(kTable);
}
