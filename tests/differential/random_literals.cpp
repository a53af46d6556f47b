// SPDX-License-Identifier: Apache-2.0
// Literals of random expressions: the ends of each type's range, what is empty, what is partly known.
#include <algorithm>
#include <cstdio>
#include <map>

#include "differential/random_expressions.h"

namespace vigil::test {
namespace {

using Texts = std::vector<std::string>;

const std::map<std::string, Texts>& pools() {
  // Ascending, so that two in order make an interval.
  static const std::map<std::string, Texts> kPools = {
      {"Boolean", {"true", "false"}},
      {"Integer",
       {"(-2147483648)", "(-2147483647)", "(-100)", "(-7)", "(-1)", "0", "1", "2", "3", "5", "7", "10", "100",
        "2147483646", "2147483647"}},
      {"Long",
       {"(-9223372036854775808L)", "(-3000000000L)", "(-1L)", "0L", "1L", "2L", "5L", "12L", "3000000000L",
        "9223372036854775806L", "9223372036854775807L"}},
      {"Decimal",
       {"(-99999999999999999999.99999999)", "(-1234.5678)", "(-2.5)", "(-0.5)", "(-0.00000001)", "0.0", "0.00000001",
        "0.1", "0.5", "1.0", "1.5", "2.25", "3.14159265", "7.0", "1234.5678", "99999999999999999999.99999998",
        "99999999999999999999.99999999"}},
      {"String",
       {"''",       "' '",          "'-7'",  "'1.5'", "'12'",     "'2014-01'", "'2012-02-29T10:00:30.5-05:00'",
        "'3 days'", "'5 \\'mg\\''", "'A'",   "'ABC'", "'T10:30'", "'a'",       "'a b'",
        "'a\\tb'",  "'a,b,,c'",     "'abc'", "'no'",  "'true'",   "'É'",       "'éa'",
        "'𝄞x'"}},
      {"Quantity",
       {"(-5.0 'mg')", "0.0 'mg'",   "0.5 'mg'",    "5.0 'mg'",        "7.5 'mg'",
        "0.01 'g'",    "2.0 'g'",    "1.0 'kg'",    "3.0 'cm'",        "1.0 'm'",
        "2.5 'mL'",    "1.0 'L'",    "4.0 'mg/mL'", "4.0 'g/L'",       "1.0 '1'",
        "50.0 '%'",    "90.0 'min'", "1.5 'h'",     "2 days",          "1 week",
        "1 year",      "12 months",  "18 months",   "0.00000001 'mg'", "99999999999999999999.99999999 'kg'"}},
      {"Code",
       {"Code 'a' from \"S1\"", "Code 'a' from \"S1\" display 'An A'", "Code 'A' from \"S1\"", "Code 'a' from \"S2\"",
        "Code 'b' from \"S1\""}},
      {"Concept",
       {"Concept { Code 'a' from \"S1\" }", "Concept { Code 'a' from \"S1\", Code 'b' from \"S2\" } display 'both'",
        "Concept { Code 'b' from \"S1\", Code 'a' from \"S2\" }"}},
      {"Tuple { a Integer, b String }",
       {"Tuple { a: 1, b: 'x' }", "Tuple { a: 1, b: null as String }", "Tuple { a: null as Integer, b: 'x' }"}},
      {"Tuple { a Date, b List<Integer> }",
       {"Tuple { a: @2012-01, b: { 1, 2 } }", "Tuple { a: @2012-01-01, b: { 1, 2 } }"}},
  };
  return kPools;
}

std::string padded(int number, int digits) {
  char text[8];
  std::snprintf(text, sizeof text, "%0*d", digits, number);
  return text;
}

std::string random_date(RandomSource& random, size_t parts) {
  static constexpr int kYears[] = {1, 1900, 2000, 2011, 2012, 2012, 2012, 2013, 9999};
  static constexpr int kDays[] = {1, 2, 14, 27, 28};
  auto text = padded(kYears[random.below(std::size(kYears))], 4);
  const int month = random.chance(30) ? 12 : static_cast<int>(random.below(12)) + 1;
  if (parts > 1) text += "-" + padded(month, 2);
  int day = kDays[random.below(std::size(kDays))];
  if (random.chance(15) && month != 2) day = 30;
  if (random.chance(10) && month == 12) day = 31;
  if (random.chance(20) && month == 2 && text.starts_with("2012")) day = 29;
  if (parts > 2) text += "-" + padded(day, 2);
  return text;
}

std::string random_time(RandomSource& random, size_t parts) {
  static constexpr int kHours[] = {0, 1, 10, 12, 23};
  static constexpr int kMinutes[] = {0, 1, 30, 59};
  static constexpr int kMilliseconds[] = {0, 1, 500, 999};
  auto text = padded(kHours[random.below(std::size(kHours))], 2);
  if (parts > 1) text += ":" + padded(kMinutes[random.below(std::size(kMinutes))], 2);
  if (parts > 2) text += ":" + padded(kMinutes[random.below(std::size(kMinutes))], 2);
  if (parts > 3) text += "." + padded(kMilliseconds[random.below(std::size(kMilliseconds))], 3);
  return text;
}

/// `parts` of it are known; 0: any number.
std::string random_moment(RandomSource& random, const std::string& type, size_t parts) {
  if (type == "Date")
    return "@" + random_date(random, parts == 0 ? 1 + std::max(random.below(3), random.below(3)) : parts);
  if (type == "Time") return "@T" + random_time(random, parts == 0 ? 1 + random.below(4) : parts);
  if (parts == 0) parts = 1 + std::max(random.below(7), random.below(7));
  auto text = "@" + random_date(random, parts) + "T";
  if (parts > 3) text += random_time(random, parts - 3);
  static const Texts kOffsets = {"Z", "+02:00", "-05:00", "+05:30", "+14:00"};
  if (parts > 4 && random.chance(35)) text += random.pick(kOffsets);
  return text;
}

bool is_moment(const std::string& type) { return type == "Date" || type == "DateTime" || type == "Time"; }

}  // namespace

std::string ExpressionGenerator::literal(const std::string& type) {
  if (is_moment(type)) return random_moment(random_, type, 0);
  const auto pool = pools().find(type);
  if (pool != pools().end()) return random_.pick(pool->second);
  const auto inner = type.substr(type.find('<') + 1, type.size() - type.find('<') - 2);
  if (type.starts_with("Interval<")) return interval_literal(inner);
  std::string text = "{ ";
  const auto count = random_.below(4);
  for (size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + (random_.chance(12) ? "null" : literal(inner));
  return count == 0 ? "(List<" + inner + ">{})" : text + " }";
}

std::string ExpressionGenerator::interval_literal(const std::string& point) {
  std::string low;
  std::string high;
  if (is_moment(point)) {
    const size_t parts = random_.chance(70) ? (point == "Date" ? 3 : point == "Time" ? 4 : 7) : 0;
    low = random_moment(random_, point, parts);
    high = random_moment(random_, point, parts);
    if (high < low) std::swap(low, high);
  } else {
    const auto& pool = pools().at(point);
    auto i = random_.below(pool.size());
    auto j = random_.below(pool.size());
    if (point == "Quantity") i %= 7, j %= 7;
    low = pool[std::min(i, j)];
    high = pool[std::max(i, j)];
  }
  if (random_.chance(10)) low = "null";
  if (random_.chance(10)) high = "null";
  if (low == "null" && high == "null") low = "(null as " + point + ")";
  return (random_.chance(70) ? "Interval[" : "Interval(") + low + ", " + high + (random_.chance(70) ? "]" : ")");
}

}  // namespace vigil::test
