// SPDX-License-Identifier: Apache-2.0
// Quantities (B.5): addition in the finer of both units, products with the product of the units.
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

Value sum(const Value& a, const Value& b, int sign) {
  const auto unit = is_finer_unit(a.text, b.text) ? a.text : b.text;
  const auto common = a.text == b.text ? a.text : unit;
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

}  // namespace

void add_quantity_arithmetic(Operations& to) {
  to["AddQuantity"] = [](const Call& c) { return c.any_null() ? Value() : sum(c[0], c[1], 1); };
  to["SubtractQuantity"] = [](const Call& c) { return c.any_null() ? Value() : sum(c[0], c[1], -1); };
  to["NegateQuantity"] = [](const Call& c) { return c.any_null() ? Value() : quantity(-c[0].number, c[0].text); };
  to["AbsQuantity"] = [](const Call& c) { return c.any_null() ? Value() : quantity(abs(c[0].number), c[0].text); };
  to["MultiplyQuantity"] = [](const Call& c) {
    if (c.any_null()) return Value();
    return quantity(divide_rounded(c[0].number * c[1].number, kDecimalUnit), unit_product(c[0].text, c[1].text, 1));
  };
  to["DivideQuantity"] = [](const Call& c) {
    if (c.any_null() || c[1].number == 0) return Value();
    return quantity(divide_rounded(c[0].number * kDecimalUnit, c[1].number), unit_product(c[0].text, c[1].text, -1));
  };
  to["ConvertQuantity"] = [](const Call& c) {
    if (c.any_null()) return Value();
    const auto converted = convert_unit(c[0].number, c[0].text, c[1].text);
    return converted ? quantity(divide_rounded(converted->numerator, converted->denominator), c[1].text) : Value();
  };
  to["CanConvertQuantity"] = [](const Call& c) {
    return c.any_null() ? Value() : boolean(convert_unit(c[0].number, c[0].text, c[1].text).has_value());
  };
  (void)division;
}

}  // namespace vigil::oracle
