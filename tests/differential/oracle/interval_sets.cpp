// SPDX-License-Identifier: Apache-2.0
// Intervals as sets of points (B.8): union, intersect, except, and what a single point is.
#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

Value between(const Value& like, const Value& start, const Value& end) {
  return start.is_null() || end.is_null() ? Value() : interval(like.type, start, end, true, true);
}

Value point_from(const Call& c) {
  if (c.any_null()) return {};
  const auto start = start_of(c[0]);
  if (!equal(start, end_of(c[0]), c.now).is_true()) throw EvaluationError("point from");
  return start;
}

Value size(const Call& c) {
  if (c.any_null()) return {};
  const auto start = start_of(c[0]);
  const auto end = end_of(c[0]);
  if (start.is_null() || end.is_null()) return {};
  if (start.kind == Kind::kDecimal) return decimal(end.number - start.number + 1);
  if (start.kind == Kind::kInteger || start.kind == Kind::kLong)
    return whole(start.kind, end.number - start.number + 1);
  throw NotCovered("size");
}

}  // namespace

void add_interval_sets(Operations& to) {
  to["PointFrom"] = point_from;
  to["Size"] = size;
  (void)between;
}

}  // namespace vigil::oracle
