// SPDX-License-Identifier: Apache-2.0
// Constants to values: codes to concepts, value sets to indexes of the knowledge base.
#include <algorithm>

#include "program/lowering.h"
#include "values/decimal.h"
#include "values/temporal.h"

namespace vigil::lowering {
namespace {

Quantity quantity_of(Arena& arena, std::string_view number, std::string_view unit) {
  return {parse_decimal_rounding(number).value_or(Decimal{}), arena.copy(unit)};
}

int64_t integer_of(std::string_view digits) {
  // The parser has checked the range; -2147483648 and -9223372036854775808 come with their sign.
  const bool negative = !digits.empty() && digits.front() == '-';
  uint64_t value = 0;
  for (const char c : digits.substr(negative ? 1 : 0)) value = value * 10 + static_cast<uint64_t>(c - '0');
  return static_cast<int64_t>(negative ? 0 - value : value);
}

}  // namespace

Value Lowering::literal_value(const typed::Constant& constant) {
  using K = ast::LiteralKind;
  auto& arena = program_.arena;
  const auto& literal = constant.literal;
  switch (literal.kind) {
    case K::kNull: return {};
    case K::kBoolean: return Value::of(literal.text == "true");
    case K::kInteger: return Value::of(static_cast<int32_t>(integer_of(literal.text)));
    case K::kLong: return Value::of_long(integer_of(literal.text));
    case K::kDecimal: return Value::of(parse_decimal(literal.text).value_or(Decimal{}));
    case K::kString: return Value::of(arena.copy(literal.text));
    case K::kDate:
    case K::kDateTime:
    case K::kTime: {
      const auto parsed = parse_temporal_literal(literal.text);
      const auto kind = literal.kind == K::kDate       ? Kind::kDate
                        : literal.kind == K::kDateTime ? Kind::kDateTime
                                                       : Kind::kTime;
      return parsed ? Value::of(kind, parsed.value) : Value();
    }
    case K::kQuantity:
      return Value::of(
          static_cast<const Quantity*>(arena.make<Quantity>(quantity_of(arena, literal.text, literal.unit))));
    case K::kRatio:
      return Value::of(static_cast<const Ratio*>(arena.make<Ratio>(
          Ratio{quantity_of(arena, literal.text, literal.unit), quantity_of(arena, literal.text2, literal.unit2)})));
  }
  return {};
}

Value Lowering::code_value(const typed::Constant& constant) {
  auto& arena = program_.arena;
  const auto id = program_.knowledge->find_concept(constant.system, constant.code);
  auto* code = arena.make<CodeValue>(CodeValue{arena.copy(constant.code), arena.copy(constant.system),
                                               arena.copy(constant.version), arena.copy(constant.display), id});
  if (id == 0) codes_not_held_.push_back(code);
  return Value::of(static_cast<const CodeValue*>(code));
}

Value Lowering::vocabulary_value(const typed::Constant& constant) {
  auto& arena = program_.arena;
  VocabularyValue value{arena.copy(constant.code), arena.copy(constant.version), arena.copy(constant.display),
                        VocabularyValue::kUnresolved, constant.type == model::kValueSet};
  if (value.is_value_set)
    value.index =
        program_.knowledge->find_value_set(constant.code, constant.version).value_or(VocabularyValue::kUnresolved);
  return Value::of(static_cast<const VocabularyValue*>(arena.make<VocabularyValue>(value)));
}

Value Lowering::constant_value(const typed::Constant& constant) {
  if (constant.type == model::kCode) return code_value(constant);
  if (constant.type == model::kValueSet || constant.type == model::kCodeSystem) return vocabulary_value(constant);
  if (constant.type == model::kConcept && constant.literal.kind == ast::LiteralKind::kNull && !constant.codes.empty()) {
    auto* codes = program_.arena.array<Value>(constant.codes.size());
    for (size_t i = 0; i < constant.codes.size(); ++i) codes[i] = code_value(constant.codes[i]);
    return Value::of(static_cast<const ConceptValue*>(program_.arena.make<ConceptValue>(
        ConceptValue{codes, static_cast<uint32_t>(constant.codes.size()), program_.arena.copy(constant.display)})));
  }
  return literal_value(constant);
}

void Lowering::lower_constants() {
  for (const auto& constant : module_.constants) program_.constants.push_back(constant_value(constant));
}

/// Codes that rules and definitions name though the knowledge base does not hold them: a fact with one is recognised.
/// Done before tests are lowered, whose patients may hold any code.
CodeFilters Lowering::number_named_codes() {
  std::vector<NamedCode> named;
  const auto keep = [&](const Value& value) {
    if (value.kind == Kind::kCode && value.code->concept_id == 0 && !value.code->system.empty() &&
        !value.code->code.empty())
      named.push_back({value.code->system, value.code->code});
  };
  for (const auto& instruction : program_.instructions) {
    if (instruction.op != Op::kConstant || instruction.a >= program_.constants.size()) continue;
    const auto& constant = program_.constants[instruction.a];
    keep(constant);
    if (constant.kind == Kind::kConcept)
      std::for_each(constant.concept_value->codes, constant.concept_value->codes + constant.concept_value->count, keep);
  }
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  CodeFilters filters(program_.knowledge->concept_count(), std::move(named));
  for (auto* code : codes_not_held_) code->concept_id = filters.find_named(code->system, code->code);
  return filters;
}

}  // namespace vigil::lowering
