// SPDX-License-Identifier: Apache-2.0
// How two intervals lie to each other (CQL 1.5, B.9 Interval Operators). Null where either is null.
#include "evaluation/interval_edge.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// The four ends of two intervals, left and right of the operator.
struct Ends {
  Edge left_start;
  Edge left_end;
  Edge right_start;
  Edge right_end;
};

/// Calls `relation(edges, ends)`; `swapped` exchanges the intervals.
template <class Relation>
Value relate(Run& run, const Call& call, Relation relation, bool swapped = false) {
  const auto& left = call[swapped ? 1 : 0];
  const auto& right = call[swapped ? 0 : 1];
  if (left.is_null() || right.is_null()) return Value::null();
  const Ends ends{start_edge(run, *left.interval, call.span), end_edge(run, *left.interval, call.span),
                  start_edge(run, *right.interval, call.span), end_edge(run, *right.interval, call.span)};
  return value_of(relation(EdgeOrder(run, precision_of(call)), ends));
}

Truth includes(const EdgeOrder& edges, const Ends& x) {
  return logical_and(edges.less_or_equal(x.left_start, x.right_start), edges.less_or_equal(x.right_end, x.left_end));
}

/// Includes, and is larger at one end.
Truth properly_includes(const EdgeOrder& edges, const Ends& x) {
  const auto larger = logical_or(edges.less(x.left_start, x.right_start), edges.less(x.right_end, x.left_end));
  return logical_and(includes(edges, x), larger);
}

Truth overlaps(const EdgeOrder& edges, const Ends& x) {
  return logical_and(edges.less_or_equal(x.left_start, x.right_end), edges.less_or_equal(x.right_start, x.left_end));
}

Truth overlaps_before(const EdgeOrder& edges, const Ends& x) {
  return logical_and(edges.less(x.left_start, x.right_start), overlaps(edges, x));
}

Truth overlaps_after(const EdgeOrder& edges, const Ends& x) {
  return logical_and(edges.less(x.right_end, x.left_end), overlaps(edges, x));
}

Truth before(const EdgeOrder& edges, const Ends& x) { return edges.less(x.left_end, x.right_start); }

Truth same_as(const EdgeOrder& edges, const Ends& x) {
  return logical_and(edges.equal(x.left_start, x.right_start), edges.equal(x.left_end, x.right_end));
}

Truth same_or_before(const EdgeOrder& edges, const Ends& x) { return edges.less_or_equal(x.left_end, x.right_start); }

Truth meets_before(const EdgeOrder& edges, const Ends& x) { return edges.follows(x.left_end, x.right_start); }

Truth meets_after(const EdgeOrder& edges, const Ends& x) { return edges.follows(x.right_end, x.left_start); }

Truth meets(const EdgeOrder& edges, const Ends& x) { return logical_or(meets_before(edges, x), meets_after(edges, x)); }

Truth starts(const EdgeOrder& edges, const Ends& x) {
  return logical_and(edges.equal(x.left_start, x.right_start), edges.less_or_equal(x.left_end, x.right_end));
}

Truth ends(const EdgeOrder& edges, const Ends& x) {
  return logical_and(edges.less_or_equal(x.right_start, x.left_start), edges.equal(x.left_end, x.right_end));
}

}  // namespace

/// CQL 1.5, B.9.10 Includes.
Value op_IncludesInterval(Run& run, const Call& call) { return relate(run, call, includes); }

/// CQL 1.5, B.9.11 Included In.
Value op_IncludedInInterval(Run& run, const Call& call) { return relate(run, call, includes, true); }

/// CQL 1.5, B.9.23 Properly Includes.
Value op_ProperlyIncludesInterval(Run& run, const Call& call) { return relate(run, call, properly_includes); }

/// CQL 1.5, B.9.24 Properly Included In.
Value op_ProperlyIncludedInInterval(Run& run, const Call& call) { return relate(run, call, properly_includes, true); }

/// CQL 1.5, B.9.17 Overlaps.
Value op_OverlapsInterval(Run& run, const Call& call) { return relate(run, call, overlaps); }

/// CQL 1.5, B.9.18 Overlaps Before.
Value op_OverlapsBeforeInterval(Run& run, const Call& call) { return relate(run, call, overlaps_before); }

/// CQL 1.5, B.9.19 Overlaps After.
Value op_OverlapsAfterInterval(Run& run, const Call& call) { return relate(run, call, overlaps_after); }

/// CQL 1.5, B.9.2 Before.
Value op_BeforeInterval(Run& run, const Call& call) { return relate(run, call, before); }

/// CQL 1.5, B.9.1 After.
Value op_AfterInterval(Run& run, const Call& call) { return relate(run, call, before, true); }

/// CQL 1.5, B.9 Same As.
Value op_SameAsInterval(Run& run, const Call& call) { return relate(run, call, same_as); }

/// CQL 1.5, B.9 Same Or Before, which is On Or Before.
Value op_SameOrBeforeInterval(Run& run, const Call& call) { return relate(run, call, same_or_before); }

/// CQL 1.5, B.9 Same Or After, which is On Or After.
Value op_SameOrAfterInterval(Run& run, const Call& call) { return relate(run, call, same_or_before, true); }

/// CQL 1.5, B.9.13 Meets.
Value op_MeetsInterval(Run& run, const Call& call) { return relate(run, call, meets); }

/// CQL 1.5, B.9.14 Meets Before.
Value op_MeetsBeforeInterval(Run& run, const Call& call) { return relate(run, call, meets_before); }

/// CQL 1.5, B.9.15 Meets After.
Value op_MeetsAfterInterval(Run& run, const Call& call) { return relate(run, call, meets_after); }

/// CQL 1.5, B.9.27 Starts.
Value op_StartsInterval(Run& run, const Call& call) { return relate(run, call, starts); }

/// CQL 1.5, B.9.7 Ends.
Value op_EndsInterval(Run& run, const Call& call) { return relate(run, call, ends); }

}  // namespace vigil
