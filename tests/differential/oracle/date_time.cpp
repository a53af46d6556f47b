// SPDX-License-Identifier: Apache-2.0
// Dates and times (B.7): comparison to a precision, components, construction, counts between.
#include <functional>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

/// Both ends of what a partial date or time may be: every part that is not known at its least, or at its greatest.
Value extreme(const Value& v, bool greatest) {
  Value out = v;
  auto& m = out.moment;
  const int end = v.kind == Kind::kDate ? kHour : kPartCount;
  // Without milliseconds a second ends in .000 (B.1 DateTime).
  for (int part = m.last; part < end; ++part) {
    const bool exact = part == kMillisecond && v.moment.has(kSecond);
    static constexpr int kGreatest[] = {9999, 12, 0, 23, 59, 59, 999};
    static constexpr int kLeast[] = {1, 1, 1, 0, 0, 0, 0, 0};
    auto& number = m.parts[static_cast<size_t>(part)];
    number = greatest && !exact ? kGreatest[part] : kLeast[part];
    if (part == kDay && greatest) number = days_in_month(m.parts[kYear], m.parts[kMonth]);
  }
  m.last = end;
  return out;
}

/// Milliseconds since 0001-01-01T00:00, by the clock on the wall, or in the offset of the evaluation.
int64_t milliseconds(const Moment& m) {
  const auto& p = m.parts;
  return (((day_number(p[kYear], p[kMonth], p[kDay]) * 24 + p[kHour]) * 60 + p[kMinute]) * 60 + p[kSecond]) * 1000 +
         p[kMillisecond];
}

Value in_offset_of(const Value& v, const Value& now, int precision) {
  if (v.kind != Kind::kDateTime || precision < kHour) return v;
  const int shift = *now.moment.offset - v.moment.offset.value_or(*now.moment.offset);
  return shift == 0 ? v : add_parts(v, kMinute, shift);
}

/// Whole calendar periods from `low` to `high`, both fully known, low not after high.
int64_t whole_periods(const Value& low, const Value& high, int part, int64_t size) {
  const auto& a = low.moment.parts;
  const auto& b = high.moment.parts;
  if (part > kMonth) {
    static constexpr int64_t kLengths[] = {0, 0, 86400000, 3600000, 60000, 1000, 1};
    return (milliseconds(high.moment) - milliseconds(low.moment)) / (kLengths[part] * size);
  }
  int64_t months = (b[kYear] - a[kYear]) * 12 + b[kMonth] - a[kMonth];
  // Appendix H: a month is whole where the same day and time is reached; of a day the month lacks, the one after it.
  const bool reached = !std::lexicographical_compare(b.begin() + kDay, b.end(), a.begin() + kDay, a.end());
  if (months > 0 && !reached) --months;
  return part == kYear ? months / 12 : months;
}

int64_t duration(const Value& low, const Value& high, int part, int64_t size) {
  const bool forward = milliseconds(low.moment) <= milliseconds(high.moment);
  return forward ? whole_periods(low, high, part, size) : -whole_periods(high, low, part, size);
}

/// Boundaries crossed: everything finer than the part is cut off. Weeks begin on Sunday (B.8.8).
int64_t difference(const Value& low, const Value& high, int part, int64_t size) {
  const auto index = [&](const Moment& m) -> int64_t {
    if (part == kYear) return m.parts[kYear];
    if (part == kMonth) return m.parts[kYear] * 12 + m.parts[kMonth];
    static constexpr int64_t kLengths[] = {0, 0, 86400000, 3600000, 60000, 1000, 1};
    const int64_t count = milliseconds(m) / kLengths[part];
    return size == 1 ? count : (count + 1) / 7;  // 0001-01-01 was a Monday
  };
  return index(high.moment) - index(low.moment);
}

using Counter = int64_t (*)(const Value&, const Value&, int, int64_t);

Value between(const Call& c, Counter count) {
  if (c.any_null()) return {};
  const int part = static_cast<int>(c.expr.a);
  const int64_t size = c.expr.b == 1 ? 7 : 1;
  const auto low = in_offset_of(c[0], c.now, part);
  const auto high = in_offset_of(c[1], c.now, part);
  if (low.is_null() || high.is_null()) throw NotCovered("beyond the calendar in the offset of the evaluation");
  // Of times the unit is enough (HL7's tests: hours between @T06 and @T07:00:00 is 1).
  const bool exact_low = low.kind == Kind::kTime && low.moment.has(part);
  const bool exact_high = high.kind == Kind::kTime && high.moment.has(part);
  const auto least = count(extreme(low, !exact_low), extreme(high, false), part, size);
  const auto most = count(extreme(low, false), extreme(high, !exact_high), part, size);
  return uncertain(whole(Kind::kInteger, std::min(least, most)), whole(Kind::kInteger, std::max(least, most)));
}

Value ordered(const Call& c, const std::function<bool(int)>& holds) {
  if (c.any_null()) return {};
  const auto order = compare_moments(c[0], c[1], c.precision(), c.now);
  return order ? boolean(holds(*order)) : Value();
}

/// Date(year, month …), DateTime(…), Time(hour …): no part may follow one that is not given.
Value construct(const Call& c, Kind kind) {
  Moment m;
  m.first = m.last = kind == Kind::kTime ? kHour : kYear;
  const size_t count = std::min<size_t>(c.size(), kind == Kind::kTime ? 4 : 7);
  static constexpr int kLeast[] = {1, 1, 1, 0, 0, 0, 0, 0};
  static constexpr int kGreatest[] = {9999, 12, 31, 23, 59, 59, 999};
  for (size_t i = 1; i < count; ++i)
    if (c[i - 1].is_null() && !c[i].is_null()) return {};
  for (size_t i = 0; i < count && !c[i].is_null(); ++i) {
    const auto part = static_cast<size_t>(m.first) + i;
    if (c[i].number < kLeast[part] || c[i].number > kGreatest[part]) throw EvaluationError("component");
    m.parts[part] = static_cast<int>(c[i].number);
    m.last = static_cast<int>(part) + 1;
  }
  if (m.last == m.first) return {};
  if (m.has(kDay) && m.parts[kDay] > days_in_month(m.parts[kYear], m.parts[kMonth])) throw EvaluationError("day");
  if (c.size() > 7 && !c[7].is_null()) {
    const BigInteger minutes = c[7].number * 60 / kDecimalUnit;
    if (minutes < -14 * 60 || minutes > 14 * 60) throw EvaluationError("offset");
    m.offset = static_cast<int>(minutes);
  }
  return temporal(kind, m);
}

Value component(const Call& c) {
  const int part = static_cast<int>(c.expr.a);
  if (c.any_null() || !c[0].moment.has(part)) return {};
  return whole(Kind::kInteger, c[0].moment.parts[static_cast<size_t>(part)]);
}

Value date_from(const Call& c) {
  if (c.any_null()) return {};
  return temporal(Kind::kDate, cut(c[0].moment, kHour));
}

/// By the clock it was written with, as the example of B.8.7 has it (its words say: in the offset of the evaluation).
Value time_from(const Call& c) {
  if (c.any_null() || !c[0].moment.has(kHour)) return {};
  Moment m = c[0].moment;
  m.parts[kYear] = m.parts[kMonth] = m.parts[kDay] = 1;
  m.first = kHour;
  m.offset.reset();
  return temporal(Kind::kTime, m);
}

Value part_of_now(const Call& c, Kind kind) {
  Moment m = cut(c.now.moment, kind == Kind::kDate ? kHour : kPartCount);
  if (kind == Kind::kTime) {
    m.parts[kYear] = m.parts[kMonth] = m.parts[kDay] = 1;
    m.first = kHour;
  }
  return temporal(kind, m);
}

}  // namespace

Moment cut(Moment m, int last) {
  static constexpr int kLeast[] = {1, 1, 1, 0, 0, 0, 0, 0};
  m.offset.reset();
  for (int part = last; part < kPartCount; ++part) m.parts[static_cast<size_t>(part)] = kLeast[part];
  m.last = std::min(m.last, last);
  return m;
}

int days_in_month(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

int64_t day_number(int year, int month, int day) {
  const int64_t before = year - 1;
  int64_t days = before * 365 + before / 4 - before / 100 + before / 400 + day - 1;
  for (int m = 1; m < month; ++m) days += days_in_month(year, m);
  return days;
}

void add_date_time(Operations& to) {
  to["SameAs"] = [](const Call& c) { return ordered(c, [](int order) { return order == 0; }); };
  to["SameOrBefore"] = [](const Call& c) { return ordered(c, [](int order) { return order <= 0; }); };
  to["SameOrAfter"] = [](const Call& c) { return ordered(c, [](int order) { return order >= 0; }); };
  to["Before"] = [](const Call& c) { return ordered(c, [](int order) { return order < 0; }); };
  to["After"] = [](const Call& c) { return ordered(c, [](int order) { return order > 0; }); };
  to["DurationBetween"] = [](const Call& c) { return between(c, duration); };
  to["DifferenceBetween"] = [](const Call& c) { return between(c, difference); };
  to["AgeAt"] = to["DurationBetween"];
  to["ComponentFrom"] = component;
  to["TimezoneOffsetFrom"] = [](const Call& c) {
    if (c.any_null() || !c[0].moment.has(kHour)) return Value();
    const int minutes = c[0].moment.offset.value_or(*c.now.moment.offset);
    return decimal(divide_rounded(minutes * kDecimalUnit, 60));
  };
  to["DateFrom"] = date_from;
  to["TimeFrom"] = time_from;
  to["MakeDate"] = [](const Call& c) { return construct(c, Kind::kDate); };
  to["MakeDateTime"] = [](const Call& c) { return construct(c, Kind::kDateTime); };
  to["MakeTime"] = [](const Call& c) { return construct(c, Kind::kTime); };
  to["Now"] = [](const Call& c) { return c.now; };
  to["Today"] = [](const Call& c) { return part_of_now(c, Kind::kDate); };
  to["TimeOfDay"] = [](const Call& c) { return part_of_now(c, Kind::kTime); };
}

}  // namespace vigil::oracle
