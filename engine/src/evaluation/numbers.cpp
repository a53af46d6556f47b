// SPDX-License-Identifier: Apache-2.0
// Neighbours and ends of the ordered types (CQL 1.5, B.6: Minimum, Maximum, Predecessor, Successor).
#include "evaluation/numbers.h"

#include <limits>

#include "values/temporal.h"
#include "values/temporal_arithmetic.h"

namespace vigil {
namespace {

template <class Integer>
std::optional<Integer> step(Integer value, bool up) {
  if (value == (up ? std::numeric_limits<Integer>::max() : std::numeric_limits<Integer>::min())) return std::nullopt;
  return up ? value + 1 : value - 1;
}

std::optional<Decimal> step(Decimal value, bool up) { return up ? successor(value) : predecessor(value); }

}  // namespace

/// CQL 1.5, B.6.24 Successor, B.6.20 Predecessor.
std::optional<Value> neighbour(const Value& v, bool up, Quantity& storage) {
  switch (v.kind) {
    case Kind::kInteger:
      if (const auto next = step(v.integer, up)) return Value::of(*next);
      return std::nullopt;
    case Kind::kLong:
      if (const auto next = step(v.long_integer, up)) return Value::of_long(*next);
      return std::nullopt;
    case Kind::kDecimal:
      if (const auto next = step(v.decimal, up)) return Value::of(*next);
      return std::nullopt;
    case Kind::kQuantity:
      if (const auto next = step(v.quantity->value, up)) {
        storage = {*next, v.quantity->unit};
        return Value::of(static_cast<const Quantity*>(&storage));
      }
      return std::nullopt;
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime:
      if (const auto next = up ? successor(v.kind, v.temporal) : predecessor(v.kind, v.temporal))
        return Value::of(v.kind, *next);
      return std::nullopt;
    default: return std::nullopt;
  }
}

/// CQL 1.5, B.6.11 Maximum, B.6.13 Minimum.
Value extreme_of(Kind kind, bool low, std::string_view unit, Quantity& storage) {
  const auto pick = [low](auto least, auto greatest) { return low ? least : greatest; };
  switch (kind) {
    case Kind::kInteger:
      return Value::of(pick(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
    case Kind::kLong:
      return Value::of_long(pick(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()));
    case Kind::kDecimal: return Value::of(pick(kMinDecimal, kMaxDecimal));
    case Kind::kQuantity:
      storage = {pick(kMinDecimal, kMaxDecimal), unit.empty() ? "1" : unit};
      return Value::of(static_cast<const Quantity*>(&storage));
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: return Value::of(kind, low ? min_temporal(kind) : max_temporal(kind));
    default: return Value::null();
  }
}

bool is_extreme(const Value& v, bool low) {
  Quantity storage;
  switch (v.kind) {
    case Kind::kQuantity: return v.quantity->value == (low ? kMinDecimal : kMaxDecimal);
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime: {
      auto local = v.temporal;
      local.offset_minutes = Temporal::kNoOffset;
      return local == (low ? min_temporal(v.kind) : max_temporal(v.kind));
    }
    default: {
      const auto end = extreme_of(v.kind, low, {}, storage);
      return !end.is_null() && as_decimal(v) == as_decimal(end);
    }
  }
}

}  // namespace vigil
