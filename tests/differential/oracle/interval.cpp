// SPDX-License-Identifier: Apache-2.0
// Intervals (B.8), by their first and last point. An end that is not known leaves open what depends on it.
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

/// Comparison of points, to the precision that the phrase names.
class Points {
 public:
  explicit Points(const Call& c) : call_(c) {}

  Value less(const Value& a, const Value& b) const {
    return holds(a, b, [](int order) { return order < 0; });
  }
  Value less_or_equal(const Value& a, const Value& b) const {
    return holds(a, b, [](int order) { return order <= 0; });
  }
  Value equal(const Value& a, const Value& b) const {
    return holds(a, b, [](int order) { return order == 0; });
  }

 private:
  template <class Test>
  Value holds(const Value& a, const Value& b, Test test) const {
    if (a.is_null() || b.is_null()) return {};
    const bool moment = a.kind == Kind::kDate || a.kind == Kind::kDateTime || a.kind == Kind::kTime;
    const auto order = moment ? compare_moments(a, b, call_.precision(), call_.now) : compare(a, b, call_.now);
    return order ? boolean(test(*order)) : Value();
  }
  const Call& call_;
};

/// B.8.5: by the ends as they are written; a closed null end is no limit, an open one not known.
Value contains(const Call& c, const Value& interval, const Value& point) {
  if (interval.is_null()) return boolean(false);
  if (point.is_null()) return {};
  const Points points(c);
  const auto above = interval.low().is_null() && interval.low_closed ? boolean(true)
                     : interval.low_closed                           ? points.less_or_equal(interval.low(), point)
                                                                     : points.less(interval.low(), point);
  const auto below = interval.high().is_null() && interval.high_closed ? boolean(true)
                     : interval.high_closed                            ? points.less_or_equal(point, interval.high())
                                                                       : points.less(point, interval.high());
  return and_(above, below);
}

/// What an operator of two intervals sees.
struct Pair {
  explicit Pair(const Call& c, size_t left = 0)
      : points(c), start1(start_of(c[left])), end1(end_of(c[left])), start2(start_of(c[1 - left])),
        end2(end_of(c[1 - left])) {}
  Points points;
  Value start1, end1, start2, end2;

  Value includes() const { return and_(points.less_or_equal(start1, start2), points.less_or_equal(end2, end1)); }
  Value same() const { return and_(points.equal(start1, start2), points.equal(end1, end2)); }
  Value overlaps() const { return and_(points.less_or_equal(start2, end1), points.less_or_equal(start1, end2)); }
  Value before() const { return points.less(end1, start2); }
  Value meets_before() const { return points.equal(end1, predecessor(start2)); }
  Value meets_after() const { return points.equal(start1, successor(end2)); }
};

template <Value (*Test)(const Pair&), size_t left = 0>
Value relation(const Call& c) {
  return c.any_null() ? Value() : Test(Pair(c, left));
}

Value includes(const Pair& p) { return p.includes(); }
Value properly_includes(const Pair& p) { return and_(p.includes(), not_(p.same())); }
Value overlaps(const Pair& p) { return p.overlaps(); }
Value overlaps_before(const Pair& p) { return and_(p.points.less(p.start1, p.start2), p.overlaps()); }
Value overlaps_after(const Pair& p) { return and_(p.points.less(p.end2, p.end1), p.overlaps()); }
Value before(const Pair& p) { return p.before(); }
Value meets_before(const Pair& p) { return p.meets_before(); }
Value meets_after(const Pair& p) { return p.meets_after(); }
Value meets(const Pair& p) { return or_(p.meets_before(), p.meets_after()); }
Value starts(const Pair& p) { return and_(p.points.equal(p.start1, p.start2), p.points.less_or_equal(p.end1, p.end2)); }
Value ends(const Pair& p) { return and_(p.points.less_or_equal(p.start2, p.start1), p.points.equal(p.end1, p.end2)); }

/// The point is in the interval, and the interval is more than the point.
Value properly_contains(const Call& c, const Value& interval, const Value& point) {
  const auto inside = contains(c, interval, point);
  if (interval.is_null() || point.is_null()) return inside;
  const Points points(c);
  const auto only = and_(points.equal(start_of(interval), point), points.equal(end_of(interval), point));
  return and_(inside, not_(only));
}

Value width(const Value& interval) {
  if (interval.is_null()) return {};
  const auto start = start_of(interval);
  const auto end = end_of(interval);
  if (start.is_null() || end.is_null()) return {};
  if (start.kind == Kind::kDecimal) return decimal(end.number - start.number);
  if (start.kind == Kind::kInteger || start.kind == Kind::kLong) return whole(start.kind, end.number - start.number);
  if (start.kind != Kind::kQuantity) throw NotCovered("width of dates");
  if (start.text == end.text) return quantity(end.number - start.number, end.text);
  throw NotCovered("width in two units");
}

}  // namespace

Value start_of(const Value& interval) {
  if (interval.is_null()) return {};
  if (!interval.low_closed) return successor(interval.low());
  return interval.low().is_null() ? minimum(interval.type) : interval.low();
}

Value end_of(const Value& interval) {
  if (interval.is_null()) return {};
  if (!interval.high_closed) return predecessor(interval.high());
  return interval.high().is_null() ? maximum(interval.type) : interval.high();
}

void add_interval(Operations& to) {
  to["StartOf"] = [](const Call& c) { return start_of(c[0]); };
  to["EndOf"] = [](const Call& c) { return end_of(c[0]); };
  to["WidthOf"] = [](const Call& c) { return width(c[0]); };
  to["InInterval"] = [](const Call& c) { return contains(c, c[1], c[0]); };
  to["ContainsPoint"] = [](const Call& c) { return contains(c, c[0], c[1]); };
  to["ProperlyInInterval"] = [](const Call& c) { return properly_contains(c, c[1], c[0]); };
  to["ProperlyContainsPoint"] = [](const Call& c) { return properly_contains(c, c[0], c[1]); };
  to["IncludesInterval"] = relation<includes>;
  to["IncludedInInterval"] = relation<includes, 1>;
  to["ProperlyIncludesInterval"] = relation<properly_includes>;
  to["ProperlyIncludedInInterval"] = relation<properly_includes, 1>;
  to["OverlapsInterval"] = relation<overlaps>;
  to["OverlapsBeforeInterval"] = relation<overlaps_before>;
  to["OverlapsAfterInterval"] = relation<overlaps_after>;
  to["BeforeInterval"] = relation<before>;
  to["AfterInterval"] = relation<before, 1>;
  to["MeetsInterval"] = relation<meets>;
  to["MeetsBeforeInterval"] = relation<meets_before>;
  to["MeetsAfterInterval"] = relation<meets_after>;
  to["StartsInterval"] = relation<starts>;
  to["EndsInterval"] = relation<ends>;
  to["PointAsInterval"] = [](const Call& c) {
    return c.any_null() ? Value() : interval(c.operand_type(0), c[0], c[0], true, true);
  };
}

}  // namespace vigil::oracle
