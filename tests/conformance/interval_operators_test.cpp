// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.9 Interval Operators: open, closed and null ends.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE(
    "B.9.26, B.9.6 start and end: an open end moves inwards, a closed null is the type's own, an open null unknown") {
  static constexpr ExpressionCase kTable[] = {
      {"start of Interval[1, 10]", "1"},
      {"start of Interval(1, 10]", "2"},
      {"end of Interval[1, 10)", "9"},
      {"end of Interval[1.0, 2.0)", "1.99999999"},
      {"start of Interval(1 'mg', 2 'mg']", "1.00000001 'mg'"},
      {"end of Interval[@2026-03-01, @2026-03-10)", "@2026-03-09"},
      {"end of Interval[@2026-03-01T00:00:00.0, @2026-03-10T00:00:00.0)", "@2026-03-09T23:59:59.999"},
      {"start of Interval[null, 10]", "-2147483648"},
      {"end of Interval[1, null]", "2147483647"},
      {"end of Interval[1, null)", "null"},
      {"end of Interval[@2026-03-01, null]", "@9999-12-31"},
      {"start of (null as Interval<Integer>)", "null"},
      {"width of Interval[3, 10]", "7"},
      {"width of Interval[1.5 'mg', 4 'mg']", "2.5 'mg'"},
      {"width of Interval[3, null)", "null"},
      {"Interval[5, 3]", "error VGL0906"},
      {"Interval[5, 5)", "error VGL0906"},
  };
  check(kTable);
}

TEST_CASE("B.9.9, B.9.4 in and contains") {
  static constexpr ExpressionCase kTable[] = {
      {"5 in Interval[1, 10]", "true"},
      {"10 in Interval[1, 10)", "false"},
      {"1 in Interval(1, 10]", "false"},
      {"Interval[1, 10] contains 11", "false"},
      {"5 in Interval[1, null]", "true"},
      {"5 in Interval[1, null)", "null"},
      {"0 in Interval[1, null)", "false"},
      {"1 in Interval[1, null)", "true"},
      {"5 in Interval(null, 3]", "false"},
      {"3 in Interval(null, 3]", "true"},
      {"(null as Integer) in Interval[1, 10]", "null"},
      {"5 in (null as Interval<Integer>)", "false"},
      {"5 'g' in Interval[1 'mg', 10000 'mg']", "true"},
      {"5 'mL' in Interval[1 'mg', 10 'mg']", "null"},
      {"@2026-03-05 in Interval[@2026-03-01, @2026-03-05]", "true"},
      {"@2026-03 in Interval[@2026-03-01, @2026-03-05]", "null"},
      {"@2026-02 in Interval[@2026-03-01, @2026-03-05]", "false"},
      {"@2026-03-05T22:00:00Z in day of Interval[@2026-03-01T00:00:00Z, @2026-03-05T08:00:00Z]", "true"},
      {"5 properly included in Interval[5, 10]", "true"},
      {"5 properly included in Interval[5, 5]", "false"},
      {"Interval[1, 10] properly includes 5", "true"},
      {"@2026-03-15 in Interval(@2026-03, @2026-04]", "null"},
      {"@T23:59:59.999 in Interval(@T23:59:59.999, null]", "false"},
  };
  check(kTable);
}

TEST_CASE("B.8 includes, included in, during") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 10] includes Interval[4, 10]", "true"},
      {"Interval[1, 10] includes Interval[4, 11]", "false"},
      {"Interval[4, 6] during Interval[1, 10]", "true"},
      {"Interval[1, 10] properly includes Interval[1, 10]", "false"},
      {"Interval[1, 10] properly includes Interval[1, 9]", "true"},
      {"Interval[1, 10] properly includes Interval[1, 11)", "false"},
      {"Interval[1, 10] included in Interval[1, null]", "true"},
      {"Interval[1, 10] included in Interval[1, null)", "null"},
      {"Interval[0, 10] included in Interval[1, null)", "false"},
      {"Interval[1, 10] included in (null as Interval<Integer>)", "null"},
      {"Interval[@2026-03-02, @2026-03-04] during Interval[@2026-03-01, @2026-03-31]", "true"},
      {"Interval[@2026-03-02, null] during Interval[@2026-03-01, @2026-03-31]", "false"},
  };
  check(kTable);
}

TEST_CASE("B.9.17 to B.9.19 overlaps") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 5] overlaps Interval[5, 9]", "true"},
      {"Interval[1, 5) overlaps Interval[5, 9]", "false"},
      {"Interval[1, 5] overlaps Interval[6, 9]", "false"},
      {"Interval[1, 5] overlaps before Interval[3, 9]", "true"},
      {"Interval[3, 5] overlaps before Interval[3, 9]", "false"},
      {"Interval[3, 9] overlaps after Interval[1, 5]", "true"},
      {"Interval[3, 5] overlaps after Interval[1, 5]", "false"},
      {"Interval[1, null) overlaps Interval[5, 9]", "null"},
      {"Interval[10, null) overlaps Interval[5, 9]", "false"},
      {"Interval[@2026-01-25, @2026-02-26] overlaps Interval[@2026-02, @2026-03-28]", "null"},
      {"Interval[@2026, @2027-03] overlaps Interval[@2026-02, @2027-02]", "true"},
  };
  check(kTable);
}

TEST_CASE("B.9.2, B.9.1 before and after") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[@2026-03-01, @2026-03-05] before Interval[@2026-03-06, @2026-03-09]", "true"},
      {"Interval[@2026-03-01, @2026-03-06] before Interval[@2026-03-06, @2026-03-09]", "false"},
      {"Interval[@2026-03-06, @2026-03-09] after Interval[@2026-03-01, @2026-03-05]", "true"},
      {"Interval[@2026-03-01, @2026-03-05] before @2026-03-06", "true"},
      {"@2026-03-06 after Interval[@2026-03-01, @2026-03-05]", "true"},
      {"Interval[@2026-03-01, @2026-03-05] before (null as Interval<Date>)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.9.13 to B.9.15 meets: the next point by the type's step") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 5] meets Interval[6, 9]", "true"},
      {"Interval[1, 5] meets Interval[7, 9]", "false"},
      {"Interval[6, 9] meets after Interval[1, 5]", "true"},
      {"Interval[6, 9] meets before Interval[1, 5]", "false"},
      {"Interval[1.0, 5.0] meets Interval[5.00000001, 9.0]", "true"},
      {"Interval[@2026-03-01, @2026-03-05] meets Interval[@2026-03-06, @2026-03-09]", "true"},
      {"Interval[@2026-03-01, @2026-03-05) meets Interval[@2026-03-05, @2026-03-09]", "true"},
      {"Interval[1, null] meets Interval[5, 9]", "false"},
      {"Interval(null, 5] meets after Interval[11, null)", "false"},
      {"Interval(null, 5] meets Interval(null, 15)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.9.27, B.9.7 starts and ends; equality") {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 5] starts Interval[1, 9]", "true"}, {"Interval[1, 9] starts Interval[1, 5]", "false"},
      {"Interval[5, 9] ends Interval[1, 9]", "true"},   {"Interval[0, 9] ends Interval[1, 9]", "false"},
      {"Interval[1, 9] = Interval[1, 9]", "true"},      {"Interval[1, 9] = Interval[1, 10)", "true"},
      {"Interval[1, 9] = Interval[1, 8]", "false"},     {"Interval[1, null] = Interval[1, 2147483647]", "true"},
      {"Interval[1, null) = Interval[1, 9]", "null"},   {"Interval[1, 9] ~ Interval(0, 9]", "true"},
      {"Interval[1, 9] ~ Interval[1, null)", "false"},
  };
  check(kTable);
}
