// SPDX-License-Identifier: Apache-2.0
// Operators, conditionals, type operations.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"
#include "semantic/overload_resolution.h"

namespace vigil::semantic {

using ast::Operator;

/// A choice element where one overload would leave alternatives out: `O.effective during X`, whose effective is a time
/// or a period, or `O.value > P.value`. Each alternative that some overload takes is tried by its type at run time.
/// None where one conversion serves all.
std::optional<ExprId> ExpressionChecker::apply_by_alternative(const Operation& operation,
                                                              const std::vector<ExprId>& operands, uint32_t a,
                                                              uint32_t b) {
  const auto name = operation.name;
  const auto span = operation.span;
  const auto is_choice = [&](ExprId id) { return id && types_.is_choice(type(id)); };
  if (operands.size() != 2 || !operands[0] || !operands[1]) return std::nullopt;
  const bool membership = name == "IncludedIn" || name == "ProperlyIncludedIn" || name == "In";
  const bool order = name == "Less" || name == "LessOrEqual" || name == "Greater" || name == "GreaterOrEqual";
  const bool needed =
      membership ? is_choice(operands[0]) && !types_.is_list(type(operands[1])) && type(operands[1]) != model::kValueSet
                 : order && is_choice(operands[0]) && is_choice(operands[1]);
  if (!needed) return std::nullopt;
  const auto source = operands[0];
  const auto parts = types_[type(source)].parts;
  // Last, where no alternative is there: null, which still depends on the operand.
  auto result = module_.add(Op::kAs, model::kBoolean, span, {source}, model::kBoolean.value);
  size_t found = 0;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    const TypeId pair[] = {*part, type(operands[1])};
    const auto resolved = resolve_overload(types_, name, pair);
    if (!resolved || resolved->result != model::kBoolean) continue;
    const auto as = module_.add(Op::kAs, *part, span, {source}, part->value);
    const auto applied = apply(operation, {as, operands[1]}, a, b);
    if (!applied) return none();
    const auto is = module_.add(Op::kIs, model::kBoolean, span, {source}, part->value);
    result = module_.add(Op::kIf, model::kBoolean, span, {is, applied, result});
    ++found;
  }
  return found > 1 ? std::optional(result) : std::nullopt;
}

ExprId ExpressionChecker::apply(const Operation& operation, std::vector<ExprId> operands, uint32_t a, uint32_t b) {
  if (const auto dispatched = apply_by_alternative(operation, operands, a, b)) return *dispatched;
  if (operation.name == "Power") operands = power_operands(std::move(operands));
  std::vector<TypeId> operand_types;
  for (const auto id : operands) {
    if (!id) return none();
    operand_types.push_back(type(id));
  }
  const auto found = resolve_overload(types_, operation.name, operand_types);
  if (!found) {
    report_operation(operation, operands);
    return none();
  }
  warn_of_operation(operation, operands);
  for (size_t i = 0; i < operands.size(); ++i) operands[i] = convert(module_, operands[i], found->parameters[i]);
  return module_.add(found->op, found->result, operation.span, std::move(operands), a, b);
}

/// A whole number to a negative power, as written, is a fraction: 2 ^ -2 is 0.25.
std::vector<ExprId> ExpressionChecker::power_operands(std::vector<ExprId> operands) {
  if (operands.size() != 2 || !operands[0] || !operands[1]) return operands;
  const auto is_whole = [&](ExprId id) { return type(id) == model::kInteger || type(id) == model::kLong; };
  const auto& exponent = module_[operands[1]];
  const bool negative =
      exponent.op == Op::kNegateInteger || exponent.op == Op::kNegateLong ||
      (exponent.op == Op::kConstant && module_.module().constants[exponent.a].literal.text.starts_with('-'));
  if (negative && is_whole(operands[0]) && is_whole(operands[1]))
    for (auto& operand : operands) operand = convert(module_, operand, model::kDecimal);
  return operands;
}

ExprId ExpressionChecker::negated(ExprId value, Span span) {
  return value ? module_.add(Op::kNot, model::kBoolean, span, {value}) : none();
}

ExprId ExpressionChecker::check_logical(const ast::OperationExpr& e, Span span) {
  std::vector<ExprId> operands;
  bool failed = false;
  for (const auto operand : e.operands) {
    operands.push_back(check_as(operand, model::kBoolean));
    failed = failed || !operands.back();
  }
  if (failed) return none();
  const auto op = e.op == Operator::kAnd   ? Op::kAnd
                  : e.op == Operator::kOr  ? Op::kOr
                  : e.op == Operator::kXor ? Op::kXor
                                           : Op::kImplies;
  if (op == Op::kAnd || op == Op::kOr) return module_.add(op, model::kBoolean, span, std::move(operands));
  auto result = operands[0];
  for (size_t i = 1; i < operands.size(); ++i) result = module_.add(op, model::kBoolean, span, {result, operands[i]});
  return result;
}

ExprId ExpressionChecker::check_component(const ast::OperationExpr& e, Span span) {
  const auto operand = check(e.operands[0]);
  return apply(written(e, span).as("ComponentFrom"), {operand},
               static_cast<uint32_t>(e.precision.value_or(Precision::kYear)));
}

Operation ExpressionChecker::written(const ast::OperationExpr& e, Span span, size_t sign) const {
  return {ast::elm_name(e.op), span, ast::spelling(e.op), sign < e.signs.size() ? e.signs[sign] : span};
}

ExprId ExpressionChecker::check_operation(const ast::OperationExpr& e, Span span) {
  const auto operation = written(e, span);
  const auto unary = [&](std::string_view name) { return apply(operation.as(name), {check(e.operands[0])}); };
  const auto binary = [&](std::string_view name, uint32_t precision = 0) {
    const auto left = check(e.operands[0]);
    return apply(operation.as(name), {left, check(e.operands[1])}, precision);
  };
  switch (e.op) {
    case Operator::kAnd:
    case Operator::kOr:
    case Operator::kXor:
    case Operator::kImplies: return check_logical(e, span);
    case Operator::kNotEqual: return negated(binary("Equal"), span);
    case Operator::kNotEquivalent: return negated(binary("Equivalent"), span);
    case Operator::kIsNotNull: return negated(unary("IsNull"), span);
    case Operator::kIsNotTrue: return negated(unary("IsTrue"), span);
    case Operator::kIsNotFalse: return negated(unary("IsFalse"), span);
    case Operator::kPositive: return check(e.operands[0]);
    case Operator::kComponentFrom: return check_component(e, span);
    case Operator::kIn:
    case Operator::kContains: return binary(operation.name, e.precision ? 1 + static_cast<uint32_t>(*e.precision) : 0);
    default: break;
  }
  // The operator `&` and the function of this name differ in what null is to them.
  const auto name = e.op == Operator::kConcatenate ? "ConcatenateOrEmpty" : operation.name;
  if (e.operands.size() == 1) return unary(name);
  auto result = check(e.operands[0]);
  for (size_t i = 1; i < e.operands.size(); ++i) {
    const auto next = check(e.operands[i]);
    const auto covered = result && next ? cover(module_.span(result), module_.span(next)) : span;
    result = apply(written(e, covered, i - 1).as(name), {result, next});
  }
  return result;
}

ExprId ExpressionChecker::check_between(const ast::BetweenExpr& e, Span span) {
  const Operation operation{{}, span, "between", e.sign};
  const auto operand = check(e.operand);
  const auto low_end = check(e.low);
  const auto low = apply(operation.as(e.properly ? "Greater" : "GreaterOrEqual"), {operand, low_end});
  const auto high_end = check(e.high);
  const auto high = apply(operation.as(e.properly ? "Less" : "LessOrEqual"), {operand, high_end});
  warn_of_ends(low_end, high_end);
  if (!low || !high) return none();
  return module_.add(Op::kAnd, model::kBoolean, span, {low, high});
}

ExprId ExpressionChecker::check_duration(const ast::DurationExpr& e, Span span) {
  static constexpr std::string_view kUnits[] = {"years",   "months",  "days",        "hours",
                                                "minutes", "seconds", "milliseconds"};
  const auto words = std::string(e.difference    ? "difference in "
                                 : e.of_interval ? "duration in "
                                                 : "") +
                     std::string(e.weeks ? "weeks" : kUnits[static_cast<size_t>(e.precision)]) +
                     (e.of_interval ? " of" : " between");
  Operation operation{e.difference ? "DifferenceBetween" : "DurationBetween", span, words, e.sign};
  auto low = check(e.low);
  ExprId high;
  if (e.of_interval) {
    if (!low) return none();
    operation.shown = {low};
    high = apply(operation.as("EndOf"), {low});
    low = apply(operation.as("StartOf"), {low});
  } else {
    high = check(e.high);
  }
  return apply(operation, {low, high}, static_cast<uint32_t>(e.precision), e.weeks ? 1 : 0);
}

ExprId ExpressionChecker::check_if(const ast::IfExpr& e, Span span) {
  const auto condition = check_as(e.condition, model::kBoolean);
  const auto then_value = check(e.then_value);
  const auto else_value = check(e.else_value);
  if (!condition || !then_value || !else_value) return none();
  const TypeId branches[] = {type(then_value), type(else_value)};
  const auto common = common_type(types_, branches);
  return module_.add(Op::kIf, common, span,
                     {condition, convert(module_, then_value, common), convert(module_, else_value, common)});
}

/// With a comparand each `when` is an equality, so that conversions are those of `=`.
ExprId ExpressionChecker::case_item(ExprId comparand, const ast::CaseItem& item) {
  const auto place = library_[item.when].span;
  return apply({"Equal", place, "=", place}, {comparand, check(item.when)});
}

ExprId ExpressionChecker::check_case(const ast::CaseExpr& e, Span span) {
  std::vector<ExprId> operands;
  std::vector<TypeId> branch_types;
  std::vector<ExprId> branches;
  bool failed = false;
  const auto comparand = e.comparand ? check(e.comparand) : ExprId{};
  failed = e.comparand && !comparand;
  for (const auto& item : e.items) {
    const auto when = e.comparand ? case_item(comparand, item) : check_as(item.when, model::kBoolean);
    const auto then_value = check(item.then_value);
    failed = failed || !when || !then_value;
    if (failed) continue;
    operands.push_back(when);
    branches.push_back(then_value);
    branch_types.push_back(type(then_value));
  }
  const auto else_value = check(e.else_value);
  if (failed || !else_value) return none();
  branch_types.push_back(type(else_value));
  const auto common = common_type(types_, branch_types);
  std::vector<ExprId> all;
  for (size_t i = 0; i < operands.size(); ++i) {
    all.push_back(operands[i]);
    all.push_back(convert(module_, branches[i], common));
  }
  all.push_back(convert(module_, else_value, common));
  return module_.add(Op::kCase, common, span, std::move(all));
}

/// `minimum Integer` and the like, for the ordered types (CQL 1.5, B.6 Minimum, Maximum).
ExprId ExpressionChecker::check_extreme(TypeId of, bool low, Span span) {
  using K = ast::LiteralKind;
  struct Row {
    TypeId type;
    K kind;
    std::string_view low, high;
  };
  static constexpr Row kRows[] = {
      {model::kInteger, K::kInteger, "-2147483648", "2147483647"},
      {model::kLong, K::kLong, "-9223372036854775808", "9223372036854775807"},
      {model::kDecimal, K::kDecimal, "-99999999999999999999.99999999", "99999999999999999999.99999999"},
      {model::kQuantity, K::kQuantity, "-99999999999999999999.99999999", "99999999999999999999.99999999"},
      {model::kDate, K::kDate, "0001-01-01", "9999-12-31"},
      {model::kDateTime, K::kDateTime, "0001-01-01T00:00:00.000", "9999-12-31T23:59:59.999"},
      {model::kTime, K::kTime, "T00:00:00.000", "T23:59:59.999"}};
  const auto* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return r.type == of; });
  if (row == std::end(kRows)) {
    sink_.add(make_diagnostic<Code::VGL0302>(span, low ? "minimum" : "maximum", spoken_type(types_, of)));
    return none();
  }
  typed::Constant constant;
  constant.type = of;
  constant.literal.kind = row->kind;
  constant.literal.text = low ? row->low : row->high;
  if (of == model::kQuantity) constant.literal.unit = "1";
  return module_.constant(std::move(constant), span);
}

ExprId ExpressionChecker::check_type_operation(const ast::TypeExpr& e, Span span) {
  if (e.operation == ast::TypeOperation::kMinimum || e.operation == ast::TypeOperation::kMaximum) {
    const auto of = resolve_type(e.type);
    return of ? check_extreme(*of, e.operation == ast::TypeOperation::kMinimum, span) : none();
  }
  const auto operand = check(e.operand);
  if (e.operation == ast::TypeOperation::kConvert && !e.unit.empty()) {
    const Operation operation{"ConvertQuantity", span, "convert", span, false, {operand}};
    return apply(operation, {operand, module_.string(e.unit, span)});
  }
  const auto wanted = resolve_type(e.type);
  if (!operand || !wanted) return none();
  if (e.operation == ast::TypeOperation::kConvert) return convert_explicitly(operand, e, span);
  const auto from = type(operand);
  const bool possible = from == model::kAny || types_.is_subtype(from, *wanted) || types_.is_subtype(*wanted, from) ||
                        (types_.is_choice(from) && conversion_cost(types_, from, *wanted)) ||
                        (types_.is_choice(*wanted)) || (types_.is_list(from) && types_.is_list(*wanted)) ||
                        (types_.is_interval(from) && types_.is_interval(*wanted));
  if (!possible && e.operation != ast::TypeOperation::kIs) {
    if (conversion_cost(types_, from, *wanted)) return convert(module_, operand, *wanted);
    sink_.add(make_diagnostic<Code::VGL0308>(span, spoken_type(types_, *wanted))
                  .label(module_.span(operand), "this is " + spoken_type(types_, from)));
    return none();
  }
  if (e.operation == ast::TypeOperation::kIs)
    return module_.add(Op::kIs, model::kBoolean, span, {operand}, wanted->value);
  // `X as String` of a choice of FHIR types means the conversion of its string alternative.
  if (types_.is_choice(from) && !types_.is_subtype(*wanted, from) && !types_.is_subtype(from, *wanted))
    return convert(module_, operand, *wanted);
  const auto op = e.operation == ast::TypeOperation::kCast ? Op::kCast : Op::kAs;
  return module_.add(op, *wanted, span, {operand}, wanted->value);
}

ExprId ExpressionChecker::convert_explicitly(ExprId operand, const ast::TypeExpr& e, Span span) {
  const auto wanted = *resolve_type(e.type);
  if (conversion_cost(types_, type(operand), wanted)) return convert(module_, operand, wanted);
  static constexpr std::pair<TypeId, std::string_view> kByName[] = {
      {model::kString, "ToString"},  {model::kBoolean, "ToBoolean"},   {model::kInteger, "ToInteger"},
      {model::kLong, "ToLong"},      {model::kDecimal, "ToDecimal"},   {model::kQuantity, "ToQuantity"},
      {model::kDate, "ToDate"},      {model::kDateTime, "ToDateTime"}, {model::kTime, "ToTime"},
      {model::kConcept, "ToConcept"}};
  for (const auto& [to, name] : kByName) {
    const TypeId operand_types[] = {type(operand)};
    if (to == wanted && resolve_overload(types_, name, operand_types))
      return apply({name, span, name, span, true}, {operand});
  }
  sink_.add(make_diagnostic<Code::VGL0307>(span, type_name(operand), spoken_type(types_, wanted)));
  return none();
}

}  // namespace vigil::semantic
