// SPDX-License-Identifier: Apache-2.0
// Counting of heap use, in a file of its own lest the compiler see through it.
#include "support/allocations.inc"
