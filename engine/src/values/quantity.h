// SPDX-License-Identifier: Apache-2.0
// Quantities: comparison across units and arithmetic with units (CQL 1.5, Quantity; Arithmetic Operators).
//
// Units compare by text first, so that unknown ones ('bpm', 'k/uL') work among themselves. '' is '1'. A result's unit
// comes in a UnitText by value; the caller stores it, in its arena, before making a Quantity:
//
//   if (const auto sum = add(a, b)) arena.make<Quantity>(sum->value, arena.copy(sum->unit.view()));
#pragma once

#include <optional>
#include <string_view>

#include "values/fixed_text.h"
#include "values/three_valued.h"
#include "values/ucum.h"
#include "vigil/value.h"

namespace vigil {

/// A unit that was computed, such as "cm2". An operation whose unit would be longer gives nullopt.
using UnitText = FixedText<128>;

struct QuantityResult {
  Decimal value;
  UnitText unit;
};

/// A unit as understood: a calendar duration, UCUM, or neither. To be kept where one unit meets many values.
struct ResolvedUnit {
  ucum::Calendar calendar = ucum::Calendar::kNone;
  std::optional<ucum::Unit> ucum;  ///< of calendar weeks and finer too; none for years and months
};
ResolvedUnit resolve_unit(std::string_view unit);
/// kUnknown unless both are UCUM of one dimension, or both calendar years or months.
Comparison compare(Decimal a, const ResolvedUnit& unit_a, Decimal b, const ResolvedUnit& unit_b);

/// The same text, or '' and '1', or singular and plural of a calendar unit: no conversion is needed.
bool same_unit(std::string_view a, std::string_view b);

/// kUnknown for different dimensions, for unknown units unless the same text, and between calendar years or months and
/// anything but those ("1 year = 1 'a'" is null). Calendar weeks and finer are their UCUM counterparts.
Comparison compare(const Quantity& a, const Quantity& b);

/// CQL `~`: false for what compare leaves unknown, save that calendar and definite durations meet: 1 year ~ 1 'a',
/// 1 month ~ 1 'mo', 1 year ~ 365 days, 1 month ~ 30 days. Values in the finer unit, decimals at the least precision.
bool equivalent(const Quantity& a, const Quantity& b);

/// In `unit`, rounded to 8 digits; nullopt where compare would be unknown for reasons of unit.
std::optional<Decimal> convert_to(const Quantity& q, std::string_view unit);

/// In the unit of both, or in the finer of the two ("the most granular unit of either input"). nullopt: not
/// commensurable, different special units, or out of range.
std::optional<QuantityResult> add(const Quantity& a, const Quantity& b);
std::optional<QuantityResult> sub(const Quantity& a, const Quantity& b);

/// 2 'cm' * 3 'cm' = 6 'cm2', 6 'g/cm3' / 2 'g/cm3' = 3 '1', 1 'g' / 1 'mg' = 1000 '1'. Units of one dimension meet in
/// the finer; otherwise the expressions are joined and equal parts cancelled; calendar units become UCUM ('d', 'a').
/// nullopt: an unknown or special unit with one other than '1', out of range, division by zero.
std::optional<QuantityResult> mul(const Quantity& a, const Quantity& b);
std::optional<QuantityResult> div(const Quantity& a, const Quantity& b);

/// CQL `div` and `mod`, both with the unit of `a`, as HL7's tests have it (10.0 'g' div 5.0 'g' = 2.0 'g'). nullopt:
/// not commensurable, by zero.
std::optional<QuantityResult> truncated_div(const Quantity& a, const Quantity& b);
std::optional<QuantityResult> modulo(const Quantity& a, const Quantity& b);

/// ToString: "5.5 'cm'", "125 'cm'" (whole values without ".0"), "3 days" for a calendar unit, "1 '1'" without unit.
/// A unit over 128 bytes is cut.
using QuantityText = FixedText<192>;
QuantityText to_string(const Quantity& q);

/// What ToQuantity reads: a decimal, then nothing, a quoted unit ("5.5 'cm'", "5.5'cm'") or a calendar unit ("3
/// days"). The unit, "1" by default, is a view of `text`. nullopt: not of this form. Whether a quoted unit is UCUM is
/// not asked.
std::optional<Quantity> parse_quantity(std::string_view text);

}  // namespace vigil
