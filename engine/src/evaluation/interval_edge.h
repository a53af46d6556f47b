// SPDX-License-Identifier: Apache-2.0
// The ends of intervals as points that may be unknown within bounds, and how such points compare; private to this room.
#pragma once

#include "evaluation/equality.h"
#include "evaluation/run.h"

namespace vigil {

/// A value of a point type, or one of its ends, which need not be written out.
struct Bound {
  enum class Is : uint8_t { kLowest, kValue, kHighest };
  Is is = Is::kLowest;
  Value value;
};

/// A point known to lie from `least` to `greatest`; known where they are one.
struct Edge {
  Bound least;
  Bound greatest;
  bool is_known = false;
};

/// A point; a null one can be anything.
Edge point_edge(const Value& point);
/// The first point of an interval: its low end, or the next where that is open; the type's least for a closed null. An
/// open null is unknown, but not after the end (CQL 1.5, author's guide, "Intervals").
Edge start_edge(Run& run, const IntervalValue& interval, Span span);
/// The last point, likewise.
Edge end_edge(Run& run, const IntervalValue& interval, Span span);

/// Compares edges at a precision. Where both could lie either way the answer is unknown.
class EdgeOrder {
 public:
  EdgeOrder(Run& run, std::optional<Precision> precision) : run_(run), precision_(precision) {}

  Truth less(const Edge& a, const Edge& b) const;
  Truth less_or_equal(const Edge& a, const Edge& b) const;
  Truth equal(const Edge& a, const Edge& b) const;
  /// Whether `b` is the point right after `a`.
  Truth follows(const Edge& a, const Edge& b) const;

 private:
  Comparison compare(const Bound& a, const Bound& b) const;
  Bound next(const Bound& bound) const;

  Run& run_;
  std::optional<Precision> precision_;
};

}  // namespace vigil
