// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.11 Aggregate Functions: nulls are left out.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.11.1, B.11.2 AllTrue and AnyTrue of nothing") {
  static constexpr ExpressionCase kTable[] = {
      {"AllTrue({ true, null, true })", "true ?"},
      {"AllTrue({ true, false, null })", "false"},
      {"AllTrue({})", "true"},
      {"AllTrue(null as List<Boolean>)", "true"},
      {"AllTrue({ null as Boolean, null })", "true ?"},
      {"AnyTrue({ false, null, true })", "true"},
      {"AnyTrue({ false, null })", "false ?"},
      {"AnyTrue({})", "false"},
      {"AnyTrue(null as List<Boolean>)", "false"},
  };
  check(kTable);
}

TEST_CASE("B.10 Count, Sum, Avg, Median") {
  static constexpr ExpressionCase kTable[] = {
      {"Count({ 1, null, 3 })", "2 ?"},
      {"Count({})", "0"},
      {"Count(null as List<Integer>)", "0"},
      {"Sum({ 1, 2, null, 3 })", "6 ?"},
      {"Sum({ 1L, 2L })", "3L"},
      {"(List<Integer>{}) X aggregate R starting 1: 0.5", "1.0"},
      {"({ 1, 2 }) X aggregate R starting 0: R + X / 2", "1.5"},
      {"Sum({ 2147483647, 1, -1 })", "2147483647"},
      {"Sum({ 2147483647, 1 })", "null"},
      {"Sum({ 0.1, 0.2, 0.3 })", "0.6"},
      {"Sum({ 1 'g', 250 'mg' })", "1250.0 'mg'"},
      {"Sum({ 1 'g', 1 'mL' })", "null"},
      {"Sum({ 2147483647, 1 })", "null"},
      {"Sum({ null as Integer, null })", "null ?"},
      {"Avg({ 1.0, 2.0, 4.5 })", "2.5"},
      {"Avg({ 1, 2 })", "1.5"},
      {"Avg({ 4 'mg', null, 8 'mg' })", "6.0 'mg' ?"},
      {"Median({ 5.0, 1.0, 3.0 })", "3.0"},
      {"Median({ 4.0, 1.0, 3.0, 2.0 })", "2.5"},
      {"Median({ 1 'g', 100 'mg', null })", "550.0 'mg' ?"},
      {"Median({ 1 'g', 1 'mL' })", "null"},
      {"Median({ null as Decimal })", "null ?"},
  };
  check(kTable);
}

TEST_CASE("B.11.6, B.11.8 Max and Min") {
  static constexpr ExpressionCase kTable[] = {
      {"Max({ 3, null, 9, 4 })", "9 ?"},
      {"Min({ 3, null, 9, 4 })", "3 ?"},
      {"Max({ 'a', 'c', 'b' })", "'c'"},
      {"Max({ 900 'mg', 1 'g' })", "1.0 'g'"},
      {"Min({ @2026-03-01, @2025-12-31 })", "@2025-12-31"},
      {"Max({ @2026, @2026-03 })", "null"},
      {"Max({ @2026, @2026-03, @2027 })", "@2027"},
      {"Min({ @T10:00, @T09:59 })", "@T09:59"},
      {"Max({ null as Integer })", "null ?"},
      {"Max({ 1 'g', 1 'mL' })", "null"},
      {"Min({ 5L, 2L })", "2L"},
  };
  check(kTable);
}
