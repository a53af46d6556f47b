// SPDX-License-Identifier: Apache-2.0
// Intervals as sets of points: union, intersect, except, collapse; size and the point of a unit interval (CQL 1.5, B.9
// Interval Operators).
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "evaluation/interval_edge.h"
#include "evaluation/numbers.h"
#include "evaluation/results.h"
#include "evaluation/temporal_shift.h"
#include "values/temporal.h"

namespace vigil {
namespace {

/// One end of an interval as it is written.
struct Boundary {
  Value value;
  bool closed = true;
};

Value make_interval(Run& run, const Boundary& low, const Boundary& high) {
  const IntervalValue made{low.value, high.value, low.closed, high.closed};
  return Value::of(static_cast<const IntervalValue*>(run.arena().make<IntervalValue>(made)));
}

/// An interval with its first and last point.
struct Range {
  const IntervalValue* interval = nullptr;
  Edge start;
  Edge end;

  Boundary low() const { return {interval->low, interval->low_closed}; }
  Boundary high() const { return {interval->high, interval->high_closed}; }
  bool high_is_unknown() const { return interval->high.is_null() && !interval->high_closed; }
  bool low_is_unknown() const { return interval->low.is_null() && !interval->low_closed; }
};

Range range_of(Run& run, const Value& interval, Span span) {
  return {interval.interval, start_edge(run, *interval.interval, span), end_edge(run, *interval.interval, span)};
}

/// The lower (`lower`) or higher of two starts; an unknown one leaves the result's unknown, imprecise dates give none.
std::optional<Boundary> choose_low(const EdgeOrder& order, const Range& a, const Range& b, bool lower) {
  const auto a_first = order.less_or_equal(a.start, b.start);
  if (a_first != Truth::kUnknown) return (a_first == Truth::kTrue) == lower ? a.low() : b.low();
  if (a.low_is_unknown() || b.low_is_unknown()) return Boundary{Value::null(), false};
  return std::nullopt;
}

std::optional<Boundary> choose_high(const EdgeOrder& order, const Range& a, const Range& b, bool lower) {
  const auto a_first = order.less_or_equal(a.end, b.end);
  if (a_first != Truth::kUnknown) return (a_first == Truth::kTrue) == lower ? a.high() : b.high();
  if (a.high_is_unknown() || b.high_is_unknown()) return Boundary{Value::null(), false};
  return std::nullopt;
}

Truth overlap(const EdgeOrder& order, const Range& a, const Range& b) {
  return logical_and(order.less_or_equal(a.start, b.end), order.less_or_equal(b.start, a.end));
}

Truth meet(const EdgeOrder& order, const Range& a, const Range& b) {
  return logical_or(order.follows(a.end, b.start), order.follows(b.end, a.start));
}

/// The point beside an edge, as a closed boundary of what remains.
std::optional<Boundary> beside(Run& run, const Edge& edge, bool up) {
  if (!edge.is_known || edge.least.is != Bound::Is::kValue) return std::nullopt;
  const auto next = neighbour(edge.least.value, up, *run.arena().make<Quantity>());
  return next ? std::optional<Boundary>({*next, true}) : std::nullopt;
}

/// The distance of `collapse`: intervals no farther apart than this are one.
class Distance {
 public:
  Distance(Run& run, const Value& per)
      : run_(run),
        per_(per),
        order_(run, std::nullopt),
        coarse_(run, per.is_null() ? std::nullopt : duration_precision(per.quantity->unit)) {}

  Truth joins(const Range& a, const Range& b) const {
    const auto touching = logical_or(overlap(order_, a, b), meet(order_, a, b));
    if (touching == Truth::kTrue || per_.is_null()) return touching;
    const auto moved = beyond(a.end);
    return moved ? logical_or(touching, coarse_.less_or_equal(b.start, *moved)) : touching;
  }

 private:
  /// The edge moved up by the distance.
  std::optional<Edge> beyond(const Edge& edge) const {
    if (!edge.is_known || edge.least.is != Bound::Is::kValue) return std::nullopt;
    const auto& value = edge.least.value;
    Value moved;
    switch (value.kind) {
      case Kind::kInteger:
      case Kind::kLong:
      case Kind::kDecimal: moved = value_of(add(as_decimal(value), per_.quantity->value)); break;
      case Kind::kQuantity: moved = value_of(run_, add(*value.quantity, *per_.quantity)); break;
      default: {
        const auto shifted = shift(value.kind, value.temporal, *per_.quantity, false);
        if (shifted.outcome == Shifted::Outcome::kDone) moved = Value::of(value.kind, shifted.value);
      }
    }
    return moved.is_null() ? std::nullopt : std::optional<Edge>(point_edge(moved));
  }

  Run& run_;
  Value per_;
  EdgeOrder order_;
  EdgeOrder coarse_;
};

}  // namespace

/// CQL 1.5, B.9 Union: null where the intervals neither overlap nor meet.
Value op_UnionInterval(Run& run, const Call& call) {
  const EdgeOrder order(run, std::nullopt);
  const auto a = range_of(run, call[0], call.span), b = range_of(run, call[1], call.span);
  if (logical_or(overlap(order, a, b), meet(order, a, b)) != Truth::kTrue) return Value::null();
  const auto low = choose_low(order, a, b, true), high = choose_high(order, a, b, false);
  return low && high ? make_interval(run, *low, *high) : Value::null();
}

/// CQL 1.5, B.9 Intersect: null where the intervals do not overlap.
Value op_IntersectInterval(Run& run, const Call& call) {
  const EdgeOrder order(run, std::nullopt);
  const auto a = range_of(run, call[0], call.span), b = range_of(run, call[1], call.span);
  if (overlap(order, a, b) != Truth::kTrue) return Value::null();
  const auto low = choose_low(order, a, b, false), high = choose_high(order, a, b, true);
  return low && high ? make_interval(run, *low, *high) : Value::null();
}

/// CQL 1.5, B.9 Except: what of the first lies outside the second; null where nothing does, or two pieces do.
Value op_ExceptInterval(Run& run, const Call& call) {
  const EdgeOrder order(run, std::nullopt);
  const auto a = range_of(run, call[0], call.span), b = range_of(run, call[1], call.span);
  const auto overlapping = overlap(order, a, b);
  if (overlapping == Truth::kFalse) return call[0].without_flags(0xFF);
  const auto starts_before = order.less(a.start, b.start), ends_after = order.less(b.end, a.end);
  if (overlapping == Truth::kUnknown || starts_before == Truth::kUnknown || ends_after == Truth::kUnknown ||
      starts_before == ends_after)
    return Value::null();
  if (starts_before == Truth::kTrue) {
    const auto high = beside(run, b.start, false);
    return high ? make_interval(run, a.low(), *high) : Value::null();
  }
  const auto low = beside(run, b.end, true);
  return low ? make_interval(run, *low, a.high()) : Value::null();
}

/// CQL 1.5, B.9 Collapse: sorted by their starts, intervals that overlap, meet, or lie no farther apart than `per`
/// become one. Nulls are left out.
Value op_Collapse(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const EdgeOrder order(run, std::nullopt);
  const Distance distance(run, call[1]);
  std::vector<Range> ranges;
  for (const auto& interval : call[0])
    if (!interval.is_null()) ranges.push_back(range_of(run, interval, call.span));
  std::stable_sort(ranges.begin(), ranges.end(),
                   [&](const Range& a, const Range& b) { return order.less(a.start, b.start) == Truth::kTrue; });
  const auto mark = run.scratch().size();
  for (const auto& range : ranges) {
    auto& result = run.scratch();
    if (result.size() > mark) {
      const auto last = range_of(run, result.back(), call.span);
      const auto high =
          distance.joins(last, range) == Truth::kTrue ? choose_high(order, last, range, false) : std::nullopt;
      if (high) {
        result.back() = make_interval(run, last.low(), *high);
        continue;
      }
    }
    result.push_back(Value::of(range.interval));
  }
  return run.finish_list(mark);
}

/// CQL 1.5, B.9 Size: the number of points, which is the width and one point more.
Value op_SizeOf(Run& run, const Call& call) {
  const auto width = op_WidthOf(run, call);
  if (width.is_null()) return width;
  const auto next = neighbour(width, true, *run.arena().make<Quantity>());
  return next ? *next : Value::null();
}

/// CQL 1.5, B.9 Point From: "if the argument is not a unit interval, a run-time error is thrown".
Value op_PointFrom(Run& run, const Call& call) {
  const auto start = op_StartOf(run, call), end = op_EndOf(run, call);
  if (start.is_null() || end.is_null()) return Value::null();
  if (equal(start, end, run.default_offset()) != Truth::kTrue) run.fail(make_diagnostic<Code::VGL0912>(call.span));
  return start;
}

}  // namespace vigil
