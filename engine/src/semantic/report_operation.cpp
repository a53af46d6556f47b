// SPDX-License-Identifier: Apache-2.0
// Operations that fit no overload, and those that fit one but have no value ever.
#include "diagnostics/catalogue.h"
#include "semantic/expression_checker.h"
#include "semantic/operation_hints.h"
#include "semantic/overload_resolution.h"
#include "values/ucum.h"

namespace vigil::semantic {
namespace {

/// The unit of a quantity written out; nothing for any other expression.
std::optional<std::string_view> written_unit(const ModuleBuilder& module, const typed::Module& constants, ExprId id) {
  const auto& expr = module[id];
  if (expr.op != Op::kConstant) return std::nullopt;
  const auto& literal = constants.constants[expr.a].literal;
  if (literal.kind != ast::LiteralKind::kQuantity) return std::nullopt;
  return literal.unit;
}

std::optional<ucum::Unit> unit_of(std::string_view text) {
  const auto calendar = ucum::calendar_unit(text);
  return ucum::parse(calendar == ucum::Calendar::kNone ? text : ucum::ucum_code(calendar));
}

bool is_time(std::string_view unit) {
  const auto known = unit_of(unit);
  return !known || ucum::commensurable(*known, *ucum::parse("s"));
}

std::string shown_unit(std::string_view unit) { return unit.empty() ? "no unit" : "`" + std::string(unit) + "`"; }

}  // namespace

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

/// CQL converts a number to a quantity without unit, so that these have a type; they have no value.
void ExpressionChecker::warn_of_always_null(const Operation& operation, const std::vector<ExprId>& operands) {
  if (operands.size() != 2) return;
  const auto name = operation.name;
  const bool sum = name == "Add" || name == "Subtract";
  const auto left = type(operands[0]);
  const auto right = type(operands[1]);
  const auto unit = written_unit(module_, module_.module(), operands[1]);
  if (sum && (left == model::kDate || left == model::kDateTime || left == model::kTime)) {
    const bool number = right == model::kInteger || right == model::kLong || right == model::kDecimal;
    if (!number && (!unit || is_time(*unit))) return;
    const auto problem =
        "a " + type_name(operands[0]) + " and " +
        (number ? "a number without a unit of time" : shown_unit(*unit) + ", which is no unit of time");
    sink_.add(make_diagnostic<Code::VGL0313>(module_.span(operands[1]), problem)
                  .with_hint("write a length of time, such as `5 days`"));
    return;
  }
  const bool compared =
      name == "Equal" || name == "Less" || name == "LessOrEqual" || name == "Greater" || name == "GreaterOrEqual";
  const auto first = written_unit(module_, module_.module(), operands[0]);
  if ((!sum && !compared) || !first || !unit) return;
  const auto a = unit_of(*first);
  const auto b = unit_of(*unit);
  if (!a || !b || ucum::commensurable(*a, *b)) return;
  sink_.add(make_diagnostic<Code::VGL0313>(
                operation.sign, shown_unit(*first) + " and " + shown_unit(*unit) + " are not units of one kind")
                .label(module_.span(operands[0]), "in " + shown_unit(*first))
                .label(module_.span(operands[1]), "in " + shown_unit(*unit)));
}

}  // namespace vigil::semantic
