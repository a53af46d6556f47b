// SPDX-License-Identifier: Apache-2.0
// Whether a table has a row for keys of which not all are known.
#pragma once

#include "program/program.h"

namespace vigil {

/// What is known of the keys of one column: a list or one value; null where they may be any.
using KnownKeys = const Value*;

/// Whether evaluating an instruction reads one of the slots; true also where that is not looked into.
bool reads_slot(const Program& program, InstructionId id, const std::vector<uint32_t>& slots);

/// Whether some row that the probe's index holds has both keys. Keys that are null or undetermined may be any.
bool has_row_for(const Program& program, const TableProbe& probe, KnownKeys a, KnownKeys b);

}  // namespace vigil
