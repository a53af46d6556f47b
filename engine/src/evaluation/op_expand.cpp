// SPDX-License-Identifier: Apache-2.0
// Expand: an interval cut into pieces of one size (CQL 1.5, B.9 Expand). From the lower boundary on, in steps of `per`;
// a piece that would pass the upper boundary is left out.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "evaluation/interval_edge.h"
#include "evaluation/numbers.h"
#include "evaluation/results.h"
#include "evaluation/temporal_shift.h"
#include "values/temporal.h"
#include "values/temporal_arithmetic.h"

namespace vigil {
namespace {

constexpr size_t kMaxPieces = size_t{1} << 20;

bool is_temporal(const Value& v) { return v.kind == Kind::kDate || v.kind == Kind::kDateTime || v.kind == Kind::kTime; }

/// 10^-digits.
Decimal unit_of(int digits) {
  int64_t scaled_unit = kDecimalScale;
  for (int i = 0; i < digits; ++i) scaled_unit /= 10;
  return decimal_from_scaled(scaled_unit);
}

Decimal truncate_to_digits(Decimal d, int digits) {
  const auto unit = scaled(unit_of(digits));
  return decimal_from_scaled(scaled(d) / unit * unit);
}

std::string_view unit_of(Precision precision) {
  static constexpr std::string_view kUnits[] = {"year", "month", "day", "hour", "minute", "second", "millisecond"};
  return kUnits[static_cast<size_t>(precision)];
}

/// Writes the pieces of intervals to the run's scratch, as intervals or as their first points.
class Cutter {
 public:
  Cutter(Run& run, const Call& call, bool points)
      : run_(run), call_(call), points_(points), fractions_(call.a == 1), mark_(run.scratch().size()) {}

  /// `per` null: one step of the coarsest precision among all boundaries.
  void set_size(const Value* intervals, uint32_t count, const Value& per) {
    if (!per.is_null()) {
      per_ = *per.quantity;
      return;
    }
    int digits = kFractionDigits;
    auto coarsest = Precision::kMillisecond;
    for (uint32_t i = 0; i < count; ++i) {
      if (intervals[i].is_null()) continue;
      for (const auto* const end : {&intervals[i].interval->low, &intervals[i].interval->high}) {
        if (is_temporal(*end)) coarsest = std::min(coarsest, end->temporal.precision);
        // A Decimal is written with one fraction digit at least.
        if (end->kind == Kind::kDecimal) digits = std::min(digits, std::max(1, fraction_digits(end->decimal)));
        if (end->kind == Kind::kQuantity) {
          digits = std::min(digits, std::max(1, fraction_digits(end->quantity->value)));
          per_.unit = end->quantity->unit;
        }
        if (end->kind == Kind::kInteger || end->kind == Kind::kLong) digits = 0;
        if (is_temporal(*end)) per_ = {kOneDecimal, unit_of(coarsest)};
      }
    }
    if (per_.value == kZeroDecimal) per_.value = unit_of(digits);
  }

  void cut(const Value& interval) {
    const auto start = start_edge(run_, *interval.interval, call_.span);
    const auto end = end_edge(run_, *interval.interval, call_.span);
    // Without both boundaries there is nothing, or too much, to go through.
    if (!start.is_known || !end.is_known || start.least.is != Bound::Is::kValue || end.least.is != Bound::Is::kValue)
      return;
    if (!(scaled(per_.value) > 0)) return;
    const auto& low = start.least.value;
    if (is_temporal(low))
      cut_time(low, end.least.value);
    else
      cut_numbers(low, end.least.value);
  }

  Value finish() { return run_.finish_list(mark_); }

 private:
  void cut_time(const Value& low, const Value& high) {
    const auto precision = duration_precision(per_.unit);
    if (!precision || low.temporal.precision < *precision || high.temporal.precision < *precision) return;
    const auto last = truncate_to(high.temporal, *precision);
    auto at = truncate_to(low.temporal, *precision);
    while (true) {
      const auto next = shift(low.kind, at, per_, false);
      const auto end = next.outcome == Shifted::Outcome::kDone ? predecessor(low.kind, next.value) : std::nullopt;
      // The last piece of the calendar, or of the day, has no next one.
      const auto piece_end = end ? *end : last_of(low.kind, *precision);
      if (is_less_or_equal(compare(piece_end, last, std::nullopt, run_.default_offset())) != Truth::kTrue) return;
      add(Value::of(low.kind, at), Value::of(low.kind, piece_end));
      if (!end) return;
      at = next.value;
    }
  }

  static Temporal last_of(Kind kind, Precision precision) { return truncate_to(max_temporal(kind), precision); }

  void cut_numbers(const Value& low, const Value& high) {
    const bool quantities = low.kind == Kind::kQuantity;
    const auto first = quantities ? convert_to(*low.quantity, per_.unit) : std::optional(as_decimal(low));
    auto last = quantities ? convert_to(*high.quantity, per_.unit) : std::optional(as_decimal(high));
    if (!first || !last || (!quantities && !same_unit(per_.unit, "1"))) return;
    const bool whole = low.kind == Kind::kInteger || low.kind == Kind::kLong;
    auto size = per_.value;
    if (whole && !fractions_ && !is_whole(size)) {
      const auto up = ceiling(size);
      if (!up) return;
      size = decimal_from_int64(*up);
    }
    const int digits = whole && !fractions_ ? 0 : fraction_digits(size);
    const auto unit = unit_of(digits);
    // A whole number stands for all fractions up to the next one.
    if (fractions_) last = add_or_none(*last, decimal_from_scaled(kDecimalScale - scaled(unit)));
    if (!last) return;
    const auto stop = truncate_to_digits(*last, digits);
    for (std::optional<Decimal> at = truncate_to_digits(*first, digits); at; at = add_or_none(*at, size)) {
      const auto end = add_or_none(*at, decimal_from_scaled(scaled(size) - scaled(unit)));
      if (!end || compare(*end, stop) > 0) return;
      add(number(*at, low), number(*end, low));
    }
  }

  static std::optional<Decimal> add_or_none(Decimal a, Decimal b) { return vigil::add(a, b); }

  /// A number of the kind of the intervals' points.
  Value number(Decimal d, const Value& like) const {
    if (like.kind == Kind::kQuantity) return make_quantity(run_, d, per_.unit);
    if (fractions_ || like.kind == Kind::kDecimal) return Value::of(d);
    const auto whole = truncate(d);
    if (like.kind == Kind::kLong) return Value::of_long(whole.value_or(0));
    return Value::of(static_cast<int32_t>(whole.value_or(0)));
  }

  void add(const Value& low, const Value& high) {
    if (run_.scratch().size() - mark_ >= kMaxPieces)
      run_.fail(make_diagnostic<Code::VGL0905>(call_.span, std::to_string(kMaxPieces * sizeof(Value))));
    if (points_) {
      run_.scratch().push_back(low);
      return;
    }
    const IntervalValue piece{low, high, true, true};
    run_.scratch().push_back(Value::of(static_cast<const IntervalValue*>(run_.arena().make<IntervalValue>(piece))));
  }

  Run& run_;
  const Call& call_;
  bool points_;
  bool fractions_;
  size_t mark_;
  Quantity per_{kZeroDecimal, "1"};
};

}  // namespace

/// CQL 1.5, B.9 Expand of a list: nulls are left out.
Value op_Expand(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  Cutter cutter(run, call, false);
  cutter.set_size(call[0].elements, call[0].count, call[1]);
  for (const auto& interval : call[0])
    if (!interval.is_null()) cutter.cut(interval);
  return cutter.finish();
}

/// CQL 1.5, B.9 Expand of an interval: the first points of its pieces.
Value op_ExpandPoints(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  Cutter cutter(run, call, true);
  cutter.set_size(&call[0], 1, call[1]);
  cutter.cut(call[0]);
  return cutter.finish();
}

}  // namespace vigil
