// SPDX-License-Identifier: Apache-2.0
// Aggregate functions (CQL 1.5, B.10). Nulls are left out; of no elements at all the result is null, but for Count,
// AllTrue and AnyTrue.
#include <algorithm>

#include "evaluation/equality.h"
#include "evaluation/numbers.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

/// a + b; null where it cannot be represented.
Value add_values(Run& run, const Value& a, const Value& b) {
  switch (a.kind) {
    case Kind::kInteger: {
      int32_t sum = 0;
      return __builtin_add_overflow(a.integer, b.integer, &sum) ? Value::null() : Value::of(sum);
    }
    case Kind::kLong: {
      int64_t sum = 0;
      return __builtin_add_overflow(a.long_integer, b.long_integer, &sum) ? Value::null() : Value::of_long(sum);
    }
    case Kind::kDecimal: return value_of(add(a.decimal, b.decimal));
    case Kind::kQuantity: return value_of(run, add(*a.quantity, *b.quantity));
    default: return Value::null();
  }
}

/// A Decimal or Quantity by a whole number.
Value divide_value(Run& run, const Value& v, uint32_t divisor) {
  const auto by = decimal_from_int64(divisor);
  if (v.kind == Kind::kDecimal) return value_of(div(v.decimal, by));
  if (v.kind != Kind::kQuantity) return Value::null();
  const auto quotient = div(v.quantity->value, by);
  return quotient ? make_quantity(run, *quotient, v.quantity->unit) : Value::null();
}

struct Total {
  Value sum;
  uint32_t count = 0;
};

/// Of whole numbers: a sum that fits is one, though a part of it would not fit.
Total add_up_whole(const Value& list, Kind kind) {
  Total total;
  Int128 sum = 0;
  for (const auto& element : list) {
    if (element.is_null()) continue;
    sum += kind == Kind::kInteger ? element.integer : element.long_integer;
    ++total.count;
  }
  if (kind == Kind::kInteger && sum == static_cast<int32_t>(sum)) total.sum = Value::of(static_cast<int32_t>(sum));
  if (kind == Kind::kLong && sum == static_cast<int64_t>(sum)) total.sum = Value::of_long(static_cast<int64_t>(sum));
  return total;
}

Total add_up(Run& run, const Value& list) {
  Total total;
  if (list.is_null()) return total;
  bool whole = true;
  const Value* some = nullptr;
  for (const auto& element : list) {
    if (element.is_null()) continue;
    if (some == nullptr) some = &element;
    whole = whole && element.kind == some->kind && (element.kind == Kind::kInteger || element.kind == Kind::kLong);
  }
  if (whole && some != nullptr) return add_up_whole(list, some->kind);
  for (const auto& element : list) {
    if (element.is_null()) continue;
    total.sum = total.count++ == 0 ? element : add_values(run, total.sum, element);
    if (total.sum.is_null()) break;
  }
  total.sum.fhir_type = 0;
  return total;
}

/// The element that comes before (`wanted` kLess) or after all others; null where order leaves that open.
Value outermost(Run& run, const Value& list, Comparison wanted) {
  if (list.is_null()) return Value::null();
  const Value* best = nullptr;
  for (const auto& element : list) {
    if (element.is_null()) continue;
    if (best == nullptr || order(element, *best, run.default_offset()) == wanted) best = &element;
  }
  if (best == nullptr) return Value::null();
  for (const auto& element : list) {
    if (element.is_null() || &element == best) continue;
    const auto relation = order(*best, element, run.default_offset());
    if (relation != wanted && relation != Comparison::kEqual) return Value::null();
  }
  return *best;
}

/// AllTrue and AnyTrue: an element that is certainly `decisive` decides for certain.
Value all_or_any(const Value& list, bool decisive) {
  bool found = false;
  bool open = false;
  if (!list.is_null()) {
    for (const auto& element : list) {
      open = open || element.is_null();
      if (element.kind != Kind::kBoolean || element.boolean != decisive) continue;
      if (element.flags == 0) return Value::of(decisive);
      found = true;
    }
  }
  return Value::of(found ? decisive : !decisive)
      .with_flags(open || list.flags != 0 || found ? Value::kUndetermined : 0);
}

}  // namespace

/// CQL 1.5, B.11.4 Count: of the non-null elements; 0 for a null list.
Value op_Count(Run&, const Call& call) {
  if (call[0].is_null()) return Value::of(0);
  const auto count = std::count_if(call[0].begin(), call[0].end(), [](const Value& v) { return !v.is_null(); });
  return integer_of(count);
}

/// CQL 1.5, B.11.15 Sum.
Value op_Sum(Run& run, const Call& call) { return add_up(run, call[0]).sum; }

/// CQL 1.5, B.11.8 Min.
Value op_Min(Run& run, const Call& call) { return outermost(run, call[0], Comparison::kLess); }

/// CQL 1.5, B.11.6 Max.
Value op_Max(Run& run, const Call& call) { return outermost(run, call[0], Comparison::kGreater); }

/// CQL 1.5, B.11.3 Avg.
Value op_Avg(Run& run, const Call& call) {
  const auto total = add_up(run, call[0]);
  return total.sum.is_null() ? Value::null() : divide_value(run, total.sum, total.count);
}

/// CQL 1.5, B.11.7 Median: the middle element, or the mean of the two in the middle.
Value op_Median(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const auto mark = run.scratch().size();
  std::copy_if(call[0].begin(), call[0].end(), std::back_inserter(run.scratch()),
               [](const Value& v) { return !v.is_null(); });
  const auto first = run.scratch().begin() + static_cast<std::ptrdiff_t>(mark);
  const auto count = static_cast<uint32_t>(run.scratch().size() - mark);
  const auto offset = run.default_offset();
  // Quantities of different dimensions have no order, and so no middle.
  const bool ordered = std::all_of(first, run.scratch().end(),
                                   [&](const Value& v) { return order(*first, v, offset) != Comparison::kUnknown; });
  Value median;
  if (count > 0 && ordered) {
    std::sort(first, run.scratch().end(), [&](const Value& a, const Value& b) { return sort_order(a, b, offset) < 0; });
    const auto& upper = first[count / 2];
    median = upper;
    if (count % 2 == 0) {
      const auto sum = add_values(run, first[count / 2 - 1], upper);
      median = sum.is_null() ? Value::null() : divide_value(run, sum, 2);
    }
  }
  run.scratch().resize(mark);
  median.flags = 0;
  return median;
}

/// CQL 1.5, B.11.1 AllTrue: true for an empty or null list.
Value op_AllTrue(Run&, const Call& call) { return all_or_any(call[0], false); }

/// CQL 1.5, B.11.2 AnyTrue: false for an empty or null list.
Value op_AnyTrue(Run&, const Call& call) { return all_or_any(call[0], true); }

}  // namespace vigil
