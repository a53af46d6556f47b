// SPDX-License-Identifier: Apache-2.0
// How near a condition that is false came to being true.
#pragma once

#include <optional>

#include "evaluation/run.h"

namespace vigil {

/// The comparison of two numbers, or two quantities of one dimension, that alone keeps `condition` false: below `and`
/// the only part that is false while all others are true, below `or` the nearest part. None where the condition is
/// not false, open, or decided by something else. Locals must be bound as for evaluating it; `row` stays empty.
std::optional<NearestMiss> find_nearest_miss(Run& run, const SourceSet& sources, InstructionId condition);

}  // namespace vigil
