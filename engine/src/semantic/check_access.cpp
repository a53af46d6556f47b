// SPDX-License-Identifier: Apache-2.0
// Names and elements: what `X` and `X.y` mean.
#include <algorithm>

#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"

namespace vigil::semantic {

ExprId ExpressionChecker::symbol_expression(const Symbol& symbol, Span span) {
  if (symbol.kind != Symbol::Kind::kExpression) return none();
  if (symbol.op == Op::kConstant && symbol.index < module_.module().constants.size())
    return module_.add(Op::kConstant, symbol.type, span, {}, symbol.index);
  return module_.add(symbol.op, symbol.type, span, {}, symbol.index);
}

const ast::Name* ExpressionChecker::unknown_word(ast::ExprId id) {
  const auto* word = std::get_if<ast::NameExpr>(&library_[id].kind);
  return word == nullptr || is_known(word->name) ? nullptr : &word->name;
}

/// Whether the name means something here.
bool ExpressionChecker::is_known(const ast::Name& name) {
  return std::any_of(locals_.begin(), locals_.end(), [&](const auto& local) { return local.name == name.text; }) ||
         names_.find(name.text, std::nullopt, name.span).kind != Symbol::Kind::kNone;
}

ExprId ExpressionChecker::check_name(const ast::NameExpr& e, Span span) {
  for (auto local = locals_.rbegin(); local != locals_.rend(); ++local)
    if (local->name == e.name.text) return module_.add(Op::kLocal, local->type, span, {}, local->slot);
  if (implicit_this_ != nullptr && element_type(implicit_this_->type, e.name.text)) {
    const auto self = module_.add(Op::kLocal, implicit_this_->type, span, {}, implicit_this_->slot);
    return member_of(self, e.name, span);
  }
  const auto symbol = names_.find(e.name.text, std::nullopt, span);
  if (symbol.kind == Symbol::Kind::kExpression) return symbol_expression(symbol, span);
  if (symbol.kind == Symbol::Kind::kFailed) return none();
  if (symbol.kind == Symbol::Kind::kLibrary) {
    sink_.add(make_diagnostic<Code::VGL0210>(span, e.name.text)
                  .with_hint("name a definition of the library: `" + e.name.text + ".\"...\"`"));
    return none();
  }
  std::vector<std::string> locals;
  for (const auto& local : locals_) locals.push_back(local.name);
  if (implicit_this_ != nullptr)
    for (const auto name : element_names(implicit_this_->type)) locals.emplace_back(name);
  auto hint = names_.suggest_name(e.name.text, std::nullopt, std::move(locals));
  if (hint.empty() && implicit_this_ != nullptr)
    hint = "`sort by` names an element of what is sorted, without an alias: `sort by effective`";
  const bool like_a_text = !e.name.quoted && std::all_of(e.name.text.begin(), e.name.text.end(),
                                                         [](char c) { return c >= 'a' && c <= 'z'; });
  if (hint.empty() && like_a_text) hint = "if a text is meant, write `'" + e.name.text + "'`";
  sink_.add(make_diagnostic<Code::VGL0201>(span, e.name.text).with_hint(std::move(hint)));
  return none();
}

std::optional<uint32_t> ExpressionChecker::as_library(ast::ExprId id) {
  const auto* name = std::get_if<ast::NameExpr>(&library_[id].kind);
  if (name == nullptr) return std::nullopt;
  for (const auto& local : locals_)
    if (local.name == name->name.text) return std::nullopt;
  const auto symbol = names_.find(name->name.text, std::nullopt, library_[id].span);
  if (symbol.kind != Symbol::Kind::kLibrary) return std::nullopt;
  return symbol.index;
}

ExprId ExpressionChecker::check_member(const ast::MemberExpr& e, Span span) {
  if (const auto library = as_library(e.source)) {
    const auto symbol = names_.find(e.name.text, library, e.name.span);
    if (symbol.kind == Symbol::Kind::kNone)
      sink_.add(make_diagnostic<Code::VGL0201>(e.name.span, e.name.text)
                    .with_hint(names_.suggest_name(e.name.text, library, {})));
    return symbol_expression(symbol, span);
  }
  const auto source = check(e.source);
  if (!source) return none();
  return member_of(source, e.name, span);
}

ExprId ExpressionChecker::member_of(ExprId source, const ast::Name& name, Span span) {
  const auto source_type = type(source);
  if (source_type == model::kAny) return source;
  if (types_.is_list(source_type)) return list_member(source, name, span);
  if (types_.is_tuple(source_type)) {
    const auto& node = types_[source_type];
    const auto at = std::find(node.names.begin(), node.names.end(), name.text);
    if (at == node.names.end()) {
      report_no_element(source_type, name);
      return none();
    }
    const auto slot = static_cast<uint32_t>(at - node.names.begin());
    return module_.add(Op::kTupleElement, node.parts[slot], span, {source}, slot);
  }
  if (types_.is_fhir(source_type) || types_.is_choice(source_type)) return fhir_member(source, name, span);
  return system_member(source, name, span);
}

/// The type of element `name` of FHIR types and choices of them; of lists through their elements.
std::optional<TypeId> ExpressionChecker::element_type(TypeId source, std::string_view name) {
  if (types_.is_choice(source)) {
    std::vector<TypeId> found;
    const auto parts = types_[source].parts;
    for (const auto part : parts)
      if (const auto type = element_type(part, name)) found.push_back(*type);
    return found.empty() ? std::nullopt : std::optional(types_.choice(std::move(found)));
  }
  if (types_.is_tuple(source)) {
    const auto& node = types_[source];
    const auto at = std::find(node.names.begin(), node.names.end(), name);
    return at == node.names.end() ? std::nullopt
                                  : std::optional(node.parts[static_cast<size_t>(at - node.names.begin())]);
  }
  if (!types_.is_fhir(source)) return std::nullopt;
  const auto fhir = types_.fhir_type(source);
  if (name == "value" && model::type(fhir).kind == model::TypeKind::kPrimitive) return system_type_of(types_, fhir);
  const auto* element = model::find_element(fhir, name);
  if (element == nullptr) return std::nullopt;
  std::vector<TypeId> alternatives;
  for (const auto type : element->type_span()) alternatives.push_back(types_.fhir(type));
  const auto one = types_.choice(std::move(alternatives));
  return element->is_list ? types_.list(one) : one;
}

ExprId ExpressionChecker::fhir_member(ExprId source, const ast::Name& name, Span span) {
  const auto source_type = type(source);
  const auto result = element_type(source_type, name.text);
  if (!result) {
    report_no_element(source_type, name);
    return none();
  }
  const bool primitive =
      types_.is_fhir(source_type) && model::type(types_.fhir_type(source_type)).kind == model::TypeKind::kPrimitive;
  if (primitive) {
    if (name.text == "value") return convert(module_, source, *result);
    return companion_member(source, name, span, *result);
  }
  return module_.add(Op::kProperty, *result, span, {source}, module_.element(name.text));
}

ExprId ExpressionChecker::list_member(ExprId source, const ast::Name& name, Span span) {
  const auto element = types_.element(type(source));
  if (!types_.is_fhir(element) && !types_.is_choice(element)) {
    report_no_element(type(source), name);
    return none();
  }
  const bool primitive =
      types_.is_fhir(element) && model::type(types_.fhir_type(element)).kind == model::TypeKind::kPrimitive;
  const auto result = element_type(element, name.text);
  if (!result) {
    report_no_element(element, name);
    return none();
  }
  if (primitive && name.text == "value") return convert(module_, source, types_.list(*result));
  if (primitive) {
    sink_.add(make_diagnostic<Code::VGL0305>(name.span, spoken_type(types_, type(source)) + "." + name.text)
                  .with_hint("ids and extensions of the primitives in a list are not read"));
    return none();
  }
  const auto list = types_.is_list(*result) ? *result : types_.list(*result);
  return module_.add(Op::kTraverseProperty, list, span, {source}, module_.element(name.text));
}

/// The id or the extensions of a FHIR primitive: `Patient.birthDate.extension`. They are read with the element the
/// primitive belongs to, so the way there must be seen.
ExprId ExpressionChecker::companion_member(ExprId source, const ast::Name& name, Span span, TypeId result) {
  const auto primitive = types_.fhir_type(type(source));
  auto owner = source;
  while (module_[owner].op == Op::kAs || module_[owner].op == Op::kCast) owner = module_[owner].operands[0];
  const auto& property = module_[owner];
  if (property.op == Op::kProperty && types_.is_fhir(type(property.operands[0]))) {
    const auto parent = property.operands[0];
    const auto fhir = types_.fhir_type(type(parent));
    if (const auto* element = model::find_element(fhir, module_.module().element_names[property.a])) {
      const auto key = '_' + model::json_name(*element, primitive);
      if (model::find_element(fhir, key) != nullptr) {
        const auto companion =
            module_.add(Op::kProperty, types_.fhir(model::find_type("Element")), span, {parent}, module_.element(key));
        return module_.add(Op::kProperty, result, span, {companion}, module_.element(name.text));
      }
    }
  }
  sink_.add(make_diagnostic<Code::VGL0305>(name.span, spoken_type(types_, type(source)) + "." + name.text)
                .with_hint("write the whole path: `Patient.birthDate.extension`"));
  return none();
}

ExprId ExpressionChecker::system_member(ExprId source, const ast::Name& name, Span span) {
  using E = typed::SystemElement;
  struct Row {
    TypeId owner;
    std::string_view name;
    E element;
    TypeId type;
  };
  const auto codes = types_.list(model::kCode);
  const auto source_type = type(source);
  const auto point = types_.is_interval(source_type) ? types_.element(source_type) : model::kAny;
  const auto interval = types_.is_interval(source_type) ? source_type : model::kAny;
  const Row rows[] = {{model::kQuantity, "value", E::kQuantityValue, model::kDecimal},
                      {model::kQuantity, "unit", E::kQuantityUnit, model::kString},
                      {model::kCode, "code", E::kCode, model::kString},
                      {model::kCode, "system", E::kSystem, model::kString},
                      {model::kCode, "version", E::kVersion, model::kString},
                      {model::kCode, "display", E::kDisplay, model::kString},
                      {model::kConcept, "codes", E::kConceptCodes, codes},
                      {model::kConcept, "display", E::kConceptDisplay, model::kString},
                      {model::kRatio, "numerator", E::kNumerator, model::kQuantity},
                      {model::kRatio, "denominator", E::kDenominator, model::kQuantity},
                      {interval, "low", E::kLow, point},
                      {interval, "high", E::kHigh, point},
                      {interval, "lowClosed", E::kLowClosed, model::kBoolean},
                      {interval, "highClosed", E::kHighClosed, model::kBoolean}};
  for (const auto& row : rows)
    if (row.owner == source_type && row.owner != model::kAny && row.name == name.text)
      return module_.add(Op::kSystemElement, row.type, span, {source}, static_cast<uint32_t>(row.element));
  report_no_element(source_type, name);
  return none();
}

/// What a value of the type has, for suggestions; of a list, what its elements have.
std::vector<std::string_view> ExpressionChecker::element_names(TypeId type) const {
  std::vector<std::string_view> known;
  if (types_.is_list(type)) return element_names(types_.element(type));
  if (types_.is_fhir(type))
    for (const auto& element : model::type(types_.fhir_type(type)).elements()) known.push_back(element.name);
  if (types_.is_choice(type))
    for (const auto part : types_[type].parts)
      for (const auto name : element_names(part)) known.push_back(name);
  if (types_.is_tuple(type))
    for (const auto& element : types_[type].names) known.push_back(element);
  const auto add = [&](bool is, std::initializer_list<std::string_view> names) {
    if (is) known.insert(known.end(), names);
  };
  add(type == model::kQuantity, {"value", "unit"});
  add(type == model::kCode, {"code", "system", "version", "display"});
  add(type == model::kConcept, {"codes", "display"});
  add(type == model::kRatio, {"numerator", "denominator"});
  add(types_.is_interval(type), {"low", "high", "lowClosed", "highClosed"});
  return known;
}

void ExpressionChecker::report_no_element(TypeId type, const ast::Name& name, std::string otherwise, ElementUse use) {
  const auto known = element_names(type);
  auto hint = did_you_mean(name.text, known);
  if (hint.empty()) hint = std::move(otherwise);
  constexpr size_t kFew = 5;
  if (hint.empty() && !known.empty() && known.size() <= kFew) {
    for (const auto one : known) hint += (hint.empty() ? "it has `" : ", `") + std::string(one) + '`';
  }
  if (types_.is_fhir(type) && name.text == "age" && model::type(types_.fhir_type(type)).name == "Patient")
    hint = "write `AgeInYears()`";
  // JSON's names of choice elements are a common slip: `valueQuantity` is `value as FHIR.Quantity` in CQL, and `value`
  // where a resource is written.
  if (types_.is_fhir(type)) {
    const auto json = model::find_json_element(types_.fhir_type(type), name.text);
    if (json.element != nullptr && json.element->is_choice) {
      const auto element = std::string(json.element->name);
      hint = use == ElementUse::kRead
                 ? "write `(" + element + " as FHIR." + std::string(model::type(json.type).name) + ")`"
                 : "write `" + element + "`, whatever its type";
    }
  }
  sink_.add(make_diagnostic<Code::VGL0304>(name.span, spoken_type(types_, type), name.text).with_hint(hint));
}

}  // namespace vigil::semantic
