// SPDX-License-Identifier: Apache-2.0
// Intervals (B.8), by their first and last point. An end that is not known leaves open what depends on it.
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

/// An end of an interval: of an open null end only known to lie between two points (B.9.6 End, B.9.27 Start).
struct End {
  Value least;
  Value most;
};

End exact(const Value& point) { return {point, point}; }

End start_range(const Value& interval) {
  if (interval.type == "Quantity" && (interval.low().is_null() || interval.high().is_null()))
    throw NotCovered("the limit of Quantity");
  const auto start = start_of(interval);
  if (!start.is_null() || interval.low_closed || !interval.low().is_null()) return exact(start);
  const auto end = end_of(interval);
  if (end.is_null() && interval.type == "Quantity") throw NotCovered("the limit of Quantity");
  Value least = minimum(interval.type);
  if (least.kind == Kind::kQuantity) least.text = end.text;
  return {least, end.is_null() ? maximum(interval.type) : end};
}

End end_range(const Value& interval) {
  if (interval.type == "Quantity" && (interval.low().is_null() || interval.high().is_null()))
    throw NotCovered("the limit of Quantity");
  const auto end = end_of(interval);
  if (!end.is_null() || interval.high_closed || !interval.high().is_null()) return exact(end);
  const auto start = start_of(interval);
  if (start.is_null() && interval.type == "Quantity") throw NotCovered("the limit of Quantity");
  Value most = maximum(interval.type);
  if (most.kind == Kind::kQuantity) most.text = start.text;
  return {start.is_null() ? minimum(interval.type) : start, most};
}

/// Comparison of points, to the precision that the phrase names; true or false where it is so for all they can be.
class Points {
 public:
  explicit Points(const Call& c) : call_(c) {}

  Value less(const Value& a, const Value& b) const { return less(exact(a), exact(b)); }
  Value less_or_equal(const Value& a, const Value& b) const { return less_or_equal(exact(a), exact(b)); }
  Value equal(const Value& a, const Value& b) const { return equal(exact(a), exact(b)); }

  Value less(const End& a, const End& b) const {
    if (order(a.most, b.least).value_or(0) < 0) return boolean(true);
    const auto reverse = order(a.least, b.most);
    return reverse && *reverse >= 0 ? boolean(false) : Value();
  }
  Value less_or_equal(const End& a, const End& b) const { return not_(less(b, a)); }
  /// Whether b is right after a; nothing is after the last point.
  Value follows(const End& a, const End& b) const {
    const End next{successor(a.least), successor(a.most)};
    if (next.least.is_null()) return a.least.is_null() ? Value() : boolean(false);
    if (!next.most.is_null()) return equal(next, b);
    return less(b, exact(next.least)).is_true() ? boolean(false) : Value();
  }
  Value equal(const End& a, const End& b) const {
    if (less(a, b).is_true() || less(b, a).is_true()) return boolean(false);
    const bool one = order(a.least, a.most) == 0 && order(b.least, b.most) == 0;
    return one && order(a.least, b.least) == 0 ? boolean(true) : Value();
  }

 private:
  std::optional<int> order(const Value& a, const Value& b) const {
    if (a.is_null() || b.is_null()) return std::nullopt;
    const bool moment = a.kind == Kind::kDate || a.kind == Kind::kDateTime || a.kind == Kind::kTime;
    const auto found = moment ? compare_moments(a, b, call_.precision(), call_.now) : compare(a, b, call_.now);
    // The least and greatest date are ends of all that is partial, too: more can be told than by their words.
    if (moment && (!found || call_.precision()))
      for (const auto* each : {&a, &b})
        for (const bool greatest : {false, true}) {
          static constexpr const char* kNames[] = {"Date", "DateTime", "Time"};
          const auto limit = greatest ? maximum(kNames[static_cast<int>(a.kind) - static_cast<int>(Kind::kDate)])
                                      : minimum(kNames[static_cast<int>(a.kind) - static_cast<int>(Kind::kDate)]);
          if (to_text(*each) == to_text(limit)) throw NotCovered("the limit of dates");
        }
    return found;
  }
  const Call& call_;
};

/// B.9.5: by the ends as they are written; a closed null end is no limit, an open one not known.
Value contains(const Call& c, const Value& interval, const Value& point) {
  if (interval.is_null()) return boolean(false);
  if (point.is_null()) return {};
  const Points points(c);
  // An open null end is not known, but no further than the other end.
  const auto above = interval.low().is_null() && interval.low_closed ? boolean(true)
                     : interval.low().is_null() ? points.less_or_equal(start_range(interval), exact(point))
                     : interval.low_closed      ? points.less_or_equal(interval.low(), point)
                                                : points.less(interval.low(), point);
  const auto below = interval.high().is_null() && interval.high_closed ? boolean(true)
                     : interval.high().is_null() ? points.less_or_equal(exact(point), end_range(interval))
                     : interval.high_closed      ? points.less_or_equal(point, interval.high())
                                                 : points.less(point, interval.high());
  return and_(above, below);
}

/// What an operator of two intervals sees.
struct Pair {
  explicit Pair(const Call& c, size_t left = 0)
      : points(c),
        start1(start_range(c[left])),
        end1(end_range(c[left])),
        start2(start_range(c[1 - left])),
        end2(end_range(c[1 - left])) {}
  Points points;
  End start1, end1, start2, end2;

  Value includes() const { return and_(points.less_or_equal(start1, start2), points.less_or_equal(end2, end1)); }
  Value same() const { return and_(points.equal(start1, start2), points.equal(end1, end2)); }
  Value overlaps() const { return and_(points.less_or_equal(start2, end1), points.less_or_equal(start1, end2)); }
  Value before() const { return points.less(end1, start2); }
  /// At a precision a meeting is next to each other at that precision; the words step at that of the values.
  Value meets_before() const { return points.follows(end1, start2); }
  Value meets_after() const { return points.follows(end2, start1); }
};

template <Value (*Test)(const Pair&), size_t left = 0>
Value relation(const Call& c) {
  return c.any_null() ? Value() : Test(Pair(c, left));
}

Value includes(const Pair& p) { return p.includes(); }
Value properly_includes(const Pair& p) {
  // Two unknowns can decide together what neither decides alone.
  if (p.includes().is_null() && p.same().is_null()) throw NotCovered("proper inclusion of what is not known");
  return and_(p.includes(), not_(p.same()));
}
Value overlaps(const Pair& p) { return p.overlaps(); }
Value overlaps_before(const Pair& p) { return and_(p.points.less(p.start1, p.start2), p.overlaps()); }
Value overlaps_after(const Pair& p) { return and_(p.points.less(p.end2, p.end1), p.overlaps()); }
Value before(const Pair& p) { return p.before(); }
template <Value (*Test)(const Pair&)>
Value meeting(const Call& c) {
  if (!c.any_null() && c.precision()) throw NotCovered("meets at a precision");
  return relation<Test>(c);
}

Value meets_before(const Pair& p) { return p.meets_before(); }
Value meets_after(const Pair& p) { return p.meets_after(); }
Value meets(const Pair& p) { return or_(p.meets_before(), p.meets_after()); }
Value starts(const Pair& p) { return and_(p.points.equal(p.start1, p.start2), p.points.less_or_equal(p.end1, p.end2)); }
Value ends(const Pair& p) { return and_(p.points.less_or_equal(p.start2, p.start1), p.points.equal(p.end1, p.end2)); }

/// The point is in the interval, and the interval is more than one point.
Value properly_contains(const Call& c, const Value& interval, const Value& point) {
  if (interval.is_null()) throw NotCovered("proper inclusion in a null interval");
  if (point.is_null()) return {};
  const Points points(c);
  const auto start = start_range(interval);
  const auto end = end_range(interval);
  return and_(contains(c, interval, point), not_(points.equal(start, end)));
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

namespace {

/// Beyond the last value there is no next one: an error, as HL7's tests have it for `successor of`.
Value checked(const Value& stepped, const Value& from) {
  if (stepped.is_null() && !from.is_null()) throw EvaluationError("no next value");
  return stepped;
}

Value limit(const Value& interval, bool greatest) {
  const auto found = greatest ? maximum(interval.type) : minimum(interval.type);
  // The engine writes it in the unit of the other end, as '1' compares with no other unit.
  if (interval.type == "Quantity") throw NotCovered("the limit of Quantity");
  return found;
}

}  // namespace

Value start_of(const Value& interval) {
  if (interval.is_null()) return {};
  if (!interval.low_closed) return checked(successor(interval.low()), interval.low());
  return interval.low().is_null() ? limit(interval, false) : interval.low();
}

Value end_of(const Value& interval) {
  if (interval.is_null()) return {};
  if (!interval.high_closed) return checked(predecessor(interval.high()), interval.high());
  return interval.high().is_null() ? limit(interval, true) : interval.high();
}

void add_interval(Operations& to) {
  // An open null end is uncertain up to the other end, which must then exist: the range is asked for its errors.
  to["StartOf"] = [](const Call& c) {
    if (!c.any_null()) start_range(c[0]);
    return start_of(c[0]);
  };
  to["EndOf"] = [](const Call& c) {
    if (!c.any_null()) end_range(c[0]);
    return end_of(c[0]);
  };
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
  to["MeetsInterval"] = meeting<meets>;
  to["MeetsBeforeInterval"] = meeting<meets_before>;
  to["MeetsAfterInterval"] = meeting<meets_after>;
  to["StartsInterval"] = relation<starts>;
  to["EndsInterval"] = relation<ends>;
  to["PointAsInterval"] = [](const Call& c) {
    return c.any_null() ? Value() : interval(c.operand_type(0), c[0], c[0], true, true);
  };
}

}  // namespace vigil::oracle
