// SPDX-License-Identifier: Apache-2.0
// Dates and times moved by quantities of time; private to this room.
#pragma once

#include <optional>

#include <vigil/value.h>

namespace vigil {

/// What came of moving a date or time.
struct Shifted {
  enum class Outcome : uint8_t { kDone, kNoDuration, kOutOfRange };
  Outcome outcome = Outcome::kNoDuration;
  Temporal value;
};

/// `value` plus `amount`, or minus it (`back`). The unit is a calendar duration or its UCUM code. A fraction counts for
/// seconds only (CQL 1.5, B.8.1: "the decimal portion is ignored for units above seconds").
Shifted shift(Kind kind, const Temporal& value, const Quantity& amount, bool back);

/// The precision a unit of time counts at, weeks at days; none for other units.
std::optional<Precision> duration_precision(std::string_view unit);

}  // namespace vigil
