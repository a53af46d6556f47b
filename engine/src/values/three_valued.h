// SPDX-License-Identifier: Apache-2.0
// Three-valued logic and the outcome of a comparison that may be undecided (CQL 1.5, Nullological and Logical
// Operators).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

namespace vigil {

/// A Boolean of CQL: null is kUnknown.
enum class Truth : uint8_t { kFalse, kTrue, kUnknown };

constexpr Truth truth_of(bool b) { return b ? Truth::kTrue : Truth::kFalse; }
constexpr Truth truth_of(std::optional<bool> b) { return b ? truth_of(*b) : Truth::kUnknown; }
constexpr std::optional<bool> to_optional(Truth t) {
  return t == Truth::kUnknown ? std::nullopt : std::optional<bool>(t == Truth::kTrue);
}

/// "If the argument is true, the result is false; if false, true; otherwise null."
constexpr Truth logical_not(Truth a) { return a == Truth::kUnknown ? a : truth_of(a == Truth::kFalse); }

/// "If either argument is false, the result is false; if both are true, true; otherwise null."
constexpr Truth logical_and(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  return a == Truth::kTrue && b == Truth::kTrue ? Truth::kTrue : Truth::kUnknown;
}

/// "If either argument is true, the result is true; if both are false, false; otherwise null."
constexpr Truth logical_or(Truth a, Truth b) {
  if (a == Truth::kTrue || b == Truth::kTrue) return Truth::kTrue;
  return a == Truth::kFalse && b == Truth::kFalse ? Truth::kFalse : Truth::kUnknown;
}

/// "True if exactly one argument is true; if either is null, the result is null."
constexpr Truth logical_xor(Truth a, Truth b) {
  if (a == Truth::kUnknown || b == Truth::kUnknown) return Truth::kUnknown;
  return truth_of(a != b);
}

/// "If the left operand is false, the result is true; if the right is true, true; otherwise as `not left or right`."
constexpr Truth logical_implies(Truth a, Truth b) { return logical_or(logical_not(a), b); }

/// How two values relate; kUnknown where CQL gives null.
enum class Comparison : uint8_t { kLess, kEqual, kGreater, kUnknown };

constexpr Comparison comparison_of(std::strong_ordering order) {
  return order < 0 ? Comparison::kLess : order > 0 ? Comparison::kGreater : Comparison::kEqual;
}
constexpr Comparison reverse(Comparison c) {
  return c == Comparison::kLess ? Comparison::kGreater : c == Comparison::kGreater ? Comparison::kLess : c;
}
constexpr Truth is_equal(Comparison c) {
  return c == Comparison::kUnknown ? Truth::kUnknown : truth_of(c == Comparison::kEqual);
}
constexpr Truth is_less(Comparison c) {
  return c == Comparison::kUnknown ? Truth::kUnknown : truth_of(c == Comparison::kLess);
}
constexpr Truth is_greater(Comparison c) {
  return c == Comparison::kUnknown ? Truth::kUnknown : truth_of(c == Comparison::kGreater);
}
constexpr Truth is_less_or_equal(Comparison c) { return logical_not(is_greater(c)); }
constexpr Truth is_greater_or_equal(Comparison c) { return logical_not(is_less(c)); }

}  // namespace vigil
