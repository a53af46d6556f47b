// SPDX-License-Identifier: Apache-2.0
// The machine's clock, for programs: the engine has none.
#pragma once

#include <vigil/value.h>

namespace vigil::hooks {

/// Now, to the millisecond, in local time with its offset from UTC.
Temporal clock_now();

}  // namespace vigil::hooks
