// SPDX-License-Identifier: Apache-2.0
// Dates and times plus and minus quantities (CQL 1.5, B.8.1 Add, B.8.18 Subtract).
#include "diagnostics/catalogue.h"
#include "evaluation/results.h"
#include "evaluation/temporal_shift.h"
#include "values/temporal.h"
#include "values/temporal_arithmetic.h"

namespace vigil {
namespace {

using ucum::Calendar;

/// The calendar unit of a duration; UCUM codes count as the calendar units of their names.
Calendar calendar_of(std::string_view unit) {
  const auto calendar = ucum::calendar_unit(unit);
  if (calendar != Calendar::kNone) return calendar;
  for (const auto each : {Calendar::kYear, Calendar::kMonth, Calendar::kWeek, Calendar::kDay, Calendar::kHour,
                          Calendar::kMinute, Calendar::kSecond, Calendar::kMillisecond})
    if (unit == ucum::ucum_code(each)) return each;
  return Calendar::kNone;
}

Precision precision_of(Calendar unit) {
  switch (unit) {
    case Calendar::kYear: return Precision::kYear;
    case Calendar::kMonth: return Precision::kMonth;
    case Calendar::kWeek:
    case Calendar::kDay: return Precision::kDay;
    case Calendar::kHour: return Precision::kHour;
    case Calendar::kMinute: return Precision::kMinute;
    case Calendar::kSecond: return Precision::kSecond;
    default: return Precision::kMillisecond;
  }
}

/// UCUM's mean years and months have no place in a calendar.
bool is_definite(std::string_view unit) {
  return unit == ucum::ucum_code(Calendar::kYear) || unit == ucum::ucum_code(Calendar::kMonth);
}

/// CQL 1.5, B.8 Add: "it is an error to attempt to add a definite-duration time-valued unit above days (and weeks)".
void refuse_mean_duration(Run& run, const Call& call) {
  if (is_definite(call[1].quantity->unit)) {
    const bool years = call[1].quantity->unit == ucum::ucum_code(Calendar::kYear);
    run.fail(make_diagnostic<Code::VGL0913>(call.span, call[1].quantity->unit)
                 .with_hint(years ? "write `years`" : "write `months`"));
  }
}

Value move(Run& run, const Call& call, bool back) {
  refuse_mean_duration(run, call);
  const auto shifted = shift(call[0].kind, call[0].temporal, *call[1].quantity, back);
  if (shifted.outcome == Shifted::Outcome::kDone) return Value::of(call[0].kind, shifted.value);
  // A date beyond the calendar is a run-time error (HL7's tests); a time has no day, month or year to move.
  if (shifted.outcome == Shifted::Outcome::kOutOfRange && call[0].kind != Kind::kTime)
    run.fail(make_diagnostic<Code::VGL0908>(call.span,
                                            back ? "the date less this duration" : "the date plus this duration"));
  return Value::null();
}

/// A boundary moved by the offset of a timing phrase. The end of a period that goes on is the calendar's last day:
/// "3 days after" it there is no day to compare with, so the phrase is undecided, not an error.
Value move_boundary(Run& run, const Call& call, bool back) {
  refuse_mean_duration(run, call);
  const auto shifted = shift(call[0].kind, call[0].temporal, *call[1].quantity, back);
  return shifted.outcome == Shifted::Outcome::kDone ? Value::of(call[0].kind, shifted.value) : Value::null();
}

}  // namespace

Shifted shift(Kind kind, const Temporal& value, const Quantity& amount, bool back) {
  const auto unit = calendar_of(amount.unit);
  if (unit == Calendar::kNone) return {Shifted::Outcome::kNoDuration, {}};
  auto precision = precision_of(unit);
  auto number = amount.value;
  if (unit == Calendar::kSecond && !is_whole(number)) {
    const auto milliseconds = mul(number, decimal_from_int64(1000));
    if (!milliseconds) return {Shifted::Outcome::kOutOfRange, {}};
    number = *milliseconds;
    precision = Precision::kMillisecond;
  }
  auto whole = truncate(number);
  if (whole && unit == Calendar::kWeek) {
    int64_t days = 0;
    whole = __builtin_mul_overflow(*whole, int64_t{7}, &days) ? std::nullopt : std::optional<int64_t>(days);
  }
  if (!whole || *whole == std::numeric_limits<int64_t>::min()) return {Shifted::Outcome::kOutOfRange, {}};
  const auto moved = add(kind, value, back ? -*whole : *whole, precision);
  return moved ? Shifted{Shifted::Outcome::kDone, *moved} : Shifted{Shifted::Outcome::kOutOfRange, {}};
}

std::optional<Precision> duration_precision(std::string_view unit) {
  const auto calendar = calendar_of(unit);
  return calendar == Calendar::kNone ? std::nullopt : std::optional(precision_of(calendar));
}

/// CQL 1.5, B.8.1 Add.
Value op_AddTemporal(Run& run, const Call& call) { return move(run, call, false); }

/// CQL 1.5, B.8.18 Subtract.
Value op_SubtractTemporal(Run& run, const Call& call) { return move(run, call, true); }

/// CQL 1.5, developer's guide, timing phrases: the boundary plus the offset.
Value op_AddOffset(Run& run, const Call& call) { return move_boundary(run, call, false); }
Value op_SubtractOffset(Run& run, const Call& call) { return move_boundary(run, call, true); }

}  // namespace vigil
