// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.2 Logical Operators, B.4 Nullological Operators: whole truth tables.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.2.1 and: false decides, else null does") {
  static constexpr ExpressionCase kTable[] = {
      {"true and true", "true"},   {"true and false", "false"},  {"true and null", "null"},
      {"false and true", "false"}, {"false and false", "false"}, {"false and null", "false"},
      {"null and true", "null"},   {"null and false", "false"},  {"null and (null as Boolean)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.2.2 implies: a false premise or a true conclusion decides") {
  static constexpr ExpressionCase kTable[] = {
      {"true implies true", "true"},  {"true implies false", "false"}, {"true implies null", "null"},
      {"false implies true", "true"}, {"false implies false", "true"}, {"false implies null", "true"},
      {"null implies true", "true"},  {"null implies false", "null"},  {"null implies (null as Boolean)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.2.3 not") {
  static constexpr ExpressionCase kTable[] = {
      {"not true", "false"}, {"not false", "true"}, {"not (null as Boolean)", "null"}};
  check(kTable);
}

TEST_CASE("B.2.4 or: true decides, else null does") {
  static constexpr ExpressionCase kTable[] = {
      {"true or true", "true"},  {"true or false", "true"},   {"true or null", "true"},
      {"false or true", "true"}, {"false or false", "false"}, {"false or null", "null"},
      {"null or true", "true"},  {"null or false", "null"},   {"null or (null as Boolean)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.2.5 xor: null on either side is null") {
  static constexpr ExpressionCase kTable[] = {
      {"true xor true", "false"}, {"true xor false", "true"},   {"true xor null", "null"},
      {"false xor true", "true"}, {"false xor false", "false"}, {"false xor null", "null"},
      {"null xor true", "null"},  {"null xor false", "null"},   {"null xor (null as Boolean)", "null"},
  };
  check(kTable);
}

TEST_CASE("long chains of and, or mean what their pairs mean") {
  static constexpr ExpressionCase kTable[] = {
      {"true and true and null and false", "false"},
      {"true and null and true", "null"},
      {"false or null or false or true", "true"},
      {"false or (null as Boolean) or false", "null"},
      {"true xor true xor true", "true"},
      {"false implies false implies false", "false"},
  };
  check(kTable);
}

TEST_CASE("B.4.1 Coalesce: the first that is not null") {
  static constexpr ExpressionCase kTable[] = {
      {"Coalesce('first', null)", "'first'"},
      {"Coalesce(null, 'second')", "'second'"},
      {"Coalesce(null, null, 3)", "3"},
      {"Coalesce({null, 4, 5})", "4"},
      {"Coalesce({null as Integer, null})", "null"},
      {"Coalesce(null, @2026-01-31)", "@2026-01-31"},
      {"Coalesce(1, 1 div 0)", "1"},
  };
  check(kTable);
}

TEST_CASE("B.4.2 to B.4.4 IsNull, IsFalse, IsTrue are never null") {
  static constexpr ExpressionCase kTable[] = {
      {"null is null", "true"},
      {"'' is null", "false"},
      {"0 is not null", "true"},
      {"{} is null", "false"},
      {"true is true", "true"},
      {"false is true", "false"},
      {"(null as Boolean) is true", "false ?"},
      {"(null as Boolean) is not true", "true ?"},
      {"true is false", "false"},
      {"false is false", "true"},
      {"(null as Boolean) is false", "false ?"},
      {"(1 = null) is null", "true"},
  };
  check(kTable);
}

TEST_CASE("conditionals: a null condition is not true, but could be: the result is undetermined") {
  static constexpr ExpressionCase kTable[] = {
      {"if true then 1 else 2", "1"},
      {"if false then 1 else 2", "2"},
      {"if null then 1 else 2", "2 ?"},
      {"case when null then 1 when true then 2 else 3 end", "2 ?"},
      {"case 5 when 4 then 'four' when 5 then 'five' else 'other' end", "'five'"},
      {"case (null as Integer) when 4 then 'four' else 'other' end", "'other' ?"},
      {"(null as Integer) N where true", "null"},
  };
  check(kTable);
}
