// SPDX-License-Identifier: Apache-2.0
// Lists as sets: membership, inclusion, distinct, union, intersect, except (CQL 1.5, B.9 List Operators).
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
  for (const auto& element : list) {
    const auto one = x.is_null() || element.is_null() ? truth_of(x.is_null() && element.is_null()) : equal(element, x, default_offset);
    if (one == Truth::kTrue && element.flags == 0 && x.flags == 0) return {Truth::kTrue, false};
    truth = logical_or(truth, one);
  }
  const bool never = list.count == 0 && list.flags == 0;
  return {truth, !never && (list.flags != 0 || x.flags != 0)};
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

/// The distinct elements of a list under construction. Of elements that are the same, one that is certainly there makes
/// the one kept certain.
class DistinctElements {
 public:
  DistinctElements(Run& run, size_t capacity)
      : run_(run), mark_(run.scratch().size()), set_(run.arena(), capacity, run.default_offset()) {}

  void add(const Value& value) {
    auto& scratch = run_.scratch();
    const auto at = set_.find({scratch.data() + mark_, scratch.size() - mark_}, value);
    if (at != ElementSet::kNone) {
      if (value.flags == 0) scratch[mark_ + at].flags = 0;
      return;
    }
    scratch.push_back(value);
    set_.add(value);
  }
  void add_all(const Value& list) {
    if (list.is_null()) return;
    for (const auto& element : list) add(element);
  }
  Value finish() { return finish_elements(run_, mark_); }

 private:
  Run& run_;
  size_t mark_;
  ElementSet set_;
};

uint32_t count_of(const Value& list) { return list.is_null() ? 0 : list.count; }

}  // namespace

/// CQL 1.5, B.9.4 Distinct.
Value op_Distinct(Run& run, const Call& call) {
  DistinctElements elements(run, call[0].count);
  elements.add_all(call[0]);
  return elements.finish();
}

/// CQL 1.5, B.9.28 Union: "if either argument is null, the operation is performed as though it was an empty list".
Value op_Union(Run& run, const Call& call) {
  DistinctElements elements(run, size_t{count_of(call[0])} + count_of(call[1]));
  elements.add_all(call[0]);
  elements.add_all(call[1]);
  return elements.finish();
}

/// CQL 1.5, B.9.13 Intersect: an element is certain where it is on both sides.
Value op_Intersect(Run& run, const Call& call) {
  const auto& other = call[1];
  ElementSet others(run.arena(), other.count, run.default_offset());
  for (const auto& element : other) others.add(element);
  DistinctElements elements(run, call[0].count);
  for (const auto& element : call[0]) {
    const auto at = others.find({other.elements, other.count}, element);
    if (at == ElementSet::kNone) continue;
    elements.add(element.with_flags(other.elements[at].flags != 0 ? Value::kUndetermined : 0));
  }
  return elements.finish();
}

/// CQL 1.5, B.9.6 Except. Where the second list may have further elements, any that remain could yet go.
Value op_Except(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const auto& other = call[1];
  ElementSet others(run.arena(), count_of(other), run.default_offset());
  if (!other.is_null())
    for (const auto& element : other) others.add(element);
  const uint8_t open = other.flags != 0 ? Value::kUndetermined : 0;
  DistinctElements elements(run, call[0].count);
  for (const auto& element : call[0])
    if (others.find({other.elements, count_of(other)}, element) == ElementSet::kNone) elements.add(element.with_flags(open));
  return elements.finish();
}

/// CQL 1.5, B.9.10 In.
Value op_InList(Run& run, const Call& call) { return find_member(call[1], call[0], run.default_offset()).value(); }

/// CQL 1.5, B.9.2 Contains.
Value op_ContainsElement(Run& run, const Call& call) { return find_member(call[0], call[1], run.default_offset()).value(); }

/// CQL 1.5, B.9.11 Includes.
Value op_IncludesList(Run& run, const Call& call) { return value_of(includes(run, call[0], call[1])); }

/// CQL 1.5, B.9.12 Included In.
Value op_IncludedInList(Run& run, const Call& call) { return value_of(includes(run, call[1], call[0])); }

/// CQL 1.5, B.9.20 Properly Includes.
Value op_ProperlyIncludesList(Run& run, const Call& call) { return value_of(properly_includes(run, call[0], call[1])); }

/// CQL 1.5, B.9.21 Properly Included In.
Value op_ProperlyIncludedInList(Run& run, const Call& call) { return value_of(properly_includes(run, call[1], call[0])); }

}  // namespace vigil
