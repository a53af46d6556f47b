// SPDX-License-Identifier: Apache-2.0
// Lists of intervals merged, and cut into pieces (B.9.4 Collapse, B.9.11 Expand): whole numbers, dates and times.
#include <algorithm>

#include "differential/oracle/operations.h"

namespace vigil::oracle {
namespace {

bool is_moment(const Value& v) { return v.kind == Kind::kDate || v.kind == Kind::kDateTime || v.kind == Kind::kTime; }

/// What one step is: so many of a part of dates, or of whole numbers.
struct Step {
  int part = -1;
  BigInteger count = 1;
};

/// The coarsest precision of all ends (a null `per`).
Step default_step(const std::vector<std::pair<Value, Value>>& ranges) {
  Step step;
  for (const auto& [start, end] : ranges)
    for (const auto* point : {&start, &end})
      if (is_moment(*point))
        step.part = step.part < 0 ? point->moment.finest() : std::min(step.part, point->moment.finest());
  return step;
}

Step step_of(const Value& per, const std::vector<std::pair<Value, Value>>& ranges) {
  if (per.is_null()) return default_step(ranges);
  Step step;
  step.count = per.number / kDecimalUnit;
  if (per.number % kDecimalUnit != 0) throw NotCovered("fractions of a step");
  if (!ranges.empty() && !is_moment(ranges[0].first)) {
    if (per.text != "1") throw NotCovered("numbers and units");
    return step;
  }
  static constexpr const char* kUnits[] = {"year", "month", "day", "hour", "minute", "second", "millisecond"};
  for (int part = 0; part < kPartCount; ++part)
    if (per.text == kUnits[part] || per.text == kUnits[part] + std::string("s")) step.part = part;
  if (per.text == "week" || per.text == "weeks") step.part = kDay, step.count *= 7;
  if (step.part < 0) throw NotCovered("unit of a step");
  return step;
}

/// Cut to the step's precision; none where the point is coarser than that.
std::optional<Value> aligned(const Value& point, const Step& step) {
  if (!is_moment(point)) return point;
  if (!point.moment.has(step.part)) return std::nullopt;
  Value out = point;
  const auto offset = point.moment.offset;
  out.moment = cut(point.moment, step.part + 1);
  if (step.part >= kHour) out.moment.offset = offset;
  return out;
}

Value moved(const Value& point, const Step& step, const BigInteger& by) {
  if (is_moment(point)) return add_parts(point, step.part, by);
  return whole(point.kind, point.number + by);
}

std::vector<std::pair<Value, Value>> ranges_of(const std::vector<Value>& intervals) {
  std::vector<std::pair<Value, Value>> ranges;
  for (const auto& each : intervals) {
    if (each.is_null()) continue;
    auto start = start_of(each);
    auto end = end_of(each);
    if (each.low().is_null() || each.high().is_null()) throw NotCovered("expand or collapse of null ends");
    if (start.kind != Kind::kInteger && start.kind != Kind::kLong && !is_moment(start))
      throw NotCovered("expand or collapse of fractions");
    ranges.emplace_back(std::move(start), std::move(end));
  }
  return ranges;
}

/// The pieces of size `step` that lie in the ranges, in order.
std::vector<std::pair<Value, Value>> pieces(const Call& c, const std::vector<Value>& intervals) {
  const auto ranges = ranges_of(intervals);
  const auto step = step_of(c[1], ranges);
  std::vector<std::pair<Value, Value>> found;
  if (step.count <= 0) return found;
  for (const auto& [start, end] : ranges) {
    auto at = aligned(start, step);
    const auto last = aligned(end, step);
    if (!at || !last) continue;
    while (!at->is_null()) {
      if (found.size() > 2000) throw NotCovered("long expansions");
      const auto next = moved(*at, step, step.count);
      const auto piece_end = next.is_null() ? Value() : moved(next, step, -1);
      if (piece_end.is_null() || !less_or_equal(piece_end, *last, c.now).is_true()) break;
      found.emplace_back(*at, piece_end);
      at = next;
    }
  }
  return found;
}

Value expand(const Call& c) {
  if (c[0].is_null()) return {};
  if (c.expr.a != 0) throw NotCovered("whole numbers into fractions");
  std::vector<Value> made;
  for (const auto& [start, end] : pieces(c, c[0].parts)) {
    std::string type;
    for (const auto& each : c[0].parts)
      if (!each.is_null()) type = each.type;
    made.push_back(interval(type, start, end, true, true));
  }
  return list(std::move(made));
}

Value expand_points(const Call& c) {
  if (c[0].is_null()) return {};
  if (c.expr.a != 0) throw NotCovered("whole numbers into fractions");
  std::vector<Value> points;
  for (const auto& [start, end] : pieces(c, {c[0]})) points.push_back(start);
  return list(std::move(points));
}

/// Sorted by start; what overlaps or meets, at the step's precision and within a step, becomes one. An end keeps the
/// form of the interval it is of.
Value collapse(const Call& c) {
  if (c[0].is_null()) return {};
  struct Piece {
    Value start, end, low_of, high_of;
  };
  const auto ranges = ranges_of(c[0].parts);
  const auto step = step_of(c[1], ranges);
  std::vector<Piece> pieces;
  for (const auto& each : c[0].parts)
    if (!each.is_null()) pieces.push_back({start_of(each), end_of(each), each, each});
  for (const auto& piece : pieces)
    if (is_moment(piece.start) && (piece.start.moment.finest() != step.part || piece.end.moment.finest() != step.part))
      throw NotCovered("collapse of ends of several precisions");
  std::stable_sort(pieces.begin(), pieces.end(),
                   [&](const Piece& a, const Piece& b) { return less(a.start, b.start, c.now).is_true(); });
  std::vector<Piece> merged;
  for (const auto& piece : pieces) {
    if (!merged.empty()) {
      auto& last = merged.back();
      const auto reach = moved(last.end, step, step.count);
      if (reach.is_null() || less_or_equal(piece.start, reach, c.now).is_true()) {
        if (less_or_equal(last.end, piece.end, c.now).is_true()) last.end = piece.end, last.high_of = piece.high_of;
        continue;
      }
    }
    merged.push_back(piece);
  }
  std::vector<Value> made;
  for (const auto& [start, end, low_of, high_of] : merged)
    made.push_back(interval(low_of.type, low_of.low(), high_of.high(), low_of.low_closed, high_of.high_closed));
  return list(std::move(made));
}

}  // namespace

void add_expand_collapse(Operations& to) {
  to["Expand"] = expand;
  to["ExpandPoints"] = expand_points;
  to["Collapse"] = collapse;
}

}  // namespace vigil::oracle
