// SPDX-License-Identifier: Apache-2.0
// Retrieves in the context of another (CQL 1.5, author's guide, related context retrieves).
#include "diagnostics/catalogue.h"
#include "evaluation/run.h"

namespace vigil {

/// `[Mother -> Condition]`: one patient's data is at hand, so that of another is an error, never an empty list.
Value op_RelatedContext(Run& run, const Call& call) {
  if (call[0].is_null()) return Value::null();
  const auto* const patient = run.snapshot().patient();
  if (patient == nullptr || run.fact_of(*call[0].object) != patient)
    run.fail(make_diagnostic<Code::VGL0914>(call.span));
  return call[1];
}

}  // namespace vigil
