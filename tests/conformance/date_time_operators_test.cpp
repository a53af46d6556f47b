// SPDX-License-Identifier: Apache-2.0
// CQL 1.5, appendix B.8 Date and Time Operators, and ages of B.11. The request's time is 2026-11-22T09:30:00Z.
#include "conformance/expressions.h"

using namespace vigil::conformance;

TEST_CASE("B.8.1, B.8.18 plus and minus: months keep to the month, units finer than the value are converted") {
  static constexpr ExpressionCase kTable[] = {
      {"@2024-01-31 + 1 month", "@2024-02-29"},
      {"@2024-02-29 + 1 year", "@2025-02-28"},
      {"@2026-03-31 - 1 month", "@2026-02-28"},
      {"@2026-03-01 + 2 weeks", "@2026-03-15"},
      {"@2026-03-01 + 36 hours", "@2026-03-02"},
      {"@2026 + 13 months", "@2027"},
      {"@2026 + 366 days", "@2027"},
      {"@2026-03 + 31 days", "@2026-04"},
      {"@2026-03-01 + 1.9 months", "@2026-04-01"},
      {"@2026-03-01T10:00:00.0 + 1.5 seconds", "@2026-03-01T10:00:01.500"},
      {"@2026-03-01T23:30:00Z + 1 hour", "@2026-03-02T00:30:00+00:00"},
      {"@T23:30:00 + 1 hour", "@T00:30:00"},
      {"@T01:00:00 - 26 hours", "@T23:00:00"},
      {"@T10:00 + 90 minutes", "@T11:30"},
      {"@2026-03-01 + 3 'mg'", "null"},
      {"@2026-03-01 + 1 'wk'", "@2026-03-08"},
      {"@9999-12-31 + 1 day", "error VGL0908"},
      {"@0001-01-01 - 1 year", "error VGL0908"},
      {"@2026-03-01 + (null as Quantity)", "null"},
  };
  check(kTable);
}

TEST_CASE("B.7 same as, before, after at a precision") {
  static constexpr ExpressionCase kTable[] = {
      {"@2026-03-01 same day as @2026-03-01", "true"},
      {"@2026-03-01 same month as @2026-03-31", "true"},
      {"@2026-03 same day as @2026-03-01", "null"},
      {"@2026-03 same day as @2026-04-01", "false"},
      {"@2026-03-01T08:00 same day as @2026-03-01T22:00", "true"},
      {"@2026-03-01 before day of @2026-03-02", "true"},
      {"@2026-03 before month of @2026-03-15", "false"},
      {"@2026-03 before @2026-03-15", "null"},
      {"@2026 before year of @2027-01-01", "true"},
      {"@2026-03-01 same month or after @2026-03-20", "true"},
      {"@2026-03-01 same day or before @2026-02-28", "false"},
      {"@2026-03-01T23:30:00Z same day as @2026-03-02T00:30:00+01:00", "false"},
      {"@2026-03-01T23:30:00Z same hour as @2026-03-02T00:30:00+01:00", "true"},
      {"@2026-03 same day as @2026-03", "null"},
      {"DateTime(2026, 3, 1, 265)", "error VGL0908"},
      {"Date(2026, 257)", "error VGL0908"},
      {"@2026-03 same day or before @2026-03", "null"},
      {"@2026-03 before day of @2026-04", "true"},
      {"days between @2026-03-01T23:30:00Z and @2026-03-02T23:30:00+10:00", "1"},
      {"@T10:15 same hour as @T10:45", "true"},
      {"@2026-03 same day as @2026-03", "null"},
      {"@2026-03 same day or before @2026-03", "null"},
      {"@2026-03 before day of @2026-03", "null"},
      {"@T10:15:00 before millisecond of @T10:15:00", "null"},
      {"@2026-03 same as @2026-03", "true"},
      {"@2026-03 in day of Interval[@2026-03, @2026-05]", "null"},
  };
  check(kTable);
}

TEST_CASE("B.8.9 duration counts whole units, a range where it is uncertain") {
  static constexpr ExpressionCase kTable[] = {
      {"years between @2000-02-29 and @2026-02-28", "25"},
      {"years between @2000-02-29 and @2026-03-01", "26"},
      {"months between @2026-01-31 and @2026-02-28", "0"},
      {"days between @2026-03-01 and @2026-02-28", "-1"},
      {"weeks between @2026-03-01 and @2026-03-16", "2"},
      {"hours between @2026-03-01T10:00:00.0 and @2026-03-01T12:59:59.9", "2"},
      {"years between @2005 and @2010-06-15", "Interval[4, 5]"},
      {"days between @2026-01 and @2026-02-15", "Interval[15, 45]"},
      {"minutes between @T10:00:00 and @T11:30:30", "90"},
      {"duration in days of Interval[@2026-03-01, @2026-03-11]", "10"},
  };
  check(kTable);
}

TEST_CASE("B.8.8 difference counts boundaries") {
  static constexpr ExpressionCase kTable[] = {
      {"difference in years between @2025-12-31 and @2026-01-01", "1"},
      {"difference in months between @2026-01-31 and @2026-02-01", "1"},
      {"difference in days between @2026-03-01T23:59:59.0 and @2026-03-02T00:00:01.0", "1"},
      {"difference in weeks between @2026-03-07 and @2026-03-08", "1"},
      {"difference in hours between @2026-03-01T10:59:59.0 and @2026-03-01T11:00:00.0", "1"},
      {"difference in months between @2026 and @2026-05", "Interval[-7, 4]"},
  };
  check(kTable);
}

TEST_CASE("B.8.5 components") {
  static constexpr ExpressionCase kTable[] = {
      {"year from @2026-03-05", "2026"},
      {"day from @2026-03", "null"},
      {"hour from @2026-03-05T10:15:30.250", "10"},
      {"millisecond from @2026-03-05T10:15:30.250", "250"},
      {"minute from @T10:15", "15"},
      {"date from @2026-03-05T23:00:00-05:00", "@2026-03-05"},
      {"time from @2026-03-05T23:00:00-05:00", "@T23:00:00"},
      {"time from @2026-03-05T", "null"},
      {"timezoneoffset from @2026-03-05T23:00:00-05:30", "-5.5"},
      {"timezoneoffset from @2026-03-05T23:00:00", "0.0"},
  };
  check(kTable);
}

TEST_CASE("B.8.6, B.8.7, B.8.19 selectors") {
  static constexpr ExpressionCase kTable[] = {
      {"Date(2026, 3, 5)", "@2026-03-05"},
      {"Date(2026, 3)", "@2026-03"},
      {"Date(2026, null, null)", "@2026"},
      {"Date(null as Integer)", "null"},
      {"Date(2026, 2, 30)", "error VGL0908"},
      {"DateTime(2026, 3, 5, 10, 15, 30, 250)", "@2026-03-05T10:15:30.250"},
      {"DateTime(2026, 3, 5, 10, 15, 30, 250, -5.5)", "@2026-03-05T10:15:30.250-05:30"},
      {"DateTime(2026)", "@2026T"},
      {"DateTime(2026, 3, 5, 24)", "error VGL0908"},
      {"Time(10, 15)", "@T10:15"},
      {"Time(25)", "error VGL0908"},
      {"DateTime(2026, null, 5)", "null"},
  };
  check(kTable);
}

TEST_CASE("one Now, one Today in an evaluation") {
  static constexpr ExpressionCase kTable[] = {
      {"Now()", "@2026-11-22T09:30:00.000+00:00"},
      {"Today()", "@2026-11-22"},
      {"Now() = Now()", "true"},
      {"TimeOfDay()", "@T09:30:00.000"},
      {"Today() - 6 months", "@2026-05-22"},
  };
  check(kTable);
}

TEST_CASE("B.12.1 ages") {
  static constexpr ExpressionCase kTable[] = {
      {"CalculateAgeInYearsAt(@1950-03-01, @2026-02-28)", "75"},
      {"CalculateAgeInYearsAt(@1950-03-01, @2026-03-01)", "76"},
      {"CalculateAgeInYearsAt(@1950, @2026-03-01)", "Interval[75, 76]"},
      {"CalculateAgeInYearsAt(@2050-03-01, @2026-03-01)", "-24 ?"},
      {"CalculateAgeInYearsAt(@1950, @2026-03-01) >= 65", "true"},
      {"CalculateAgeInYearsAt(@1950, @2026-03-01) >= 76", "null"},
      {"CalculateAgeInMonthsAt(@2026-01-15, @2026-03-14)", "1"},
      {"CalculateAgeInWeeksAt(@2026-03-01, @2026-03-15)", "2"},
      {"CalculateAgeInYears(@2000-11-22)", "26"},
      {"CalculateAgeInYears(null as Date)", "null"},
  };
  check(kTable);
}

TEST_CASE("timing phrases") {
  static constexpr ExpressionCase kTable[] = {
      {"@2026-03-01 3 days or more before @2026-03-04", "true"},
      {"@2026-03-02 3 days or more before @2026-03-04", "false"},
      {"@2026-03-02 3 days or less before @2026-03-04", "true"},
      {"@2026-03-04 3 days or less before @2026-03-04", "false"},
      {"@2026-03-02 within 3 days of @2026-03-04", "true"},
      // What never ends: no day is 3 days after it, which is undecided, and no error.
      {"@2026-03-02 3 days or more after end of Interval[@2026-01-01, null]", "null"},
      {"@2026-03-02 within 3 days of end of Interval[@2026-01-01, null]", "false"},
      {"@2026-03-02 3 days or less before end of Interval[@2026-01-01, null]", "false"},
      {"(null as Date) within 3 months of end of Interval[@2026-01-01, null]", "null"},
      {"@2026-03-02T10:00:00.0 within 3 days of start of Interval[null, @2026-01-01T00:00:00.0]", "false"},
      {"@9999-12-31 + 1 day", "error VGL0908"},
      {"@2026-03-01 1 month before @2026-04-01", "true"},
      {"Interval[@2026-03-01, @2026-03-05] starts 2 days or less after start of Interval[@2026-02-27, @2026-03-20]",
       "true"},
  };
  check(kTable);
}
