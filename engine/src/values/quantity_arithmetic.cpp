// SPDX-License-Identifier: Apache-2.0
// Arithmetic on quantities, and the units of its results.
#include "values/decimal.h"
#include "values/quantity.h"
#include "values/unit_product.h"

namespace vigil {
namespace {

/// Two values in one unit.
struct Aligned {
  Decimal a;
  Decimal b;
  std::string_view unit;
};

std::string_view unit_or_one(std::string_view unit) { return unit.empty() ? "1" : unit; }

bool is_finer(const ResolvedUnit& a, const ResolvedUnit& b) {
  if (a.ucum && b.ucum) return ucum::ratio(*a.ucum, *b.ucum) < 1;
  return a.calendar == ucum::Calendar::kMonth;
}

bool is_special(const ResolvedUnit& unit) { return unit.ucum && unit.ucum->special != ucum::Special::kNone; }

/// Both in the finer of their units; nullopt where that cannot be.
std::optional<Aligned> align(const Quantity& a, const Quantity& b) {
  if (same_unit(a.unit, b.unit)) return Aligned{a.value, b.value, unit_or_one(a.unit)};
  const ResolvedUnit unit_a = resolve_unit(a.unit), unit_b = resolve_unit(b.unit);
  if (is_special(unit_a) || is_special(unit_b)) return std::nullopt;
  if (is_finer(unit_b, unit_a)) {
    const auto converted = convert_to(a, b.unit);
    return converted ? std::optional<Aligned>({*converted, b.value, b.unit}) : std::nullopt;
  }
  const auto converted = convert_to(b, a.unit);
  return converted ? std::optional<Aligned>({a.value, *converted, a.unit}) : std::nullopt;
}

std::optional<QuantityResult> result(std::optional<Decimal> value, std::string_view unit) {
  if (!value) return std::nullopt;
  QuantityResult r{*value, {}};
  r.unit.append(unit);
  return r.unit.overflowed() ? std::nullopt : std::optional<QuantityResult>(r);
}

std::string_view definite(std::string_view unit) {
  const auto calendar = ucum::calendar_unit(unit);
  return calendar == ucum::Calendar::kNone ? unit_or_one(unit) : ucum::ucum_code(calendar);
}

/// Of one dimension that is not a mere number: grams with milligrams, but not moles with percent.
bool share_dimension(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto unit_a = ucum::parse(a), unit_b = ucum::parse(b);
  const ucum::Unit one;
  return unit_a && unit_b && ucum::commensurable(*unit_a, *unit_b) && !ucum::commensurable(*unit_a, one);
}

std::optional<QuantityResult> mul_or_div(const Quantity& a, const Quantity& b, bool divide) {
  const auto compute = [divide](Decimal x, Decimal y) { return divide ? div(x, y) : mul(x, y); };
  const auto unit_a = definite(a.unit), unit_b = definite(b.unit);
  if (unit_b == "1") return result(compute(a.value, b.value), unit_or_one(a.unit));
  if (unit_a == "1" && !divide) return result(compute(a.value, b.value), unit_or_one(b.unit));
  Aligned operands{a.value, b.value, {}};
  std::string_view common_a = unit_a, common_b = unit_b;
  if (share_dimension(unit_a, unit_b)) {
    const auto aligned = align({a.value, unit_a}, {b.value, unit_b});
    if (!aligned) return std::nullopt;
    operands = *aligned;
    common_a = common_b = operands.unit;
  }
  // An unknown unit divided by itself still gives a number.
  if (divide && common_a == common_b && !is_special(resolve_unit(common_a))) {
    return result(div(operands.a, operands.b), "1");
  }
  UnitText unit;
  if (!join_units(common_a, common_b, divide, unit)) return std::nullopt;
  return result(compute(operands.a, operands.b), unit.view());
}

}  // namespace

std::optional<QuantityResult> add(const Quantity& a, const Quantity& b) {
  const auto operands = align(a, b);
  return operands ? result(add(operands->a, operands->b), operands->unit) : std::nullopt;
}

std::optional<QuantityResult> sub(const Quantity& a, const Quantity& b) {
  const auto operands = align(a, b);
  return operands ? result(sub(operands->a, operands->b), operands->unit) : std::nullopt;
}

std::optional<QuantityResult> mul(const Quantity& a, const Quantity& b) { return mul_or_div(a, b, false); }
std::optional<QuantityResult> div(const Quantity& a, const Quantity& b) { return mul_or_div(a, b, true); }

std::optional<QuantityResult> truncated_div(const Quantity& a, const Quantity& b) {
  const auto operands = align(a, b);
  return operands ? result(truncated_div(operands->a, operands->b), unit_or_one(a.unit)) : std::nullopt;
}

std::optional<QuantityResult> modulo(const Quantity& a, const Quantity& b) {
  const auto operands = align(a, b);
  if (!operands) return std::nullopt;
  const auto remainder = modulo(operands->a, operands->b);
  if (!remainder) return std::nullopt;
  return result(convert_to({*remainder, operands->unit}, a.unit), unit_or_one(a.unit));
}

}  // namespace vigil
