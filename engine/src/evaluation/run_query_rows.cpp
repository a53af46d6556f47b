// SPDX-License-Identifier: Apache-2.0
// What becomes of a query's rows: aggregation and order.
#include <algorithm>

#include "evaluation/equality.h"
#include "evaluation/run.h"
#include "evaluation/sort_places.h"

namespace vigil {

/// CQL 1.5, Aggregate Queries: the result clause is evaluated for each element with the alias still bound; here the
/// elements are the rows' tuples or the one source's elements.
Value Run::aggregate(const QueryPlan& query, size_t mark, bool open) {
  auto accumulated = evaluate(query.aggregate_start);
  const auto rows = finish_list(mark);
  bool undetermined = open;
  for (const auto& row : rows) {
    if (query.sources.size() == 1) {
      local(query.sources[0].slot) = row;
    } else if (row.kind == Kind::kTuple && query.result) {
      const auto& made = program_[query.result];
      for (uint32_t i = 0; i < made.operand_count; ++i) {
        const auto& part = program_[program_.operand(made, i)];
        if (part.op == Op::kLocal) local(part.a) = row.tuple->slots[i];
      }
    }
    for (const auto& let : query.lets) {
      const auto value = evaluate(let.value);
      local(let.slot) = value;
    }
    local(query.aggregate_slot) = accumulated;
    accumulated = evaluate(query.aggregate_value);
    undetermined = undetermined || row.undetermined();
  }
  return accumulated.with_flags(undetermined ? uint8_t{Value::kUndetermined} : uint8_t{0});
}

/// A stable sort by all items; keys are evaluated once a row. True where an element's place is not certain.
bool Run::sort_rows(const QueryPlan& query, size_t mark) {
  const auto count = scratch_.size() - mark;
  const auto width = query.sort.size();
  if (count < 2) return false;
  auto* keys = arena_.array<Value>(count * width);
  auto* order_of = arena_.array<uint32_t>(count);
  for (size_t i = 0; i < count; ++i) {
    order_of[i] = static_cast<uint32_t>(i);
    local(query.sort_slot) = scratch_[mark + i];
    for (size_t k = 0; k < width; ++k)
      keys[i * width + k] = query.sort[k].key ? evaluate(query.sort[k].key) : scratch_[mark + i];
  }
  const auto offset = default_offset();
  const auto before = [&](uint32_t a, uint32_t b) {
    for (size_t k = 0; k < width; ++k) {
      const auto compared = sort_order(keys[a * width + k], keys[b * width + k], offset);
      if (compared != 0) return (compared < 0) != query.sort[k].descending;
    }
    return a < b;  // stable, without the memory a stable sort takes
  };
  std::sort(order_of, order_of + count, before);
  auto* sorted = arena_.array<Value>(count);
  for (size_t i = 0; i < count; ++i) sorted[i] = scratch_[mark + order_of[i]];
  std::copy(sorted, sorted + count, scratch_.begin() + static_cast<ptrdiff_t>(mark));
  return flag_uncertain_places({keys, query.sort, {order_of, count}, offset}, {scratch_.data() + mark, count});
}

}  // namespace vigil
