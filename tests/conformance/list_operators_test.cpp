// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.10 List Operators.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.10.2, B.10.10 contains and in: null is an element like others") {
  static constexpr ExpressionCase kTable[] = {
      {"2 in { 1, 2, 3 }", "true"},
      {"4 in { 1, 2, 3 }", "false"},
      {"{ 1, null } contains null", "true"},
      {"{ 1, 2 } contains (null as Integer)", "false ?"},
      {"{ 1, null } contains 2", "false ?"},
      {"2 in (null as List<Integer>)", "false"},
      {"(null as List<Integer>) contains 2", "false"},
      {"@2026 in { @2026-01, @2025-01 }", "null"},
      {"@2024 in { @2026-01, @2025-01 }", "false"},
      {"500 'mg' in { 1 'g', 0.5 'g' }", "true"},
      {"{ 'a', 'b' } contains 'b'", "true"},
  };
  check(kTable);
}

TEST_CASE("B.10.5 exists: nulls do not count") {
  static constexpr ExpressionCase kTable[] = {
      {"exists { 1 }", "true"},
      {"exists { null }", "false ?"},
      {"exists {}", "false"},
      {"exists { null, 2 }", "true"},
      {"exists (null as List<Integer>)", "false"},
  };
  check(kTable);
}

TEST_CASE("B.10.4 distinct") {
  static constexpr ExpressionCase kTable[] = {
      {"distinct { 3, 1, 3, 2, 1 }", "{ 3, 1, 2 }"},
      {"distinct { 'a', null, 'a', null }", "{ 'a', null }"},
      {"distinct { 1 'g', 1000 'mg', 2 'g' }", "{ 1.0 'g', 2.0 'g' }"},
      {"distinct { 1.0, 1.00, 1 }", "{ 1.0 }"},
      {"distinct { @2026-01-01T00:00:00Z, @2026-01-01T01:00:00+01:00 }", "{ @2026-01-01T00:00:00+00:00 }"},
      {"distinct { { 1, 2 }, { 1, 2 }, { 2, 1 } }", "{ { 1, 2 }, { 2, 1 } }"},
      {"Count(distinct { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 1, 18, 9 })", "18"},
  };
  check(kTable);
}

TEST_CASE("B.10.28 union, B.10.13 intersect, B.10.6 except are of sets") {
  static constexpr ExpressionCase kTable[] = {
      {"{ 1, 2, 2 } union { 2, 3 }", "{ 1, 2, 3 }"},        {"{ 1, null } union { null, 2 }", "{ 1, null, 2 }"},
      {"{ 1 } union (null as List<Integer>)", "{ 1 }"},     {"{ 1, 2, 3 } intersect { 3, 1, 5 }", "{ 1, 3 }"},
      {"{ 1, null } intersect { null }", "{ null }"},       {"{ 1 } intersect (null as List<Integer>)", "null"},
      {"{ 1, 2, 3, 2 } except { 2 }", "{ 1, 3 }"},          {"{ 1, null } except { null }", "{ 1 }"},
      {"{ 1 } except (null as List<Integer>)", "{ 1 }"},    {"(null as List<Integer>) except { 1 }", "null"},
      {"{ 1 'g' } intersect { 1000 'mg' }", "{ 1.0 'g' }"},
  };
  check(kTable);
}

TEST_CASE("B.9 inclusion") {
  static constexpr ExpressionCase kTable[] = {
      {"{ 1, 2, 3 } includes { 1, 3 }", "true"},
      {"{ 1, 2, 3 } includes { 1, 4 }", "false"},
      {"{ 1, 2, 3 } includes {}", "true"},
      {"{ 1, null } includes { null }", "true"},
      {"{ 1, 3 } included in { 1, 2, 3 }", "true"},
      {"{ 1, 2 } properly includes { 1, 2 }", "false"},
      {"{ 1, 2 } properly includes { 1 }", "true"},
      {"{ 1 } properly included in { 1, 2 }", "true"},
      {"{} properly included in {}", "false"},
      {"{ 1 } included in (null as List<Integer>)", "null"},
      {"{ @2026-01-01 } includes { @2026 }", "null"},
  };
  check(kTable);
}

TEST_CASE("B.9 elements by place") {
  static constexpr ExpressionCase kTable[] = {
      {"First({ 4, 5, 6 })", "4"},
      {"First({ null, 5 })", "null"},
      {"First({})", "null"},
      {"Last({ 4, 5, 6 })", "6"},
      {"Last({})", "null"},
      {"{ 4, 5, 6 }[1]", "5"},
      {"{ 4, 5, 6 }[3]", "null"},
      {"{ 4, 5, 6 }[-1]", "null"},
      {"IndexOf({ 4, 5, 6 }, 6)", "2"},
      {"IndexOf({ 4, 5, 6 }, 7)", "-1"},
      {"IndexOf({ 4, null }, null)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.10.24 singleton from: more than one is an error, and harms nothing else") {
  static constexpr ExpressionCase kTable[] = {
      {"singleton from { 7 }", "7"},
      {"singleton from ({} as List<Integer>)", "null"},
      {"singleton from { 7, 8 }", "error VGL0901"},
      {"singleton from (null as List<Integer>)", "null"},
      {"1 + 1", "2"},
  };
  check(kTable);
}

TEST_CASE("B.9 parts of lists") {
  static constexpr ExpressionCase kTable[] = {
      {"Skip({ 1, 2, 3, 4 }, 2)", "{ 3, 4 }"},
      {"Skip({ 1, 2 }, 5)", "{}"},
      {"Skip({ 1, 2 }, -1)", "{}"},
      {"Skip({ 1, 2 }, null as Integer)", "{ 1, 2 }"},
      {"Skip(null as List<Integer>, 1)", "null"},
      {"Tail({ 1, 2, 3 })", "{ 2, 3 }"},
      {"Tail({ 1 })", "{}"},
      {"Tail({})", "{}"},
      {"Take({ 1, 2, 3 }, 2)", "{ 1, 2 }"},
      {"Take({ 1, 2, 3 }, 9)", "{ 1, 2, 3 }"},
      {"Take({ 1, 2, 3 }, 0)", "{}"},
      {"Take({ 1, 2, 3 }, null as Integer)", "{}"},
      {"Take(null as List<Integer>, 2)", "null"},
      {"flatten { { 1, 2 }, { 3 }, {} }", "{ 1, 2, 3 }"},
      {"flatten { { 1, 2 }, null, { null } }", "{ 1, 2, null }"},
  };
  check(kTable);
}
