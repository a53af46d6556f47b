// SPDX-License-Identifier: Apache-2.0
// Counts what a test program takes from the heap: include allocations.inc in one file of it that has nothing else.
#pragma once

#include <cstddef>

namespace vigil::test {
/// Calls of operator new since the program began.
size_t allocations();
}  // namespace vigil::test
