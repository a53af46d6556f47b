// SPDX-License-Identifier: Apache-2.0
// Comparison, equivalence, conversion and text of quantities.
#include "values/quantity.h"

#include "values/decimal.h"

namespace vigil {
namespace {

using ucum::Calendar;

std::string_view unit_or_one(std::string_view unit) { return unit.empty() ? "1" : unit; }

bool is_year_or_month(Calendar c) { return c == Calendar::kYear || c == Calendar::kMonth; }

/// Years and months as months.
std::optional<Decimal> in_months(Decimal value, Calendar unit) {
  return unit == Calendar::kYear ? mul(value, decimal_from_int64(12)) : value;
}

/// The calendar unit that a definite duration is equivalent to: of 'a' a year, of 'd' a day.
Calendar calendar_of_ucum(std::string_view unit) {
  for (auto c = Calendar::kYear; c <= Calendar::kMillisecond; c = static_cast<Calendar>(static_cast<int>(c) + 1)) {
    if (ucum::ucum_code(c) == unit) return c;
  }
  return Calendar::kNone;
}

Calendar equivalent_calendar(std::string_view unit) {
  const Calendar calendar = ucum::calendar_unit(unit);
  return calendar != Calendar::kNone ? calendar : calendar_of_ucum(unit);
}

int64_t milliseconds_in(Calendar unit) {
  constexpr int64_t kDay = 86'400'000;
  switch (unit) {
    case Calendar::kYear: return 365 * kDay;
    case Calendar::kMonth: return 30 * kDay;
    case Calendar::kWeek: return 7 * kDay;
    case Calendar::kDay: return kDay;
    case Calendar::kHour: return 3'600'000;
    case Calendar::kMinute: return 60'000;
    case Calendar::kSecond: return 1000;
    default: return 1;
  }
}

/// 1 year ~ 12 months, 1 month ~ 30 days, 1 year ~ 365 days.
bool equivalent_durations(Decimal a, Calendar unit_a, Decimal b, Calendar unit_b) {
  if (unit_a == unit_b) return equivalent(a, b);
  const bool by_months = is_year_or_month(unit_a) && is_year_or_month(unit_b);
  const auto common = [by_months](Decimal value, Calendar unit) {
    return by_months ? in_months(value, unit) : mul(value, decimal_from_int64(milliseconds_in(unit)));
  };
  const auto left = common(a, unit_a), right = common(b, unit_b);
  return left && right && equivalent(*left, *right);
}

}  // namespace

ResolvedUnit resolve_unit(std::string_view unit) {
  const Calendar calendar = ucum::calendar_unit(unit);
  if (is_year_or_month(calendar)) return {calendar, std::nullopt};
  return {calendar, ucum::parse(calendar == Calendar::kNone ? unit : ucum::ucum_code(calendar))};
}

bool same_unit(std::string_view a, std::string_view b) {
  if (unit_or_one(a) == unit_or_one(b)) return true;
  const Calendar calendar = ucum::calendar_unit(a);
  return calendar != Calendar::kNone && calendar == ucum::calendar_unit(b);
}

Comparison compare(Decimal a, const ResolvedUnit& unit_a, Decimal b, const ResolvedUnit& unit_b) {
  if (is_year_or_month(unit_a.calendar) && is_year_or_month(unit_b.calendar)) {
    const auto left = in_months(a, unit_a.calendar), right = in_months(b, unit_b.calendar);
    return left && right ? comparison_of(compare(*left, *right)) : Comparison::kUnknown;
  }
  if (!unit_a.ucum || !unit_b.ucum) return Comparison::kUnknown;
  return ucum::compare(a, *unit_a.ucum, b, *unit_b.ucum);
}

Comparison compare(const Quantity& a, const Quantity& b) {
  if (same_unit(a.unit, b.unit)) return comparison_of(compare(a.value, b.value));
  return compare(a.value, resolve_unit(a.unit), b.value, resolve_unit(b.unit));
}

bool equivalent(const Quantity& a, const Quantity& b) {
  if (same_unit(a.unit, b.unit)) return equivalent(a.value, b.value);
  const ResolvedUnit unit_a = resolve_unit(a.unit), unit_b = resolve_unit(b.unit);
  if (is_year_or_month(unit_a.calendar) || is_year_or_month(unit_b.calendar)) {
    const Calendar left = equivalent_calendar(a.unit), right = equivalent_calendar(b.unit);
    return left != Calendar::kNone && right != Calendar::kNone && equivalent_durations(a.value, left, b.value, right);
  }
  if (!unit_a.ucum || !unit_b.ucum || !ucum::commensurable(*unit_a.ucum, *unit_b.ucum)) return false;
  const bool a_is_finer = ucum::ratio(*unit_a.ucum, *unit_b.ucum) < 1;
  const auto converted = a_is_finer ? ucum::convert(b.value, *unit_b.ucum, *unit_a.ucum)
                                    : ucum::convert(a.value, *unit_a.ucum, *unit_b.ucum);
  return converted && equivalent(*converted, a_is_finer ? a.value : b.value);
}

std::optional<Decimal> convert_to(const Quantity& q, std::string_view unit) {
  if (same_unit(q.unit, unit)) return q.value;
  const ResolvedUnit from = resolve_unit(q.unit), to = resolve_unit(unit);
  if (is_year_or_month(from.calendar) && is_year_or_month(to.calendar)) {
    const auto twelve = decimal_from_int64(12);
    return to.calendar == Calendar::kMonth ? mul(q.value, twelve) : div(q.value, twelve);
  }
  if (!from.ucum || !to.ucum) return std::nullopt;
  return ucum::convert(q.value, *from.ucum, *to.ucum);
}

QuantityText to_string(const Quantity& q) {
  QuantityText text;
  const DecimalText number = to_string(q.value);
  const auto digits = number.view();
  text.append(digits.ends_with(".0") ? digits.substr(0, digits.size() - 2) : digits).append(' ');
  if (ucum::calendar_unit(q.unit) != Calendar::kNone) return text.append(q.unit), text;
  return text.append('\'').append(unit_or_one(q.unit).substr(0, 128)).append('\''), text;
}

std::optional<Quantity> parse_quantity(std::string_view text) {
  size_t end = text.find_first_of(" '");
  if (end == std::string_view::npos) end = text.size();
  const auto value = parse_decimal(text.substr(0, end));
  if (!value) return std::nullopt;
  auto unit = text.substr(end);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (unit.empty()) return end == text.size() ? std::optional<Quantity>({*value, "1"}) : std::nullopt;
  if (unit.front() != '\'') {
    return ucum::calendar_unit(unit) == Calendar::kNone ? std::nullopt : std::optional<Quantity>({*value, unit});
  }
  if (unit.size() < 3 || unit.back() != '\'') return std::nullopt;
  return Quantity{*value, unit.substr(1, unit.size() - 2)};
}

}  // namespace vigil
