// SPDX-License-Identifier: Apache-2.0
#include "values/temporal.h"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;

namespace {

ParsedTemporal literal(std::string_view text) {
  const auto parsed = parse_temporal_literal(text);
  REQUIRE_MESSAGE(static_cast<bool>(parsed), std::string(text));
  return parsed;
}

Temporal at(std::string_view text) { return literal(text).value; }

/// Reads and writes again, as a literal; the error's number where it is refused.
std::string again(std::string_view text) {
  const auto parsed = parse_temporal_literal(text);
  if (!parsed) return "error " + std::to_string(static_cast<int>(parsed.error));
  return std::string(to_literal(parsed.kind, parsed.value).view());
}

std::string fhir(Kind kind, std::string_view text) {
  const auto parsed = parse_temporal(kind, text);
  return parsed ? std::string(to_string(parsed.kind, parsed.value).view()) : "null";
}

std::string error(TemporalError e) { return "error " + std::to_string(static_cast<int>(e)); }

constexpr auto L = Comparison::kLess, E = Comparison::kEqual, G = Comparison::kGreater, U = Comparison::kUnknown;

Comparison order(std::string_view a, std::string_view b, std::optional<Precision> precision = {}, int offset = 0) {
  const Comparison result = compare(at(a), at(b), precision, offset);
  CHECK(compare(at(b), at(a), precision, offset) == reverse(result));
  return result;
}

}  // namespace

TEST_CASE("CQL literals of every precision") {
  for (const char* text :
       {"2012", "2012-05", "2012-02-29", "2014T", "2014-01T", "2014-01-25T", "2014-01-25T14", "2014-01-25T14:30",
        "2014-01-25T14:30:14", "2014-01-25T14:30:14.559", "2014-01-25T14:30:14.559+01:00", "2014-01-25T14:30-11:30",
        "T12", "T12:00", "T23:59:59.999"}) {
    CHECK(again(text) == text);
  }
  CHECK(literal("2012").kind == Kind::kDate);
  CHECK(literal("2012T").kind == Kind::kDateTime);
  CHECK(literal("T12").kind == Kind::kTime);
  CHECK(again("2014-01-25T14:30:14Z") == "2014-01-25T14:30:14+00:00");
  CHECK(again("T23:59:59.10000") == "T23:59:59.100");  // cut to milliseconds
  CHECK(again("T23:59:59.9999") == "T23:59:59.999");
  CHECK(again("T15:59:59.0") == "T15:59:59.000");
}

TEST_CASE("literals that are no date or time say why") {
  CHECK(again("0000-01-01") == error(TemporalError::kYear));
  CHECK(again("2014-13") == error(TemporalError::kMonth));
  CHECK(again("2014-00-10") == error(TemporalError::kMonth));
  CHECK(again("2013-02-29") == error(TemporalError::kDay));
  CHECK(again("1900-02-29") == error(TemporalError::kDay));
  CHECK(again("2000-02-29") == "2000-02-29");
  CHECK(again("T24:59:59.999") == error(TemporalError::kHour));
  CHECK(again("T23:60:59.999") == error(TemporalError::kMinute));
  CHECK(again("T23:59:60") == error(TemporalError::kSecond));
  CHECK(again("2014-01-25T14:30+14:01") == error(TemporalError::kOffset));
  CHECK(again("2014-01-25T14:30+01:60") == error(TemporalError::kOffset));
  for (const char* text :
       {"", "T", "10000-01-01", "201", "2014-1", "2014-01-", "2014-01-25 14:30", "2014-01T14:30", "2014-01-25T1",
        "2014-01-25T14:30:", "2014-01-25T14:30:14.", "2014-01-25T14:30+1:00", "T12:00Z", "T12:00+01:00", "2014-01-25Z",
        "2014-01-25T14:30+01:00x", "-2014", "2014-01-2x"}) {
    CHECK_MESSAGE(again(text) == error(TemporalError::kSyntax), text);
  }
}

TEST_CASE("FHIR dates, times and the texts of ToDate, ToDateTime, ToTime") {
  CHECK(fhir(Kind::kDate, "1950-03") == "1950-03");
  CHECK(fhir(Kind::kDate, "1950-03-01T00:00:00Z") == "null");
  CHECK(fhir(Kind::kDateTime, "2014-01-01") == "2014-01-01");
  CHECK(fhir(Kind::kDateTime, "2014") == "2014");
  CHECK(fhir(Kind::kDateTime, "2014-01-01T12:05:05.955-01:15") == "2014-01-01T12:05:05.955-01:15");
  CHECK(fhir(Kind::kDateTime, "2020-02-29T12:05:05.1234567Z") == "2020-02-29T12:05:05.123+00:00");
  CHECK(fhir(Kind::kDateTime, "2014-01-01T12:05:60Z") == "null");
  CHECK(fhir(Kind::kDateTime, "2014-02-30") == "null");
  CHECK(fhir(Kind::kTime, "14:30:00") == "14:30:00");
  CHECK(fhir(Kind::kTime, "T14:30:00.0+05:30") == "14:30:00.000");
  CHECK(fhir(Kind::kTime, "14:30:00.0-05:45") == "14:30:00.000");
  CHECK(fhir(Kind::kTime, "25:00") == "null");
}

TEST_CASE("an offset left out is the request's") {
  const Temporal bare = at("2014-01-25T14:30");
  CHECK(to_string(Kind::kDateTime, bare).view() == "2014-01-25T14:30");
  CHECK(to_string(Kind::kDateTime, with_offset(bare, -330)).view() == "2014-01-25T14:30-05:30");
  CHECK(with_offset(at("2014-01-25T14:30Z"), 60).offset_minutes == 0);
  CHECK(with_offset(at("2014-01-25T"), 60).offset_minutes == Temporal::kNoOffset);
}

TEST_CASE("the calendar counts days over the whole range") {
  CHECK(days_from_civil(1970, 1, 1) == 0);
  CHECK(days_from_civil(2000, 3, 1) == 11017);
  CHECK(days_from_civil(1, 1, 1) == -719162);
  int64_t days = days_from_civil(1, 1, 1);
  for (int year = 1; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      REQUIRE(days_from_civil(year, month, 1) == days);
      const int last = days_in_month(year, month);
      const CivilDate date = civil_from_days(days + last - 1);
      REQUIRE((date.year == year && date.month == month && date.day == last));
      days += last;
    }
  }
}

TEST_CASE("instants") {
  CHECK(to_milliseconds(at("1970-01-01T00:00:00.000"), 60) == -3'600'000);
  CHECK(to_milliseconds(at("1970-01-01T01:00:00.000+01:00"), 0) == 0);
  CHECK(to_milliseconds(at("1969-12-31T23:59:59.999Z"), 0) == -1);
  const auto back = date_time_from_milliseconds(-1, 60);
  REQUIRE(back);
  CHECK(to_string(Kind::kDateTime, *back).view() == "1970-01-01T00:59:59.999+01:00");
  CHECK_FALSE(date_time_from_milliseconds(INT64_MAX, 0));
  CHECK_FALSE(date_time_from_milliseconds(to_milliseconds(at("9999-12-31T23:59:59.999Z"), 0) + 1, 0));
}

TEST_CASE("partial dates compare until one runs out") {
  CHECK(order("2012", "2012-05") == U);
  CHECK(order("2012", "2013-05") == L);
  CHECK(order("2012-05", "2012-05") == E);
  CHECK(order("2014T", "2014-02-15T") == U);
  CHECK(order("2015T", "2014-02-15T") == G);
  CHECK(order("T10", "T10:30") == U);
  CHECK(order("T10", "T11:30") == L);
  CHECK_FALSE(equivalent(at("2012"), at("2012-05"), 0));
  CHECK(equivalent(at("2012-05"), at("2012-05"), 0));
}

TEST_CASE("a precision bounds the comparison") {
  CHECK(order("2014-10-10T", "2014-10-11T", Precision::kMonth) == E);
  CHECK(order("2014-10T", "2014-10-12T", Precision::kDay) == U);
  CHECK(order("2005-10-10T", "2005-09T", Precision::kDay) == G);  // decided by the month
  CHECK(order("2014-10T", "2014-10T", Precision::kDay) == U);     // B.8.15: "if either input has no value"
  CHECK(order("2014-10T", "2014-10T", std::nullopt) == E);        // B.5.2: "neither input has a value: true"
  CHECK(order("2014-12-10T20", "2014-12-10T20:30", Precision::kHour) == E);
  CHECK(order("T23:55:22.555", "T23:55:25.900", Precision::kMinute) == E);
  CHECK(order("T23:55:25.555", "T23:55:25.900", Precision::kSecond) == E);
}

TEST_CASE("seconds and milliseconds are one decimal") {
  CHECK(order("T10:00:00", "T10:00:00.000") == E);
  CHECK(order("T10:00:00", "T10:00:00.001") == L);
  CHECK(order("2014-01-01T10:00:00", "2014-01-01T10:00:00.500") == L);
  // Where milliseconds are asked for, one that is not there is unknown.
  CHECK(order("2014-01-01T10:00:00", "2014-01-01T10:00:00.500", Precision::kMillisecond) == U);
  CHECK(order("T10:00", "T10:00:00.000") == U);
}

TEST_CASE("offsets are normalised at hours and finer only") {
  CHECK(order("2014-01-25T14:30:14.559+01:00", "2014-01-25T13:30:14.559Z") == E);
  CHECK(order("2012-03-10T10:20:00.999+07:00", "2012-03-10T10:20:00.999+06:00", Precision::kHour) == L);
  CHECK(order("2022-02-22T00:00:00.000-05:00", "2022-02-22T04:59:00.000Z", Precision::kDay) == E);
  CHECK(order("2022-02-21T22:00:00.000-05:00", "2022-02-22T03:00:00.000Z", Precision::kDay) == L);
  CHECK(order("2022-02-21T22:00:00.000-05:00", "2022-02-22T03:00:00.000Z") == E);
  // No offset: the request's. A Measurement Period without offset against FHIR's 'Z'.
  CHECK(order("2014-01-01T00:00:00.000", "2014-01-01T00:00:00.000Z", {}, 0) == E);
  CHECK(order("2014-01-01T00:00:00.000", "2014-01-01T00:00:00.000Z", {}, 60) == L);
  CHECK(order("2014-01-01T", "2013-12-31T23:30:00.000Z", {}, 60) == U);  // in the request's day it is the first
  CHECK(order("2014-01-01T", "2013-12-31T23:30:00.000Z", {}, 0) == G);
  CHECK(order("0001-01-01T00:00:00.000+14:00", "0001-01-01T00:00:00.000-14:00") == L);
  CHECK(order("9999-12-31T23:00:00.000-14:00", "9999-12-31T23:00:00.000+14:00") == G);
}

TEST_CASE("components") {
  const Temporal t = at("2003-10-29T20:50:33.955");
  CHECK(component(t, Precision::kYear) == 2003);
  CHECK(component(t, Precision::kMillisecond) == 955);
  CHECK(component(at("2003-10"), Precision::kDay) == std::nullopt);
  CHECK(to_string(Kind::kDate, date_from(at("2003-10-29T20:50+02:00"))).view() == "2003-10-29");
  CHECK(date_from(at("2003-10T")).precision == Precision::kMonth);
  CHECK(to_string(Kind::kTime, *time_from(t)).view() == "20:50:33.955");
  CHECK_FALSE(time_from(at("2003-10-29T")));
  CHECK(order("T20:50:33.955", "T20:50:33.955") == E);
  CHECK(compare(*time_from(t), at("T20:50:33.955"), {}, 0) == E);
  CHECK(to_string(Kind::kDateTime, truncate_to(t, Precision::kMinute)).view() == "2003-10-29T20:50");
  CHECK(truncate_to(at("2003-10-29T20:50+02:00"), Precision::kDay).offset_minutes == Temporal::kNoOffset);
}

TEST_CASE("boundaries and precision digits") {
  const auto high = [](std::string_view text, int digits) {
    const auto parsed = literal(text);
    const auto precision = precision_from_digits(parsed.kind, digits);
    REQUIRE(precision);
    return std::string(to_string(parsed.kind, high_boundary(parsed.kind, parsed.value, *precision)).view());
  };
  CHECK(high("T10:30", 9) == "10:30:59.999");
  CHECK(high("2014", 6) == "2014-12");
  CHECK(high("2012-02", 8) == "2012-02-29");
  CHECK(high("2014-01-01T08", 17) == "2014-01-01T08:59:59.999");
  CHECK(high("2014-05-01", 4) == "2014");
  CHECK(to_string(Kind::kDate, low_boundary(Kind::kDate, at("2014"), Precision::kMonth)).view() == "2014-01");
  CHECK(precision_digits(Kind::kTime, at("T10:30")) == 4);
  CHECK(precision_digits(Kind::kDateTime, at("2014-01-05T10:30:00.000")) == 17);
  CHECK(precision_digits(Kind::kDate, at("2014")) == 4);
  CHECK_FALSE(precision_from_digits(Kind::kTime, 17));
  CHECK_FALSE(precision_from_digits(Kind::kDate, 10));
}

TEST_CASE("minimum and maximum") {
  CHECK(to_string(Kind::kDateTime, min_temporal(Kind::kDateTime)).view() == "0001-01-01T00:00:00.000");
  CHECK(to_string(Kind::kDateTime, max_temporal(Kind::kDateTime)).view() == "9999-12-31T23:59:59.999");
  CHECK(to_string(Kind::kDate, max_temporal(Kind::kDate)).view() == "9999-12-31");
  CHECK(to_string(Kind::kTime, min_temporal(Kind::kTime)).view() == "00:00:00.000");
  CHECK(to_string(Kind::kTime, max_temporal(Kind::kTime)).view() == "23:59:59.999");
}
