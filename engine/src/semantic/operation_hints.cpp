// SPDX-License-Identifier: Apache-2.0
// The frequent mistakes of authors and their remedies.
#include "semantic/operation_hints.h"

#include <algorithm>

#include "semantic/conversions.h"
#include "semantic/overload_resolution.h"

namespace vigil::semantic {
namespace {

/// What the hints ask about operands.
class Operands {
 public:
  Operands(ModuleBuilder& module, std::span<const ExprId> ids) : module_(module), types_(module.types()), ids_(ids) {
    for (const auto id : ids) all_.push_back(module.type(id));
  }

  size_t size() const { return all_.size(); }
  TypeId operator[](size_t i) const { return all_[i]; }
  std::string name(size_t i) const { return spoken_type(types_, all_[i]); }
  bool is_list(size_t i) const { return types_.is_list(all_[i]); }

  /// The System type of an operand, FHIR types converted; of a choice what it is for the most part.
  TypeId system(size_t i) const {
    const auto type = all_[i];
    if (types_.is_fhir(type)) return system_type_of(types_, types_.fhir_type(type)).value_or(type);
    if (types_.is_choice(type))
      for (const auto wanted : {model::kConcept, model::kQuantity, model::kDateTime, model::kString})
        if (conversion_cost(types_, type, wanted)) return wanted;
    return type;
  }
  bool is_code(size_t i) const { return system(i) == model::kCode || system(i) == model::kConcept; }
  bool is_text(size_t i) const { return system(i) == model::kString; }
  bool is_number(size_t i) const {
    const auto type = system(i);
    return type == model::kInteger || type == model::kLong || type == model::kDecimal;
  }
  bool is_date(size_t i) const { return system(i) == model::kDate || system(i) == model::kDateTime; }

  /// The index of an operand for which `test` holds, where the other is one for which `other` holds.
  template <class A, class B>
  bool pair(A one, B other) const {
    return size() == 2 && ((one(0) && other(1)) || (one(1) && other(0)));
  }
  /// Whether the operation would fit if operand `i` were of this type.
  bool fits_with(std::string_view name, size_t i, TypeId type) const {
    auto changed = all_;
    changed[i] = type;
    return resolve_overload(types_, name, changed).has_value();
  }
  /// The text written as operand `i`, where it is a literal.
  const ast::Literal* literal(size_t i) const {
    const auto& expr = module_[ids_[i]];
    if (expr.op != Op::kConstant) return nullptr;
    const auto& constant = module_.module().constants[expr.a];
    return constant.literal.kind == ast::LiteralKind::kNull ? nullptr : &constant.literal;
  }
  TypeTable& types() const { return types_; }

 private:
  ModuleBuilder& module_;
  TypeTable& types_;
  std::span<const ExprId> ids_;
  std::vector<TypeId> all_;
};

constexpr auto kOfValueSet =
    "a value set holds codes, not what the patient has: write `exists [MedicationRequest: \"...\"]`";

bool is_equality(std::string_view name) { return name == "Equal" || name == "Equivalent"; }

bool is_order(std::string_view name) {
  return name == "Less" || name == "LessOrEqual" || name == "Greater" || name == "GreaterOrEqual";
}

bool is_number_text(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// A text in quotes where a number, quantity or date was meant: `<= '90'`, `> '2026-01-01'`.
std::string for_quoted_value(std::string_view name, const Operands& operands) {
  for (size_t i = 0; i < 2; ++i) {
    const auto* literal = operands.literal(i);
    if (literal == nullptr || literal->kind != ast::LiteralKind::kString) continue;
    if (name == "latest" && i == 1) return "a period is written without quotes: `12 months`";
    if (operands.is_number(1 - i) && is_number_text(literal->text))
      return "write `" + literal->text + "` without quotes";
    if (operands.system(1 - i) == model::kQuantity && is_number_text(literal->text))
      return "write the number without quotes and its unit with: `" + literal->text + " 'mg'`";
    const bool like_a_date =
        literal->text.size() >= 4 && literal->text.find_first_not_of("0123456789-T:.Z+") == std::string::npos;
    if (operands.is_date(1 - i) && like_a_date) return "a date is written `@" + literal->text + "`";
    if (operands.is_date(1 - i)) return "a date is written `@2026-01-31`, the current day `Today()`";
  }
  return {};
}

std::string for_codes(std::string_view name, const Operands& operands) {
  const auto code = [&](size_t i) { return operands.is_code(i); };
  const auto text = [&](size_t i) { return operands.is_text(i); };
  const auto value_set = [&](size_t i) { return operands[i] == model::kValueSet; };
  if (is_equality(name) && operands.pair([](size_t) { return true; }, value_set))
    return "write `in` to ask whether a code is of the value set";
  if (is_equality(name) && operands.pair(code, text))
    return "a text is no code: compare with `~ \"...\"`, a `code` declared above, or ask `in` a value set";
  if (name == "Equal" && operands.pair(code, [&](size_t i) { return operands.is_code(i); }))
    return "write `~` to ask whether two codes mean the same";
  if (name == "In" && operands.size() == 2 && operands.is_code(0) && operands.is_code(1))
    return "write `~` to compare with one code";
  return {};
}

/// A list where one value is wanted: would the operation fit its elements?
std::string for_lists(const Operation& operation, const Operands& operands) {
  for (size_t i = 0; i < operands.size(); ++i) {
    if (!operands.is_list(i)) continue;
    auto element = operands[i];
    while (operands.types().is_list(element)) element = operands.types().element(element);
    if (operands.fits_with(operation.name, i, element))
      return operation.is_function
                 ? "this is a list: take one of it, `First(...)`, or go through it, `(...) X return ...`"
                 : "this is a list: take one of it, `First(...)`, or ask `exists ((...) X where X " +
                       std::string(operation.written) + " ...)`";
    const bool resource = operands.types().is_fhir(element) && model::is_resource(operands.types().fhir_type(element));
    if (resource && operands.size() == 2 && !operands.is_list(1 - i)) {
      const auto name = operands.types().name(element);
      return name == "FHIR.Observation" ? "this is a list of resources: write `latest(...).value` for the newest value"
                                        : "this is a list of resources: take one, `First(...)`, and name its element";
    }
  }
  return {};
}

/// A whole resource where one of its elements is wanted.
std::string for_resources(const Operands& operands) {
  if (operands.size() != 2) return {};
  for (size_t i = 0; i < 2; ++i) {
    const auto type = operands[i];
    if (!operands.types().is_fhir(type) || !model::is_resource(operands.types().fhir_type(type))) continue;
    const auto fhir = operands.types().fhir_type(type);
    const auto path = std::string(model::type(fhir).primary_code_path);
    if (model::find_element(fhir, "value") != nullptr && !operands.is_code(1 - i))
      return "this is a whole " + operands.name(i) + ": name its element, `(...).value`";
    if (!path.empty()) return "this is a whole " + operands.name(i) + ": name its element, `(...)." + path + "`";
    return "this is a whole " + operands.name(i) + ": name one of its elements";
  }
  return {};
}

/// One value where a list is wanted.
std::string for_single_values(const Operation& operation, const Operands& operands) {
  if (operands.size() == 1 && operands[0] == model::kValueSet) return kOfValueSet;
  if (operands.size() != 1 || operands.is_list(0)) return {};
  if (!operands.fits_with(operation.name, 0, operands.types().list(operands[0]))) return {};
  if (operation.name == "Exists") return "`exists` asks whether a list has elements; of one value ask `is not null`";
  return "this is one value, not a list";
}

std::string for_values(std::string_view name, const Operands& operands) {
  const auto date = [&](size_t i) { return operands.is_date(i); };
  const auto text = [&](size_t i) { return operands.is_text(i); };
  const auto boolean = [&](size_t i) { return operands.system(i) == model::kBoolean; };
  if (name == "Subtract" && operands.pair(date, date))
    return "for the time between two dates write `days between A and B`, or `years between`";
  if (name == "Add" && operands.pair(text, [&](size_t i) { return !operands.is_text(i); })) {
    const size_t other = operands.is_text(0) ? 1 : 0;
    if (operands.fits_with("ToString", 0, operands[other]) || operands.is_number(other) || operands.is_date(other))
      return "write `ToString(...)` around the " + operands.name(other);
  }
  if (operands.pair(boolean, [](size_t) { return true; }) && (is_order(name) || name == "Add"))
    return "this is true or false: to count, write `Count(...)`; to combine conditions, `and`";
  const auto number = [&](size_t i) { return operands.is_number(i); };
  if (is_equality(name) && operands.pair(text, number))
    return "a text and a number are never the same: compare with a text, `'...'`";
  if (name == "StartOf" || name == "EndOf" || name == "WidthOf")
    return "only an interval or a period has a start and an end";
  if (name == "Not" && operands.is_list(0)) return "to ask whether there is none, write `not exists (...)`";
  if (name == "Not") return "`not` stands before a condition: compare the value, or ask `is null`";
  return {};
}

std::string for_membership(const Operation& operation, const Operands& operands) {
  if (operands.size() != 2) return {};
  const auto name = operation.name;
  if (name == "In" && !operands.is_list(1) && !operands.types().is_interval(operands[1]))
    return "behind `in` stands a value set, a list or an interval; to compare with one value write `=`";
  if (name.ends_with("IncludedIn") && operands.system(1) == model::kQuantity && operands.literal(1) != nullptr) {
    const auto& literal = *operands.literal(1);
    const auto period = literal.text + " " + literal.unit;
    return "for the time until today write `Interval[Today() - " + period + ", Today()]`";
  }
  if (name.ends_with("IncludedIn") && !operands.types().is_interval(operands[1]) && !operands.is_list(1))
    return "behind `" + std::string(operation.written) +
           "` stands an interval, such as Interval[@2026-01-01, @2026-12-31]";
  const auto quantity = [&](size_t i) { return operands.system(i) == model::kQuantity; };
  if (operands.pair(quantity, [&](size_t i) { return operands.is_date(i); }) &&
      (name.starts_with("Same") || name == "Before" || name == "After"))
    return "write `X 3 days or more before Y`, or the date itself: `Y - 3 days`";
  if (name == "Indexer") return "elements of a list are numbered from 0: `[0]`";
  return {};
}

/// What a function takes: `Round(Decimal)` or `Round(Decimal, Integer)`.
std::string for_function(const Operation& operation) {
  if (!operation.is_function) return {};
  const auto known = signatures_of(operation.name);
  constexpr size_t kMost = 3;
  if (known.empty() || known.size() > kMost) return {};
  std::string text = "it takes ";
  for (size_t i = 0; i < known.size(); ++i) text += (i == 0 ? "`" : " or `") + known[i] + "`";
  return text;
}

}  // namespace

std::string hint_for_operation(ModuleBuilder& module, const Operation& operation, std::span<const ExprId> ids) {
  const Operands operands(module, ids);
  if (operands.size() == 2)
    if (auto hint = for_quoted_value(operation.name, operands); !hint.empty() && operation.name != "Add") return hint;
  if (auto hint = for_codes(operation.name, operands); !hint.empty()) return hint;
  if (auto hint = for_lists(operation, operands); !hint.empty()) return hint;
  if (auto hint = for_resources(operands); !hint.empty()) return hint;
  if (auto hint = for_single_values(operation, operands); !hint.empty()) return hint;
  if (auto hint = for_values(operation.name, operands); !hint.empty()) return hint;
  if (auto hint = for_membership(operation, operands); !hint.empty()) return hint;
  return for_function(operation);
}

std::string hint_for_wanted(ModuleBuilder& module, ExprId value, TypeId wanted) {
  auto& types = module.types();
  const ExprId ids[] = {value};
  const Operands operand(module, ids);
  const auto type = operand[0];
  if (types.is_list(type) && !types.is_list(wanted)) {
    if (wanted == model::kBoolean) return "to ask whether there is any, write `exists (...)`";
    if (conversion_cost(types, types.element(type), wanted)) return "this is a list: take one of it, `First(...)`";
  }
  if (types.is_list(wanted) && conversion_cost(types, type, types.element(wanted)))
    return "a list of one is written `{ ... }`";
  if (wanted == model::kBoolean) {
    if (type == model::kValueSet) return kOfValueSet;
    if (operand.is_code(0)) return "ask `in` a value set, or compare with a code, `~ \"...\"`";
    if (operand.is_number(0)) return "compare it, such as `> 5`";
    if (operand.system(0) == model::kQuantity) return "compare it, such as `> 5 'mg'`";
    if (operand.is_text(0)) return "compare it, such as `= 'active'`";
    if (operand.is_date(0)) return "compare it, such as `before Today()`";
    return "a condition is true or false: compare the value, or ask `is not null`";
  }
  if (wanted == model::kString && (operand.is_number(0) || operand.is_date(0)))
    return "write `ToString(...)`, or the text in single quotes";
  if (wanted == model::kDate && operand.system(0) == model::kDateTime) return "write `date from ...`";
  if ((wanted == model::kDate || wanted == model::kDateTime) && (operand.is_text(0) || operand.is_number(0)))
    return "a date is written `@2026-01-31`";
  return {};
}

}  // namespace vigil::semantic
