// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.6 Arithmetic Operators.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.5 Integer: overflow and division by zero are null") {
  static constexpr ExpressionCase kTable[] = {
      {"2 + 3", "5"},
      {"2147483647 + 1", "null"},
      {"-2147483648 - 1", "null"},
      {"65536 * 65536", "null"},
      {"7 div 2", "3"},
      {"-7 div 2", "-3"},
      {"7 mod 3", "1"},
      {"-7 mod 3", "-1"},
      {"7 div 0", "null"},
      {"7 mod 0", "null"},
      {"-2147483648 div -1", "null"},
      {"-2147483648 mod -1", "0"},
      {"-(-2147483648)", "null"},
      {"Abs(-5)", "5"},
      {"Abs(-2147483648)", "null"},
      {"2 + (null as Integer)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.5 Long") {
  static constexpr ExpressionCase kTable[] = {
      {"2147483647L + 1", "2147483648L"},
      {"9223372036854775807L + 1L", "null"},
      {"-9223372036854775808L - 1L", "null"},
      {"3000000000L * 4000000000L", "null"},
      {"10L div 4L", "2L"},
      {"10L mod 4L", "2L"},
      {"Abs(-10L)", "10L"},
      {"-9223372036854775808L div -1L", "null"},
  };
  check(kTable);
}

TEST_CASE("B.5 Decimal: eight fraction digits, never binary") {
  static constexpr ExpressionCase kTable[] = {
      {"0.1 + 0.2", "0.3"},
      {"0.1 + 0.2 = 0.3", "true"},
      {"1.0 / 3.0", "0.33333333"},
      {"2 / 4", "0.5"},
      {"2.0 / 3", "0.66666667"},
      {"1.0 / 0.0", "null"},
      {"99999999999999999999.0 * 99999999999999999999.0", "null"},
      {"7.5 div 2.0", "3.0"},
      {"7.5 mod 2.0", "1.5"},
      {"-7.5 mod 2.0", "-1.5"},
      {"7.5 mod 0.0", "null"},
      {"-(1.25)", "-1.25"},
      {"Abs(-1.25)", "1.25"},
      {"0.00000001 / 2", "0.00000001"},
  };
  check(kTable);
}

TEST_CASE("B.5 whole numbers of decimals: beyond Integer they are null") {
  static constexpr ExpressionCase kTable[] = {
      {"Ceiling(2.1)", "3"},
      {"Ceiling(-2.1)", "-2"},
      {"Floor(2.9)", "2"},
      {"Floor(-2.1)", "-3"},
      {"Truncate(2.9)", "2"},
      {"Truncate(-2.9)", "-2"},
      {"Ceiling(3000000000.5)", "null"},
      {"Floor(5)", "5"},
  };
  check(kTable);
}

TEST_CASE("B.6.21 Round: half away from zero") {
  static constexpr ExpressionCase kTable[] = {
      {"Round(0.5)", "1.0"},
      {"Round(-0.5)", "-1.0"},
      {"Round(-1.5)", "-2.0"},
      {"Round(1.4999)", "1.0"},
      {"Round(3.14159, 3)", "3.142"},
      {"Round(2.345, 2)", "2.35"},
      {"Round(5, 2)", "5.0"},
      {"Round(1.25, null as Integer)", "1.0"},
      {"Round(null as Decimal)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.5 quantities: units meet in the finer, products join them") {
  static constexpr ExpressionCase kTable[] = {
      {"1 'g' + 500 'mg'", "1500.0 'mg'"},
      {"1 'g' - 250 'mg'", "750.0 'mg'"},
      {"1 'g' + 1 'mL'", "null"},
      {"2 days + 12 'h'", "60.0 'h'"},
      {"2 'cm' * 3 'cm'", "6.0 'cm2'"},
      {"10 'mg/kg' * 70 'kg'", "700.0 'mg'"},
      {"10 'mg' / 4 'mL'", "2.5 'mg/mL'"},
      {"1 'g' / 1 'mg'", "1000.0 '1'"},
      {"6 'g' / 0 'g'", "null"},
      {"6 'g' / 2", "3.0 'g'"},
      {"-(5 'mg')", "-5.0 'mg'"},
      {"Abs(-5 'mg')", "5.0 'mg'"},
      {"100 'bpm' + 5 'bpm'", "105.0 'bpm'"},
  };
  check(kTable);
}
