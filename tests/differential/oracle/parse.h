// SPDX-License-Identifier: Apache-2.0
// Text to dates and quantities, and what must hold of an interval.
#pragma once

#include "differential/oracle/value.h"

namespace vigil::oracle {

/// "2014-01-25T14:30:14.559+01:00" and any shorter form; "T14:30" of a Time. None where it is no such value.
std::optional<Value> parse_moment(Kind kind, const std::string& text);

/// Throws EvaluationError where the low end is above the high end, or the same and not included (CQL 1.5, author's
/// guide, Interval Values: Interval[1, 1) is invalid).
void check_interval(const Value& interval, const Value& now);

}  // namespace vigil::oracle
