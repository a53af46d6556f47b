// SPDX-License-Identifier: Apache-2.0
// Messages (CQL 1.5, B.13 Errors and Messages).
#include "diagnostics/catalogue.h"
#include "evaluation/results.h"

namespace vigil {
namespace {

std::string_view text_of(const Value& v) { return v.kind == Kind::kString ? v.string() : std::string_view(); }

}  // namespace

/// CQL 1.5, B.13.1 Message(source, condition, code, severity, message): gives its source; with severity Error and a
/// true condition evaluation ends.
Value op_Message(Run& run, const Call& call) {
  if (call[1].is_true() && text_of(call[3]) == "Error")
    run.fail(make_diagnostic<Code::VGL0909>(call.span, text_of(call[2]), text_of(call[4])));
  return call[0];
}

}  // namespace vigil
