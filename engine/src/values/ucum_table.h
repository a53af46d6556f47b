// SPDX-License-Identifier: Apache-2.0
// The atoms and prefixes of UCUM, sorted by code; private to this room.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "values/ucum.h"

namespace vigil::ucum {

struct Atom {
  std::string_view code;
  long double numerator;
  long double denominator;
  int16_t ten;
  std::array<int8_t, kBaseCount> exponents;
  bool metric;  ///< takes prefixes
  Special special;
  uint16_t arbitrary_id;  ///< 0: not arbitrary; the same id for an alias ([IU] of [iU])
};

struct Prefix {
  std::string_view code;
  long double numerator;
  int16_t ten;
};

/// nullptr: not in the table.
const Atom* find_atom(std::string_view code);
const Prefix* find_prefix(std::string_view code);

/// A unit symbol such as `mg` taken apart. `atom` is nullptr for an unknown one.
struct Symbol {
  const Prefix* prefix = nullptr;
  const Atom* atom = nullptr;
};
Symbol resolve_symbol(std::string_view text);

}  // namespace vigil::ucum
