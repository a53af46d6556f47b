// SPDX-License-Identifier: Apache-2.0
// Dates and times with precision: reading, writing, comparison, components and boundaries (CQL 1.5, Date and Time
// Operators). Arithmetic is in temporal_arithmetic.h.
//
// `Kind` is kDate, kDateTime or kTime throughout. Offsets are minutes east of UTC. A DateTime without an offset is
// taken at `default_offset`, the offset of the evaluation request. Nothing here allocates, reads a clock or a time
// zone table.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "values/fixed_text.h"
#include "values/three_valued.h"
#include "vigil/value.h"

namespace vigil {

inline constexpr int kMinYear = 1;
inline constexpr int kMaxYear = 9999;
inline constexpr int kMaxOffsetMinutes = 14 * 60;
inline constexpr int64_t kMillisecondsPerDay = 86'400'000;

/// What is wrong with a text that should be a date or time; for diagnostics.
enum class TemporalError : uint8_t { kNone, kSyntax, kYear, kMonth, kDay, kHour, kMinute, kSecond, kOffset };

struct ParsedTemporal {
  Kind kind = Kind::kNull;  ///< kDate, kDateTime or kTime; kNull on error
  Temporal value;
  TemporalError error = TemporalError::kSyntax;
  explicit operator bool() const { return error == TemporalError::kNone; }
};

/// A CQL literal after its '@': `2012-05`, `2014T`, `2014-01-25T14:30:14.559+01:00`, `T12:00`. Fraction digits beyond
/// the milliseconds are cut off.
ParsedTemporal parse_temporal_literal(std::string_view text);

/// A FHIR date, dateTime, instant or time, or the text of ToDate, ToDateTime, ToTime. kDateTime takes a date alone,
/// with or without 'T'; kTime takes an optional leading 'T', and an offset, which it drops. On the hot path of reading
/// JSON.
ParsedTemporal parse_temporal(Kind kind, std::string_view text);

/// Checks the parts up to `value.precision` against the calendar, years 1..9999 and the offset's range.
TemporalError validate(Kind kind, const Temporal& value);

using TemporalText = FixedText<40>;
/// As ToString gives it: "2014-01-25T14:30:14.559+01:00", "2014", "14:30". An offset is written only where there is
/// one; the caller sets the default one first (see with_offset) if it is to appear.
TemporalText to_string(Kind kind, const Temporal& value);
/// As a literal without its '@': like to_string, and "2014T" for a DateTime, "T14:30" for a Time.
TemporalText to_literal(Kind kind, const Temporal& value);

/// Days since 1970-01-01 in the proleptic Gregorian calendar, and back.
int64_t days_from_civil(int year, int month, int day);
struct CivilDate {
  int year;
  int month;
  int day;
};
CivilDate civil_from_days(int64_t days);
int days_in_month(int year, int month);

/// Milliseconds from 1970-01-01T00:00:00Z to the first instant that `value` can be.
int64_t to_milliseconds(const Temporal& value, int default_offset);
/// The DateTime of an instant, at an offset; nullopt outside the years 1..9999.
std::optional<Temporal> date_time_from_milliseconds(int64_t milliseconds, int offset_minutes);
/// Milliseconds since midnight, parts finer than the precision at their minimum.
int64_t milliseconds_of_day(const Temporal& value);
Temporal time_from_milliseconds(int64_t milliseconds_of_day);

/// Comparison by precisions from coarse to fine, down to `precision` or to the end (CQL 1.5, "Comparing Dates and
/// Times"). "If one input has a value for the precision and the other does not, the result is null; if neither has,
/// the comparison stops": kEqual; but down to a precision that is asked for, "if either input has no value for the
/// precision, the comparison stops and the result is null" (B.8, Same As). Seconds and milliseconds are one decimal, so
/// that 10:00:00 equals 10:00:00.000, but not to the explicit precision of milliseconds. Offsets are normalised to the
/// default one only when comparing at hours or finer. Both of one kind; the caller promotes a Date (date_to_date_time).
Comparison compare(const Temporal& a, const Temporal& b, std::optional<Precision> precision, int default_offset);
/// CQL `~`: like equality, but false where undecided.
bool equivalent(const Temporal& a, const Temporal& b, int default_offset);

/// A part of the value; nullopt where the precision does not reach it.
std::optional<int> component(const Temporal& value, Precision part);
/// `date from`: the Date at the precision, at most day, the value has.
Temporal date_from(const Temporal& date_time);
/// `time from`: nullopt for a DateTime without hours.
std::optional<Temporal> time_from(const Temporal& date_time);
/// ToDateTime of a Date: "the time components are unspecified"; the same bits, without offset.
Temporal date_to_date_time(const Temporal& date);
/// The parts finer than `precision` removed; a value already coarser is unchanged. The offset stays with the hour or
/// finer.
Temporal truncate_to(const Temporal& value, Precision precision);
/// The value with `default_offset` where it is a DateTime with a time and names none.
Temporal with_offset(const Temporal& value, int default_offset);

/// The finest precision of a kind: kDay for a Date, else kMillisecond.
Precision finest_precision(Kind kind);
/// CQL Precision(): digits in the value's ISO form: 4, 6, 8, 10, 12, 14, 17 for a DateTime; 2, 4, 6, 9 for a Time.
int precision_digits(Kind kind, const Temporal& value);
/// The inverse, for the argument of LowBoundary and HighBoundary; nullopt for other numbers.
std::optional<Precision> precision_from_digits(Kind kind, int digits);

/// The first and last value, at `precision`, that `value` can be. Coarser than the value's own: truncated to it.
Temporal low_boundary(Kind kind, const Temporal& value, Precision precision);
Temporal high_boundary(Kind kind, const Temporal& value, Precision precision);

/// `minimum` and `maximum` of the kind: 0001-01-01 ..., 9999-12-31 ..., without offset.
Temporal min_temporal(Kind kind);
Temporal max_temporal(Kind kind);

}  // namespace vigil
