// SPDX-License-Identifier: Apache-2.0
// Operations that fit no overload.
#include "diagnostics/catalogue.h"
#include "semantic/expression_checker.h"
#include "semantic/operation_hints.h"
#include "semantic/overload_resolution.h"

namespace vigil::semantic {
void ExpressionChecker::report_operation(const Operation& operation, const std::vector<ExprId>& operands) {
  if (is_not_yet(operation.name) && !is_known_overload(operation.name)) {
    sink_.add(make_diagnostic<Code::VGL0305>(operation.sign, operation.written));
    return;
  }
  const auto& shown = operation.shown.empty() ? operands : operation.shown;
  std::string text;
  for (const auto id : shown) text += (text.empty() ? "" : operation.is_function ? ", " : " and ") + type_name(id);
  auto diagnostic = make_diagnostic<Code::VGL0302>(operation.sign, operation.written,
                                                   text.empty() ? "no operands" : std::string_view(text));
  if (shown.size() <= 2)
    for (const auto id : shown) diagnostic.label(module_.span(id), "this is " + type_name(id));
  sink_.add(std::move(diagnostic).with_hint(hint_for_operation(module_, operation, shown)));
}

}  // namespace vigil::semantic
