// SPDX-License-Identifier: Apache-2.0
// Queries as nested loops (CQL 1.5, author's guide, Queries).
#include <algorithm>

#include "differential/oracle/evaluator.h"

namespace vigil::oracle {

using typed::ExprId;

/// Every combination of the sources' elements that the query keeps, as the frame that stands for it.
void Evaluator::rows(const typed::Query& query, size_t source, Frame& frame, std::vector<Frame>& found) {
  if (source == query.sources.size()) {
    for (const auto& let : query.lets) frame.at(let.slot) = evaluate(let.value, frame);
    if (keeps(query, frame)) found.push_back(frame);
    return;
  }
  const auto& from = query.sources[source];
  const auto value = evaluate(from.value, frame);
  // A null source has no rows; whether the query is then null or empty, CQL 1.5 does not say for more than one.
  if (value.is_null() && (from.is_list || query.sources.size() > 1)) throw NotCovered("query of a null source");
  if (!from.is_list) {
    if (value.is_null()) return;
    frame.at(from.slot) = value;
    return rows(query, source + 1, frame, found);
  }
  for (const auto& element : value.parts) {
    frame.at(from.slot) = element;
    rows(query, source + 1, frame, found);
  }
}

bool Evaluator::keeps(const typed::Query& query, Frame& frame) {
  for (const auto& relationship : query.relationships) {
    const auto partners = evaluate(relationship.source.value, frame);
    auto candidates = partners.parts;
    if (!relationship.source.is_list) candidates.assign(partners.is_null() ? 0 : 1, partners);
    bool found = false;
    for (const auto& candidate : candidates) {
      frame.at(relationship.source.slot) = candidate;
      found = found || evaluate(relationship.such_that, frame).is_true();
    }
    if (found == relationship.without) return false;
  }
  return !query.where || evaluate(query.where, frame).is_true();
}

Value Evaluator::aggregate(const typed::Query& query, Frame& frame, const std::vector<Frame>& found) {
  const auto& how = *query.aggregate;
  auto accumulated = evaluate(how.starting, frame);
  std::vector<Value> seen;
  for (auto row : found) {
    if (how.distinct) {
      Value whole_row = list({});
      for (const auto& source : query.sources) whole_row.parts.push_back(row.at(source.slot));
      const auto is_same = [&](const Value& other) { return same_element(other, whole_row, now_).is_true(); };
      if (std::any_of(seen.begin(), seen.end(), is_same)) continue;
      seen.push_back(whole_row);
    }
    row.at(how.slot) = accumulated;
    accumulated = evaluate(how.value, row);
  }
  return accumulated;
}

/// By each key in turn; null is the lowest.
void Evaluator::sort(const typed::Query& query, Frame& frame, std::vector<Value>& elements) {
  const auto key = [&](const typed::SortItem& item, const Value& element) {
    if (!item.value) return element;
    frame.at(query.sort_slot) = element;
    return evaluate(item.value, frame);
  };
  const auto before = [&](const Value& a, const Value& b) {
    for (const auto& item : query.sort) {
      const auto x = key(item, a);
      const auto y = key(item, b);
      if (x.kind == Kind::kUncertain || y.kind == Kind::kUncertain) throw NotCovered("sort by what is uncertain");
      const int order = x.is_null() || y.is_null() ? static_cast<int>(y.is_null()) - static_cast<int>(x.is_null())
                                                   : compare(x, y, now_).value_or(0);
      if (order != 0) return item.descending ? order > 0 : order < 0;
    }
    return false;
  };
  // Insertion keeps the order of what is equal.
  std::vector<Value> sorted;
  for (const auto& element : elements) {
    auto at = sorted.end();
    while (at != sorted.begin() && before(element, *(at - 1))) --at;
    sorted.insert(at, element);
  }
  elements = std::move(sorted);
}

Value Evaluator::query(const typed::Query& query, Frame& frame) {
  std::vector<Frame> found;
  rows(query, 0, frame, found);
  if (query.aggregate) return aggregate(query, frame, found);
  std::vector<Value> elements;
  for (auto& row : found)
    elements.push_back(query.result ? evaluate(query.result, row) : row.at(query.sources[0].slot));
  if (query.distinct) elements = distinct(elements, now_);
  if (!query.is_list) return elements.empty() ? Value() : elements[0];
  if (!query.sort.empty()) sort(query, frame, elements);
  return list(std::move(elements));
}

}  // namespace vigil::oracle
