// SPDX-License-Identifier: Apache-2.0
#include "values/decimal.h"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;

namespace {

Decimal dec(std::string_view text) {
  const auto value = parse_decimal(text);
  REQUIRE_MESSAGE(value.has_value(), std::string(text));
  return *value;
}

/// The text of a result; "null" for none.
std::string str(std::optional<Decimal> d) { return d ? std::string(to_string(*d).view()) : "null"; }

const std::string kLargest = "9999999999999999999999999999.99999999";

}  // namespace

TEST_CASE("reading decimals as CQL writes them") {
  CHECK(str(parse_decimal("0.05")) == "0.05");
  CHECK(str(parse_decimal("+25.5")) == "25.5");
  CHECK(str(parse_decimal("-0.0")) == "0.0");
  CHECK(str(parse_decimal("007")) == "7.0");
  CHECK(str(parse_decimal("1.50000000")) == "1.5");
  CHECK(str(parse_decimal("0.00000001")) == "0.00000001");
  CHECK(str(parse_decimal("0.000000001")) == "null");  // nine fraction digits
  CHECK(str(parse_decimal("9999999999999999999999999999.99999999")) == kLargest);
  CHECK(str(parse_decimal("10000000000000000000000000000.00000000")) == "null");  // 10^28
  CHECK(str(parse_decimal("-10000000000000000000000000000")) == "null");
  for (const char* text : {"", "-", ".", "1.", ".5", "1e3", "1 ", " 1", "+-1", "1.2.3", "0x1", "1,5", "NaN"}) {
    CHECK_MESSAGE(!parse_decimal(text).has_value(), text);
  }
}

TEST_CASE("reading JSON numbers rounds half away from zero") {
  CHECK(str(parse_decimal_rounding("1.5e-3")) == "0.0015");
  CHECK(str(parse_decimal_rounding("1.5E+3")) == "1500.0");
  CHECK(str(parse_decimal_rounding("0.000000005")) == "0.00000001");
  CHECK(str(parse_decimal_rounding("0.0000000049999")) == "0.0");
  CHECK(str(parse_decimal_rounding("-0.000000005")) == "-0.00000001");
  CHECK(str(parse_decimal_rounding("5e-9")) == "0.00000001");
  CHECK(str(parse_decimal_rounding("5e-10")) == "0.0");
  CHECK(str(parse_decimal_rounding("9.999999999")) == "10.0");
  CHECK(str(parse_decimal_rounding("1.2345678912345678912345678912345678912345")) == "1.23456789");
  CHECK(str(parse_decimal_rounding("1e27")) == "1000000000000000000000000000.0");
  CHECK(str(parse_decimal_rounding("1e28")) == "null");
  CHECK(str(parse_decimal_rounding(kLargest + "5")) == "null");
  CHECK(str(parse_decimal_rounding("0e999999999999")) == "0.0");
  CHECK(str(parse_decimal_rounding("1e999999999999")) == "null");
  CHECK(str(parse_decimal_rounding("1e-999999999999")) == "0.0");
  for (const char* text : {"", "e5", "1e", "1e+", "1.e5", "1e5x", "Infinity"}) {
    CHECK_MESSAGE(!parse_decimal_rounding(text).has_value(), text);
  }
}

TEST_CASE("writing decimals") {
  CHECK(str(kZeroDecimal) == "0.0");
  CHECK(str(decimal_from_int64(-120)) == "-120.0");
  CHECK(str(decimal_from_int64(INT64_MIN)) == "-9223372036854775808.0");
  CHECK(str(kMaxDecimal) == "99999999999999999999.99999999");
  CHECK(str(kMinDecimal) == "-99999999999999999999.99999999");
  CHECK(str(dec("-" + kLargest)) == "-" + kLargest);
}

TEST_CASE("sums are exact and no binary fraction appears") {
  CHECK(str(add(dec("0.1"), dec("0.2"))) == "0.3");
  CHECK(str(sub(dec("2"), dec("1.1"))) == "0.9");
  Decimal sum = kZeroDecimal;
  for (int i = 0; i < 1000; ++i) sum = *add(sum, dec("0.00000001"));
  CHECK(str(sum) == "0.00001");
  CHECK(str(add(dec(kLargest), dec("0.00000002"))) == "null");
  CHECK(str(sub(dec("-" + kLargest), dec("0.00000002"))) == "null");
  CHECK(str(add(dec(kLargest), dec("-" + kLargest))) == "0.0");
}

TEST_CASE("products are exact before they are rounded") {
  CHECK(str(mul(dec("1.5"), dec("-1.5"))) == "-2.25");
  CHECK(str(mul(dec("0.0001"), dec("0.00005"))) == "0.00000001");  // half of the last digit: away from zero
  CHECK(str(mul(dec("0.0001"), dec("-0.00005"))) == "-0.00000001");
  CHECK(str(mul(dec("0.0001"), dec("0.00004999"))) == "0.0");
  CHECK(str(mul(dec("123456789012345.6789012"), dec("98765432101234.56789012"))) == "null");
  CHECK(str(mul(dec("12345678901234.56789012"), dec("8765432101234.56789012"))) ==
        "108215210152415789766883281.19531535");
  CHECK(str(mul(dec("1000000000000000000000000000"), dec("10.00000001"))) == "null");
  CHECK(str(mul(dec("99999999999999.99999999"), dec("99999999999999.99999999"))) == "9999999999999999999998000000.0");
  CHECK(str(mul(dec(kLargest), dec("0.00000001"))) == "100000000000000000000.0");
  CHECK(str(mul(dec(kLargest), dec("-1"))) == "-" + kLargest);
}

TEST_CASE("division rounds to eight digits, and has no answer by zero") {
  CHECK(str(div(dec("10"), dec("3"))) == "3.33333333");
  CHECK(str(div(dec("20"), dec("3"))) == "6.66666667");
  CHECK(str(div(dec("-20"), dec("3"))) == "-6.66666667");
  CHECK(str(div(dec("1"), dec("0"))) == "null");
  CHECK(str(div(dec("0"), dec("1"))) == "0.0");
  CHECK(str(div(dec(kLargest), dec("0.1"))) == "null");
  CHECK(str(div(dec(kLargest), dec(kLargest))) == "1.0");
  CHECK(str(div(dec("123456789012345678901234.5"), dec("0.5"))) == "246913578024691357802469.0");
  CHECK(str(div(dec("0.00000001"), dec("2"))) == "0.00000001");
}

TEST_CASE("div and mod keep the sign of the dividend") {
  CHECK(str(truncated_div(dec("-10.1"), dec("3.1"))) == "-3.0");
  CHECK(str(truncated_div(dec("414"), dec("206"))) == "2.0");
  CHECK(str(truncated_div(dec("2"), dec("0"))) == "null");
  CHECK(str(truncated_div(dec(kLargest), dec("0.00000001"))) == "null");
  CHECK(str(modulo(dec("3.5"), dec("3"))) == "0.5");
  CHECK(str(modulo(dec("-3.5"), dec("3"))) == "-0.5");
  CHECK(str(modulo(dec("2.5"), dec("-2"))) == "0.5");
  CHECK(str(modulo(dec("0"), dec("0"))) == "null");
}

TEST_CASE("comparison and equivalence") {
  CHECK(compare(dec("-1"), dec("0.00000001")) < 0);
  CHECK(compare(dec("1.0"), dec("1.00")) == 0);
  CHECK(compare(kMaxDecimal, kMinDecimal) > 0);
  CHECK(equivalent(dec("1.0"), dec("1.00")));
  CHECK(equivalent(dec("1.001"), dec("1.000")));      // at no fraction digit
  CHECK_FALSE(equivalent(dec("1.50"), dec("1.55")));  // 1.55 rounds to 1.6 at one digit
  CHECK(equivalent(dec("1.5"), dec("1.54")));
  CHECK_FALSE(equivalent(dec("1.0"), dec("2.0")));
  CHECK(equivalent(dec("-1.5"), dec("-1.46")));
}

TEST_CASE("rounding is half away from zero") {
  CHECK(str(round(dec("-0.5"))) == "-1.0");
  CHECK(str(round(dec("-1.5"))) == "-2.0");
  CHECK(str(round(dec("0.5"))) == "1.0");
  CHECK(str(round(dec("-0.4"))) == "0.0");
  CHECK(str(round(dec("3.14159"), 2)) == "3.14");
  CHECK(str(round(dec("3.145"), 2)) == "3.15");
  CHECK(str(round(dec("1.23456789"), 12)) == "1.23456789");
  CHECK(str(round(dec("1"), -1)) == "null");
  CHECK(str(round(dec(kLargest))) == "10000000000000000000000000000.0");
}

TEST_CASE("ceiling, floor and truncate give whole numbers") {
  CHECK(ceiling(dec("1.1")) == 2);
  CHECK(ceiling(dec("-1.1")) == -1);
  CHECK(ceiling(dec("-0.1")) == 0);
  CHECK(floor(dec("-0.1")) == -1);
  CHECK(floor(dec("-1.0")) == -1);
  CHECK(floor(dec("2147483647.2")) == 2147483647);
  CHECK(truncate(dec("-1.9")) == -1);
  CHECK(truncate(dec("9223372036854775807.9")) == INT64_MAX);
  CHECK(ceiling(dec("9223372036854775807.1")) == std::nullopt);
  CHECK(floor(dec("-9223372036854775808.5")) == std::nullopt);
  CHECK(truncate(kMaxDecimal) == std::nullopt);
}

TEST_CASE("powers") {
  CHECK(str(power(dec("0"), dec("0"))) == "1.0");
  CHECK(str(power(dec("2"), dec("-2"))) == "0.25");
  CHECK(str(power(dec("-2"), dec("3"))) == "-8.0");
  CHECK(str(power(dec("10"), dec("-8"))) == "0.00000001");
  CHECK(str(power(dec("10"), dec("27"))) == "1000000000000000000000000000.0");
  CHECK(str(power(dec("10"), dec("29"))) == "null");
  CHECK(str(power(dec("3"), dec("50"))) == "717897987691852588770249.0");  // exact past 64 bits
  CHECK(str(power(dec("1.1"), dec("8"))) == "2.14358881");
  CHECK(str(power(dec("1.1"), dec("9"))) == "2.35794769");  // 2.357947691
  CHECK(str(power(dec("4"), dec("0.5"))) == "2.0");
  CHECK(str(power(dec("-4"), dec("0.5"))) == "null");
  CHECK(str(power(dec("0"), dec("-1"))) == "null");
  CHECK(str(power(dec("1"), dec("9223372036854775807"))) == "1.0");
  CHECK(str(power(dec("0.1"), dec("9"))) == "0.0");
}

TEST_CASE("roots, exponentials and logarithms") {
  CHECK(str(square_root(dec("2"))) == "1.41421356");
  CHECK(str(square_root(dec("-1"))) == "null");
  CHECK(str(exponential(dec("0"))) == "1.0");
  CHECK(str(exponential(dec("1"))) == "2.71828183");
  CHECK(str(exponential(dec("1000"))) == "null");
  CHECK(str(natural_log(dec("1000"))) == "6.90775528");
  CHECK(str(natural_log(dec("0"))) == "null");
  CHECK(str(natural_log(dec("-1"))) == "null");
  CHECK(str(log(dec("0.125"), dec("2"))) == "-3.0");
  CHECK(str(log(dec("1"), dec("100"))) == "0.0");
  CHECK(str(log(dec("1"), dec("1"))) == "null");
  CHECK(str(log(dec("16"), dec("0"))) == "null");
}

TEST_CASE("successor and predecessor step by 10^-8 and end at the type's limits") {
  CHECK(str(successor(dec("1.01"))) == "1.01000001");
  CHECK(str(predecessor(dec("1.0"))) == "0.99999999");
  CHECK(str(successor(kMaxDecimal)) == "null");
  CHECK(str(predecessor(kMinDecimal)) == "null");
}

TEST_CASE("boundaries of a decimal known to its own digits") {
  CHECK(fraction_digits(dec("1.58700")) == 3);
  CHECK(fraction_digits(dec("-100")) == 0);
  CHECK(str(low_boundary(dec("1.587"), 8)) == "1.587");
  CHECK(str(high_boundary(dec("1.587"), 8)) == "1.58799999");
  CHECK(str(high_boundary(dec("1.58888"))) == "1.58888999");
  CHECK(str(low_boundary(dec("-1.587"), 8)) == "-1.58799999");
  CHECK(str(high_boundary(dec("-1.587"), 8)) == "-1.587");
  CHECK(str(high_boundary(dec("1"), 2)) == "1.99");
  CHECK(str(low_boundary(dec("1.587"), 2)) == "1.58");
  CHECK(str(low_boundary(dec("1.587"), 9)) == "null");
}
