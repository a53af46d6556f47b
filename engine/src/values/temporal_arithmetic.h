// SPDX-License-Identifier: Apache-2.0
// Adding to dates and times, and the time between two of them, with its uncertainty (CQL 1.5, Date and Time Arithmetic,
// Duration, Difference).
#pragma once

#include <cstdint>
#include <optional>

#include "values/temporal.h"
#include "vigil/value.h"

namespace vigil {

/// `value` + `amount` units. Months and years keep the day, or take the month's last. "For partial values where the
/// quantity is more precise than the value, the quantity is converted to the highest specified granularity,
/// truncating": by 1 year = 12 months = 365 days, 1 month = 30 days. Weeks: the caller multiplies by 7. nullopt:
/// beyond year 1 or 9999; for a Time also past midnight, or a unit above hours.
std::optional<Temporal> add(Kind kind, const Temporal& value, int64_t amount, Precision unit);

/// The next and previous value at the value's own precision; nullopt at the end of the range, where CQL raises an
/// error.
std::optional<Temporal> successor(Kind kind, const Temporal& value);
std::optional<Temporal> predecessor(Kind kind, const Temporal& value);

/// The units of time between two values, weeks too.
enum class DurationUnit : uint8_t { kYear, kMonth, kWeek, kDay, kHour, kMinute, kSecond, kMillisecond };

/// All answers from `low` to `high` are possible (CQL 1.5, Uncertainty); certain when they are equal.
struct UncertainCount {
  int64_t low = 0;
  int64_t high = 0;
  bool certain() const { return low == high; }
  bool operator==(const UncertainCount&) const = default;
};

/// Whole units from `a` to `b`, negative when `b` is earlier. A part not given can be any: days between DateTime(2014,
/// 1, 15) and DateTime(2014, 2) is [16, 44]. (HL7's tests want [17, 44] in one place and [16, 44] in three.) A second
/// without milliseconds is that second's start; a Time known to the unit is that unit's start (HL7's
/// TimeDurationBetweenHourDiffPrecision2). nullopt: units above hours for Times, below days for Dates.
std::optional<UncertainCount> duration_between(Kind kind, const Temporal& a, const Temporal& b, DurationUnit unit,
                                               int default_offset);

/// Boundaries of the unit crossed from `a` to `b`; weeks begin on Sunday. Offsets are normalised for hours and finer
/// units only, as in comparisons; the parts down to the unit make the answer certain.
std::optional<UncertainCount> difference_between(Kind kind, const Temporal& a, const Temporal& b, DurationUnit unit,
                                                 int default_offset);

}  // namespace vigil
