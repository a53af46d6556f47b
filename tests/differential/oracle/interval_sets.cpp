// SPDX-License-Identifier: Apache-2.0
// Intervals as sets of points (B.8): union, intersect, except; the only point and the number of points.
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

Value point_from(const Call& c) {
  if (c.any_null()) return {};
  const auto start = start_of(c[0]);
  const auto end = end_of(c[0]);
  if (start.is_null() || end.is_null()) return {};  // not known
  if (!equal(start, end, c.now).is_true()) throw EvaluationError("point from");
  return start;
}

Value size(const Call& c) {
  if (c.any_null()) return {};
  const auto start = start_of(c[0]);
  const auto end = end_of(c[0]);
  if (start.is_null() || end.is_null()) return {};
  if (start.kind == Kind::kDecimal) {
    const BigInteger count = end.number - start.number + 1;
    if (count > maximum("Decimal").number) throw NotCovered("sizes beyond the largest Decimal");
    return decimal(count);
  }
  if (start.kind == Kind::kInteger || start.kind == Kind::kLong)
    return whole(start.kind, end.number - start.number + 1);
  throw NotCovered("Size of quantities");
}

/// Two intervals whose ends are all known, and how these ends compare; else the specification leaves what is made open.
struct Pair {
  explicit Pair(const Call& c) : a(c[0]), b(c[1]), now(c.now) {
    start_a = start_of(a), end_a = end_of(a), start_b = start_of(b), end_b = end_of(b);
    if (start_a.is_null() || end_a.is_null() || start_b.is_null() || end_b.is_null())
      throw NotCovered("sets of intervals whose ends are not known");
    if (a.low().is_null() || a.high().is_null() || b.low().is_null() || b.high().is_null())
      throw NotCovered("sets of intervals without end");
  }
  const Value& a;
  const Value& b;
  const Value& now;
  Value start_a, end_a, start_b, end_b;

  Value overlap() const { return and_(less_or_equal(start_a, end_b, now), less_or_equal(start_b, end_a, now)); }
  Value meet() const { return or_(equal(successor(end_a), start_b, now), equal(successor(end_b), start_a, now)); }
};

/// An end keeps the form of the interval it is of: Interval[1, 10) intersect Interval(2, 30] is Interval(2, 10).
Value with_ends(const Value& low_of, const Value& high_of) {
  return interval(low_of.type, low_of.low(), high_of.high(), low_of.low_closed, high_of.high_closed);
}

/// Whether the first is taken: its end is the lower (or, wanted 1, the higher). Equal ends in two forms are left open.
const Value& outer(const Pair& p, const Value& end_a, const Value& end_b, int wanted) {
  const auto order = compare(end_a, end_b, p.now);
  if (!order) throw NotCovered("sets of intervals whose ends have no order");
  const bool same_form = p.a.low_closed == p.b.low_closed && p.a.high_closed == p.b.high_closed &&
                         p.a.low().is_null() == p.b.low().is_null() && p.a.high().is_null() == p.b.high().is_null();
  if (*order == 0 && (!same_form || to_text(end_a) != to_text(end_b))) throw NotCovered("equal ends in two forms");
  return *order == wanted || *order == 0 ? p.a : p.b;
}

Value unite(const Call& c) {
  if (c.any_null()) return {};
  const Pair p(c);
  if (!or_(p.overlap(), p.meet()).is_true()) return {};
  return with_ends(outer(p, p.start_a, p.start_b, -1), outer(p, p.end_a, p.end_b, 1));
}

Value intersect(const Call& c) {
  if (c.any_null()) return {};
  const Pair p(c);
  if (!p.overlap().is_true()) return {};
  return with_ends(outer(p, p.start_a, p.start_b, 1), outer(p, p.end_a, p.end_b, -1));
}

Value except(const Call& c) {
  if (c.any_null()) return {};
  const Pair p(c);
  const auto overlap = p.overlap();
  if (overlap.is_null()) return {};
  if (overlap.is_false()) return p.a;
  const auto starts_before = less(p.start_a, p.start_b, p.now);
  const auto ends_after = less(p.end_b, p.end_a, p.now);
  if (starts_before.is_null() || ends_after.is_null()) return {};
  if (starts_before.boolean == ends_after.boolean) return {};  // nothing is left, or two pieces
  if (starts_before.boolean) return interval(p.a.type, p.a.low(), predecessor(p.start_b), p.a.low_closed, true);
  return interval(p.a.type, successor(p.end_b), p.a.high(), true, p.a.high_closed);
}

}  // namespace

void add_interval_sets(Operations& to) {
  to["PointFrom"] = point_from;
  to["SizeOf"] = size;
  to["UnionInterval"] = unite;
  to["IntersectInterval"] = intersect;
  to["ExceptInterval"] = except;
}

}  // namespace vigil::oracle
