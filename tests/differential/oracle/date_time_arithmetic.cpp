// SPDX-License-Identifier: Apache-2.0
// Dates and times moved by the calendar (B.8.1, B.8.17), steps and limits (B.5).
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

constexpr int64_t kMillisecondsPerDay = 86'400'000;

/// A year and a month of the years 1 to 9999; none beyond.
bool set_month(Moment& m, const BigInteger& months_since_0001) {
  if (months_since_0001 < 0 || months_since_0001 >= 9999 * 12) return false;
  const auto months = static_cast<int>(months_since_0001);
  m.parts[kYear] = months / 12 + 1;
  m.parts[kMonth] = months % 12 + 1;
  return true;
}

/// The date of a day number, by going through years and months.
bool set_day(Moment& m, const BigInteger& days_since_0001) {
  if (days_since_0001 < 0 || days_since_0001 > day_number(9999, 12, 31)) return false;
  const auto days = static_cast<int64_t>(days_since_0001);
  int year = static_cast<int>(days / 366) + 1;
  while (year < 9999 && day_number(year + 1, 1, 1) <= days) ++year;
  int month = 1;
  while (month < 12 && day_number(year, month + 1, 1) <= days) ++month;
  m.parts[kYear] = year;
  m.parts[kMonth] = month;
  m.parts[kDay] = static_cast<int>(days - day_number(year, month, 1)) + 1;
  return true;
}

BigInteger floor_divide(const BigInteger& a, const BigInteger& b) {
  BigInteger q = a / b;
  if (a % b != 0 && a < 0) q -= 1;
  return q;
}

Value add_months(const Value& to, const BigInteger& count) {
  Value out = to;
  auto& m = out.moment;
  if (!set_month(m, BigInteger((m.parts[kYear] - 1) * 12 + m.parts[kMonth] - 1) + count)) return {};
  m.parts[kDay] = std::min(m.parts[kDay], days_in_month(m.parts[kYear], m.parts[kMonth]));
  return out;
}

constexpr int64_t kLengths[] = {0, 0, 86400000, 3600000, 60000, 1000, 1};

/// "3 days" as its part and count; a week is seven days. None where the unit is no unit of time.
struct Step {
  int part;
  int times;
};
std::optional<Step> step_of(const Value& amount) {
  static constexpr std::tuple<const char*, const char*, int, int> kUnits[] = {
      {"year", "a", kYear, 1},     {"month", "mo", kMonth, 1},
      {"week", "wk", kDay, 7},     {"day", "d", kDay, 1},
      {"hour", "h", kHour, 1},     {"minute", "min", kMinute, 1},
      {"second", "s", kSecond, 1}, {"millisecond", "ms", kMillisecond, 1}};
  for (const auto& [word, ucum, part, times] : kUnits) {
    const bool definite = amount.text == ucum;
    if (definite && part < kDay) throw NotCovered("definite years and months");
    if (definite || amount.text == word || amount.text == word + std::string("s")) return Step{part, times};
  }
  return std::nullopt;
}

/// A number of finer parts as one of coarser ones, the rest cut off: 18 months are 1 year (B.8.1).
BigInteger coarser(BigInteger count, int from, int to) {
  static constexpr int kPerCoarser[] = {1, 12, 30, 24, 60, 60, 1000};
  if (from == kDay && to == kYear) return count / 365;
  if (from > kDay && to == kYear) return coarser(count, from, kDay) / 365;
  for (; from > to; --from) count /= kPerCoarser[from];
  return count;
}

Value moved_or_null(const Value& from, const Value& amount, int sign) {
  if (from.is_null() || amount.is_null()) return {};
  const auto step = step_of(amount);
  if (!step || (from.kind == Kind::kTime && step->part < kHour)) return {};
  // Only seconds have a fraction.
  int part = step->part;
  BigInteger count = amount.number / kDecimalUnit * step->times;
  if (part == kSecond && from.moment.has(kMillisecond)) {
    part = kMillisecond;
    count = amount.number * 1000 / kDecimalUnit;
  }
  if (part > from.moment.finest()) {
    count = coarser(count, part, from.moment.finest());
    part = from.moment.finest();
  }
  return add_parts(from, part, sign * count);
}

Value moved(const Value& from, const Value& amount, int sign) {
  const bool given = !from.is_null() && !amount.is_null();
  const auto step = given ? step_of(amount) : std::nullopt;
  auto result = moved_or_null(from, amount, sign);
  const bool possible = step && (from.kind != Kind::kTime || step->part >= kHour);
  if (result.is_null() && possible) throw EvaluationError("beyond the calendar");  // as HL7's tests have it
  return result;
}

Value stepped(const Value& value, int sign) {
  switch (value.kind) {
    case Kind::kInteger:
    case Kind::kLong: return whole(value.kind, value.number + sign);
    case Kind::kDecimal:
    case Kind::kQuantity: {
      const BigInteger next = value.number + sign;
      if (sign * value.number >= maximum("Decimal").number) return {};
      return value.kind == Kind::kDecimal ? decimal(next) : quantity(next, value.text);
    }
    case Kind::kDate:
    case Kind::kDateTime: return add_parts(value, value.moment.finest(), sign);
    case Kind::kTime: {
      const auto moved_time = add_parts(value, value.moment.finest(), sign);
      // Beyond the last or first time of day there is none.
      const auto order = compare_moments(moved_time, value, std::nullopt, value);
      return order.value_or(0) == sign ? moved_time : Value();
    }
    default: return {};
  }
}

Value limit(const std::string& type, bool greatest) {
  const int sign = greatest ? 1 : -1;
  if (type == "Integer" || type == "Long") {
    const BigInteger power = BigInteger(1) << (type == "Integer" ? 31 : 63);
    return whole(type == "Integer" ? Kind::kInteger : Kind::kLong,
                 greatest ? BigInteger(power - 1) : BigInteger(-power));
  }
  const BigInteger largest("9999999999999999999999999999");
  if (type == "Decimal") return decimal(sign * largest);
  if (type == "Quantity") return quantity(sign * largest, "1");
  Moment m;
  if (greatest) m.parts = {9999, 12, 31, 23, 59, 59, 999};
  m.first = type == "Time" ? kHour : kYear;
  m.last = type == "Date" ? kHour : kPartCount;
  if (type == "Time") m.parts[kYear] = m.parts[kMonth] = m.parts[kDay] = 1;
  if (type == "Date") return temporal(Kind::kDate, m);
  if (type == "DateTime") return temporal(Kind::kDateTime, m);
  if (type == "Time") return temporal(Kind::kTime, m);
  return {};
}

}  // namespace

Value add_parts(const Value& to, int part, const BigInteger& count) {
  if (part == kYear) return add_months(to, count * 12);
  if (part == kMonth) return add_months(to, count);
  Value out = to;
  auto& m = out.moment;
  const auto& p = to.moment.parts;
  const BigInteger within = ((p[kHour] * int64_t{60} + p[kMinute]) * 60 + p[kSecond]) * 1000 + p[kMillisecond];
  const BigInteger all = within + count * kLengths[part];
  const BigInteger days = floor_divide(all, kMillisecondsPerDay);
  auto rest = static_cast<int64_t>(BigInteger(all - days * kMillisecondsPerDay));
  if (to.kind != Kind::kTime && !set_day(m, day_number(p[kYear], p[kMonth], p[kDay]) + days)) return {};
  for (int each = kHour; each < kPartCount; ++each) {
    m.parts[static_cast<size_t>(each)] = static_cast<int>(rest / kLengths[each]);
    rest %= kLengths[each];
  }
  return out;
}

Value minimum(const std::string& type) { return limit(type, false); }
Value maximum(const std::string& type) { return limit(type, true); }
Value successor(const Value& value) { return value.is_null() ? value : stepped(value, 1); }
Value predecessor(const Value& value) { return value.is_null() ? value : stepped(value, -1); }

void add_date_time_arithmetic(Operations& to) {
  to["AddTemporal"] = [](const Call& c) { return moved(c[0], c[1], 1); };
  to["SubtractTemporal"] = [](const Call& c) { return moved(c[0], c[1], -1); };
  // In a timing phrase it is undecided: "3 days after" what never ends.
  to["AddOffset"] = [](const Call& c) { return moved_or_null(c[0], c[1], 1); };
  to["SubtractOffset"] = [](const Call& c) { return moved_or_null(c[0], c[1], -1); };
  // Beyond the last value there is no next one: an error, as HL7's tests have it.
  to["Successor"] = [](const Call& c) {
    auto next = successor(c[0]);
    if (next.is_null() && !c[0].is_null()) throw EvaluationError("no next value");
    return next;
  };
  to["Predecessor"] = [](const Call& c) {
    auto before = predecessor(c[0]);
    if (before.is_null() && !c[0].is_null()) throw EvaluationError("no value before");
    return before;
  };
}

}  // namespace vigil::oracle
