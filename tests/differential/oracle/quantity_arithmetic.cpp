// SPDX-License-Identifier: Apache-2.0
// Quantities (B.5): addition in the finer of both units, products with the product of the units.
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

Value sum(const Value& a, const Value& b, int sign) {
  const auto common = is_finer_unit(b.text, a.text) ? b.text : a.text;
  const auto x = convert_unit(a.number, a.text, common);
  const auto y = convert_unit(b.number, b.text, common);
  if (!x || !y) return {};
  return quantity(divide_rounded(x->numerator * y->denominator + sign * y->numerator * x->denominator,
                                 x->denominator * y->denominator),
                  common);
}

/// Both in the finer unit, cut to whole steps of `b`; none where they have different dimensions or `b` is 0.
struct Division {
  BigInteger a;
  BigInteger b;
  std::string unit;
};
std::optional<Division> division(const Value& a, const Value& b) {
  const auto unit = a.text == b.text || is_finer_unit(a.text, b.text) ? a.text : b.text;
  const auto x = convert_unit(a.number, a.text, unit);
  const auto y = convert_unit(b.number, b.text, unit);
  if (!x || !y || b.number == 0) return std::nullopt;
  return Division{x->numerator * y->denominator, y->numerator * x->denominator, unit};
}

/// A product or quotient. Where both units measure the same they are one unit first; where some of their parts do, UCUM
/// leaves the unit's form open.
Value product(const Value& a, const Value& b, int power) {
  if (is_calendar_unit(a.text) || is_calendar_unit(b.text)) throw NotCovered("product of calendar durations");
  Value left = a;
  Value right = b;
  if (shares_dimensions(a.text, b.text) && a.text != b.text) {
    const auto unit = is_finer_unit(b.text, a.text) ? b.text : a.text;
    const auto x = convert_unit(a.number, a.text, unit);
    const auto y = convert_unit(b.number, b.text, unit);
    if (!x || !y || x->numerator % x->denominator != 0 || y->numerator % y->denominator != 0)
      throw NotCovered("product of units that share dimensions");
    left.number = x->numerator / x->denominator;
    right.number = y->numerator / y->denominator;
    left.text = right.text = unit;
  }
  const auto unit = unit_product(left.text, right.text, power);
  return power > 0 ? quantity(divide_rounded(left.number * right.number, kDecimalUnit), unit)
                   : quantity(divide_rounded(left.number * kDecimalUnit, right.number), unit);
}

}  // namespace

void add_quantity_arithmetic(Operations& to) {
  to["AddQuantity"] = [](const Call& c) { return c.any_null() ? Value() : sum(c[0], c[1], 1); };
  to["SubtractQuantity"] = [](const Call& c) { return c.any_null() ? Value() : sum(c[0], c[1], -1); };
  to["NegateQuantity"] = [](const Call& c) { return c.any_null() ? Value() : quantity(-c[0].number, c[0].text); };
  to["AbsQuantity"] = [](const Call& c) { return c.any_null() ? Value() : quantity(abs(c[0].number), c[0].text); };
  to["MultiplyQuantity"] = [](const Call& c) { return c.any_null() ? Value() : product(c[0], c[1], 1); };
  to["DivideQuantity"] = [](const Call& c) {
    return c.any_null() || c[1].number == 0 ? Value() : product(c[0], c[1], -1);
  };
  to["ConvertQuantity"] = [](const Call& c) {
    if (c.any_null()) return Value();
    const auto converted = convert_unit(c[0].number, c[0].text, c[1].text);
    return converted ? quantity(divide_rounded(converted->numerator, converted->denominator), c[1].text) : Value();
  };
  to["CanConvertQuantity"] = [](const Call& c) {
    return c.any_null() ? Value() : boolean(convert_unit(c[0].number, c[0].text, c[1].text).has_value());
  };
  to["DivQuantity"] = [](const Call& c) {
    if (c.any_null()) return Value();
    const auto d = division(c[0], c[1]);
    if (d && c[0].text != c[1].text) throw NotCovered("div of two units");
    return d ? quantity(d->a / d->b * kDecimalUnit, d->unit) : Value();
  };
  to["ModQuantity"] = [](const Call& c) {
    if (c.any_null()) return Value();
    const auto d = division(c[0], c[1]);
    if (d && c[0].text != c[1].text) throw NotCovered("mod of two units");
    return d ? quantity(d->a - d->a / d->b * d->b, d->unit) : Value();
  };
}

}  // namespace vigil::oracle
