// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.2 and B.12 conversions: bad input is null, formats are exact; B.13 Message.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.3.16 ToString") {
  static constexpr ExpressionCase kTable[] = {
      {"ToString(true)", "'true'"},
      {"ToString(-5)", "'-5'"},
      {"ToString(-2147483648)", "'-2147483648'"},
      {"ToString(9223372036854775807L)", "'9223372036854775807'"},
      {"ToString(1.50)", "'1.5'"},
      {"ToString(5.5 'cm')", "'5.5 \\'cm\\''"},
      {"ToString(125 'cm')", "'125 \\'cm\\''"},
      {"ToString(@2026-03-05)", "'2026-03-05'"},
      {"ToString(@2026-03-05T10:15:30.250-05:00)", "'2026-03-05T10:15:30.250-05:00'"},
      {"ToString(@T10:15)", "'10:15'"},
      {"ToString(null as Integer)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.2 from text") {
  static constexpr ExpressionCase kTable[] = {
      {"ToBoolean('Yes')", "true"},
      {"ToBoolean('F')", "false"},
      {"ToBoolean('maybe')", "null"},
      {"ToInteger('+17')", "17"},
      {"ToInteger('-17')", "-17"},
      {"ToInteger('1.5')", "null"},
      {"ToInteger('2147483648')", "null"},
      {"ToInteger('+-1')", "null"},
      {"ToInteger('')", "null"},
      {"ToLong('2147483648')", "2147483648L"},
      {"ToDecimal('1.25')", "1.25"},
      {"ToDecimal('1.')", "null"},
      {"ToDecimal('abc')", "null"},
      {"ToQuantity('5.5 \\'mg\\'')", "5.5 'mg'"},
      {"ToQuantity('3 days')", "3.0 'days'"},
      {"ToQuantity('mg')", "null"},
      {"ToDate('2026-03-05')", "@2026-03-05"},
      {"ToDate('2026-13-01')", "null"},
      {"ToDateTime('2026-03-05T10:15:30Z')", "@2026-03-05T10:15:30+00:00"},
      {"ToDateTime('2026-03-05')", "@2026-03-05T"},
      {"ToDateTime('yesterday')", "null"},
      {"ToTime('T10:15')", "@T10:15"},
      {"ToTime('10:15:30')", "@T10:15:30"},
      {"ToTime('25:00')", "null"},
  };
  check(kTable);
}

TEST_CASE("B.2 between System types") {
  static constexpr ExpressionCase kTable[] = {
      {"ToDecimal(3)", "3.0"},
      {"ToLong(3)", "3L"},
      {"ToDateTime(@2026-03-05)", "@2026-03-05T"},
      {"ToDate(@2026-03-05T23:59:00-08:00)", "@2026-03-05"},
      {"ToQuantity(3)", "3.0 '1'"},
      {"convert 5 to Decimal", "5.0"},
      {"convert '12' to Integer", "12"},
      {"convert 1 'g' to 'mg'", "1000.0 'mg'"},
      {"convert 1 'g' to 'mL'", "null"},
      {"ConvertQuantity(37 'Cel', '[degF]')", "98.6 '[degF]'"},
      {"ToConcept(Code '1' from \"S\").codes", "{ Code { code: '1', system: 'urn:test:s' } }"},
  };
  check(kTable, {.declarations = "codesystem \"S\": 'urn:test:s'", .knowledge = nullptr});
}

TEST_CASE("B.2 a tuple is of a type that has its elements") {
  static constexpr ExpressionCase kTable[] = {
      {"(Tuple { a: 1, b: 'x' } as Any) is Tuple { a Integer, b String }", "true"},
      {"(Tuple { a: 1, b: 'x' } as Any) is Tuple { a Integer }", "false"},
      {"(Tuple { a: 1, b: 'x' } as Any) is Tuple { a Integer, c String }", "false"},
      {"(Tuple { a: 1, b: 'x' } as Any) is Tuple { a Integer, b Integer }", "false"},
      {"(Tuple { a: 1, b: null as String } as Any) is Tuple { a Integer, b String }", "true"},
      {"((Tuple { a: 1 } as Any) as Tuple { b Integer }).b", "null"},
      {"({ 1, 'x' } as Any) is List<Integer>", "false"},
      {"({ 1, null } as Any) is List<Integer>", "true"},
      {"((months between @2026 and @2027-03) as Any) is Integer", "true"},
      {"{ Tuple { a: 1 }, Tuple { b: 'x' } }", "{ Tuple { a: 1 }, Tuple { b: 'x' } }"},
  };
  check(kTable);
}

TEST_CASE("FHIR primitives written as instances") {
  static constexpr ExpressionCase kTable[] = {
      {"FHIR.string { value: 'x' } = 'x'", "true"},
      {"FHIR.boolean { value: true } is FHIR.boolean", "true"},
      {"FHIR.integer { value: 2 } + 1", "3"},
      {"FHIR.integer { value: 'x' }", "error VGL0303"},
      {"FHIR.dateTime { value: @2026-03-05T10:00:00.0Z } same day as @2026-03-05T", "true"},
  };
  check(kTable);
}

TEST_CASE("B.13.1 Message gives its source; Error with a true condition ends the definition") {
  static constexpr ExpressionCase kTable[] = {
      {"Message(3 + 1, true, '100', 'Warning', 'look at this')", "4"},
      {"Message(3 + 1, false, '100', 'Error', 'look at this')", "4"},
      {"Message(3 + 1, null, '100', 'Error', 'look at this')", "4"},
      {"Message(3 + 1, true, '100', 'Error', 'look at this')", "error VGL0909"},
      {"Message(null as Integer, true, '100', 'Trace', 'look at this')", "null"},
  };
  check(kTable);
}
