// SPDX-License-Identifier: Apache-2.0
// Operations that fit an overload, but can never do what they say: null beside null, units that are missing or differ.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"
#include "semantic/typed_walk.h"
#include "values/ucum.h"

namespace vigil::semantic {
namespace {

bool is_order(std::string_view name) {
  return name == "Less" || name == "LessOrEqual" || name == "Greater" || name == "GreaterOrEqual";
}

bool is_number(TypeId type) { return type == model::kInteger || type == model::kLong || type == model::kDecimal; }

std::optional<ucum::Unit> unit_of(std::string_view text) {
  const auto calendar = ucum::calendar_unit(text);
  return ucum::parse(calendar == ucum::Calendar::kNone ? text : ucum::ucum_code(calendar));
}

/// Whether units are of one kind, such as `mg` and `g`; those that are not understood are taken to be.
bool are_commensurable(std::string_view a, std::string_view b) {
  const auto one = unit_of(a);
  const auto other = unit_of(b);
  return !one || !other || ucum::commensurable(*one, *other);
}

std::string shown_unit(std::string_view unit) { return unit.empty() ? "no unit" : "`" + std::string(unit) + "`"; }

/// What the warnings ask about operands.
class Operands {
 public:
  Operands(ModuleBuilder& module, const std::vector<ExprId>& ids) : module_(module), ids_(ids) {}

  /// The System type of an operand, FHIR types converted; of a list or an interval, of what is in it.
  TypeId system_point(size_t i) const { return system_of(point(i)); }
  /// The alternatives of an element that may be of several types; empty for any other operand.
  std::vector<TypeId> alternatives(size_t i) const {
    auto& types = module_.types();
    const auto type = point(i);
    std::vector<TypeId> found;
    if (types.is_choice(type))
      for (const auto part : std::vector<TypeId>(types[type].parts)) found.push_back(system_of(part));
    return found;
  }
  bool is_number(size_t i) const { return semantic::is_number(system_point(i)); }

  /// `null`, also `null as Integer`.
  bool is_null(size_t i) const {
    auto id = ids_[i];
    while (module_[id].op == Op::kAs || module_[id].op == Op::kCast) id = module_[id].operands[0];
    return module_.is_null_literal(id);
  }

  /// Whether an operand reads nothing: neither facts nor names, nor the time.
  bool is_written_out(size_t i) const {
    bool reads = false;
    typed::for_each_below(module_.module(), ids_[i], [&](ExprId id) {
      const auto op = module_[id].op;
      reads = reads || op == Op::kLocal || op == Op::kDefinition || op == Op::kParameter || op == Op::kCallFunction ||
              op == Op::kRetrieve || op == Op::kTableRows || op == Op::kPatient || op == Op::kNow || op == Op::kToday ||
              op == Op::kTimeOfDay;
    });
    return !reads;
  }

  /// Whether an operand is one alternative of a choice: `O.value as FHIR.integer`.
  bool is_alternative(size_t i) const {
    const auto& expr = module_[ids_[i]];
    return expr.op == Op::kAs && module_.types().is_choice(module_.type(expr.operands[0]));
  }

  /// Whether an operand may be a quotient, such as of two doses, which has no unit on purpose. What a function or a
  /// `let` computed may be.
  bool may_be_quotient(size_t i) const {
    std::vector<ExprId> todo = {ids_[i]};
    std::vector<uint32_t> seen;
    bool found = false;
    while (!todo.empty() && !found) {
      const auto root = todo.back();
      todo.pop_back();
      typed::for_each_below(module_.module(), root, [&](ExprId id) {
        const auto& expr = module_[id];
        const bool named = expr.op == Op::kLocal || expr.op == Op::kCallFunction || expr.op == Op::kParameter;
        found = found || expr.op == Op::kDivideQuantity || (named && expr.type == model::kQuantity);
        if (expr.op != Op::kDefinition || std::ranges::find(seen, expr.a) != seen.end()) return;
        seen.push_back(expr.a);
        if (const auto body = module_.module().definitions[expr.a].body) todo.push_back(body);
      });
    }
    return found;
  }

  const ast::Literal* literal(size_t i) const {
    const auto& expr = module_[ids_[i]];
    return expr.op == Op::kConstant ? &module_.module().constants[expr.a].literal : nullptr;
  }
  /// The unit of a quantity written out; nothing for any other expression.
  std::optional<std::string_view> written_unit(size_t i) const {
    const auto* const literal = this->literal(i);
    if (literal == nullptr || literal->kind != ast::LiteralKind::kQuantity) return std::nullopt;
    return literal->unit;
  }
  /// Of two quantities written out, or one and a number, how their units differ in kind; else empty.
  std::string different_units() const {
    const auto first = unit(0);
    const auto second = unit(1);
    if (!first || !second || are_commensurable(*first, *second)) return {};
    if (is_number(0)) return "a number without unit and " + shown_unit(*second);
    if (is_number(1)) return shown_unit(*first) + " and a number without unit";
    return shown_unit(*first) + " and " + shown_unit(*second) + " are not units of one kind";
  }
  std::string unit_label(size_t i) const { return is_number(i) ? "a number" : "in " + shown_unit(*written_unit(i)); }
  Span span(size_t i) const { return module_.span(ids_[i]); }

 private:
  /// A number is a quantity of unit `1`.
  std::optional<std::string_view> unit(size_t i) const {
    const auto type = module_.type(ids_[i]);
    const bool number = is_number(i) && !module_.types().is_list(type) && !module_.types().is_interval(type);
    return number ? std::optional<std::string_view>("1") : written_unit(i);
  }
  TypeId point(size_t i) const {
    const auto& types = module_.types();
    const auto type = module_.type(ids_[i]);
    return types.is_list(type) || types.is_interval(type) ? types.element(type) : type;
  }
  TypeId system_of(TypeId type) const {
    auto& types = module_.types();
    return types.is_fhir(type) ? system_type_of(types, types.fhir_type(type)).value_or(type) : type;
  }

  ModuleBuilder& module_;
  const std::vector<ExprId>& ids_;
};

}  // namespace

void ExpressionChecker::warn_of_operation(const Operation& operation, const std::vector<ExprId>& operands) {
  if (operands.size() != 2) return;
  warn_of_compared_codes(operation, operands);
  if (warn_of_null(operation, operands) || warn_of_time(operation, operands)) return;
  if (!warn_of_units(operation, operands)) warn_of_missing_unit(operation, operands);
}

/// `X = null`, which is null whatever X is. `X ~ null` is true or false, and says what `is null` says.
bool ExpressionChecker::warn_of_null(const Operation& operation, const std::vector<ExprId>& operands) {
  const Operands all(module_, operands);
  if ((operation.name != "Equal" && !is_order(operation.name)) || operation.written == "between") return false;
  const size_t null = all.is_null(1) ? 1 : 0;
  // Where all is written out, as in a test of the language, nothing is hidden.
  if (!all.is_null(null) || all.is_written_out(1 - null)) return false;
  const bool is_case = operation.sign.begin == all.span(1).begin && operation.sign.end == all.span(1).end;
  const auto remedy = is_case                     ? "write `case when ... is null then`"
                      : operation.written == "="  ? "write `is null`"
                      : operation.written == "!=" ? "write `is not null`"
                                                  : "to ask whether there is a value write `is not null`";
  sink_.add(make_diagnostic<Code::VGL0313>(operation.sign, is_case ? "nothing is equal to null"
                                                                   : "`" + std::string(operation.written) +
                                                                         "` with null, whatever the other value is")
                .with_hint(remedy));
  return true;
}

/// CQL converts a number to a quantity without unit, so that `@2026-01-01 + 5` has a type; it has no value.
bool ExpressionChecker::warn_of_time(const Operation& operation, const std::vector<ExprId>& operands) {
  if (operation.name != "Add" && operation.name != "Subtract") return false;
  const auto left = type(operands[0]);
  if (left != model::kDate && left != model::kDateTime && left != model::kTime) return false;
  const bool number = is_number(type(operands[1]));
  const auto unit = Operands(module_, operands).written_unit(1);
  if (!number && (!unit || are_commensurable(*unit, "s"))) return true;
  const auto problem = "a " + type_name(operands[0]) + " and " +
                       (number ? "a number without a unit of time" : shown_unit(*unit) + ", which is no unit of time");
  sink_.add(make_diagnostic<Code::VGL0313>(module_.span(operands[1]), problem)
                .with_hint("write a length of time, such as `5 days`"));
  return true;
}

/// Quantities written out, or one and a number, whose units measure different things.
bool ExpressionChecker::warn_of_units(const Operation& operation, const std::vector<ExprId>& operands) {
  const auto name = operation.name;
  const bool equivalent = name == "Equivalent";
  const bool sum = name == "Add" || name == "Subtract";
  if (!sum && !equivalent && name != "Equal" && !is_order(name)) return false;
  const Operands all(module_, operands);
  const auto problem = all.different_units();
  if (problem.empty()) return false;
  auto diagnostic =
      equivalent ? make_diagnostic<Code::VGL0315>(operation.sign, operation.written == "!~" ? "true" : "false", problem)
                 : make_diagnostic<Code::VGL0313>(operation.sign, problem);
  for (size_t i = 0; i < 2; ++i) diagnostic.label(all.span(i), all.unit_label(i));
  const size_t quantity = all.is_number(0) ? 1 : 0;
  if (all.is_number(1 - quantity) && !sum && all.literal(1 - quantity) == nullptr)
    diagnostic.hint = "write the number alone, `" + std::string(all.literal(quantity)->text) + "`";
  sink_.add(std::move(diagnostic));
  return true;
}

/// `between 3.5 'mmol/L' and 5 'mmol'`, or an interval of these.
void ExpressionChecker::warn_of_ends(ExprId low, ExprId high) {
  if (!low || !high) return;
  const std::vector<ExprId> operands = {low, high};
  const Operands ends(module_, operands);
  const auto problem = ends.different_units();
  if (problem.empty()) return;
  sink_.add(make_diagnostic<Code::VGL0317>(ends.span(1), problem)
                .label(ends.span(0), ends.unit_label(0))
                .with_hint("write both ends in units of one kind"));
}

/// `Egfr.value < 30`: the number is converted to a quantity of unit `1` (CQL 1.5, B.1 Quantity and developer's guide,
/// "Implicit Conversions"), which is null beside any other unit, and 3000 beside `%`; or only the whole numbers among
/// what an element may be are compared.
void ExpressionChecker::warn_of_missing_unit(const Operation& operation, const std::vector<ExprId>& operands) {
  const auto name = operation.name;
  if (name != "Equal" && name != "Equivalent" && name != "In" && name != "Contains" && !is_order(name)) return;
  const Operands all(module_, operands);
  const size_t number = all.is_number(1) ? 1 : 0;
  const size_t other = 1 - number;
  if (!all.is_number(number)) return;
  const auto alternatives = all.alternatives(other);
  const auto has = [&](TypeId wanted) { return std::ranges::find(alternatives, wanted) != alternatives.end(); };
  const bool quantity = all.system_point(other) == model::kQuantity;
  // An element that may be a decimal may well be meant as a number; so may what is compared with one alternative.
  const bool may_be_quantity = has(model::kQuantity) && !has(model::kDecimal) && !all.is_alternative(number);
  if (!quantity && !may_be_quantity) return;
  if (all.is_written_out(other) || all.may_be_quotient(other)) return;
  const auto* const literal = all.literal(number);
  const auto written = literal == nullptr ? std::string("30") : std::string(literal->text);
  auto hint = "write the unit, such as `" + written + " 'mmol/L'`";
  if (!all.is_written_out(number))
    hint = "compare two numbers, `(... as FHIR.Quantity).value`, or two quantities";
  else
    hint += quantity || !has(model::kInteger) ? "; where there is none, `" + written + " '1'`"
                                              : "; where a number without unit is meant, `(... as FHIR.integer)`";
  sink_.add(make_diagnostic<Code::VGL0316>(all.span(number), quantity ? "a quantity" : "what may be a quantity")
                .with_hint(hint));
}

}  // namespace vigil::semantic
