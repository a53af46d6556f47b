// SPDX-License-Identifier: Apache-2.0
// Comparing, counting and taking apart dates and times (CQL 1.5, B.8 Date and Time Operators).
#include "diagnostics/catalogue.h"
#include "evaluation/equality.h"
#include "evaluation/results.h"
#include "values/temporal.h"
#include "values/temporal_arithmetic.h"

namespace vigil {
namespace {

Comparison compare_at(const Run& run, const Call& call) {
  return compare(call[0].temporal, call[1].temporal, precision_of(call), run.default_offset());
}

DurationUnit unit_of(const Call& call) {
  if (call.b == 1) return DurationUnit::kWeek;
  switch (static_cast<Precision>(call.a)) {
    case Precision::kYear: return DurationUnit::kYear;
    case Precision::kMonth: return DurationUnit::kMonth;
    case Precision::kDay: return DurationUnit::kDay;
    case Precision::kHour: return DurationUnit::kHour;
    case Precision::kMinute: return DurationUnit::kMinute;
    case Precision::kSecond: return DurationUnit::kSecond;
    case Precision::kMillisecond: return DurationUnit::kMillisecond;
  }
  return DurationUnit::kMillisecond;
}

/// Where several answers are possible, all from the least to the greatest.
Value count_result(Run& run, const std::optional<UncertainCount>& count) {
  if (!count) return Value::null();
  const auto low = integer_of(count->low), high = integer_of(count->high);
  if (count->certain() || low.is_null() || high.is_null()) return count->certain() ? low : Value::null();
  return Value::of_uncertain(run.arena().make<IntervalValue>(IntervalValue{low, high, true, true}));
}

Value duration(Run& run, const Call& call) {
  return count_result(
      run, duration_between(call[0].kind, call[0].temporal, call[1].temporal, unit_of(call), run.default_offset()));
}

/// The parts of a selector; those after a null must be null too, else there is no such value.
class PartReader {
 public:
  PartReader(const Call& call, uint32_t count) : call_(call), count_(count) {}

  /// How many parts are given before the first null; none where one follows it.
  std::optional<uint32_t> given() const {
    uint32_t given = 0;
    while (given < count_ && given < call_.count && !call_[given].is_null()) ++given;
    for (auto i = given; i < count_ && i < call_.count; ++i)
      if (!call_[i].is_null()) return std::nullopt;
    return given;
  }
  /// Part `i`, or the least value; out of range it becomes one that no part can have.
  template <class Part>
  void read(uint32_t i, uint32_t given, Part& part) const {
    if (i >= given) return;
    const auto number = call_[i].integer;
    constexpr auto kNone = std::numeric_limits<Part>::max();
    part = number < 0 || number > kNone ? kNone : static_cast<Part>(number);
  }

 private:
  const Call& call_;
  uint32_t count_;
};

Value checked(Run& run, const Call& call, Kind kind, const Temporal& value) {
  if (validate(kind, value) != TemporalError::kNone || value.millisecond > 999)
    run.fail(make_diagnostic<Code::VGL0908>(call.span, kind == Kind::kTime ? "the time" : "the date"));
  return Value::of(kind, value);
}

/// An offset in hours as minutes; none where it is no whole number of them.
std::optional<int16_t> offset_of(Decimal hours) {
  const auto minutes = mul(hours, decimal_from_int64(60));
  if (!minutes || !is_whole(*minutes)) return std::nullopt;
  const auto whole = truncate(*minutes);
  if (!whole || *whole > kMaxOffsetMinutes || *whole < -kMaxOffsetMinutes) return std::nullopt;
  return static_cast<int16_t>(*whole);
}

}  // namespace

/// CQL 1.5, B.8.15 Same As.
Value op_SameAs(Run& run, const Call& call) { return value_of(is_equal(compare_at(run, call))); }

/// CQL 1.5, B.8.16 Same Or Before.
Value op_SameOrBefore(Run& run, const Call& call) { return value_of(is_less_or_equal(compare_at(run, call))); }

/// CQL 1.5, B.8.17 Same Or After.
Value op_SameOrAfter(Run& run, const Call& call) { return value_of(is_greater_or_equal(compare_at(run, call))); }

/// CQL 1.5, B.8.3 Before.
Value op_Before(Run& run, const Call& call) { return value_of(is_less(compare_at(run, call))); }

/// CQL 1.5, B.8.2 After.
Value op_After(Run& run, const Call& call) { return value_of(is_greater(compare_at(run, call))); }

/// CQL 1.5, B.8.9 Duration: whole units.
Value op_DurationBetween(Run& run, const Call& call) { return duration(run, call); }

/// CQL 1.5, B.8.8 Difference: boundaries crossed.
Value op_DifferenceBetween(Run& run, const Call& call) {
  return count_result(
      run, difference_between(call[0].kind, call[0].temporal, call[1].temporal, unit_of(call), run.default_offset()));
}

/// CQL 1.5, B.12.1 Age At, B.12.2 CalculateAgeAt. Who is born later than that has no age: the date of birth is wrong,
/// and what it should be is not known.
Value op_AgeAt(Run& run, const Call& call) {
  const auto age = duration(run, call);
  const bool is_born_later = order(call[0], call[1], run.default_offset()) == Comparison::kGreater;
  return is_born_later ? age.with_flags(Value::kUndetermined) : age;
}

/// CQL 1.5, B.8.5 Date and Time Component From.
Value op_ComponentFrom(Run&, const Call& call) {
  const auto part = component(call[0].temporal, static_cast<Precision>(call.a));
  return part ? Value::of(static_cast<int32_t>(*part)) : Value::null();
}

/// CQL 1.5, B.8.5 `timezoneoffset from`: that of the request where the value names none; null without a time.
Value op_TimezoneOffsetFrom(Run& run, const Call& call) {
  if (call[0].temporal.precision < Precision::kHour) return Value::null();
  const auto offset = with_offset(call[0].temporal, run.default_offset()).offset_minutes;
  return value_of(div(decimal_from_int64(offset), decimal_from_int64(60)));
}

/// CQL 1.5, B.8.5 `date from`.
Value op_DateFrom(Run&, const Call& call) { return Value::of(Kind::kDate, date_from(call[0].temporal)); }

/// CQL 1.5, B.8.5 `time from`.
Value op_TimeFrom(Run&, const Call& call) {
  const auto time = time_from(call[0].temporal);
  return time ? Value::of(Kind::kTime, *time) : Value::null();
}

/// CQL 1.5, B.8.6 Date. A null part ends the value; a part that no calendar has is an error.
Value op_MakeDate(Run& run, const Call& call) {
  const PartReader parts(call, 3);
  const auto given = parts.given();
  if (!given || *given == 0) return Value::null();
  Temporal date;
  date.precision = static_cast<Precision>(*given - 1);
  parts.read(0, *given, date.year);
  parts.read(1, *given, date.month);
  parts.read(2, *given, date.day);
  return checked(run, call, Kind::kDate, date);
}

/// CQL 1.5, B.8.7 DateTime.
Value op_MakeDateTime(Run& run, const Call& call) {
  const PartReader parts(call, 7);
  const auto given = parts.given();
  if (!given || *given == 0) return Value::null();
  Temporal value;
  value.precision = static_cast<Precision>(*given - 1);
  parts.read(0, *given, value.year);
  parts.read(1, *given, value.month);
  parts.read(2, *given, value.day);
  parts.read(3, *given, value.hour);
  parts.read(4, *given, value.minute);
  parts.read(5, *given, value.second);
  parts.read(6, *given, value.millisecond);
  if (call.count > 7 && !call[7].is_null() && value.precision >= Precision::kHour) {
    const auto offset = offset_of(call[7].decimal);
    if (!offset) run.fail(make_diagnostic<Code::VGL0908>(call.span, "the time zone offset"));
    value.offset_minutes = *offset;
  }
  return checked(run, call, Kind::kDateTime, value);
}

/// CQL 1.5, B.8.19 Time.
Value op_MakeTime(Run& run, const Call& call) {
  const PartReader parts(call, 4);
  const auto given = parts.given();
  if (!given || *given == 0) return Value::null();
  Temporal time;
  time.precision = static_cast<Precision>(static_cast<uint32_t>(Precision::kHour) + *given - 1);
  parts.read(0, *given, time.hour);
  parts.read(1, *given, time.minute);
  parts.read(2, *given, time.second);
  parts.read(3, *given, time.millisecond);
  return checked(run, call, Kind::kTime, time);
}

}  // namespace vigil
