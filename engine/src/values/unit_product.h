// SPDX-License-Identifier: Apache-2.0
// Products and quotients of unit expressions as text; private to this room.
#pragma once

#include <string_view>

#include "values/quantity.h"

namespace vigil {

/// `a` times, or divided by, `b`: the factors of both in order, powers of the same symbol added, those that cancel
/// gone, annotations dropped: "g/cm3" and "cm3" give "g", "m" by "s" divided gives "m/s"; "1" when nothing remains.
/// False: not UCUM, a special unit, or too long.
bool join_units(std::string_view a, std::string_view b, bool divide, UnitText& result);

}  // namespace vigil
