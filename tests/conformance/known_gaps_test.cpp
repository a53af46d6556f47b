// SPDX-License-Identifier: Apache-2.0
// What CQL 1.5 says and the engine does not yet do; a case that passes moves to its section's file.
#include "conformance/expressions.h"

using namespace vigil::conformance;

// Timing phrases become comparisons of dates; those of numbers have no overload.
TEST_CASE("B.8.1, B.8.2 before and after between intervals and points of numbers" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 5] before Interval[6, 9]", "true"},
      {"Interval[11, 20] after 5", "true"},
      {"Interval[4, 6] on or before 6", "true"},
      {"2.5 'mg' on or after Interval[1.6 'mg', 2.5 'mg']", "true"},
  };
  check(kTable);
}

// `Length` of a list is the operation Count, which leaves nulls out.
TEST_CASE("B.9.15 Length counts nulls" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {{"Length({ 4, null, 6 })", "3"}};
  check(kTable);
}

// The function is the operator `&`.
TEST_CASE("B.6.2 Concatenate as a function: null with anything is null" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {{"Concatenate('a', null)", "null"}};
  check(kTable);
}

// No overloads for a list and one element.
TEST_CASE("B.9.20, B.9.21 proper inclusion of an element" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {
      {"{ 'a', 'b' } properly includes 'a'", "true"},
      {"'a' properly included in { 'a' }", "false"},
  };
  check(kTable);
}

// No overloads for intervals.
TEST_CASE("B.8 union, intersect and except of intervals" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {
      {"Interval[1, 10] union Interval[4, 15]", "Interval[1, 15]"},
      {"Interval[1, 10] intersect Interval[4, 15]", "Interval[4, 10]"},
      {"Interval[1, 4] except Interval[3, 6]", "Interval[1, 2]"},
  };
  check(kTable);
}

// No overloads for quantities.
TEST_CASE("B.5 div and mod of quantities" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {
      {"10.0 'g' div 3.0 'g'", "3.0 'g'"},
      {"10.0 'g' mod 3.0 'g'", "1.0 'g'"},
      {"10.0 'g' mod 0.0 'g'", "null"},
  };
  check(kTable);
}

// The checker would have to refuse it: a date less a date has no type.
TEST_CASE("B.8.30 width of an interval of dates is an error" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {{"width of Interval[@2026-01-01, @2026-01-05]", "error VGL0302"}};
  check(kTable);
}

// An uncertain count is null; as a range it would still decide comparisons.
TEST_CASE("B.7.9 an uncertain duration decides where all its values agree" * doctest::may_fail()) {
  static constexpr ExpressionCase kTable[] = {
      {"months between DateTime(2005) and DateTime(2006, 7) > 5", "true"},
      {"months between DateTime(2005) and DateTime(2006, 7) <= 24", "true"},
  };
  check(kTable);
}
