// SPDX-License-Identifier: Apache-2.0
// Units of measure by the Unified Code for Units of Measure (UCUM 2.1; case sensitive), as values without heap.
//
//   const auto from = ucum::parse("mg/dL"), to = ucum::parse("g/L");
//   ucum::convert(value, *from, *to);   // exact: 150 -> 1.5
//
// The tables are knowledge-base/units/*.csv, compiled in as ucum_table.inc by scripts/generate-ucum.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "values/three_valued.h"
#include "vigil/value.h"

namespace vigil::ucum {

/// Metre, second, gram, radian, kelvin, coulomb, candela. The mole is a number in UCUM.
inline constexpr size_t kBaseCount = 7;
/// Different arbitrary units one expression may hold, as in `[IU]/[CFU]`; more make it unknown.
inline constexpr size_t kArbitraryCount = 2;
/// Nesting of parentheses; a deeper expression is unknown.
inline constexpr int kMaxDepth = 16;
/// Bytes of an expression; a longer one is unknown.
inline constexpr size_t kMaxLength = 256;

/// Scales that are not proportional to their base unit. Only alone, with a prefix or a number, as UCUM 21 asks.
enum class Special : uint8_t {
  kNone,
  kCelsius,
  kFahrenheit,
  kReaumur,
  kPh,
  kNeper,
  kBel,
  kBel2,
  kBit,
  kPrismDiopter,
  kSlope,
  kSquareRoot,
  kHomeopathicX,
  kHomeopathicC,
  kHomeopathicM,
  kHomeopathicQ,
};

/// A power of an arbitrary unit, such as [IU]: not convertible to anything but itself. id 0: none.
struct Arbitrary {
  uint16_t id = 0;
  int8_t exponent = 0;
  bool operator==(const Arbitrary&) const = default;
};

/// A unit as `numerator / denominator * 10^ten` times powers of the base units. The factors are whole numbers, hence
/// exact, but for units defined by pi or by long measured constants. For a special unit the factor is that of its
/// reference (mol/l for [pH]), `prefix_ten` and the like being in `scale`.
struct Unit {
  long double numerator = 1;
  long double denominator = 1;
  int16_t ten = 0;
  int16_t scale_ten = 0;  ///< of a special unit: the power of ten its number is multiplied by first (2 for hCel)
  std::array<int8_t, kBaseCount> exponents{};
  Special special = Special::kNone;
  std::array<Arbitrary, kArbitraryCount> arbitrary{};  ///< by id, the empty ones last
};

/// The unit of an expression; "" is "1". nullopt: not UCUM, or beyond the limits above.
std::optional<Unit> parse(std::string_view expression);

/// Of one dimension, and of the same arbitrary units.
bool commensurable(const Unit& a, const Unit& b);

/// `value` of `from` in `to`, rounded half away from zero to 8 digits; exact where the factors are whole numbers.
/// nullopt: not commensurable, out of range, or outside a special unit's domain (pH of 0 mol/l).
std::optional<Decimal> convert(Decimal value, const Unit& from, const Unit& to);

/// kUnknown: not commensurable, or outside a special unit's domain. Exact where the factors are whole numbers; else
/// equal within a relative 10^-15.
Comparison compare(Decimal a, const Unit& unit_a, Decimal b, const Unit& unit_b);

/// How many of `b` one `a` is, ignoring special scales; to find the finer of two units. 0 when not commensurable.
long double ratio(const Unit& a, const Unit& b);

/// The calendar durations of CQL, singular or plural: `year`, `months`. They are not UCUM: 'mo' is a definite 30.4375
/// days.
enum class Calendar : uint8_t { kNone, kYear, kMonth, kWeek, kDay, kHour, kMinute, kSecond, kMillisecond };
Calendar calendar_unit(std::string_view unit);
/// The UCUM code of a calendar unit: "a", "mo", "wk", "d", "h", "min", "s", "ms"; definite and so equal from weeks on
/// only.
std::string_view ucum_code(Calendar unit);

}  // namespace vigil::ucum
