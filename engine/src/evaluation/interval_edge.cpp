// SPDX-License-Identifier: Apache-2.0
// Ends of intervals (CQL 1.5, B.9 Interval Operators; author's guide, "Intervals": open, closed and null boundaries).
#include "evaluation/interval_edge.h"

#include "diagnostics/catalogue.h"
#include "evaluation/numbers.h"
#include "values/temporal.h"

namespace vigil {
namespace {

bool is_temporal(const Value& v) { return v.kind == Kind::kDate || v.kind == Kind::kDateTime || v.kind == Kind::kTime; }

Bound known(const Value& value) { return {Bound::Is::kValue, value}; }
Edge known_edge(const Bound& bound) { return {bound, bound, true}; }

std::optional<Value> step(Run& run, const Value& value, bool up) {
  return neighbour(value, up, *run.arena().make<Quantity>());
}

/// An end that is not null as a point of the interval. An open one moves inwards; there is nothing beyond the type's
/// end.
Bound inner_bound(Run& run, const Value& end, bool closed, bool is_low, Span span) {
  if (closed) return known(end);
  const auto inner = step(run, end, is_low);
  if (!inner) run.fail(make_diagnostic<Code::VGL0908>(span, is_low ? "the interval's start" : "the interval's end"));
  return known(*inner);
}

}  // namespace

Edge point_edge(const Value& point) {
  if (point.is_null()) return {{Bound::Is::kLowest, {}}, {Bound::Is::kHighest, {}}, false};
  return known_edge(known(point));
}

Edge start_edge(Run& run, const IntervalValue& interval, Span span) {
  if (!interval.low.is_null()) return known_edge(inner_bound(run, interval.low, interval.low_closed, true, span));
  const Bound lowest{Bound::Is::kLowest, {}};
  if (interval.low_closed && !interval.of_any) return known_edge(lowest);
  if (interval.high.is_null()) return {lowest, {Bound::Is::kHighest, {}}, false};
  return {lowest, inner_bound(run, interval.high, interval.high_closed, false, span), false};
}

Edge end_edge(Run& run, const IntervalValue& interval, Span span) {
  if (!interval.high.is_null()) return known_edge(inner_bound(run, interval.high, interval.high_closed, false, span));
  const Bound highest{Bound::Is::kHighest, {}};
  if (interval.high_closed && !interval.of_any) return known_edge(highest);
  if (interval.low.is_null()) return {{Bound::Is::kLowest, {}}, highest, false};
  return {inner_bound(run, interval.low, interval.low_closed, true, span), highest, false};
}

Comparison EdgeOrder::compare(const Bound& a, const Bound& b) const {
  if (a.is == Bound::Is::kValue && b.is == Bound::Is::kValue) {
    if (precision_ && is_temporal(a.value) && is_temporal(b.value))
      return vigil::compare(a.value.temporal, b.value.temporal, precision_, run_.default_offset());
    return order(a.value, b.value, run_.default_offset());
  }
  if (a.is == b.is) return Comparison::kEqual;
  if (b.is == Bound::Is::kValue) {
    const bool low = a.is == Bound::Is::kLowest;
    if (is_extreme(b.value, low)) return Comparison::kEqual;
    return low ? Comparison::kLess : Comparison::kGreater;
  }
  if (a.is == Bound::Is::kValue) return reverse(compare(b, a));
  return a.is == Bound::Is::kLowest ? Comparison::kLess : Comparison::kGreater;
}

Truth EdgeOrder::less(const Edge& a, const Edge& b) const {
  const auto surely = is_less(compare(a.greatest, b.least));
  if (surely == Truth::kTrue || (a.is_known && b.is_known)) return surely;
  return is_less(compare(a.least, b.greatest)) == Truth::kFalse ? Truth::kFalse : Truth::kUnknown;
}

Truth EdgeOrder::less_or_equal(const Edge& a, const Edge& b) const {
  const auto surely = is_less_or_equal(compare(a.greatest, b.least));
  if (surely == Truth::kTrue || (a.is_known && b.is_known)) return surely;
  return is_less_or_equal(compare(a.least, b.greatest)) == Truth::kFalse ? Truth::kFalse : Truth::kUnknown;
}

Truth EdgeOrder::equal(const Edge& a, const Edge& b) const {
  if (a.is_known && b.is_known) return is_equal(compare(a.least, b.least));
  const bool apart =
      compare(a.greatest, b.least) == Comparison::kLess || compare(a.least, b.greatest) == Comparison::kGreater;
  return apart ? Truth::kFalse : Truth::kUnknown;
}

Bound EdgeOrder::next(const Bound& bound) const {
  if (bound.is != Bound::Is::kValue) return bound;
  auto value = bound.value;
  if (precision_ && is_temporal(value)) value.temporal = truncate_to(value.temporal, *precision_);
  const auto after = step(run_, value, true);
  return after ? known(*after) : Bound{Bound::Is::kHighest, {}};
}

Truth EdgeOrder::follows(const Edge& a, const Edge& b) const {
  // Nothing follows the greatest value, and the least follows nothing.
  if (a.least.is == Bound::Is::kHighest ||
      (a.is_known && a.least.is == Bound::Is::kValue && is_extreme(a.least.value, false)))
    return Truth::kFalse;
  if (b.greatest.is == Bound::Is::kLowest) return Truth::kFalse;
  const auto result = equal({next(a.least), next(a.greatest), a.is_known}, b);
  // A partial date's successor is at its own precision: @2012 is followed by @2013, but perhaps by @2012-06-01 too.
  const bool open = a.is_known && b.is_known && compare(a.least, b.least) == Comparison::kUnknown;
  return result == Truth::kFalse && open ? Truth::kUnknown : result;
}

}  // namespace vigil
