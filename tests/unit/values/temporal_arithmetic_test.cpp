// SPDX-License-Identifier: Apache-2.0
#include "values/temporal_arithmetic.h"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;

namespace {

using P = Precision;
using D = DurationUnit;

std::string plus(std::string_view text, int64_t amount, Precision unit) {
  const auto parsed = parse_temporal_literal(text);
  REQUIRE_MESSAGE(static_cast<bool>(parsed), std::string(text));
  const auto sum = add(parsed.kind, parsed.value, amount, unit);
  return sum ? std::string(to_literal(parsed.kind, *sum).view()) : "null";
}

using Count = std::optional<UncertainCount>;

/// "5", "[4,5]" or "null".
std::string text_of(const Count& count) {
  if (!count) return "null";
  if (count->certain()) return std::to_string(count->low);
  return "[" + std::to_string(count->low) + "," + std::to_string(count->high) + "]";
}

std::string duration(std::string_view a, std::string_view b, DurationUnit unit, int offset = 0) {
  const auto from = parse_temporal_literal(a), to = parse_temporal_literal(b);
  REQUIRE((from && to && from.kind == to.kind));
  return text_of(duration_between(from.kind, from.value, to.value, unit, offset));
}

std::string difference(std::string_view a, std::string_view b, DurationUnit unit, int offset = 0) {
  const auto from = parse_temporal_literal(a), to = parse_temporal_literal(b);
  REQUIRE((from && to && from.kind == to.kind));
  return text_of(difference_between(from.kind, from.value, to.value, unit, offset));
}

}  // namespace

TEST_CASE("months and years keep the day or take the last of the month") {
  CHECK(plus("2005-10-10T", 5, P::kYear) == "2010-10-10T");
  CHECK(plus("2012-02-29T", 1, P::kYear) == "2013-02-28T");
  CHECK(plus("2012-02-29", 4, P::kYear) == "2016-02-29");
  CHECK(plus("2014-01-31", 1, P::kMonth) == "2014-02-28");
  CHECK(plus("2014-03-31", -1, P::kMonth) == "2014-02-28");
  CHECK(plus("2005-06-10T", -18, P::kMonth) == "2003-12-10T");
}

TEST_CASE("days and times carry over") {
  CHECK(plus("2016-06-10T05:05:05", 55, P::kSecond) == "2016-06-10T05:06:00");
  CHECK(plus("2016-06-10T05", -6, P::kHour) == "2016-06-09T23");
  CHECK(plus("2024-02-29", -364, P::kDay) == "2023-03-02");
  CHECK(plus("2015-12-31T23:59:59.999Z", 1, P::kMillisecond) == "2016-01-01T00:00:00.000+00:00");
  CHECK(plus("T15:59:59.999", 1, P::kMillisecond) == "T16:00:00.000");
  CHECK(plus("T15:59:59.999", -5, P::kHour) == "T10:59:59.999");
}

TEST_CASE("no zone's summer time moves a value") {
  CHECK(plus("2017-03-12T01:30:00.000-07:00", 1, P::kHour) == "2017-03-12T02:30:00.000-07:00");
  CHECK(plus("2015-01-01T00:00:00.000", -6, P::kMonth) == "2014-07-01T00:00:00.000");
}

TEST_CASE("a finer quantity is converted to the value's precision, truncating") {
  CHECK(plus("2014T", 24, P::kMonth) == "2016T");
  CHECK(plus("2014", -25, P::kMonth) == "2012");
  CHECK(plus("2014-06", 33, P::kDay) == "2014-07");
  CHECK(plus("2014-06", -33, P::kDay) == "2014-05");
  CHECK(plus("2014T", 735, P::kDay) == "2016T");
  CHECK(plus("2014T", 364, P::kDay) == "2014T");
  CHECK(plus("2005-05-10T", 5, P::kHour) == "2005-05-10T");
  CHECK(plus("2005-05-10T", 25, P::kHour) == "2005-05-11T");
  CHECK(plus("2005-05-10T05", 119, P::kMinute) == "2005-05-10T06");
  CHECK(plus("2014T", 365LL * 24 * 3600, P::kSecond) == "2015T");
  CHECK(plus("2014-06-01", 3, P::kHour) == "2014-06-01");
}

TEST_CASE("beyond the calendar there is no answer") {
  CHECK(plus("2005-10-10T", 8000, P::kYear) == "null");
  CHECK(plus("2005-10-10T", -2005, P::kYear) == "null");
  CHECK(plus("9999-12-31", 1, P::kDay) == "null");
  CHECK(plus("0001-01-01", -1, P::kDay) == "null");
  CHECK(plus("9999-12-31", 0, P::kDay) == "9999-12-31");
  for (const auto unit : {P::kYear, P::kMonth, P::kDay, P::kHour, P::kMinute, P::kSecond, P::kMillisecond}) {
    CHECK(plus("2014-01-01T00:00:00.000", INT64_MAX, unit) == "null");
    CHECK(plus("2014-01-01T00:00:00.000", INT64_MIN, unit) == "null");
  }
  CHECK(plus("T01:00", 1, P::kDay) == "null");
}

TEST_CASE("a time goes around midnight") {
  CHECK(plus("T23:00", 2, P::kHour) == "T01:00");
  CHECK(plus("T01:00", -2, P::kHour) == "T23:00");
  CHECK(plus("T01:00", -26, P::kHour) == "T23:00");
  CHECK(plus("T00:00:00.000", -1, P::kMillisecond) == "T23:59:59.999");
}

TEST_CASE("successor and predecessor step by the value's precision and end with the type") {
  const auto next = [](Kind kind, const Temporal& t) { return successor(kind, t).has_value(); };
  CHECK_FALSE(next(Kind::kDateTime, max_temporal(Kind::kDateTime)));
  CHECK_FALSE(next(Kind::kTime, max_temporal(Kind::kTime)));
  CHECK_FALSE(next(Kind::kDate, max_temporal(Kind::kDate)));
  CHECK_FALSE(predecessor(Kind::kDateTime, min_temporal(Kind::kDateTime)).has_value());
  const auto first = parse_temporal_literal("2000-01-01T");
  CHECK(to_literal(Kind::kDateTime, *predecessor(first.kind, first.value)).view() == "1999-12-31T");
  const auto noon = parse_temporal_literal("T12:00");
  CHECK(to_literal(Kind::kTime, *successor(noon.kind, noon.value)).view() == "T12:01");
}

TEST_CASE("durations count whole periods") {
  CHECK(duration("2012-03-10", "2013-03-10", D::kYear) == "1");
  CHECK(duration("2012-03-10T10:20:00", "2013-03-10T09:20:00", D::kYear) == "0");
  CHECK(duration("2012-02-29", "2013-02-28", D::kYear) == "0");
  CHECK(duration("2012-02-29", "2013-03-01", D::kYear) == "1");
  CHECK(duration("2014-01-31", "2014-03-01", D::kMonth) == "1");
  CHECK(duration("2010-10-12T12:05:00", "2008-08-15T08:08:00", D::kDay) == "-788");
  CHECK(duration("2013-03-10", "2012-03-11", D::kYear) == "0");
  CHECK(duration("2013-03-10", "2012-03-10", D::kYear) == "-1");
  CHECK(duration("2012-03-10T22:05:09", "2012-03-20T07:19:33", D::kWeek) == "1");
  CHECK(duration("2012-03-10T22:05:09", "2012-03-24T07:19:33", D::kWeek) == "1");
  CHECK(duration("2012-03-10T06:05:09", "2012-03-24T07:19:33", D::kWeek) == "2");
  CHECK(duration("T20:26:15.555", "T23:25:15.555", D::kHour) == "2");
  CHECK(duration("T06", "T07:00:00", D::kHour) == "1");
  CHECK(duration("T23:25:10.556", "T23:25:15.555", D::kSecond) == "4");
}

TEST_CASE("durations between offsets are between instants; of days and longer by the calendar") {
  CHECK(duration("2017-03-12T01:00:00-07:00", "2017-03-12T03:00:00-06:00", D::kHour) == "1");
  CHECK(duration("2017-11-05T01:30:00-06:00", "2017-11-05T01:15:00-07:00", D::kMinute) == "45");
  CHECK(duration("2017-03-12T00:00:00-07:00", "2017-03-13T00:00:00-06:00", D::kDay) == "1");
  CHECK(duration("2017-03-12T00:00:00", "2017-03-12T00:00:00Z", D::kHour, 120) == "2");
}

TEST_CASE("durations of partial values are ranges") {
  CHECK(duration("2005T", "2010T", D::kYear) == "[4,5]");
  CHECK(duration("2014-01-15T", "2014-02T", D::kDay) == "[16,44]");
  CHECK(duration("2005T", "2006-05T", D::kMonth) == "[4,16]");
  CHECK(duration("2005T", "2006-07T", D::kMonth) == "[6,18]");
  CHECK(duration("2014-01-15", "2014-02", D::kDay) == "[17,44]");  // Dates: no hours to be uncertain about
  CHECK(duration("2014", "2014", D::kMonth) == "[-11,11]");
  CHECK(duration("2014-01-15", "2014-01-15", D::kHour) == "null");
  CHECK(duration("T10", "T11", D::kMinute) == "[0,119]");
  CHECK(duration("T10", "T11", D::kDay) == "null");
  CHECK(duration("2014-01-01T10:00:00", "2014-01-01T10:00:01", D::kMillisecond) == "1000");
}

TEST_CASE("differences count boundaries") {
  CHECK(difference("2000T", "2005-12T", D::kYear) == "5");
  CHECK(difference("2000-02T", "2000-10T", D::kMonth) == "8");
  CHECK(difference("2016T", "1998T", D::kYear) == "-18");
  CHECK(difference("2000-12-31", "2001-01-01", D::kYear) == "1");
  CHECK(difference("2000-10-15T", "2000-10-29T", D::kWeek) == "2");
  CHECK(difference("2000-10-14", "2000-10-15", D::kWeek) == "1");  // Saturday to Sunday
  CHECK(difference("2000-10-15", "2000-10-21", D::kWeek) == "0");
  CHECK(difference("1969-12-27", "1969-12-28", D::kWeek) == "1");
  CHECK(difference("T20", "T23:25:15.555", D::kHour) == "3");
  CHECK(difference("2014T", "2014-05T", D::kMonth) == "[-7,4]");
  CHECK(difference("2014-01-15T", "2014-02T", D::kDay) == "[17,44]");
  CHECK(difference("2000-10-10T10:05:45.500-06:00", "2000-10-10T10:05:45.900-07:00", D::kMillisecond) == "3600400");
  CHECK(difference("2017-03-12T00:00:00-07:00", "2017-03-13T00:00:00-06:00", D::kDay) == "1");
  CHECK(difference("2017-03-12T01:00:00-07:00", "2017-03-12T03:00:00-06:00", D::kHour) == "1");
}
