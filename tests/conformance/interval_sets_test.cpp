// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.9: intervals of numbers in time phrases, as sets, collapsed, expanded.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.9 Before, After, On Or Before, On Or After of numbers") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 5] before Interval[6, 9]", "true"},
      {"Interval[11, 20] after 5", "true"},
      {"Interval[4, 6] on or before 6", "true"},
      {"2.5 'mg' on or after Interval[1.6 'mg', 2.5 'mg']", "true"},
      {"3 before 3", "false"},
      {"Interval[1, 5] same as Interval[1, 6)", "true"},
      {"(null as Integer) before 3", "null"},
  };
  check(kTable);
}

TEST_CASE("B.9 Union") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 10] union Interval[4, 15]", "Interval[1, 15]"},
      {"Interval[1, 4] union Interval[5, 9]", "Interval[1, 9]"},
      {"Interval[1, 4] union Interval[6, 9]", "null"},
      {"Interval[@2026-01-01, @2026-01-31] union Interval[@2026-02-01, @2026-02-10)",
       "Interval[@2026-01-01, @2026-02-10)"},
      {"Interval[1.0, 2.0] union (null as Interval<Decimal>)", "null"},
      {"Interval[1, null] union Interval[0, 3]", "Interval[0, null]"},
  };
  check(kTable);
}

TEST_CASE("B.9 Intersect") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 10] intersect Interval[4, 15]", "Interval[4, 10]"},
      {"Interval[1, 4] intersect Interval[5, 9]", "null"},
      {"Interval[1, 10) intersect Interval(2, 30]", "Interval(2, 10)"},
      {"Interval[1, 10] intersect Interval[5, null)", "Interval[5, null)"},
      {"end of (Interval[1, 10] intersect Interval[5, null]) = 10", "true"},
  };
  check(kTable);
}

TEST_CASE("B.9 Except") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 10] except Interval[5, 12]", "Interval[1, 4]"},
      {"Interval[1, 10] except Interval[-3, 4]", "Interval[5, 10]"},
      {"Interval[1, 10] except Interval[4, 6]", "null"},
      {"Interval[1, 10] except Interval[0, 12]", "null"},
      {"Interval[1, 10] except Interval[20, 30]", "Interval[1, 10]"},
      {"Interval[1.0, 4.0] except Interval[3.0, 6.0]", "Interval[1.0, 2.99999999]"},
      {"Interval[@2026-01-01, @2026-01-31] except Interval[@2026-01-20, @2026-02-20]",
       "Interval[@2026-01-01, @2026-01-19]"},
  };
  check(kTable);
}

TEST_CASE("B.9 Collapse") {
  static constexpr ExpressionCase kTable[] = {
      {"collapse { Interval[7, 9], Interval[1, 4], Interval[4, 8] }", "{ Interval[1, 9] }"},
      {"collapse { Interval[1, 2], Interval[4, 5] }", "{ Interval[1, 2], Interval[4, 5] }"},
      {"collapse { Interval[1, 2], Interval[4, 5] } per 2", "{ Interval[1, 5] }"},
      {"collapse { Interval[1, 2], null, Interval[3, 5] }", "{ Interval[1, 5] } ?"},
      {"collapse { Interval[@2026-01-01, @2026-01-15], Interval[@2026-02-10, @2026-02-20] } per month",
       "{ Interval[@2026-01-01, @2026-02-20] }"},
      {"collapse { Interval[@2026-01-01, @2026-01-15], Interval[@2026-01-17, @2026-01-20] } per day",
       "{ Interval[@2026-01-01, @2026-01-15], Interval[@2026-01-17, @2026-01-20] }"},
      {"collapse (null as List<Interval<Integer>>)", "null"},
      {"collapse { Interval[1, 10], Interval[2, 3] }", "{ Interval[1, 10] }"},
  };
  check(kTable);
}

TEST_CASE("B.9 Expand") {
  static constexpr ExpressionCase kTable[] = {
      {"expand Interval[1, 4]", "{ 1, 2, 3, 4 }"},
      {"expand Interval[1, 10] per 3", "{ 1, 4, 7 }"},
      {"expand { Interval[1, 7] } per 3", "{ Interval[1, 3], Interval[4, 6] }"},
      {"expand Interval[2.0, 2.3] per 0.1", "{ 2.0, 2.1, 2.2, 2.3 }"},
      {"expand Interval[2.0, 2.3]", "{ 2.0, 2.1, 2.2, 2.3 }"},
      {"expand Interval[@2026-01-30, @2026-02-02)", "{ @2026-01-30, @2026-01-31, @2026-02-01 }"},
      {"expand Interval[@2026-01-15, @2026-03-01] per month", "{ @2026-01, @2026-02, @2026-03 }"},
      {"expand Interval[@2026, @2027] per month", "{}"},
      {"expand Interval[@T22, @T23]", "{ @T22, @T23 }"},
      {"expand { Interval[10, 10] } per 0.5", "{ Interval[10.0, 10.4], Interval[10.5, 10.9] }"},
      {"expand Interval[0, null)", "{}"},
      {"expand Interval[1 'g', 3 'g'] per 1 'g'", "{ 1.0 'g', 2.0 'g', 3.0 'g' }"},
      {"expand Interval[1, 4] per 0", "{}"},
  };
  check(kTable);
}

TEST_CASE("B.9 Size, Width, Point From") {
  static constexpr ExpressionCase kTable[] = {
      {"Size(Interval[3, 7])", "5"},
      {"Size(Interval[1.0, 2.0])", "1.00000001"},
      {"width of Interval[3, 7]", "4"},
      {"width of Interval[@2026-01-01, @2026-01-05]", "error VGL0302"},
      {"point from Interval[4, 5)", "4"},
      {"point from Interval[1, 3]", "error VGL0912"},
      {"point from (null as Interval<Integer>)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.9 an unknown end lies within the other one") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[5, 15] before Interval(null, 5]", "false"},
      {"Interval[5, null) after Interval[1, 4]", "true"},
      {"Interval[5, null) on or before Interval[9, 12]", "null"},
      {"Interval(null, 4] on or before 4", "true"},
      {"Interval[1, 3] same as Interval[5, null)", "false"},
      {"Interval[5, null) same as Interval[5, null)", "null"},
      {"3 after Interval[null as Integer, 2]", "true"},
      {"(null as Interval<Integer>) before 3", "null"},
  };
  check(kTable);
}

TEST_CASE("B.9 open boundaries compare at the precision asked for") {
  static constexpr ExpressionCase kTable[] = {
      {"@2026-06-15 in month of Interval[@2026-05-01, @2026-06-30)", "false"},
      {"@2026-05-15 in month of Interval[@2026-05-01, @2026-06-30)", "true"},
      {"@2026-05-15 in month of Interval(@2026-05-01, @2026-06-30]", "false"},
      {"5 in Interval(4, 6)", "true"},
      {"4 in Interval(4, 6)", "false"},
      {"@2026-06-15 before month of Interval[@2026-07-01, @2026-07-30]", "true"},
  };
  check(kTable);
}

TEST_CASE("B.9 without a point type, null boundaries are unknown") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[null, null] overlaps Interval[1, 10]", "null"},
      {"Interval[null, null] = Interval[null, null]", "null"},
      {"end of (Interval[null, null] as Interval<Date>)", "@9999-12-31"},
      {"Interval[null, months between @2005 and @2006]", "Interval[null, null]"},
      {"Interval[null as Integer, null as Integer] overlaps Interval[1, 10]", "true"},
      {"5 in Interval[null as Integer, 10]", "true"},
  };
  check(kTable);
}
