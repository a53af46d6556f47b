// SPDX-License-Identifier: Apache-2.0
// Comparison operators (CQL 1.5, B.5).
#include <algorithm>

#include "evaluation/equality.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

Comparison order_of(const Run& run, const Call& call) { return order(call[0], call[1], run.default_offset()); }

/// Whether the knowledge base or a rule knows one of the codes.
bool recognises_any(const Run& run, const Value& value) {
  switch (value.kind) {
    case Kind::kCode: return run.recognises(value.code->concept_id);
    case Kind::kConcept:
      return std::any_of(value.concept_value->codes, value.concept_value->codes + value.concept_value->count,
                         [&](const Value& code) { return recognises_any(run, code); });
    case Kind::kList:
      return std::any_of(value.begin(), value.end(), [&](const Value& code) { return recognises_any(run, code); });
    case Kind::kObject:
      if (value.object->concept_id != 0) return run.recognises(value.object->concept_id);
      return recognises_any(run, run.element(*value.object, run.program().elements.coding));
    default: return false;
  }
}

}  // namespace

/// CQL 1.5, B.5.2 Equal.
Value op_Equal(Run& run, const Call& call) { return value_of(equal(call[0], call[1], run.default_offset())); }

/// CQL 1.5, B.5.3 Equivalent.
Value op_Equivalent(Run& run, const Call& call) {
  const auto result = Value::of(equivalent(call[0], call[1], run.default_offset()));
  // A drug code that nothing recognises may be another name of the one it is compared with.
  if (call.b == 1 && result.is_false() && !(recognises_any(run, call[0]) && recognises_any(run, call[1])))
    return result.with_flags(Value::kUndetermined);
  // `~` of a missing value is false to CQL; what is missing could be equivalent all the same.
  return call[0].is_null() != call[1].is_null() ? result.with_flags(Value::kUndetermined) : result;
}

/// CQL 1.5, B.5.6 Less.
Value op_Less(Run& run, const Call& call) { return value_of(is_less(order_of(run, call))); }

/// CQL 1.5, B.5.7 Less Or Equal.
Value op_LessOrEqual(Run& run, const Call& call) { return value_of(is_less_or_equal(order_of(run, call))); }

/// CQL 1.5, B.5.4 Greater.
Value op_Greater(Run& run, const Call& call) { return value_of(is_greater(order_of(run, call))); }

/// CQL 1.5, B.5.5 Greater Or Equal.
Value op_GreaterOrEqual(Run& run, const Call& call) { return value_of(is_greater_or_equal(order_of(run, call))); }

}  // namespace vigil
