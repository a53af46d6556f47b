// SPDX-License-Identifier: Apache-2.0
// The calendar, comparison, components and boundaries of dates and times.
#include "values/temporal.h"

#include <algorithm>
#include <array>

namespace vigil {
namespace {

int offset_or(const Temporal& t, int default_offset) {
  return t.offset_minutes == Temporal::kNoOffset ? default_offset : t.offset_minutes;
}

int64_t local_milliseconds(const Temporal& t) {
  return days_from_civil(t.year, t.month, t.day) * kMillisecondsPerDay + milliseconds_of_day(t);
}

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// The parts from milliseconds since 1970-01-01T00:00 local time; the year may leave 1..9999 by one.
Temporal from_local_milliseconds(int64_t milliseconds) {
  const int64_t days = floor_div(milliseconds, kMillisecondsPerDay);
  const CivilDate date = civil_from_days(days);
  Temporal t = time_from_milliseconds(milliseconds - days * kMillisecondsPerDay);
  t.year = static_cast<int16_t>(date.year);
  t.month = static_cast<uint8_t>(date.month);
  t.day = static_cast<uint8_t>(date.day);
  return t;
}

/// The parts in one number, coarse ones first, so that a shift by kShift[p] leaves the parts down to `p`.
constexpr std::array<int, 7> kShift = {36, 32, 27, 22, 16, 10, 0};

uint64_t key(const Temporal& t) {
  const uint64_t year = static_cast<uint64_t>(t.year + 1);  // normalised values reach year 0
  return year << 36 | uint64_t{t.month} << 32 | uint64_t{t.day} << 27 | uint64_t{t.hour} << 22 |
         uint64_t{t.minute} << 16 | uint64_t{t.second} << 10 | t.millisecond;
}

/// The key of `t` moved to another offset, where it has a time.
uint64_t key_at(const Temporal& t, int default_offset, int target) {
  const int shift = target - offset_or(t, default_offset);
  if (shift == 0 || t.precision < Precision::kHour) return key(t);
  return key(from_local_milliseconds(local_milliseconds(t) + int64_t{shift} * 60'000));
}

}  // namespace

int64_t days_from_civil(int year, int month, int day) {
  // Years begin in March, so that the leap day is the last; eras of 400 years (H. Hinnant, chrono date algorithms).
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return int64_t{era} * 146'097 + day_of_era - 719'468;
}

CivilDate civil_from_days(int64_t days) {
  days += 719'468;
  const int64_t era = floor_div(days, 146'097);
  const int day_of_era = static_cast<int>(days - era * 146'097);
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  const int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const int year = static_cast<int>(era * 400) + year_of_era + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

int days_in_month(int year, int month) {
  constexpr std::array<uint8_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month - 1)];
}

int64_t milliseconds_of_day(const Temporal& t) {
  return ((int64_t{t.hour} * 60 + t.minute) * 60 + t.second) * 1000 + t.millisecond;
}

Temporal time_from_milliseconds(int64_t ms) {
  Temporal t;
  t.hour = static_cast<uint8_t>(ms / 3'600'000);
  t.minute = static_cast<uint8_t>(ms / 60'000 % 60);
  t.second = static_cast<uint8_t>(ms / 1000 % 60);
  t.millisecond = static_cast<uint16_t>(ms % 1000);
  t.precision = Precision::kMillisecond;
  return t;
}

int64_t to_milliseconds(const Temporal& value, int default_offset) {
  return local_milliseconds(value) - int64_t{offset_or(value, default_offset)} * 60'000;
}

std::optional<Temporal> date_time_from_milliseconds(int64_t milliseconds, int offset_minutes) {
  constexpr int64_t kReach = 400'000'000'000'000;  // beyond year 9999 either way
  if (milliseconds > kReach || milliseconds < -kReach) return std::nullopt;
  Temporal t = from_local_milliseconds(milliseconds + int64_t{offset_minutes} * 60'000);
  if (t.year < kMinYear || t.year > kMaxYear) return std::nullopt;
  t.offset_minutes = static_cast<int16_t>(offset_minutes);
  return t;
}

Comparison compare(const Temporal& a, const Temporal& b, std::optional<Precision> precision, int default_offset) {
  const Precision last = precision.value_or(Precision::kMillisecond);
  // "Seconds and milliseconds are considered a single precision, using decimal comparison": .000 is there when absent,
  // unless the milliseconds themselves are asked for ("if either input has no value for the precision ... null").
  const auto reach = [&](const Temporal& t) {
    return std::min(t.precision == Precision::kSecond && !precision ? Precision::kMillisecond : t.precision, last);
  };
  const Precision reach_a = reach(a), reach_b = reach(b);
  const bool normalise = a.offset_minutes != b.offset_minutes && std::max(reach_a, reach_b) >= Precision::kHour;
  const int shift = kShift[static_cast<size_t>(std::min(reach_a, reach_b))];
  const uint64_t key_a = (normalise ? key_at(a, default_offset, default_offset) : key(a)) >> shift;
  const uint64_t key_b = (normalise ? key_at(b, default_offset, default_offset) : key(b)) >> shift;
  if (key_a != key_b) return key_a < key_b ? Comparison::kLess : Comparison::kGreater;
  // Equal as far as either goes; but not down to a precision that was asked for and that neither has.
  return reach_a == reach_b && (!precision || reach_a == last) ? Comparison::kEqual : Comparison::kUnknown;
}

bool equivalent(const Temporal& a, const Temporal& b, int default_offset) {
  return compare(a, b, std::nullopt, default_offset) == Comparison::kEqual;
}

std::optional<int> component(const Temporal& value, Precision part) {
  if (part > value.precision) return std::nullopt;
  switch (part) {
    case Precision::kYear: return value.year;
    case Precision::kMonth: return value.month;
    case Precision::kDay: return value.day;
    case Precision::kHour: return value.hour;
    case Precision::kMinute: return value.minute;
    case Precision::kSecond: return value.second;
    case Precision::kMillisecond: return value.millisecond;
  }
  return std::nullopt;
}

Temporal truncate_to(const Temporal& value, Precision precision) {
  if (precision >= value.precision) return value;
  Temporal t = value;
  t.precision = precision;
  if (precision < Precision::kMillisecond) t.millisecond = 0;
  if (precision < Precision::kSecond) t.second = 0;
  if (precision < Precision::kMinute) t.minute = 0;
  if (precision < Precision::kHour) t.hour = 0, t.offset_minutes = Temporal::kNoOffset;
  if (precision < Precision::kDay) t.day = 1;
  if (precision < Precision::kMonth) t.month = 1;
  return t;
}

Temporal date_from(const Temporal& date_time) {
  Temporal t = truncate_to(date_time, Precision::kDay);
  t.offset_minutes = Temporal::kNoOffset;
  return t;
}

std::optional<Temporal> time_from(const Temporal& date_time) {
  if (date_time.precision < Precision::kHour) return std::nullopt;
  Temporal t = date_time;
  t.year = 0;
  t.month = 1;
  t.day = 1;
  t.offset_minutes = Temporal::kNoOffset;
  return t;
}

Temporal date_to_date_time(const Temporal& date) { return date; }

Temporal with_offset(const Temporal& value, int default_offset) {
  Temporal t = value;
  if (t.precision >= Precision::kHour && t.year != 0 && t.offset_minutes == Temporal::kNoOffset) {
    t.offset_minutes = static_cast<int16_t>(default_offset);
  }
  return t;
}

Precision finest_precision(Kind kind) { return kind == Kind::kDate ? Precision::kDay : Precision::kMillisecond; }

namespace {
constexpr std::array<int, 7> kDateTimeDigits = {4, 6, 8, 10, 12, 14, 17};
constexpr int kDateDigits = 8;  // a Time's digits are those after the date
}  // namespace

int precision_digits(Kind kind, const Temporal& value) {
  const int digits = kDateTimeDigits[static_cast<size_t>(value.precision)];
  return kind == Kind::kTime ? digits - kDateDigits : digits;
}

std::optional<Precision> precision_from_digits(Kind kind, int digits) {
  const auto first = kind == Kind::kTime ? static_cast<size_t>(Precision::kHour) : 0;
  for (size_t p = first; p <= static_cast<size_t>(finest_precision(kind)); ++p) {
    if (kDateTimeDigits[p] - (kind == Kind::kTime ? kDateDigits : 0) == digits) return static_cast<Precision>(p);
  }
  return std::nullopt;
}

Temporal low_boundary(Kind kind, const Temporal& value, Precision precision) {
  precision = std::min(precision, finest_precision(kind));
  if (precision <= value.precision) return truncate_to(value, precision);
  Temporal t = value;  // finer parts are at their minimum already
  t.precision = precision;
  return t;
}

Temporal high_boundary(Kind kind, const Temporal& value, Precision precision) {
  Temporal t = low_boundary(kind, value, precision);
  const auto fill = [&](Precision part) { return part > value.precision && part <= t.precision; };
  if (fill(Precision::kMonth)) t.month = 12;
  if (fill(Precision::kDay)) t.day = static_cast<uint8_t>(days_in_month(t.year, t.month));
  if (fill(Precision::kHour)) t.hour = 23;
  if (fill(Precision::kMinute)) t.minute = 59;
  if (fill(Precision::kSecond)) t.second = 59;
  if (fill(Precision::kMillisecond)) t.millisecond = 999;
  return t;
}

Temporal min_temporal(Kind kind) {
  Temporal t;
  t.year = kind == Kind::kTime ? 0 : kMinYear;
  t.precision = finest_precision(kind);
  return t;
}

Temporal max_temporal(Kind kind) {
  Temporal t;
  if (kind == Kind::kTime) {
    t.precision = Precision::kHour;
    t.hour = 23;
  } else {
    t.year = kMaxYear;
  }
  return high_boundary(kind, t, finest_precision(kind));
}

}  // namespace vigil
