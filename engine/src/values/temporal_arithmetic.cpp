// SPDX-License-Identifier: Apache-2.0
// Calendar arithmetic, and durations and differences as ranges over what partial values can be.
#include "values/temporal_arithmetic.h"

#include <algorithm>

namespace vigil {
namespace {

constexpr int64_t kDaysPerMonth = 30;  // CQL's conversion factors for values without the part that is added
constexpr int64_t kDaysPerYear = 365;
constexpr int64_t kFarAway = 400'000'000'000'000;  // milliseconds: more than the whole calendar

int64_t milliseconds_in(Precision unit) {
  switch (unit) {
    case Precision::kDay: return kMillisecondsPerDay;
    case Precision::kHour: return 3'600'000;
    case Precision::kMinute: return 60'000;
    case Precision::kSecond: return 1000;
    default: return 1;
  }
}

/// `amount` of `unit` in whole units of the coarser `target`, towards zero.
int64_t coarsen(int64_t amount, Precision unit, Precision target) {
  if (target >= Precision::kDay) return amount / (milliseconds_in(target) / milliseconds_in(unit));
  if (unit == Precision::kMonth) return amount / 12;
  const int64_t days = amount / (kMillisecondsPerDay / milliseconds_in(unit));
  return days / (target == Precision::kMonth ? kDaysPerMonth : kDaysPerYear);
}

std::optional<Temporal> add_months(Temporal t, int64_t months) {
  constexpr int64_t kMostMonths = 12 * int64_t{kMaxYear};
  if (months > kMostMonths || months < -kMostMonths) return std::nullopt;
  const int64_t total = int64_t{t.year} * 12 + t.month - 1 + months;
  if (total < 12 * int64_t{kMinYear} || total >= 12 * (int64_t{kMaxYear} + 1)) return std::nullopt;
  t.year = static_cast<int16_t>(total / 12);
  t.month = static_cast<uint8_t>(total % 12 + 1);
  t.day = static_cast<uint8_t>(std::min<int>(t.day, days_in_month(t.year, t.month)));
  return t;
}

/// Local time; offsets have no part in it.
int64_t local_milliseconds(const Temporal& t) {
  return days_from_civil(t.year, t.month, t.day) * kMillisecondsPerDay + milliseconds_of_day(t);
}

std::optional<Temporal> add_milliseconds(Kind kind, const Temporal& value, int64_t milliseconds) {
  Temporal result;
  if (kind == Kind::kTime) {
    // A time is cyclic: it goes around midnight (CQL 1.5, B.8.1 Add).
    const int64_t moved = (milliseconds_of_day(value) + milliseconds % kMillisecondsPerDay) % kMillisecondsPerDay;
    result = time_from_milliseconds(moved < 0 ? moved + kMillisecondsPerDay : moved);
  } else {
    const auto moved = date_time_from_milliseconds(local_milliseconds(value) + milliseconds, 0);
    if (!moved) return std::nullopt;
    result = *moved;
  }
  result.precision = value.precision;
  result.offset_minutes = value.offset_minutes;
  return result;
}

}  // namespace

std::optional<Temporal> add(Kind kind, const Temporal& value, int64_t amount, Precision unit) {
  if (kind == Kind::kTime && unit < Precision::kHour) return std::nullopt;
  if (unit > value.precision) {
    amount = coarsen(amount, unit, value.precision);
    unit = value.precision;
  }
  if (unit <= Precision::kMonth) {
    if (unit == Precision::kYear && (amount > kMaxYear || amount < -kMaxYear)) return std::nullopt;
    return add_months(value, unit == Precision::kYear ? amount * 12 : amount);
  }
  const int64_t most = kFarAway / milliseconds_in(unit);
  if (amount > most || amount < -most) return std::nullopt;
  return add_milliseconds(kind, value, amount * milliseconds_in(unit));
}

namespace {

/// The next or the one before; of the last and first time of day there is none, though times added go around.
std::optional<Temporal> step(Kind kind, const Temporal& value, int by) {
  const auto stepped = add(kind, value, by, value.precision);
  if (!stepped || kind != Kind::kTime) return stepped;
  return (milliseconds_of_day(*stepped) > milliseconds_of_day(value)) == (by > 0) ? stepped : std::nullopt;
}

}  // namespace

std::optional<Temporal> successor(Kind kind, const Temporal& value) { return step(kind, value, 1); }
std::optional<Temporal> predecessor(Kind kind, const Temporal& value) { return step(kind, value, -1); }

namespace {

/// A date or time as months and milliseconds of its own offset, for counting units.
struct Instant {
  int64_t milliseconds = 0;  ///< since 1970-01-01T00:00, or midnight for a Time
  int64_t months = 0;        ///< since year 0
  int64_t in_month = 0;      ///< milliseconds since the month began
};

Instant instant_of(Kind kind, const Temporal& t, int shift_minutes) {
  if (kind == Kind::kTime) return {milliseconds_of_day(t), 0, 0};
  Instant i;
  i.milliseconds = local_milliseconds(t) + int64_t{shift_minutes} * 60'000;
  int64_t days = i.milliseconds / kMillisecondsPerDay;
  if (i.milliseconds % kMillisecondsPerDay < 0) --days;
  const CivilDate date = civil_from_days(days);
  i.months = int64_t{date.year} * 12 + date.month - 1;
  i.in_month = i.milliseconds - days_from_civil(date.year, date.month, 1) * kMillisecondsPerDay;
  return i;
}

int64_t milliseconds_in(DurationUnit unit) {
  switch (unit) {
    case DurationUnit::kWeek: return 7 * kMillisecondsPerDay;
    case DurationUnit::kDay: return kMillisecondsPerDay;
    case DurationUnit::kHour: return 3'600'000;
    case DurationUnit::kMinute: return 60'000;
    case DurationUnit::kSecond: return 1000;
    default: return 1;
  }
}

int64_t whole_units(const Instant& a, const Instant& b, DurationUnit unit) {
  if (unit > DurationUnit::kMonth) return (b.milliseconds - a.milliseconds) / milliseconds_in(unit);
  int64_t months = b.months - a.months;
  if (months > 0 && b.in_month < a.in_month) --months;
  if (months < 0 && b.in_month > a.in_month) ++months;
  return unit == DurationUnit::kYear ? months / 12 : months;
}

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int64_t boundaries(const Instant& a, const Instant& b, DurationUnit unit) {
  if (unit == DurationUnit::kMonth) return b.months - a.months;
  if (unit == DurationUnit::kYear) return b.months / 12 - a.months / 12;
  // 1970-01-01 is a Thursday: four days into a week that begins on Sunday.
  const int64_t origin = unit == DurationUnit::kWeek ? 4 * kMillisecondsPerDay : 0;
  const int64_t size = milliseconds_in(unit);
  return floor_div(b.milliseconds + origin, size) - floor_div(a.milliseconds + origin, size);
}

/// The precision a value needs so that a count in `unit` is certain for differences, and for the durations of a Time.
Precision precision_of(DurationUnit unit) {
  switch (unit) {
    case DurationUnit::kYear: return Precision::kYear;
    case DurationUnit::kMonth: return Precision::kMonth;
    case DurationUnit::kWeek:
    case DurationUnit::kDay: return Precision::kDay;
    case DurationUnit::kHour: return Precision::kHour;
    case DurationUnit::kMinute: return Precision::kMinute;
    case DurationUnit::kSecond: return Precision::kSecond;
    case DurationUnit::kMillisecond: break;
  }
  return Precision::kMillisecond;
}

bool unit_fits(Kind kind, DurationUnit unit) {
  if (kind == Kind::kTime) return unit >= DurationUnit::kHour;
  return kind != Kind::kDate || unit <= DurationUnit::kDay;
}

/// Where the instant counts begin and end for a value that may be partial.
struct Range {
  Instant first;
  Instant last;
};

Range range_of(Kind kind, const Temporal& t, Precision needed, int shift_minutes) {
  const Instant first = instant_of(kind, t, shift_minutes);
  if (t.precision >= needed || t.precision == Precision::kSecond) return {first, first};
  return {first, instant_of(kind, high_boundary(kind, t, finest_precision(kind)), shift_minutes)};
}

int shift_to(const Temporal& t, int default_offset) {
  return t.offset_minutes == Temporal::kNoOffset ? 0 : default_offset - t.offset_minutes;
}

}  // namespace

std::optional<UncertainCount> duration_between(Kind kind, const Temporal& a, const Temporal& b, DurationUnit unit,
                                               int default_offset) {
  if (!unit_fits(kind, unit)) return std::nullopt;
  // "Normalized … but only when the comparison precision is hours, minutes, seconds, or milliseconds" (B.8.9).
  const bool normalise = unit >= DurationUnit::kHour;
  const Precision needed = kind == Kind::kTime ? precision_of(unit) : finest_precision(kind);
  const Range from = range_of(kind, a, needed, normalise ? shift_to(a, default_offset) : 0);
  const Range to = range_of(kind, b, needed, normalise ? shift_to(b, default_offset) : 0);
  return UncertainCount{whole_units(from.last, to.first, unit), whole_units(from.first, to.last, unit)};
}

std::optional<UncertainCount> difference_between(Kind kind, const Temporal& a, const Temporal& b, DurationUnit unit,
                                                 int default_offset) {
  if (!unit_fits(kind, unit)) return std::nullopt;
  const bool normalise = unit >= DurationUnit::kHour;
  const Precision needed = precision_of(unit);
  const Range from = range_of(kind, a, needed, normalise ? shift_to(a, default_offset) : 0);
  const Range to = range_of(kind, b, needed, normalise ? shift_to(b, default_offset) : 0);
  return UncertainCount{boundaries(from.last, to.first, unit), boundaries(from.first, to.last, unit)};
}

}  // namespace vigil
