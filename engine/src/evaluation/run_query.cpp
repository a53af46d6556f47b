// SPDX-License-Identifier: Apache-2.0
// Queries: rows of sources, relationships, conditions, results; hash probes of tables.
//
// Determinacy: a row whose condition is null, or false but undetermined, may be there after all: it becomes a possible
// element of the result. A row that holds but undetermined may not be there: its element is marked.
#include <algorithm>

#include "evaluation/probe_keys.h"
#include "evaluation/run.h"

namespace vigil {

namespace {

/// The value of a source that is the same in every row.
struct FixedSource {
  Value value;
  bool is_known = false;
};

template <class Row, class Maybe>
struct RowWalk {
  const QueryPlan& query;
  const Row& row;
  const Maybe& maybe;
  bool open = false;
  bool is_unplaced = false;      ///< an element of a source could stand at another place, and so may its row
  FixedSource* fixed = nullptr;  ///< one a source and relationship; null until one is asked for
};

}  // namespace

bool Run::for_each_row(const QueryPlan& query, FunctionRef<void(bool)> row, FunctionRef<void()> maybe) {
  RowWalk<FunctionRef<void(bool)>, FunctionRef<void()>> walk{query, row, maybe};
  walk_source(walk, 0, {});
  return walk.open;
}

/// Whether an order is this request itself or replaces it.
bool Run::takes_place_of(const Object& order, const Object& request) {
  if (&order == &request) return true;
  const auto is_it = [&](const Value& reference) {
    if (reference.kind != Kind::kObject) return false;
    const auto text = element(*reference.object, program_.elements.reference);
    return text.kind == Kind::kString && snapshot_->resolve(text.string(), &order) == &request;
  };
  for (const auto link : {program_.elements.prior_prescription, program_.elements.replaces}) {
    const auto replaced = element(order, link);
    if (replaced.kind == Kind::kList ? std::any_of(replaced.begin(), replaced.end(), is_it) : is_it(replaced))
      return true;
  }
  return false;
}

/// `current` leaves out the row's own order and what that order replaces, whichever of the two sources comes first.
bool Run::belongs_to_row(const QueryPlan& query, size_t index, const Value& element) {
  const auto& source = query.sources[index];
  if ((!source.is_current && !source.is_order) || element.kind != Kind::kObject) return true;
  for (size_t i = 0; i < index; ++i) {
    const auto& other = query.sources[i];
    const auto& bound = local(other.slot);
    if (bound.kind != Kind::kObject) continue;
    if (source.is_current && other.is_order && takes_place_of(*bound.object, *element.object)) return false;
    if (source.is_order && other.is_current && takes_place_of(*element.object, *bound.object)) return false;
  }
  return true;
}

/// `number`: sources first, then relationships.
template <class Walk>
Value Run::source_value(Walk& walk, const SourcePlan& source, size_t number) {
  if (!source.is_fixed) return evaluate(source.value);
  if (walk.fixed == nullptr)
    walk.fixed = arena_.array<FixedSource>(walk.query.sources.size() + walk.query.relationships.size());
  auto& kept = walk.fixed[number];
  if (!kept.is_known) kept = {evaluate(source.value), true};
  return kept.value;
}

template <class Walk>
void Run::walk_source(Walk& walk, size_t index, RowState row) {
  if (index == walk.query.sources.size()) return walk_row(walk, row);
  const auto& source = walk.query.sources[index];
  if (source.probe >= 0) return walk_probe(walk, index, row);
  const auto value = source_value(walk, source, index);
  if (source.is_list) return walk_elements(walk, index, value, row);
  if (value.is_null()) {
    if (value.undetermined()) walk.open = true;
    return;
  }
  local(source.slot) = value;
  walk_source(walk, index + 1, {row.undetermined || (value.flags & Value::kUndetermined) != 0, row.possible});
}

template <class Walk>
void Run::walk_elements(Walk& walk, size_t index, const Value& value, RowState row) {
  const auto& source = walk.query.sources[index];
  const bool open = value.kind == Kind::kList ? value.is_open() : value.undetermined();
  if (open && can_have_rows(walk.query, index)) walk.open = true;
  if (value.kind != Kind::kList) return;
  const bool is_last = index + 1 == walk.query.sources.size();
  const uint32_t count = value.count + value.possible();
  for (uint32_t i = 0; i < count; ++i) {
    const auto& element = value.elements[i];
    if (index > 0 && !belongs_to_row(walk.query, index, element)) continue;
    local(source.slot) = element.without_flags(Value::kOfList);
    walk.is_unplaced = walk.is_unplaced || (element.flags & Value::kPlace) != 0;
    const RowState here{row.undetermined || (element.flags & Value::kPresence) != 0, row.possible || i >= value.count};
    const auto rest = [&] {
      if (is_last)
        walk_row(walk, here);
      else
        walk_source(walk, index + 1, here);
      return Condition{};
    };
    if ((here.possible ? attempt(rest) : rest()).undetermined) walk.open = true;
  }
}

/// Rows of a table found by key instead of one by one; keys that are not known leave the result open.
template <class Walk>
void Run::walk_probe(Walk& walk, size_t index, RowState row) {
  const auto& source = walk.query.sources[index];
  const auto& probe = walk.query.probes[static_cast<size_t>(source.probe)];
  const auto& table = program_.tables[probe.table];
  const auto& rows = program_.table_indexes[probe.index];
  const auto keys_a = evaluate(probe.keys_a);
  const auto keys_b = probe.column_b >= 0 ? evaluate(probe.keys_b) : Value();
  const bool unsettled = keys_a.is_null() || (probe.column_b >= 0 && keys_b.is_null()) ||
                         ((keys_a.flags | keys_b.flags) & Value::kUndetermined) != 0;
  if (unsettled && has_row_for(program_, probe, &keys_a, &keys_b)) walk.open = true;
  const auto visit = [&](uint64_t key, const Value& a, const Value* b, bool unsure) {
    const auto found = rows.ranges.find(key);
    if (found == rows.ranges.end()) return;
    for (auto at = found->second.first; at < found->second.second; ++at) {
      const auto* row_of_table = table.rows[rows.rows[at]];
      if (!same_key_value(row_of_table->slots[probe.column_a], a)) continue;
      if (b != nullptr && !same_key_value(row_of_table->slots[static_cast<size_t>(probe.column_b)], *b)) continue;
      local(source.slot) = Value::of(row_of_table);
      walk_source(walk, index + 1, {row.undetermined || unsure, row.possible});
    }
  };
  const auto each = [](const Value& keys, const auto& use) {
    if (keys.kind == Kind::kList) {
      for (const auto& key : keys) use(key);
    } else if (!keys.is_null()) {
      use(keys);
    }
  };
  each(keys_a, [&](const Value& a) {
    const auto key_a = index_key(a);
    if (key_a == 0) return;
    if (probe.column_b < 0) return visit(key_a, a, nullptr, a.undetermined());
    each(keys_b, [&](const Value& b) {
      const auto key_b = index_key(b);
      if (key_b != 0) visit(combine_keys(key_a, key_b), a, &b, a.undetermined() || b.undetermined());
    });
  });
}

Condition Run::related(const RelationshipPlan& relationship, const Value& value) {
  const auto& source = relationship.source;
  bool open = value.kind == Kind::kList ? value.is_open() : value.undetermined();
  bool found = false;       // determined
  bool found_here = false;  // as CQL sees it
  const auto test = [&](const Value& element, bool possible) {
    local(source.slot) = element.without_flags(Value::kOfList);
    const auto such_that = [&] { return condition(relationship.such_that); };
    const auto one = possible ? attempt(such_that) : such_that();
    if (one.holds && !possible) {
      found_here = true;
      found = found || (!one.undetermined && (element.flags & Value::kPresence) == 0);
    }
    open = open || one.undetermined || (one.holds && (possible || (element.flags & Value::kPresence) != 0));
  };
  if (value.kind == Kind::kList) {
    for (uint32_t i = 0; i < value.count + value.possible() && !found; ++i) test(value.elements[i], i >= value.count);
  } else if (!value.is_null()) {
    test(value, false);
  }
  if (found) return {!relationship.without, false};
  return {found_here != relationship.without, open || found_here};
}

template <class Walk>
void Run::walk_row(Walk& walk, RowState row) {
  const auto& query = walk.query;
  for (const auto& let : query.lets) {
    const auto value = evaluate(let.value);
    local(let.slot) = value;
  }
  // A condition that is false and determined settles the row; one that is open makes it possible only.
  // After one that is open the row is none to CQL, whatever comes of the others.
  for (size_t i = 0; i < query.relationships.size(); ++i) {
    const auto& relationship = query.relationships[i];
    const auto relate = [&] {
      return related(relationship, source_value(walk, relationship.source, query.sources.size() + i));
    };
    const auto one = row.possible ? attempt(relate) : relate();
    if (!one.holds && !one.undetermined) return;
    row.possible = row.possible || !one.holds;
    row.undetermined = row.undetermined || one.undetermined;
  }
  if (query.where) {
    const auto test = [&] { return condition(query.where); };
    const auto where = row.possible ? attempt(test) : test();
    if (!where.holds && !where.undetermined) return;
    row.possible = row.possible || !where.holds;
    row.undetermined = row.undetermined || where.undetermined;
  }
  if (!row.possible) return walk.row(row.undetermined);
  const auto maybe = [&] {
    walk.maybe();
    return Condition{};
  };
  if (attempt(maybe).undetermined) walk.open = true;
}

Value Run::evaluate_query(const QueryPlan& query) {
  const auto mark = scratch_.size();
  const auto maybe_mark = maybe_.size();
  // Most queries are of one list, and most of those lists are empty.
  const auto& first = query.sources[0];
  const bool is_simple = query.sources.size() == 1 && first.is_list && first.probe < 0;
  const auto elements = is_simple ? evaluate(first.value) : Value();
  if (is_simple && elements.kind == Kind::kList && elements.count == 0 && elements.flags == 0 && !query.aggregates)
    return finish_list(mark, maybe_mark, 0);
  bool marked = false;
  const auto result = [&] { return query.result ? evaluate(query.result) : local(query.sources[0].slot); };
  const auto row = [&](bool undetermined) {
    auto value = result();
    if (undetermined) value = value.with_flags(Value::kPresence);
    marked = marked || value.undetermined();
    scratch_.push_back(value);
  };
  const auto maybe = [&] {
    const auto value = result();
    maybe_.push_back(value);
  };
  RowWalk<decltype(row), decltype(maybe)> walk{query, row, maybe};
  if (is_simple)
    walk_elements(walk, 0, elements, {});
  else
    walk_source(walk, 0, {});
  const bool open = walk.open;
  if ((query.distinct || query.aggregate_distinct) && scratch_.size() > mark + 1) {
    const auto list = finish_list(mark);
    const auto unique = op_Distinct(*this, {&list, 1, 0, 0, {}, {}});
    scratch_.insert(scratch_.end(), unique.begin(), unique.end());
  }
  const bool possible = open || maybe_.size() > maybe_mark;
  if (query.aggregates) {
    maybe_.resize(maybe_mark);
    return aggregate(query, mark, possible || marked || walk.is_unplaced);
  }
  if (!query.sort.empty()) {
    if (sort_rows(query, mark)) marked = true;
  } else if (walk.is_unplaced) {
    for (size_t i = mark; i < scratch_.size(); ++i) scratch_[i] = scratch_[i].with_flags(Value::kPlace);
    marked = true;
  }
  const auto flags = static_cast<uint8_t>((open ? Value::kUndetermined | Value::kOpen : 0) |
                                          (marked ? Value::kUndeterminedElements : 0));
  if (query.is_list) return finish_list(mark, maybe_mark, flags);
  const auto single = scratch_.size() > mark ? scratch_[mark] : Value();
  scratch_.resize(mark);
  maybe_.resize(maybe_mark);
  return single.with_flags(possible ? uint8_t{Value::kUndetermined} : uint8_t{0});
}

}  // namespace vigil
