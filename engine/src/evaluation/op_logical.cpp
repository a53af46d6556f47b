// SPDX-License-Identifier: Apache-2.0
// Logical and nullological operators that need all their operands (CQL 1.5, B.1 and B.3), and Exists.
#include <algorithm>

#include "evaluation/results.h"

namespace vigil {

/// CQL 1.5, B.2.3 Not.
Value op_Not(Run&, const Call& call) { return value_of(logical_not(truth_of(call[0]))); }

/// CQL 1.5, B.4.3 IsNull.
Value op_IsNull(Run&, const Call& call) { return Value::of(call[0].is_null()); }

/// CQL 1.5, B.4.4 IsTrue.
Value op_IsTrue(Run&, const Call& call) { return Value::of(call[0].is_true()); }

/// CQL 1.5, B.4.2 IsFalse.
Value op_IsFalse(Run&, const Call& call) { return Value::of(call[0].is_false()); }

/// CQL 1.5, B.4.1 Coalesce, the form with one list.
Value op_CoalesceList(Run&, const Call& call) {
  const auto& list = call[0];
  if (list.is_null()) return Value::null();
  const auto* const first = std::find_if(list.begin(), list.end(), [](const Value& v) { return !v.is_null(); });
  return first == list.end() ? Value::null() : *first;
}

/// CQL 1.5, B.10.5 Exists: "true if the list contains at least one non-null element". An element that is certainly
/// there decides it; without one, anything uncertain about the list leaves it open.
Value op_Exists(Run&, const Call& call) {
  const auto& list = call[0];
  bool found = false;
  bool open = false;
  if (!list.is_null()) {
    for (const auto& element : list) {
      open = open || element.is_null();
      if (element.is_null()) continue;
      if ((element.flags & ~Value::kPlace) == 0) return Value::of(true);
      found = true;
    }
  }
  return Value::of(found).with_flags(open || found || list.flags != 0 ? Value::kUndetermined : 0);
}

}  // namespace vigil
