// SPDX-License-Identifier: Apache-2.0
// Kinds that compare with each other, and the neighbours and ends of the ordered types.
#pragma once

#include <optional>

#include <vigil/value.h>

#include "values/decimal.h"

namespace vigil {

/// Integer, Long or Decimal: these compare with each other.
inline bool is_number(const Value& v) {
  return v.kind == Kind::kInteger || v.kind == Kind::kLong || v.kind == Kind::kDecimal;
}
/// Date or DateTime: these compare with each other.
inline bool is_date_like(const Value& v) { return v.kind == Kind::kDate || v.kind == Kind::kDateTime; }

/// An Integer, Long or Decimal as a decimal.
inline Decimal as_decimal(const Value& v) {
  if (v.kind == Kind::kInteger) return decimal_from_int64(v.integer);
  return v.kind == Kind::kLong ? decimal_from_int64(v.long_integer) : v.decimal;
}

/// The value after (`up`) or before `v` in its type: a step is 1, 10^-8, or the temporal's own precision; a quantity
/// keeps its unit and is put into `storage`, to which the result then points. None at the type's end and for types
/// without order (CQL 1.5, B.6.24 Successor).
std::optional<Value> neighbour(const Value& v, bool up, Quantity& storage);

/// The least (`low`) or greatest value of a type; a quantity's has `unit` and is put into `storage`. Null for types
/// without order (CQL 1.5, B.6.11 and B.6.13).
Value extreme_of(Kind kind, bool low, std::string_view unit, Quantity& storage);

/// Whether the value is its type's least (`low`) or greatest.
bool is_extreme(const Value& v, bool low);

}  // namespace vigil
