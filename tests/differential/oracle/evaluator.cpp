// SPDX-License-Identifier: Apache-2.0
// The tree walk: what is lazy, what names something, what makes a value of parts.
#include "differential/oracle/evaluator.h"

#include "differential/oracle/parse.h"

namespace vigil::oracle {

using typed::ExprId;
using typed::Op;

bool Call::any_null() const {
  for (const auto& argument : arguments)
    if (argument.is_null()) return true;
  return false;
}

std::string Call::operand_type(size_t i) const { return module.types.name(module[expr.operands[i]].type); }

std::optional<int> Call::precision() const {
  return expr.a == 0 ? std::nullopt : std::optional(static_cast<int>(expr.a) - 1);
}

namespace {

const Operations& operations() {
  static const Operations kAll = [] {
    Operations all;
    for (const auto add : {add_logical, add_comparison, add_arithmetic, add_quantity_arithmetic, add_string,
                           add_date_time, add_date_time_arithmetic, add_interval, add_interval_sets, add_list,
                           add_aggregate, add_conversion, add_expand_collapse, add_patterns, add_boundaries})
      add(all);
    return all;
  }();
  return kAll;
}

}  // namespace

Value Evaluator::evaluate(const typed::Definition& definition) {
  Frame frame(definition.frame_size + 1);
  return evaluate(definition.body, frame);
}

std::vector<Value> Evaluator::operands(const typed::Expr& expr, Frame& frame) {
  std::vector<Value> values;
  for (const auto operand : expr.operands) values.push_back(evaluate(operand, frame));
  return values;
}

Value Evaluator::evaluate(ExprId id, Frame& frame) {
  const auto& expr = module_[id];
  if (auto special = evaluate_special(expr, frame)) return *special;
  const auto found = operations().find(typed::name(expr.op));
  if (found == operations().end()) throw NotCovered(std::string(typed::name(expr.op)));
  const auto values = operands(expr, frame);
  const Call call{module_, expr, values, now_};
  for (const auto& value : values)
    if (value.kind == Kind::kUncertain) return apply_uncertain(found->first, found->second, call);
  return found->second(call);
}

std::optional<Value> Evaluator::evaluate_special(const typed::Expr& expr, Frame& frame) {
  const auto operand = [&](size_t i) { return evaluate(expr.operands[i], frame); };
  switch (expr.op) {
    case Op::kConstant: return constant(module_.constants[expr.a]);
    case Op::kLocal: return frame.at(expr.a);
    case Op::kDefinition: return evaluate(module_.definitions[expr.a]);
    case Op::kCallFunction: return call_function(expr, frame);
    case Op::kQuery: return query(module_.queries[expr.a], frame);
    case Op::kMakeList: return list(operands(expr, frame));
    case Op::kMakeTuple: return tuple(expr, frame);
    case Op::kMakeInterval: return make_interval(expr, frame);
    case Op::kTupleElement: {
      const auto source = operand(0);
      return source.is_null() ? Value() : source.parts.at(expr.a);
    }
    case Op::kSystemElement: return system_element(expr, frame);
    case Op::kConvertElements: return convert_elements(expr, frame);
    case Op::kIf: return operand(operand(0).is_true() ? 1 : 2);
    case Op::kCase:
      for (size_t i = 0; i + 1 < expr.operands.size(); i += 2)
        if (operand(i).is_true()) return operand(i + 1);
      return operand(expr.operands.size() - 1);
    case Op::kCoalesce:
      for (size_t i = 0; i < expr.operands.size(); ++i)
        if (auto value = operand(i); !value.is_null()) return value;
      return Value();
    case Op::kAnd:
    case Op::kOr: {
      // How far operands are evaluated CQL leaves open: an error behind what decides may be one or not.
      Value result = boolean(expr.op == Op::kAnd);
      for (size_t i = 0; i < expr.operands.size(); ++i) {
        const bool decided = expr.op == Op::kAnd ? result.is_false() : result.is_true();
        try {
          result = expr.op == Op::kAnd ? and_(result, operand(i)) : or_(result, operand(i));
        } catch (const EvaluationError&) {
          if (decided) throw NotCovered("an error behind what decides");
          throw;
        }
      }
      return result;
    }
    case Op::kImplies: {
      const auto left = not_(operand(0));
      try {
        return or_(left, operand(1));
      } catch (const EvaluationError&) {
        if (left.is_true()) throw NotCovered("an error behind what decides");
        throw;
      }
    }
    case Op::kIs: return boolean(is_of_type(operand(0), model::TypeId{expr.a}));
    case Op::kAs: {
      auto value = with_points(operand(0), model::TypeId{expr.a});
      return is_of_type(value, model::TypeId{expr.a}) ? value : Value();
    }
    case Op::kCast: {
      auto value = with_points(operand(0), model::TypeId{expr.a});
      if (!value.is_null() && !is_of_type(value, model::TypeId{expr.a})) throw EvaluationError("cast");
      return value;
    }
    default: return std::nullopt;
  }
}

/// Interval[null, null] takes the point type it is cast to (B.9.6: `Interval[null, null] as Interval<Date>`).
Value Evaluator::with_points(Value value, model::TypeId type) const {
  const auto& types = module_.types;
  if (value.kind == Kind::kInterval && value.low().is_null() && value.high().is_null() && types.is_interval(type))
    value.type = types.name(types.element(type));
  return value;
}

/// The type of the value, not of the expression (B.3.7): null is of none.
bool Evaluator::is_of_type(const Value& value, model::TypeId type) const {
  const auto& types = module_.types;
  if (value.is_null()) return false;
  if (type == model::kAny) return true;
  if (value.kind == Kind::kUncertain) return is_of_type(value.low(), type);
  if (types.is_choice(type)) {
    for (const auto part : types[type].parts)
      if (is_of_type(value, part)) return true;
    return false;
  }
  if (types.is_interval(type))
    return value.kind == Kind::kInterval &&
           (types.element(type) == model::kAny || value.type == types.name(types.element(type)));
  if (types.is_list(type)) {
    if (value.kind != Kind::kList) return false;
    for (const auto& part : value.parts)
      if (!part.is_null() && !is_of_type(part, types.element(type))) return false;
    return true;
  }
  if (types.is_tuple(type)) {
    bool all = value.kind == Kind::kTuple && value.names == types[type].names;
    for (size_t i = 0; all && i < value.parts.size(); ++i)
      all = value.parts[i].is_null() || is_of_type(value.parts[i], types[type].parts[i]);
    return all;
  }
  static constexpr std::pair<const char*, Kind> kNames[] = {
      {"Boolean", Kind::kBoolean},   {"Integer", Kind::kInteger}, {"Long", Kind::kLong},
      {"Decimal", Kind::kDecimal},   {"String", Kind::kString},   {"Date", Kind::kDate},
      {"DateTime", Kind::kDateTime}, {"Time", Kind::kTime},       {"Quantity", Kind::kQuantity},
      {"Ratio", Kind::kRatio},       {"Code", Kind::kCode},       {"Concept", Kind::kConcept}};
  for (const auto& [name, kind] : kNames)
    if (types.name(type) == name) return value.kind == kind;
  throw NotCovered("is " + types.name(type));
}

Value Evaluator::constant(const typed::Constant& constant) const {
  using L = ast::LiteralKind;
  const auto code_of = [](const typed::Constant& c) {
    Value v = string(c.code);
    v.kind = Kind::kCode;
    for (const auto& text : {c.system, c.version, c.display}) v.parts.push_back(text.empty() ? Value() : string(text));
    return v;
  };
  if (constant.type == model::kCode) return code_of(constant);
  if (constant.type == model::kConcept && !constant.codes.empty()) {
    Value v = string(constant.display);
    v.kind = Kind::kConcept;
    for (const auto& code : constant.codes) v.parts.push_back(code_of(code));
    return v;
  }
  const auto& literal = constant.literal;
  const auto number = [](const std::string& text) { return parse_decimal(text).value(); };
  const auto of_quantity = [&](const std::string& text, const std::string& unit) {
    return quantity(number(text), unit);
  };
  switch (literal.kind) {
    case L::kNull: return {};
    case L::kBoolean: return boolean(literal.text == "true");
    case L::kInteger: return whole(Kind::kInteger, BigInteger(literal.text));
    case L::kLong: return whole(Kind::kLong, BigInteger(literal.text));
    case L::kDecimal: return decimal(number(literal.text));
    case L::kString: return string(literal.text);
    case L::kDate: return parse_moment(Kind::kDate, literal.text).value();
    case L::kDateTime: return parse_moment(Kind::kDateTime, literal.text).value();
    case L::kTime: return parse_moment(Kind::kTime, literal.text).value();
    case L::kQuantity: return of_quantity(literal.text, literal.unit);
    case L::kRatio: {
      Value v;
      v.kind = Kind::kRatio;
      v.parts = {of_quantity(literal.text, literal.unit), of_quantity(literal.text2, literal.unit2)};
      return v;
    }
  }
  throw NotCovered("literal");
}

Value Evaluator::tuple(const typed::Expr& expr, Frame& frame) {
  Value v;
  v.kind = Kind::kTuple;
  v.names = module_.types[expr.type].names;
  v.parts = operands(expr, frame);
  return v;
}

Value Evaluator::make_interval(const typed::Expr& expr, Frame& frame) {
  auto ends = operands(expr, frame);
  for (const auto& end : ends)
    if (end.kind == Kind::kUncertain) throw NotCovered("an interval with an uncertain end");
  if (module_.types.element(expr.type) == model::kAny) throw NotCovered("an interval without point type");
  auto made = interval(module_.types.name(module_.types.element(expr.type)), ends[0], ends[1], (expr.a & 1) != 0,
                       (expr.a & 2) != 0);
  check_interval(made, now_);
  return made;
}

Value Evaluator::system_element(const typed::Expr& expr, Frame& frame) {
  using E = typed::SystemElement;
  const auto source = evaluate(expr.operands[0], frame);
  if (source.is_null()) return {};
  switch (static_cast<E>(expr.a)) {
    case E::kQuantityValue: return decimal(source.number);
    case E::kQuantityUnit: return string(source.text);
    case E::kCode: return string(source.text);
    case E::kSystem: return source.parts[0];
    case E::kVersion: return source.parts[1];
    case E::kDisplay: return source.parts[2];
    case E::kConceptCodes: return list(source.parts);
    case E::kConceptDisplay: return source.text.empty() ? Value() : string(source.text);
    case E::kLow: return source.low();
    case E::kHigh: return source.high();
    case E::kLowClosed: return boolean(source.low_closed);
    case E::kHighClosed: return boolean(source.high_closed);
    case E::kNumerator: return source.parts[0];
    case E::kDenominator: return source.parts[1];
  }
  throw NotCovered("element");
}

/// A list or interval, each part converted by itself.
Value Evaluator::convert_elements(const typed::Expr& expr, Frame& frame) {
  auto value = evaluate(expr.operands[0], frame);
  if (value.is_null()) return {};
  for (auto& part : value.parts) {
    Frame own{part};
    part = evaluate(expr.operands[1], own);
  }
  if (value.kind == Kind::kInterval) value.type = module_.types.name(module_.types.element(expr.type));
  return value;
}

Value Evaluator::call_function(const typed::Expr& expr, Frame& frame) {
  const auto& function = module_.functions[expr.a];
  Frame own = operands(expr, frame);
  own.resize(function.frame_size + 1);
  return evaluate(function.body, own);
}

}  // namespace vigil::oracle
