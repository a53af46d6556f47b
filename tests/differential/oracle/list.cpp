// SPDX-License-Identifier: Apache-2.0
// Lists (B.9), by nested loops. Of equal elements the first stays, in its place.
#include <algorithm>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

bool holds(const std::vector<Value>& elements, const Value& sought, const Value& now) {
  return std::any_of(elements.begin(), elements.end(),
                     [&](const Value& element) { return same_element(element, sought, now).is_true(); });
}

/// Whether the element is in the list; null where it cannot be told.
Value is_in(const std::vector<Value>& elements, const Value& sought, const Value& now) {
  Value found = boolean(false);
  for (const auto& element : elements) found = or_(found, same_element(element, sought, now));
  return found;
}

/// Whether each element of `inner` is in `outer`.
Value holds_all(const std::vector<Value>& outer, const std::vector<Value>& inner, const Value& now) {
  Value all = boolean(true);
  for (const auto& element : inner) all = and_(all, is_in(outer, element, now));
  return all;
}

Value membership(const Value& elements, const Value& sought, const Value& now) {
  return elements.is_null() ? boolean(false) : is_in(elements.parts, sought, now);
}

Value includes(const Value& outer, const Value& inner, bool properly, const Value& now) {
  if (outer.is_null() || inner.is_null()) return {};
  return and_(holds_all(outer.parts, inner.parts, now), boolean(!properly || outer.parts.size() > inner.parts.size()));
}

/// The element is in the list, and so is another (HL7's tests: not in { 'a', 'a' }; in { 'a', null } it is not known).
Value properly_contains(const Value& elements, const Value& sought, const Value& now) {
  Value another = boolean(false);
  for (const auto& element : elements.parts)
    another = or_(another, sought.is_null() ? boolean(!element.is_null()) : not_(equal(element, sought, now)));
  return and_(membership(elements, sought, now), another);
}

Value part_of(const Value& elements, const BigInteger& from, const BigInteger& to) {
  std::vector<Value> kept;
  for (size_t i = 0; i < elements.parts.size(); ++i)
    if (i >= from && i < to) kept.push_back(elements.parts[i]);
  return list(std::move(kept));
}

Value at(const Value& elements, const BigInteger& index) {
  if (elements.is_null() || index < 0 || index >= elements.parts.size()) return {};
  return elements.parts[static_cast<size_t>(index)];
}

Value singleton(const Call& c) {
  if (c[0].parts.size() > 1) throw EvaluationError("singleton");
  return at(c[0], 0);
}

Value flatten(const Call& c) {
  if (c[0].is_null()) return {};
  std::vector<Value> all;
  for (const auto& inner : c[0].parts) all.insert(all.end(), inner.parts.begin(), inner.parts.end());
  return list(std::move(all));
}

Value set_operation(const Call& c, bool wanted) {
  std::vector<Value> kept;
  for (const auto& element : c[0].parts)
    if (holds(c[1].parts, element, c.now) == wanted) kept.push_back(element);
  return list(distinct(kept, c.now));
}

Value index_of(const Call& c) {
  if (c.any_null()) return {};
  for (size_t i = 0; i < c[0].parts.size(); ++i)
    if (same_element(c[0].parts[i], c[1], c.now).is_true()) return whole(Kind::kInteger, i);
  return whole(Kind::kInteger, -1);
}

/// From the start index to before the end index; negative ones count from the end.
Value slice(const Call& c) {
  if (c[0].is_null()) return {};
  const BigInteger count = c[0].parts.size();
  const auto effective = [&](size_t i, const BigInteger& otherwise) {
    if (c.size() <= i || c[i].is_null()) return otherwise;
    const BigInteger index = c[i].number < 0 ? BigInteger(c[i].number + count) : c[i].number;
    return index < 0 ? BigInteger(0) : index;
  };
  return part_of(c[0], effective(1, 0), effective(2, count));
}

void add_membership(Operations& to) {
  to["InList"] = [](const Call& c) { return membership(c[1], c[0], c.now); };
  to["ContainsElement"] = [](const Call& c) { return membership(c[0], c[1], c.now); };
  to["IncludesList"] = [](const Call& c) { return includes(c[0], c[1], false, c.now); };
  to["IncludedInList"] = [](const Call& c) { return includes(c[1], c[0], false, c.now); };
  to["ProperlyIncludesList"] = [](const Call& c) { return includes(c[0], c[1], true, c.now); };
  to["ProperlyIncludedInList"] = [](const Call& c) { return includes(c[1], c[0], true, c.now); };
  to["ProperlyContainsElement"] = [](const Call& c) { return properly_contains(c[0], c[1], c.now); };
  to["ProperlyInList"] = [](const Call& c) { return properly_contains(c[1], c[0], c.now); };
}

}  // namespace

std::vector<Value> distinct(const std::vector<Value>& elements, const Value& now) {
  std::vector<Value> kept;
  for (const auto& element : elements)
    if (!holds(kept, element, now)) kept.push_back(element);
  return kept;
}

void add_list(Operations& to) {
  add_membership(to);
  to["Exists"] = [](const Call& c) {
    return boolean(std::any_of(c[0].parts.begin(), c[0].parts.end(), [](const Value& v) { return !v.is_null(); }));
  };
  to["First"] = [](const Call& c) { return at(c[0], 0); };
  to["Last"] = [](const Call& c) { return at(c[0], BigInteger(c[0].parts.size()) - 1); };
  to["Indexer"] = [](const Call& c) { return c.any_null() ? Value() : at(c[0], c[1].number); };
  to["SingletonFrom"] = singleton;
  to["Flatten"] = flatten;
  to["Distinct"] = [](const Call& c) { return c[0].is_null() ? Value() : list(distinct(c[0].parts, c.now)); };
  to["Union"] = [](const Call& c) {
    auto all = c[0].parts;
    all.insert(all.end(), c[1].parts.begin(), c[1].parts.end());
    return list(distinct(all, c.now));
  };
  to["Intersect"] = [](const Call& c) { return c.any_null() ? Value() : set_operation(c, true); };
  to["Except"] = [](const Call& c) { return c[0].is_null() ? Value() : set_operation(c, false); };
  to["IndexOf"] = index_of;
  to["ListLength"] = [](const Call& c) { return whole(Kind::kInteger, c[0].parts.size()); };
  to["Slice"] = slice;
  to["Tail"] = [](const Call& c) { return c[0].is_null() ? Value() : part_of(c[0], 1, c[0].parts.size()); };
  to["Skip"] = [](const Call& c) {
    if (c[0].is_null() || c[1].is_null()) return c[0];
    return c[1].number < 0 ? list({}) : part_of(c[0], c[1].number, c[0].parts.size());
  };
  to["Take"] = [](const Call& c) {
    if (c[0].is_null()) return Value();
    return c[1].is_null() ? list({}) : part_of(c[0], 0, c[1].number);
  };
  to["ToList"] = [](const Call& c) { return c[0].is_null() ? list({}) : list({c[0]}); };
}

}  // namespace vigil::oracle
