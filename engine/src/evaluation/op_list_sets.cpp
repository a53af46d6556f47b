// SPDX-License-Identifier: Apache-2.0
// Lists as sets: membership, inclusion, distinct, union, intersect, except (CQL 1.5, B.10 List Operators).
#include "evaluation/element_set.h"
#include "evaluation/equality.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// Whether an element is in a list, and whether data could make it otherwise.
struct Membership {
  Truth truth = Truth::kFalse;
  bool undetermined = false;
  Value value() const { return value_of(truth).with_flags(undetermined ? Value::kUndetermined : 0); }
};

/// "Using equality semantics, with the exception that null elements are considered equal"; unknown where no element is
/// equal but one could be, such as a partial date. Only what is certain on both sides decides for certain.
Membership find_member(const Value& list, const Value& x, int default_offset) {
  if (list.is_null()) return {Truth::kFalse, list.flags != 0};
  auto truth = Truth::kFalse;
  bool null_decided = false;  // a missing value was taken for another than the one it was compared with
  for (const auto& element : list) {
    null_decided = null_decided || x.is_null() != element.is_null();
    const auto one = x.is_null() || element.is_null() ? truth_of(x.is_null() && element.is_null())
                                                      : equal(element, x, default_offset);
    if (one == Truth::kTrue && element.flags == 0 && x.flags == 0) return {Truth::kTrue, false};
    truth = logical_or(truth, one);
  }
  const bool never = list.count == 0 && list.flags == 0;
  return {truth, null_decided || (!never && (list.flags != 0 || x.flags != 0))};
}

/// Whether each element of `part` is in `whole`. A hash finds those that are; one that is not mostly ends it.
Truth includes(Run& run, const Value& whole, const Value& part) {
  ElementSet set(run.arena(), whole.count, run.default_offset());
  for (const auto& element : whole) set.add(element);
  auto result = Truth::kTrue;
  for (const auto& element : part) {
    if (set.find({whole.elements, whole.count}, element) != ElementSet::kNone) continue;
    result = logical_and(result, find_member(whole, element, run.default_offset()).truth);
    if (result == Truth::kFalse) break;
  }
  return result;
}

/// "True if the first list includes the second and is strictly larger."
Truth properly_includes(Run& run, const Value& whole, const Value& part) {
  return whole.count > part.count ? includes(run, whole, part) : Truth::kFalse;
}

/// An element is in the list, and so is one that is another.
Value properly_contains(Run& run, const Value& list, const Value& x) {
  const auto offset = run.default_offset();
  const auto member = find_member(list, x, offset);
  auto others = Truth::kFalse;
  if (!list.is_null())
    for (const auto& element : list)
      others = logical_or(others, x.is_null() ? truth_of(!element.is_null()) : logical_not(equal(element, x, offset)));
  return value_of(logical_and(member.truth, others)).with_flags(member.undetermined ? Value::kUndetermined : 0);
}

/// The distinct elements of a list under construction, and those that are possible only. Of elements that are the same,
/// one that is certainly there makes the one kept certain; where the list has an order, at this place or a later one.
class DistinctElements {
 public:
  DistinctElements(Run& run, size_t capacity, bool has_order = false)
      : run_(run),
        has_order_(has_order),
        mark_(run.scratch().size()),
        maybe_mark_(run.maybe().size()),
        set_(run.arena(), capacity, run.default_offset()) {}

  void add(const Value& value) {
    const auto at = find(value);
    if (at == ElementSet::kNone) {
      run_.scratch().push_back(value);
      set_.add(value);
    } else if (auto& kept = run_.scratch()[mark_ + at]; kept.flags != 0 && (value.flags & ~Value::kPlace) == 0) {
      kept.flags = has_order_ && &kept != &run_.scratch().back() ? Value::kPlace : 0;
    }
  }
  /// A possible element; one that is there for certain needs no second mention.
  void add_possible(const Value& value) {
    const auto at = find(value);
    if (at == ElementSet::kNone || run_.scratch()[mark_ + at].flags != 0) run_.maybe().push_back(value);
  }
  Value finish(bool open) {
    const auto flags = element_flags(run_.scratch().data() + mark_, run_.scratch().size() - mark_);
    return run_.finish_list(mark_, maybe_mark_,
                            static_cast<uint8_t>(flags | (open ? Value::kUndetermined | Value::kOpen : 0)));
  }

 private:
  uint32_t find(const Value& value) const {
    const auto& scratch = run_.scratch();
    return set_.find({scratch.data() + mark_, scratch.size() - mark_}, value);
  }

  Run& run_;
  bool has_order_;
  size_t mark_;
  size_t maybe_mark_;
  ElementSet set_;
};

std::span<const Value> elements_of(const Value& list) {
  return list.is_null() ? std::span<const Value>() : std::span(list.elements, list.count);
}
std::span<const Value> possible_of(const Value& list) {
  return list.is_null() ? std::span<const Value>() : std::span(list.elements + list.count, list.possible());
}

/// The elements of a list, to be found by value.
class ListIndex {
 public:
  ListIndex(Run& run, std::span<const Value> elements)
      : elements_(elements), set_(run.arena(), elements.size(), run.default_offset()) {
    for (const auto& element : elements) set_.add(element);
  }
  /// Null where no element is the same.
  const Value* find(const Value& value) const {
    const auto at = set_.find(elements_, value);
    return at == ElementSet::kNone ? nullptr : &elements_[at];
  }

 private:
  std::span<const Value> elements_;
  ElementSet set_;
};

}  // namespace

/// CQL 1.5, B.10.4 Distinct.
Value op_Distinct(Run& run, const Call& call) {
  DistinctElements result(run, call[0].count, /*has_order=*/true);
  for (const auto& element : elements_of(call[0])) result.add(element);
  for (const auto& element : possible_of(call[0])) result.add_possible(element);
  return result.finish(call[0].is_open());
}

/// CQL 1.5, B.10.28 Union: "if either argument is null, the operation is performed as though it was an empty list".
Value op_Union(Run& run, const Call& call) {
  DistinctElements result(run, elements_of(call[0]).size() + elements_of(call[1]).size());
  for (uint32_t i = 0; i < 2; ++i)
    for (const auto& element : elements_of(call[i])) result.add(element);
  for (uint32_t i = 0; i < 2; ++i)
    for (const auto& element : possible_of(call[i])) result.add_possible(element);
  return result.finish(call[0].is_open() || call[1].is_open());
}

/// CQL 1.5, B.10.13 Intersect: an element is certain where it is on both sides.
Value op_Intersect(Run& run, const Call& call) {
  const ListIndex others(run, elements_of(call[1]));
  DistinctElements result(run, call[0].count);
  for (const auto& element : elements_of(call[0]))
    if (const auto* const other = others.find(element))
      result.add(element.with_flags(other->flags != 0 ? Value::kPresence : 0));
  return result.finish(call[0].flags != 0 || call[1].flags != 0);
}

/// CQL 1.5, B.10.6 Except. What the second list may have besides could yet take elements away; those of it that may not
/// be there leave the result open.
Value op_Except(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const ListIndex others(run, elements_of(call[1])), possible(run, possible_of(call[1]));
  const bool any_may_go = call[1].is_open();
  bool open = call[0].is_open();
  DistinctElements result(run, call[0].count);
  for (const auto& element : elements_of(call[0])) {
    if (const auto* const other = others.find(element)) {
      open = open || other->flags != 0;
      continue;
    }
    result.add(element.with_flags(any_may_go || possible.find(element) != nullptr ? Value::kPresence : 0));
  }
  for (const auto& element : possible_of(call[0]))
    if (others.find(element) == nullptr) result.add_possible(element);
  return result.finish(open);
}

/// CQL 1.5, B.10.10 In.
Value op_InList(Run& run, const Call& call) { return find_member(call[1], call[0], run.default_offset()).value(); }

/// CQL 1.5, B.10.2 Contains.
Value op_ContainsElement(Run& run, const Call& call) {
  return find_member(call[0], call[1], run.default_offset()).value();
}

/// CQL 1.5, B.10 Properly Includes, of an element.
Value op_ProperlyContainsElement(Run& run, const Call& call) { return properly_contains(run, call[0], call[1]); }

/// CQL 1.5, B.10 Properly Included In, of an element.
Value op_ProperlyInList(Run& run, const Call& call) { return properly_contains(run, call[1], call[0]); }

/// CQL 1.5, B.10.11 Includes.
Value op_IncludesList(Run& run, const Call& call) { return value_of(includes(run, call[0], call[1])); }

/// CQL 1.5, B.10.12 Included In.
Value op_IncludedInList(Run& run, const Call& call) { return value_of(includes(run, call[1], call[0])); }

/// CQL 1.5, B.10.20 Properly Includes.
Value op_ProperlyIncludesList(Run& run, const Call& call) { return value_of(properly_includes(run, call[0], call[1])); }

/// CQL 1.5, B.10.21 Properly Included In.
Value op_ProperlyIncludedInList(Run& run, const Call& call) {
  return value_of(properly_includes(run, call[1], call[0]));
}

}  // namespace vigil
