// SPDX-License-Identifier: Apache-2.0
// UCUM expressions to units: the product of the powers of their atoms.
#include <cstdlib>

#include "values/ucum.h"
#include "values/ucum_scan.h"
#include "values/ucum_table.h"

namespace vigil::ucum {
namespace {

constexpr int kMaxBaseExponent = 100;
constexpr int kMaxTen = 10'000;

long double power(long double base, int exponent) {
  long double result = 1;
  for (int i = 0; i < exponent; ++i) result *= base;
  return result;
}

void multiply_factor(Unit& unit, long double numerator, long double denominator, int exponent) {
  const int times = std::abs(exponent);
  if (numerator != 1) (exponent > 0 ? unit.numerator : unit.denominator) *= power(numerator, times);
  if (denominator != 1) (exponent > 0 ? unit.denominator : unit.numerator) *= power(denominator, times);
}

bool multiply_ten(Unit& unit, int ten) {
  const int sum = unit.ten + ten;
  unit.ten = static_cast<int16_t>(sum);
  return std::abs(sum) <= kMaxTen;
}

bool multiply_number(Unit& unit, const Factor& factor) {
  constexpr size_t kMostDigits = 18;
  if (factor.symbol.size() > kMostDigits) return false;
  long double value = 0;
  for (const char c : factor.symbol) value = value * 10 + static_cast<long double>(c - '0');
  if (value == 0) return false;
  multiply_factor(unit, value, 1, factor.exponent);
  return true;
}

/// Adds to the power of an arbitrary unit; those with power 0 leave, and the rest stay sorted by id, 0 last.
bool multiply_arbitrary(Unit& unit, uint16_t id, int exponent) {
  std::array<Arbitrary, kArbitraryCount + 1> all{};
  size_t count = 0;
  bool placed = false;
  const auto place = [&](uint16_t i, int e) {
    if (e != 0) all[count++] = {i, static_cast<int8_t>(e)};
  };
  for (const Arbitrary& a : unit.arbitrary) {
    if (a.id == 0) break;
    if (!placed && id <= a.id) {
      placed = true;
      place(id, id == a.id ? a.exponent + exponent : exponent);
      if (id == a.id) continue;
    }
    place(a.id, a.exponent);
  }
  if (!placed) place(id, exponent);
  if (count > kArbitraryCount) return false;
  for (size_t i = 0; i < kArbitraryCount; ++i) unit.arbitrary[i] = i < count ? all[i] : Arbitrary{};
  for (const Arbitrary& a : unit.arbitrary) {
    if (std::abs(a.exponent) > kMaxBaseExponent) return false;
  }
  return true;
}

bool multiply_symbol(Unit& unit, const Symbol& symbol, int exponent) {
  const Atom& atom = *symbol.atom;
  for (size_t i = 0; i < kBaseCount; ++i) {
    const int sum = unit.exponents[i] + atom.exponents[i] * exponent;
    if (std::abs(sum) > kMaxBaseExponent) return false;
    unit.exponents[i] = static_cast<int8_t>(sum);
  }
  multiply_factor(unit, atom.numerator, atom.denominator, exponent);
  if (!multiply_ten(unit, atom.ten * exponent)) return false;
  if (symbol.prefix != nullptr) {
    multiply_factor(unit, symbol.prefix->numerator, 1, exponent);
    if (!multiply_ten(unit, symbol.prefix->ten * exponent)) return false;
  }
  return atom.arbitrary_id == 0 || multiply_arbitrary(unit, atom.arbitrary_id, exponent);
}

/// A special unit stands alone: its prefix scales the number, not the reference.
std::optional<Unit> special_unit(const Symbol& symbol, int exponent, bool alone) {
  Unit unit;
  if (!alone || exponent != 1 || !multiply_symbol(unit, {nullptr, symbol.atom}, 1)) return std::nullopt;
  unit.special = symbol.atom->special;
  if (symbol.prefix != nullptr) {
    if (symbol.prefix->numerator != 1) return std::nullopt;
    unit.scale_ten = symbol.prefix->ten;
  }
  return unit;
}

}  // namespace

std::optional<Unit> parse(std::string_view expression) {
  Scanner scanner(expression);
  Unit unit;
  bool first = true;
  while (const auto factor = scanner.next()) {
    if (unit.special != Special::kNone) return std::nullopt;
    if (factor->is_number) {
      if (!multiply_number(unit, *factor)) return std::nullopt;
    } else {
      const Symbol symbol = resolve_symbol(factor->symbol);
      if (symbol.atom == nullptr) return std::nullopt;
      if (symbol.atom->special != Special::kNone) {
        const auto special = special_unit(symbol, factor->exponent, first);
        if (!special) return std::nullopt;
        unit = *special;
      } else if (!multiply_symbol(unit, symbol, factor->exponent)) {
        return std::nullopt;
      }
    }
    first = false;
  }
  if (scanner.failed()) return std::nullopt;
  return unit;
}

Calendar calendar_unit(std::string_view unit) {
  if (unit.size() > 1 && unit.back() == 's') unit.remove_suffix(1);
  if (unit == "year") return Calendar::kYear;
  if (unit == "month") return Calendar::kMonth;
  if (unit == "week") return Calendar::kWeek;
  if (unit == "day") return Calendar::kDay;
  if (unit == "hour") return Calendar::kHour;
  if (unit == "minute") return Calendar::kMinute;
  if (unit == "second") return Calendar::kSecond;
  if (unit == "millisecond") return Calendar::kMillisecond;
  return Calendar::kNone;
}

std::string_view ucum_code(Calendar unit) {
  constexpr std::array<std::string_view, 9> kCodes = {"", "a", "mo", "wk", "d", "h", "min", "s", "ms"};
  return kCodes[static_cast<size_t>(unit)];
}

}  // namespace vigil::ucum
