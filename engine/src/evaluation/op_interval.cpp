// SPDX-License-Identifier: Apache-2.0
// Ends, width and points of intervals (CQL 1.5, B.9 Interval Operators).
#include "diagnostics/catalogue.h"
#include "evaluation/interval_edge.h"
#include "evaluation/numbers.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

Kind kind_of(model::TypeId type) {
  switch (type.value) {
    case model::kInteger.value: return Kind::kInteger;
    case model::kLong.value: return Kind::kLong;
    case model::kDecimal.value: return Kind::kDecimal;
    case model::kDate.value: return Kind::kDate;
    case model::kDateTime.value: return Kind::kDateTime;
    case model::kTime.value: return Kind::kTime;
    case model::kQuantity.value: return Kind::kQuantity;
    default: return Kind::kNull;
  }
}

/// A known edge as a value; the type's end is written out, a quantity's with the unit of the interval's other end.
Value value_of(Run& run, const Edge& edge, const Call& call, const Value& other_end) {
  if (!edge.is_known) return Value::null();
  if (edge.least.is == Bound::Is::kValue) return edge.least.value;
  const auto unit = other_end.kind == Kind::kQuantity ? other_end.quantity->unit : std::string_view();
  const auto kind = kind_of(call.type) == Kind::kNull ? other_end.kind : kind_of(call.type);
  return extreme_of(kind, edge.least.is == Bound::Is::kLowest, unit, *run.arena().make<Quantity>());
}

/// Low end, point, high end; what `in` and its kin ask.
struct PointInInterval {
  Edge start;
  Edge point;
  Edge end;
};

PointInInterval place(Run& run, const Value& point, const Value& interval, Span span) {
  return {start_edge(run, *interval.interval, span), point_edge(point), end_edge(run, *interval.interval, span)};
}

/// "For open interval boundaries, exclusive comparison operators are used", at the precision asked for: no day of June
/// is in the months before an open end in June.
Truth holds(Run& run, const Call& call, const IntervalValue& interval, const Value& point) {
  const EdgeOrder edges(run, precision_of(call));
  const auto at = point_edge(point);
  const bool after_low = interval.low.is_null() || interval.low_closed;
  const bool before_high = interval.high.is_null() || interval.high_closed;
  const auto low = after_low ? edges.less_or_equal(start_edge(run, interval, call.span), at)
                             : edges.less(point_edge(interval.low), at);
  const auto high = before_high ? edges.less_or_equal(at, end_edge(run, interval, call.span))
                                : edges.less(at, point_edge(interval.high));
  return logical_and(low, high);
}

/// "If the point is null the result is null; if the interval is null, false."
Value contains(Run& run, const Call& call, const Value& interval, const Value& point) {
  if (interval.is_null()) return Value::of(false);
  if (point.is_null()) return Value::null();
  return vigil::value_of(holds(run, call, *interval.interval, point));
}

/// "True if the interval contains the point, and is not a unit interval containing only the point."
Value properly_contains(Run& run, const Call& call, const Value& interval, const Value& point) {
  if (interval.is_null() || point.is_null()) return Value::null();
  const auto at = place(run, point, interval, call.span);
  const EdgeOrder edges(run, precision_of(call));
  const auto inside = holds(run, call, *interval.interval, point);
  return vigil::value_of(logical_and(inside, logical_not(edges.equal(at.start, at.end))));
}

}  // namespace

/// CQL 1.5, B.9.26 Start.
Value op_StartOf(Run& run, const Call& call) {
  const auto& interval = *call[0].interval;
  return value_of(run, start_edge(run, interval, call.span), call, interval.high);
}

/// CQL 1.5, B.9.6 End.
Value op_EndOf(Run& run, const Call& call) {
  const auto& interval = *call[0].interval;
  return value_of(run, end_edge(run, interval, call.span), call, interval.low);
}

/// CQL 1.5, B.9.30 Width: end less start; intervals of dates and times have a duration, not a width.
Value op_WidthOf(Run& run, const Call& call) {
  const auto start = op_StartOf(run, call), end = op_EndOf(run, call);
  if (start.is_null() || end.is_null()) return Value::null();
  const Value operands[] = {end, start};
  const Call difference{operands, 2, 0, 0, call.type, call.span};
  switch (start.kind) {
    case Kind::kInteger: return op_SubtractInteger(run, difference);
    case Kind::kLong: return op_SubtractLong(run, difference);
    case Kind::kDecimal: return op_SubtractDecimal(run, difference);
    case Kind::kQuantity: return op_SubtractQuantity(run, difference);
    default: return Value::null();
  }
}

/// CQL 1.5, B.9.9 In.
Value op_InInterval(Run& run, const Call& call) { return contains(run, call, call[1], call[0]); }

/// CQL 1.5, B.9.4 Contains.
Value op_ContainsPoint(Run& run, const Call& call) { return contains(run, call, call[0], call[1]); }

/// CQL 1.5, B.9.24 Properly Included In, of a point.
Value op_ProperlyInInterval(Run& run, const Call& call) { return properly_contains(run, call, call[1], call[0]); }

/// CQL 1.5, B.9.23 Properly Includes, of a point.
Value op_ProperlyContainsPoint(Run& run, const Call& call) { return properly_contains(run, call, call[0], call[1]); }

/// CQL 1.5, author's guide, "Interval promotion": a point as the interval of itself.
Value op_PointAsInterval(Run& run, const Call& call) {
  const IntervalValue unit{call[0], call[0], true, true};
  return Value::of(static_cast<const IntervalValue*>(run.arena().make<IntervalValue>(unit)));
}

}  // namespace vigil
