// SPDX-License-Identifier: Apache-2.0
// Which rows of a sorted query could stand elsewhere: `Last(… sort by effective)` of '2026' and '2026-04-01' is not
// known.
#pragma once

#include <span>

#include "evaluation/call.h"
#include "program/program.h"

namespace vigil {

/// The keys of a sorted query's rows: `width` for each row, as it came; `order` says which row stands where.
struct SortedKeys {
  const Value* keys = nullptr;
  std::span<const SortPlan> sort;
  std::span<const uint32_t> order;
  int default_offset = 0;
  const Value& at(size_t place, size_t item) const { return keys[order[place] * sort.size() + item]; }
};

/// Flags those of `rows`, as sorted, whose place is not certain with Value::kPlace. True where it flagged one.
bool flag_uncertain_places(const SortedKeys& sorted, std::span<Value> rows);

}  // namespace vigil
