// SPDX-License-Identifier: Apache-2.0
// Conditions of multi-source queries that a hash index of a table answers: `row.column in keys`, `row.column = key`.
#include <algorithm>

#include <vigil/fnv1a.h>

#include "program/lowering.h"

namespace vigil {

uint64_t index_key(const Value& value) {
  switch (value.kind) {
    case Kind::kCode: return value.code->concept_id == 0 ? 0 : 0x100000000ULL | value.code->concept_id;
    case Kind::kString: return fnv1a(value.string()) | 1;
    case Kind::kInteger: return 0x200000000ULL | static_cast<uint32_t>(value.integer);
    default: return 0;
  }
}

bool same_key_value(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kCode: return a.code->concept_id == b.code->concept_id;
    case Kind::kString: return a.string() == b.string();
    case Kind::kInteger: return a.integer == b.integer;
    default: return false;
  }
}

}  // namespace vigil

namespace vigil::lowering {

std::vector<InstructionId> Lowering::conjuncts(InstructionId condition) const {
  if (!condition) return {};
  const auto& instruction = program_[condition];
  if (instruction.op != Op::kAnd) return {condition};
  std::vector<InstructionId> parts;
  for (uint32_t i = 0; i < instruction.operand_count; ++i) {
    const auto inner = conjuncts(program_.operand(instruction, i));
    parts.insert(parts.end(), inner.begin(), inner.end());
  }
  return parts;
}

bool Lowering::depends_on(InstructionId expression, const std::set<uint32_t>& slots) const {
  const auto& instruction = program_[expression];
  if (instruction.op == Op::kLocal) return slots.contains(instruction.a);
  if (instruction.op == Op::kQuery) return true;  // not looked into: rarely a key
  for (uint32_t i = 0; i < instruction.operand_count; ++i)
    if (depends_on(program_.operand(instruction, i), slots)) return true;
  return false;
}

InstructionId Lowering::conjunction(std::span<const InstructionId> parts) {
  if (parts.empty()) return {};
  if (parts.size() == 1) return parts[0];
  typed::Expr expr;
  expr.op = Op::kAnd;
  expr.type = model::kBoolean;
  expr.span = cover(program_.spans[parts.front().value], program_.spans[parts.back().value]);
  return emit(expr, parts, 0, 0);
}

uint32_t Lowering::table_index(uint32_t table, uint32_t column_a, int32_t column_b) {
  for (uint32_t i = 0; i < program_.table_indexes.size(); ++i) {
    const auto& index = program_.table_indexes[i];
    if (index.table == table && index.column_a == column_a && index.column_b == column_b) return i;
  }
  TableIndex index;
  index.table = table;
  index.column_a = column_a;
  index.column_b = column_b;
  const auto& rows = program_.tables[table].rows;
  std::vector<std::pair<uint64_t, uint32_t>> keyed;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    auto key = index_key(rows[row]->slots[column_a]);
    if (key == 0) continue;
    if (column_b >= 0) {
      const auto second = index_key(rows[row]->slots[column_b]);
      if (second == 0) continue;
      key = combine_keys(key, second);
    }
    keyed.emplace_back(key, row);
  }
  std::sort(keyed.begin(), keyed.end());
  index.ranges.reserve(keyed.size());
  for (uint32_t begin = 0; begin < keyed.size();) {
    auto end = begin;
    while (end < keyed.size() && keyed[end].first == keyed[begin].first) index.rows.push_back(keyed[end++].second);
    index.ranges.emplace(keyed[begin].first, std::pair(begin, end));
    begin = end;
  }
  program_.table_indexes.push_back(std::move(index));
  return static_cast<uint32_t>(program_.table_indexes.size() - 1);
}

void Lowering::plan_joins(QueryPlan& plan) {
  auto parts = conjuncts(plan.where);
  // Slots not bound yet when a source is reached: its own, later sources', lets'.
  std::set<uint32_t> unbound;
  for (const auto& let : plan.lets) unbound.insert(let.slot);
  for (auto source = plan.sources.rbegin(); source != plan.sources.rend(); ++source) {
    unbound.insert(source->slot);
    const auto& value = program_[source->value];
    if (value.op != Op::kTableRows || !program_.tables[value.a].resolved) continue;
    struct Key {
      InstructionId keys;
      uint32_t column;
      size_t part;
    };
    std::vector<Key> keys;
    for (size_t i = 0; i < parts.size() && keys.size() < 2; ++i) {
      const auto& condition = program_[parts[i]];
      if (condition.op != Op::kInList && condition.op != Op::kEqual) continue;
      for (uint32_t side = 0; side < (condition.op == Op::kEqual ? 2u : 1u); ++side) {
        const auto column = program_.operand(condition, side);
        const auto other = program_.operand(condition, 1 - side);
        const auto& element = program_[column];
        if (element.op != Op::kTupleElement) continue;
        const auto& row = program_[program_.operand(element, 0)];
        if (row.op != Op::kLocal || row.a != source->slot || depends_on(other, unbound)) continue;
        const auto type = program_.types[column.value];
        if (type != model::kCode && type != model::kString && type != model::kInteger) continue;
        keys.push_back({other, element.a, i});
        break;
      }
    }
    if (keys.empty()) continue;
    TableProbe probe;
    probe.table = value.a;
    probe.column_a = keys[0].column;
    probe.keys_a = keys[0].keys;
    if (keys.size() == 2) {
      probe.column_b = static_cast<int32_t>(keys[1].column);
      probe.keys_b = keys[1].keys;
    }
    probe.index = table_index(probe.table, probe.column_a, probe.column_b);
    source->probe = static_cast<int32_t>(plan.probes.size());
    plan.probes.push_back(probe);
    for (auto key = keys.rbegin(); key != keys.rend(); ++key)
      parts.erase(parts.begin() + static_cast<ptrdiff_t>(key->part));
  }
  if (!plan.probes.empty()) plan.where = conjunction(parts);
}

}  // namespace vigil::lowering
