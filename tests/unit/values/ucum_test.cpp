// SPDX-License-Identifier: Apache-2.0
#include "values/ucum.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "values/decimal.h"
#include "values/ucum_table.h"

using namespace vigil;

namespace {

std::string convert(std::string_view value, std::string_view from, std::string_view to) {
  const auto a = ucum::parse(from), b = ucum::parse(to);
  if (!a || !b) return "unknown unit";
  const auto result = ucum::convert(*parse_decimal(value), *a, *b);
  return result ? std::string(to_string(*result).view()) : "null";
}

Comparison order(std::string_view a, std::string_view unit_a, std::string_view b, std::string_view unit_b) {
  const auto first = ucum::parse(unit_a), second = ucum::parse(unit_b);
  REQUIRE((first && second));
  return ucum::compare(*parse_decimal(a), *first, *parse_decimal(b), *second);
}

}  // namespace

TEST_CASE("conversions agree with ucum-lhc") {
  std::ifstream table(VIGIL_SOURCE_DIR "/tests/unit/values/ucum_conversions.tsv");
  int count = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::string value, from, expected, to;
    std::getline(fields, value, '\t');
    std::getline(fields, from, '\t');
    std::getline(fields, expected, '\t');
    std::getline(fields, to, '\t');
    CAPTURE(line);
    const auto a = ucum::parse(from), b = ucum::parse(to);
    REQUIRE((a && b));
    const auto result = ucum::convert(*parse_decimal(value), *a, *b);
    REQUIRE(result);
    const double wanted = std::strtod(expected.c_str(), nullptr);
    CHECK(std::fabs(to_double(*result) - wanted) <= std::fabs(wanted) * 1e-12 + 0.6e-8);
    ++count;
  }
  CHECK(count > 150);
}

TEST_CASE("the grammar") {
  for (const char* unit : {"",       "1",       "mg",          "mg/dL",    "mL/min/{1.73_m2}", "10*3/uL",   "10^3/uL",
                           "/min",   "{score}", "m-2",         "s+2",      "kg.m/s2",          "(mg/dL).h", "mg/(kg.d)",
                           "((m))",  "{a}/{b}", "mg{creat}/g", "10.mg",    "[m/s2/Hz^(1/2)]",  "B[10.nV]",  "m[H2O]",
                           "mm[Hg]", "''",      "g%",          "{RBC}/uL", "100{WBC}"}) {
    CHECK_MESSAGE(ucum::parse(unit).has_value(), unit);
  }
  for (const char* unit :
       {"bpm", "lbs", "mm Hg",  "k/uL", "mg/",           "mg//dL", "(mg",   "mg)",    "()",  ".", "/",
        "mg{", "mg}", "{a{b}}", "m2s",  "mL/min/1.73m2", "m-",     "+",     "kmin",   "MGS", "0", "m100",
        "2m",  "mg ", "[",      "[]",   "Cel/min",       "Cel2",   "g.Cel", "{a}{b}", "10*", "é"}) {
    const bool known = std::string_view(unit) == "10*";
    CHECK_MESSAGE(ucum::parse(unit).has_value() == known, std::string(unit));
  }
}

TEST_CASE("hostile expressions end") {
  CHECK_FALSE(ucum::parse(std::string(100'000, '(')));
  CHECK_FALSE(ucum::parse(std::string(20, '(') + "m" + std::string(20, ')')));
  CHECK(ucum::parse(std::string(16, '(') + "m" + std::string(16, ')')));
  std::string long_product = "m";
  for (int i = 0; i < 120; ++i) long_product += ".m";
  CHECK_FALSE(ucum::parse(long_product));  // a power beyond the limit
  CHECK_FALSE(ucum::parse("m99999999999999999999"));
  CHECK_FALSE(ucum::parse("9999999999999999999999999"));
}

TEST_CASE("powers of ten and whole factors convert exactly") {
  CHECK(convert("150", "mg/dL", "g/L") == "1.5");
  CHECK(convert("0.00000001", "kg", "ug") == "10.0");
  CHECK(convert("12345678901234567890.12345678", "m", "mm") == "12345678901234567890123.45678");
  CHECK(convert("1", "h", "s") == "3600.0");
  CHECK(convert("1", "s", "h") == "0.00027778");
  CHECK(convert("1", "[lb_av]", "g") == "453.59237");
  CHECK(convert("-1", "[in_i]", "cm") == "-2.54");
  CHECK(convert("2", "m2", "cm2") == "20000.0");
  CHECK(convert("5", "mg/(kg.d)", "mg/kg/d") == "5.0");
  CHECK(convert("9999999999999999999999999999", "km", "nm") == "null");
  CHECK(convert("1", "Ki", "1") == "unknown unit");
  CHECK(convert("1", "KiBy", "bit") == "8192.0");
}

TEST_CASE("special units") {
  CHECK(convert("37", "Cel", "[degF]") == "98.6");
  CHECK(convert("98.6", "[degF]", "Cel") == "37.0");
  CHECK(convert("0", "K", "Cel") == "-273.15");
  CHECK(convert("80", "[degRe]", "Cel") == "100.0");  // ucum-lhc 7.1.9 gets this one wrong
  CHECK(convert("1", "kCel", "Cel") == "1000.0");
  CHECK(convert("7.4", "[pH]", "nmol/L") == "39.81071706");
  CHECK(convert("0.0000001", "mol/L", "[pH]") == "7.0");
  CHECK(convert("0", "mol/L", "[pH]") == "null");
  CHECK(convert("100", "%[slope]", "deg") == "45.0");
  CHECK(convert("20", "dB", "B") == "2.0");
  CHECK(convert("3", "[hp'_X]", "1") == "0.001");
  CHECK(order("37", "Cel", "98.6", "[degF]") == Comparison::kEqual);
  CHECK(order("37", "Cel", "98.7", "[degF]") == Comparison::kLess);
  CHECK(order("7", "[pH]", "8", "[pH]") == Comparison::kLess);
}

TEST_CASE("arbitrary units meet only themselves") {
  CHECK(convert("2", "[IU]/mL", "[IU]/L") == "2000.0");
  CHECK(convert("2", "k[IU]", "[iU]") == "2000.0");
  CHECK(convert("2", "[IU]", "[arb'U]") == "null");
  CHECK(convert("2", "[IU]", "1") == "null");
  CHECK(convert("2", "[IU]", "U") == "null");
  CHECK(convert("2", "[IU]/[IU]", "1") == "2.0");
  CHECK(convert("2", "[CFU].[IU]", "[IU].[CFU]") == "2.0");
  CHECK(convert("2", "[IU]2/[IU]", "[IU]") == "2.0");
  CHECK(convert("2", "[IU].[CFU].[PFU]", "1") == "unknown unit");
  CHECK(convert("2", "meq/L", "mmol/L") == "null");  // knowledge-base/units/README.md
  CHECK(convert("2", "meq/L", "eq/L") == "0.002");
}

TEST_CASE("different dimensions do not compare") {
  CHECK(order("1", "mg", "1", "mL") == Comparison::kUnknown);
  CHECK(order("1", "cm", "0.01", "m") == Comparison::kEqual);
  CHECK(order("0.1", "g", "100.00000001", "mg") == Comparison::kLess);
  CHECK(order("7200", "s", "2", "h") == Comparison::kEqual);
  CHECK(order("180", "deg", "0.5", "circ") == Comparison::kEqual);  // by pi, both inexact
  CHECK(order("1", "mol", "602213670000000000000000", "1") == Comparison::kEqual);
  CHECK(order("0", "km", "0", "nm") == Comparison::kEqual);
}

TEST_CASE("calendar units are not UCUM") {
  CHECK(ucum::calendar_unit("years") == ucum::Calendar::kYear);
  CHECK(ucum::calendar_unit("millisecond") == ucum::Calendar::kMillisecond);
  CHECK(ucum::calendar_unit("s") == ucum::Calendar::kNone);
  CHECK(ucum::calendar_unit("yearss") == ucum::Calendar::kNone);
  CHECK(ucum::calendar_unit("") == ucum::Calendar::kNone);
  CHECK(ucum::ucum_code(ucum::Calendar::kMonth) == "mo");
  CHECK_FALSE(ucum::parse("years"));
}

TEST_CASE("no prefixed unit has two readings") {
  // Every atom is found as itself, and no prefix with a metric atom spells another prefix with another atom.
  const ucum::Symbol hecto = ucum::resolve_symbol("dar");
  REQUIRE(hecto.atom != nullptr);
  CHECK(hecto.atom->code == "ar");
  const ucum::Symbol cd = ucum::resolve_symbol("cd");
  CHECK(cd.prefix == nullptr);
  CHECK(ucum::resolve_symbol("dag").prefix->code == "da");
  CHECK(ucum::resolve_symbol("min").prefix == nullptr);
  CHECK(ucum::resolve_symbol("mmin").atom == nullptr);
}
