// SPDX-License-Identifier: Apache-2.0
// What operator functions give back, as values; and the small questions they all ask of their operands.
#pragma once

#include <limits>
#include <optional>

#include "evaluation/run.h"
#include "values/decimal.h"
#include "values/quantity.h"

namespace vigil {

/// A Boolean of CQL as a value: unknown is null.
inline Value value_of(Truth t) { return t == Truth::kUnknown ? Value::null() : Value::of(t == Truth::kTrue); }

/// A Boolean value as a Truth: null is unknown.
inline Truth truth_of(const Value& v) { return v.kind == Kind::kBoolean ? truth_of(v.boolean) : Truth::kUnknown; }

/// Null where there is no result (CQL 1.5, B.6: "if the result cannot be represented, the result is null").
inline Value value_of(std::optional<Decimal> d) { return d ? Value::of(*d) : Value::null(); }

/// Null beyond the range of Integer.
inline Value integer_of(std::optional<int64_t> i) {
  if (!i || *i < std::numeric_limits<int32_t>::min() || *i > std::numeric_limits<int32_t>::max()) return Value::null();
  return Value::of(static_cast<int32_t>(*i));
}

inline Value make_quantity(Run& run, Decimal value, std::string_view unit) {
  return Value::of(static_cast<const Quantity*>(run.arena().make<Quantity>(Quantity{value, unit})));
}

inline Value value_of(Run& run, const std::optional<QuantityResult>& q) {
  return q ? make_quantity(run, q->value, run.arena().copy(q->unit.view())) : Value::null();
}

/// The precision of operations whose `a` is one more than it; none where it is 0.
inline std::optional<Precision> precision_of(const Call& call) {
  return call.a == 0 ? std::nullopt : std::optional<Precision>(static_cast<Precision>(call.a - 1));
}

/// kUndeterminedElements where some element carries a flag.
inline uint8_t element_flags(const Value* elements, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (elements[i].flags != 0) return Value::kUndeterminedElements;
  return 0;
}

}  // namespace vigil
