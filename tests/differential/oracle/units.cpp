// SPDX-License-Identifier: Apache-2.0
// The units that generated expressions use: UCUM's (ucum.org, tables of base units, prefixes and derived units) and
// CQL's calendar words. Each is a factor over base dimensions.
#include <map>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

struct Unit {
  std::map<std::string, int> dimensions;
  BigInteger numerator = 1;
  BigInteger denominator = 1;
};

struct Atom {
  const char* name;
  const char* dimension;
  int power;
  int64_t numerator;
  int64_t denominator;
};

// A month is no number of days (B.5.2): a dimension of its own.
constexpr Atom kAtoms[] = {
    {"1", "", 0, 1, 1},
    {"%", "", 0, 1, 100},
    {"g", "g", 1, 1, 1},
    {"mg", "g", 1, 1, 1000},
    {"ug", "g", 1, 1, 1000000},
    {"kg", "g", 1, 1000, 1},
    {"m", "m", 1, 1, 1},
    {"cm", "m", 1, 1, 100},
    {"mm", "m", 1, 1, 1000},
    {"km", "m", 1, 1000, 1},
    {"[in_i]", "m", 1, 254, 10000},
    {"L", "m", 3, 1, 1000},
    {"dL", "m", 3, 1, 10000},
    {"mL", "m", 3, 1, 1000000},
    {"mol", "mol", 1, 1, 1},
    {"mmol", "mol", 1, 1, 1000},
    {"s", "s", 1, 1, 1},
    {"ms", "s", 1, 1, 1000},
    {"min", "s", 1, 60, 1},
    {"h", "s", 1, 3600, 1},
    {"d", "s", 1, 86400, 1},
    {"wk", "s", 1, 604800, 1},
    {"millisecond", "s", 1, 1, 1000},
    {"second", "s", 1, 1, 1},
    {"minute", "s", 1, 60, 1},
    {"hour", "s", 1, 3600, 1},
    {"day", "s", 1, 86400, 1},
    {"week", "s", 1, 604800, 1},
    {"month", "month", 1, 1, 1},
    {"year", "month", 1, 12, 1},
};

/// The parts of "mg/mL" or "cm2": names in order with their exponents.
std::vector<std::pair<std::string, int>> factors(const std::string& unit) {
  std::vector<std::pair<std::string, int>> found;
  int sign = 1;
  for (size_t at = 0; at < unit.size();) {
    size_t end = unit.find_first_of("./", at);
    if (end == std::string::npos) end = unit.size();
    std::string name = unit.substr(at, end - at);
    int power = 1;
    if (name.size() > 1 && name.back() >= '2' && name.back() <= '9') {
      power = name.back() - '0';
      name.pop_back();
      if (name.back() == '-') {
        power = -power;
        name.pop_back();
      }
    }
    if (!name.empty()) found.emplace_back(name, sign * power);
    if (end < unit.size()) sign = unit[end] == '/' ? -1 : 1;
    at = end + 1;
  }
  return found;
}

Unit unit_of(const std::string& text) {
  Unit unit;
  for (auto [name, power] : factors(text.empty() ? "1" : text)) {
    if (name.size() > 3 && name.back() == 's') name.pop_back();  // `days` is `day`
    const Atom* atom = nullptr;
    for (const auto& candidate : kAtoms)
      if (name == candidate.name) atom = &candidate;
    if (atom == nullptr) throw NotCovered("unit " + name);
    for (int i = 0; i < std::abs(power); ++i) {
      unit.numerator *= power > 0 ? atom->numerator : atom->denominator;
      unit.denominator *= power > 0 ? atom->denominator : atom->numerator;
    }
    if (atom->power != 0) unit.dimensions[atom->dimension] += atom->power * power;
  }
  std::erase_if(unit.dimensions, [](const auto& entry) { return entry.second == 0; });
  return unit;
}

}  // namespace

std::optional<Fraction> convert_unit(const BigInteger& scaled, const std::string& from, const std::string& to) {
  if (from == to) return Fraction{scaled};
  const auto source = unit_of(from);
  const auto target = unit_of(to);
  if (source.dimensions != target.dimensions) return std::nullopt;
  return Fraction{scaled * source.numerator * target.denominator, source.denominator * target.numerator};
}

bool is_finer_unit(const std::string& a, const std::string& b) {
  const auto x = unit_of(a);
  const auto y = unit_of(b);
  return x.numerator * y.denominator < y.numerator * x.denominator;
}

bool shares_dimensions(const std::string& a, const std::string& b) {
  const auto x = unit_of(a).dimensions;
  const auto y = unit_of(b).dimensions;
  for (const auto& [dimension, power] : x)
    if (y.contains(dimension)) return true;
  return false;
}

bool is_calendar_unit(const std::string& unit) {
  for (const std::string word : {"year", "month", "week", "day", "hour", "minute", "second", "millisecond"})
    if (unit == word || unit == word + "s") return true;
  return false;
}

std::string unit_product(const std::string& a, const std::string& b, int power) {
  auto product = factors(a);
  for (auto [name, exponent] : factors(b)) {
    bool merged = false;
    for (auto& [own, own_exponent] : product) {
      if (own != name) continue;
      own_exponent += power * exponent;
      merged = true;
    }
    if (!merged) product.emplace_back(name, power * exponent);
  }
  std::string above;
  std::string below;
  for (const auto& [name, exponent] : product) {
    if (name == "1" || exponent == 0) continue;
    auto& side = exponent > 0 ? above : below;
    const auto size = std::abs(exponent);
    const auto text = name + (size == 1 ? "" : std::to_string(size));
    if (exponent > 0)
      side += (side.empty() ? "" : ".") + text;
    else
      side += "/" + text;
  }
  if (above.empty() && below.empty()) return "1";
  return (above.empty() ? "" : above) + below;
}

}  // namespace vigil::oracle
