// SPDX-License-Identifier: Apache-2.0
// Whether a table has a row for keys of which not all are known: only then can what is missing make a row.
#include "evaluation/probe_keys.h"

#include <algorithm>

namespace vigil {

namespace {

/// Whether the value of a row's column may be among the keys.
bool may_hold(KnownKeys keys, const Value& column) {
  if (index_key(column) == 0) return false;
  if (keys == nullptr || keys->is_null() || keys->undetermined()) return true;
  if (keys->kind != Kind::kList) return same_key_value(*keys, column);
  return std::any_of(keys->begin(), keys->end(), [&](const Value& key) { return same_key_value(key, column); });
}

}  // namespace

bool reads_slot(const Program& program, InstructionId id, const std::vector<uint32_t>& slots) {
  const auto& instruction = program[id];
  if (instruction.op == Op::kQuery) return true;
  if (instruction.op == Op::kLocal) return std::find(slots.begin(), slots.end(), instruction.a) != slots.end();
  for (uint32_t i = 0; i < instruction.operand_count; ++i)
    if (reads_slot(program, program.operand(instruction, i), slots)) return true;
  return false;
}

bool has_row_for(const Program& program, const TableProbe& probe, KnownKeys a, KnownKeys b) {
  const auto& rows = program.tables[probe.table].rows;
  return std::any_of(rows.begin(), rows.end(), [&](const TupleValue* row) {
    return may_hold(a, row->slots[probe.column_a]) &&
           (probe.column_b < 0 || may_hold(b, row->slots[static_cast<size_t>(probe.column_b)]));
  });
}

}  // namespace vigil
