// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.6: powers, logarithms, precision, boundaries, neighbours, least and greatest values.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.6 Power") {
  static constexpr ExpressionCase kTable[] = {
      {"2 ^ 10", "1024"},
      {"Power(-3, 3)", "-27"},
      {"Power(7, 0)", "1"},
      {"2 ^ -2", "0.25"},
      {"Power(2L, 40L)", "1099511627776L"},
      {"2 ^ 31", "null"},
      {"1.5 ^ 2", "2.25"},
      {"Power(2, null)", "null"},
      {"Power(9.0, 0.5)", "3.0"},
  };
  check(kTable);
}

TEST_CASE("B.6 Exp, Ln, Log") {
  static constexpr ExpressionCase kTable[] = {
      {"Exp(0)", "1.0"},       {"Exp(1000)", "error VGL0908"}, {"Ln(1)", "0.0"},         {"Ln(0)", "error VGL0908"},
      {"Ln(-2)", "null"},      {"Log(1000, 10)", "3.0"},       {"Log(0.5, 2)", "-1.0"},  {"Log(8, 1)", "null"},
      {"Ln(Exp(2.0))", "2.0"}, {"Exp(null)", "null"},          {"Log(null, 2)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.6 Precision") {
  static constexpr ExpressionCase kTable[] = {
      {"Precision(3.140)", "3"},
      {"Precision(@2026-11)", "6"},
      {"Precision(@T08)", "2"},
      {"Precision(@T08:30:00.125)", "9"},
      {"Precision(@2026-11-22T08:30)", "12"},
      {"Precision(null as Decimal)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.6 LowBoundary, HighBoundary") {
  static constexpr ExpressionCase kTable[] = {
      {"LowBoundary(4.25, 4)", "4.25"},           {"HighBoundary(4.25, 4)", "4.2599"},
      {"HighBoundary(4.25, 1)", "4.2"},           {"LowBoundary(4.25, 9)", "null"},
      {"LowBoundary(@2026, 8)", "@2026-01-01"},   {"HighBoundary(@2024-02, 8)", "@2024-02-29"},
      {"LowBoundary(@T10, 9)", "@T10:00:00.000"}, {"HighBoundary(@2026-11-22T08, 17)", "@2026-11-22T08:59:59.999"},
      {"HighBoundary(@2026, 7)", "null"},         {"LowBoundary(null as Date, 8)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.6 Successor, Predecessor") {
  static constexpr ExpressionCase kTable[] = {
      {"successor of 41", "42"},
      {"predecessor of 3L", "2L"},
      {"successor of 2.5", "2.50000001"},
      {"predecessor of @2026-01-01", "@2025-12-31"},
      {"successor of @2026-11", "@2026-12"},
      {"predecessor of @T00:00:00.001", "@T00:00:00.000"},
      {"successor of 2.0 'mg'", "2.00000001 'mg'"},
      {"successor of 2147483647", "error VGL0908"},
      {"predecessor of @T00:00:00.000", "error VGL0908"},
      {"predecessor of @0001-01-01", "error VGL0908"},
      {"successor of (null as Integer)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.6 Minimum, Maximum") {
  static constexpr ExpressionCase kTable[] = {
      {"minimum Integer", "-2147483648"},
      {"maximum Long", "9223372036854775807L"},
      {"minimum Decimal", "-99999999999999999999.99999999"},
      {"maximum Date", "@9999-12-31"},
      {"minimum DateTime", "@0001-01-01T00:00:00.000"},
      {"maximum Time", "@T23:59:59.999"},
      {"maximum Quantity", "99999999999999999999.99999999 '1'"},
      {"minimum String", "error VGL0302"},
  };
  check(kTable);
}

TEST_CASE("B.6 div and mod of quantities") {
  static constexpr ExpressionCase kTable[] = {
      {"10.0 'g' div 3.0 'g'", "3.0 'g'"},
      {"10.0 'g' mod 3.0 'g'", "1.0 'g'"},
      {"10.0 'g' mod 0.0 'g'", "null"},
      {"10.0 'g' mod 3.0 'mL'", "null"},
  };
  check(kTable);
}

TEST_CASE("Uncertainty: a number known within a range") {
  static constexpr ExpressionCase kTable[] = {
      {"months between @2005 and @2006-07", "Interval[6, 18]"},
      {"(months between @2005 and @2006-07) > 5", "true"},
      {"(months between @2005 and @2006-07) > 6", "null"},
      {"(months between @2005 and @2006-07) = 30", "false"},
      {"(months between @2005 and @2006-07) = 10", "null"},
      {"(months between @2005 and @2006-07) + 1", "Interval[7, 19]"},
      {"-(months between @2005 and @2006-07)", "Interval[-18, -6]"},
      {"(months between @2005 and @2006-07) * -2", "Interval[-36, -12]"},
      {"(months between @2005 and @2006-07) / 2.0 > 1.0", "null"},
      {"(months between @2005 and @2006-07) is null", "false"},
      {"ToString(months between @2005 and @2006-07)", "null"},
      {"if (months between @2005 and @2006-07) > 5 then 'late' else 'early'", "'late'"},
      {"Max({ months between @2005 and @2006-07, 40 })", "40"},
      {"Sum({ months between @2005 and @2006-07, 40 })", "null"},
  };
  check(kTable);
}
