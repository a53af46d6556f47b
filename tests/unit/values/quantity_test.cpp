// SPDX-License-Identifier: Apache-2.0
#include "values/quantity.h"

#include <doctest/doctest.h>

#include <string>

#include "values/decimal.h"

using namespace vigil;

namespace {

/// From "5.5 'cm'" or "3 days".
Quantity q(std::string_view text) {
  const auto parsed = parse_quantity(text);
  REQUIRE_MESSAGE(parsed.has_value(), std::string(text));
  return *parsed;
}

Comparison order(std::string_view a, std::string_view b) {
  const Comparison result = compare(q(a), q(b));
  CHECK(compare(q(b), q(a)) == reverse(result));
  return result;
}

bool alike(std::string_view a, std::string_view b) {
  const bool result = equivalent(q(a), q(b));
  CHECK(equivalent(q(b), q(a)) == result);
  return result;
}

std::string str(const std::optional<QuantityResult>& r) {
  if (!r) return "null";
  return std::string(to_string(r->value).view()) + " '" + std::string(r->unit.view()) + "'";
}

constexpr auto L = Comparison::kLess, E = Comparison::kEqual, G = Comparison::kGreater, U = Comparison::kUnknown;

}  // namespace

TEST_CASE("units of one dimension compare after conversion, others give null") {
  CHECK(order("1'cm'", "0.01 'm'") == E);
  CHECK(order("1 'm'", "10 'cm'") == G);
  CHECK(order("30 'mL/min'", "0.05 'L/min'") == L);
  CHECK(order("1 'mg'", "1 'mL'") == U);
  CHECK(order("1 'mg'", "1") == U);
}

TEST_CASE("the same unit compares without conversion, known or not") {
  CHECK(order("60 'bpm'", "61 'bpm'") == L);
  CHECK(order("1 'mm Hg'", "1.0 'mm Hg'") == E);
  CHECK(order("1 'k/uL'", "1 'lbs'") == U);
  CHECK(order("1 'bpm'", "1 '/min'") == U);
  CHECK(order("1 '[IU]'", "2 '[IU]'") == L);
  CHECK(order("1 '[IU]'", "1 'U'") == U);
}

TEST_CASE("no unit is '1'") {
  CHECK(compare({decimal_from_int64(1), ""}, q("1 '1'")) == E);
  CHECK(compare({decimal_from_int64(1), ""}, q("100 '%'")) == E);
  CHECK(order("1", "1 '{score}'") == E);
}

TEST_CASE("calendar durations above weeks do not equal definite ones") {
  CHECK(order("1 month", "1 'mo'") == U);
  CHECK(order("1 years", "1 'a'") == U);
  CHECK(order("1 year", "365 days") == U);
  CHECK(order("1 month", "30 'd'") == U);
  CHECK(order("1 year", "12 months") == E);
  CHECK(order("1 year", "13 months") == L);
  CHECK(order("1 years", "1 year") == E);
  for (const auto& [calendar, definite] : {std::pair{"1 week", "1 'wk'"},
                                           {"1 days", "1 'd'"},
                                           {"1 hours", "1 'h'"},
                                           {"1 minute", "1 'min'"},
                                           {"1 seconds", "1 's'"},
                                           {"1 millisecond", "1 'ms'"},
                                           {"1 hour", "60 minutes"},
                                           {"1 week", "7 days"}}) {
    CHECK_MESSAGE(order(calendar, definite) == E, calendar);
  }
}

TEST_CASE("calendar durations are equivalent to definite ones") {
  CHECK(alike("1 month", "1 'mo'"));
  CHECK(alike("1 years", "1 'a'"));
  CHECK(alike("1 year", "365 days"));
  CHECK(alike("1 month", "30 days"));
  CHECK(alike("1 year", "12 months"));
  CHECK(alike("1 year", "365 'd'"));
  CHECK_FALSE(alike("1 year", "366 days"));
  CHECK_FALSE(alike("1 year", "1 'mg'"));
  CHECK(alike("1 hour", "60 'min'"));
}

TEST_CASE("equivalence converts units") {
  CHECK(alike("1 'g'", "1000 'mg'"));
  CHECK_FALSE(alike("1 'm'", "149 'cm'"));
  CHECK_FALSE(alike("1 'm'", "1 'g'"));
  CHECK_FALSE(alike("1 'bpm'", "1 '/min'"));
  CHECK(alike("1.50 'bpm'", "1.5 'bpm'"));
}

TEST_CASE("conversion") {
  const auto to = [](std::string_view a, std::string_view unit) {
    const auto result = convert_to(q(a), unit);
    return result ? std::string(to_string(*result).view()) : "null";
  };
  CHECK(to("1.5 'g/L'", "mg/dL") == "150.0");
  CHECK(to("2 years", "months") == "24.0");
  CHECK(to("6 months", "year") == "0.5");
  CHECK(to("2 weeks", "d") == "14.0");
  CHECK(to("1 month", "d") == "null");
  CHECK(to("3 'bpm'", "bpm") == "3.0");
  CHECK(to("3 'bpm'", "/min") == "null");
}

TEST_CASE("sums are in the finer unit") {
  CHECK(str(add(q("1 'g/cm3'"), q("1 'g/cm3'"))) == "2.0 'g/cm3'");
  CHECK(str(add(q("1 'm'"), q("3 'cm'"))) == "103.0 'cm'");
  CHECK(str(sub(q("3 'cm'"), q("1 'm'"))) == "-97.0 'cm'");
  CHECK(str(add(q("1 'g'"), q("1 'm'"))) == "null");
  CHECK(str(add(q("1 'bpm'"), q("1 'bpm'"))) == "2.0 'bpm'");
  CHECK(str(add(q("1 year"), q("1 month"))) == "13.0 'month'");
  CHECK(str(add(q("1 'Cel'"), q("1 '[degF]'"))) == "null");
  CHECK(str(add(q("1"), q("2 '1'"))) == "3.0 '1'");
}

TEST_CASE("products and quotients carry units") {
  CHECK(str(mul(q("1.0 'cm'"), q("2.0 'cm'"))) == "2.0 'cm2'");
  CHECK(str(mul(q("2 'm'"), q("3 'cm'"))) == "600.0 'cm2'");
  CHECK(str(mul(q("2"), q("3 'mg'"))) == "6.0 'mg'");
  CHECK(str(mul(q("2 'bpm'"), q("3"))) == "6.0 'bpm'");
  CHECK(str(mul(q("2 'bpm'"), q("3 'mg'"))) == "null");
  CHECK(str(mul(q("5 'mg/kg/d'"), q("70 'kg'"))) == "350.0 'mg/d'");
  CHECK(str(mul(q("2 'mg/d'"), q("3 days"))) == "6.0 'mg'");
  CHECK(str(mul(q("2 'mol'"), q("50 '%'"))) == "100.0 'mol.%'");
  CHECK(str(div(q("1 'g/cm3'"), q("1 'g/cm3'"))) == "1.0 '1'");
  CHECK(str(div(q("1 'g'"), q("1 'mg'"))) == "1000.0 '1'");
  CHECK(str(div(q("1 'ng'"), q("1 'kg'"))) == "0.0 '1'");
  CHECK(str(div(q("10 'mg'"), q("2 'mL'"))) == "5.0 'mg/mL'");
  CHECK(str(div(q("1"), q("4 's'"))) == "0.25 '/s'");
  CHECK(str(div(q("10 'g'"), q("5"))) == "2.0 'g'");
  CHECK(str(div(q("1 'g'"), q("0 'g'"))) == "null");
  CHECK(str(div(q("4 'bpm'"), q("2 'bpm'"))) == "2.0 '1'");
  CHECK(str(div(q("1 'mg/(kg.d)'"), q("1 'mL/{x}'"))) == "1.0 'mg/kg/d/mL'");
  CHECK(str(mul(q("37 'Cel'"), q("2 'h'"))) == "null");
  CHECK(str(mul(q("37 'Cel'"), q("2"))) == "74.0 'Cel'");
  CHECK(str(mul(q("1 '10*3/uL'"), q("1 'uL'"))) == "1.0 '10*3'");
}

TEST_CASE("div and mod keep the unit of the first operand") {
  CHECK(str(truncated_div(q("10.1 'cm'"), q("-3.1 'cm'"))) == "-3.0 'cm'");
  CHECK(str(truncated_div(q("1 'g'"), q("300 'mg'"))) == "3.0 'g'");
  CHECK(str(modulo(q("10 'g'"), q("3 'g'"))) == "1.0 'g'");
  CHECK(str(modulo(q("1 'g'"), q("300 'mg'"))) == "0.1 'g'");
  CHECK(str(modulo(q("10 'g'"), q("0 'g'"))) == "null");
  CHECK(str(truncated_div(q("10 'g'"), q("3 'mL'"))) == "null");
}

TEST_CASE("text of quantities") {
  CHECK(to_string(q("5.5'cm'")).view() == "5.5 'cm'");
  CHECK(to_string(q("125.0 'cm'")).view() == "125 'cm'");
  CHECK(to_string(q("3 days")).view() == "3 days");
  CHECK(to_string({decimal_from_int64(-1), ""}).view() == "-1 '1'");
  for (const char* text : {"", "'cm'", "5.5 cm", "5.5 '", "5.5 ''", "5.5 'cm", "5.5 ", "a 'cm'", "1.5e3 'cm'"}) {
    CHECK_MESSAGE(!parse_quantity(text).has_value(), text);
  }
}

TEST_CASE("a unit too long to write is no result") {
  std::string unit = "{" + std::string(300, 'x') + "}";
  CHECK(str(add({kOneDecimal, unit}, {kOneDecimal, unit})) == "null");
  CHECK(compare({kOneDecimal, unit}, {kOneDecimal, unit}) == E);
}
