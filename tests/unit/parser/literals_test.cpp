// SPDX-License-Identifier: Apache-2.0
// Literals, their escapes, and the ranges that the parser checks.
#include <doctest/doctest.h>

#include "parser/literal_checks.h"
#include "unit/parser/parsed.h"

using vigil::test::expression;

TEST_CASE("Literals keep what was written") {
  CHECK(expression("42") == "42");
  CHECK(expression("1.50") == "1.50");
  CHECK(expression("7L") == "7L");
  CHECK(expression("true") == "true");
  CHECK(expression("null") == "null");
  CHECK(expression("@2012-02") == "@2012-02");
  CHECK(expression("@2012-01-01T") == "@2012-01-01T");
  CHECK(expression("@2012-01-01T10:30:00.123+05:30") == "@2012-01-01T10:30:00.123+05:30");
  CHECK(expression("@T10:30") == "@T10:30");
  CHECK(expression("5 'mg/dL'") == "(quantity 5 'mg/dL')");
  CHECK(expression("1 year") == "(quantity 1 'year')");
  CHECK(expression("1:2") == "(ratio 1 2)");
  CHECK(expression("1 'mg' : 2.5 'mL'") == "(ratio 1 'mg' 2.5 'mL')");
}

TEST_CASE("Strings and quoted names decode their escapes") {
  CHECK(expression(R"('it\'s')") == R"('it\'s')");
  CHECK(expression(R"('\"\`\/\\')") == R"('"`/\\')");
  CHECK(expression(R"('a\tb\nc\r\f')") == "'a\tb\\nc\r\f'");
  CHECK(expression(R"('\u00e9\uD83D\uDE00')") == "'\xC3\xA9\xF0\x9F\x98\x80'");
  CHECK(expression("'two\nlines'") == "'two\\nlines'");
  CHECK(expression(R"("a\"b" & `c d`)") == R"((& "a"b" "c d"))");
  CHECK(expression(R"('\d')") == "VGL0106 1:2 `\\d` is no escape sequence\n");
  CHECK(expression(R"('\u12')") == "VGL0106 1:2 `\\u` is no escape sequence\n");
  CHECK(expression(R"('\uD83D')") == "VGL0106 1:2 `\\u` is no escape sequence\n");
}

TEST_CASE("Integers and longs have their range, the smallest by its minus") {
  CHECK(expression("2147483647") == "2147483647");
  CHECK(expression("0002147483647") == "0002147483647");
  CHECK(expression("-2147483648") == "-2147483648");
  CHECK(expression("- 2147483648 + 1") == "(+ -2147483648 1)");
  CHECK(expression("2147483648") == "VGL0107 1:1 integer `2147483648` is out of range\n");
  CHECK(expression("1 - 2147483648") == "VGL0107 1:5 integer `2147483648` is out of range\n");
  CHECK(expression("-2147483649") == "VGL0107 1:2 integer `2147483649` is out of range\n");
  CHECK(expression("-(2147483648)") == "VGL0107 1:3 integer `2147483648` is out of range\n");
  CHECK(expression("-9223372036854775808L") == "-9223372036854775808L");
  CHECK(expression("9223372036854775808L") == "VGL0107 1:1 integer `9223372036854775808L` is out of range\n");
}

TEST_CASE("Decimals have 8 fraction digits and lie below 10^28") {
  CHECK(expression("0.12345678") == "0.12345678");
  CHECK(expression("9999999999999999999999999999.99999999") == "9999999999999999999999999999.99999999");
  CHECK(expression("0.000000001") ==
        "VGL0108 1:1 decimal `0.000000001` is out of range or has more than 8 fraction digits\n");
  CHECK(expression("10000000000000000000000000000.0").starts_with("VGL0108 1:1"));
  CHECK(expression("10000000000000000000000000000.0 'g'").starts_with("VGL0108 1:1"));
}

TEST_CASE("Dates and times exist") {
  using vigil::parsing::calendar_mistake;
  for (const auto* good : {"2012", "2012-12", "2012-02-29", "2000-02-29", "0001-01-01", "9999-12-31",
                           "2012-01-01T23:59:59.999", "2012T", "2012-01T10", "2012-01-01T10+14:00",
                           "2012-01-01T10:00-14:00", "2012-01-01T10:00:00Z", "T23", "T23:59", "T00:00:00.0"}) {
    CAPTURE(good);
    CHECK(calendar_mistake(good) == "");
  }
  CHECK(calendar_mistake("0000") == "years go from 0001 to 9999");
  CHECK(calendar_mistake("2012-13-01") == "months go from 01 to 12");
  CHECK(calendar_mistake("2012-00") == "months go from 01 to 12");
  CHECK(calendar_mistake("2011-02-29") == "the month has no such day");
  CHECK(calendar_mistake("1900-02-29") == "the month has no such day");
  CHECK(calendar_mistake("2011-04-31") == "the month has no such day");
  CHECK(calendar_mistake("2011-04-00") == "the month has no such day");
  CHECK(calendar_mistake("T24:00") == "hours go from 00 to 23");
  CHECK(calendar_mistake("T23:60") == "minutes go from 00 to 59");
  CHECK(calendar_mistake("2012-01-01T23:59:60") == "seconds go from 00 to 59");
  CHECK(calendar_mistake("2012-01-01T10:00+14:01") == "a time zone goes from -14:00 to +14:00");
  CHECK(expression("@2012-13-01") == "VGL0109 1:1 `@2012-13-01` is no date or time: months go from 01 to 12\n");
}
