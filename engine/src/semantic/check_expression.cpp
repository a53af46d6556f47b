// SPDX-License-Identifier: Apache-2.0
// Dispatch over the forms of expressions, conversion to a wanted type, type specifiers.
#include "diagnostics/catalogue.h"
#include "diagnostics/suggest.h"
#include "semantic/conversions.h"
#include "semantic/expression_checker.h"
#include "semantic/operation_hints.h"

namespace vigil::semantic {

ExprId ExpressionChecker::check(ast::ExprId id) {
  if (!id) return none();
  const auto& expr = library_[id];
  const auto span = expr.span;
  return std::visit(
      [&](const auto& e) -> ExprId {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, ast::Literal>)
          return check_literal(e, span);
        else if constexpr (std::is_same_v<E, ast::NameExpr>)
          return check_name(e, span);
        else if constexpr (std::is_same_v<E, ast::MemberExpr>)
          return check_member(e, span);
        else if constexpr (std::is_same_v<E, ast::IndexExpr>)
          return check_index(e, span);
        else if constexpr (std::is_same_v<E, ast::CallExpr>)
          return check_call(e, span);
        else if constexpr (std::is_same_v<E, ast::OperationExpr>)
          return check_operation(e, span);
        else if constexpr (std::is_same_v<E, ast::BetweenExpr>)
          return check_between(e, span);
        else if constexpr (std::is_same_v<E, ast::TimingExpr>)
          return check_timing(e, span);
        else if constexpr (std::is_same_v<E, ast::DurationExpr>)
          return check_duration(e, span);
        else if constexpr (std::is_same_v<E, ast::IfExpr>)
          return check_if(e, span);
        else if constexpr (std::is_same_v<E, ast::CaseExpr>)
          return check_case(e, span);
        else if constexpr (std::is_same_v<E, ast::TypeExpr>)
          return check_type_operation(e, span);
        else if constexpr (std::is_same_v<E, ast::IntervalExpr>)
          return check_interval(e, span);
        else if constexpr (std::is_same_v<E, ast::ListExpr>)
          return check_list(e, span);
        else if constexpr (std::is_same_v<E, ast::TupleExpr>)
          return check_tuple(e, span);
        else if constexpr (std::is_same_v<E, ast::InstanceExpr>)
          return check_instance(e, span);
        else if constexpr (std::is_same_v<E, ast::CodeExpr>)
          return check_code(e, span);
        else if constexpr (std::is_same_v<E, ast::ConceptExpr>)
          return check_concept(e, span);
        else if constexpr (std::is_same_v<E, ast::RetrieveExpr>)
          return check_retrieve(e, span);
        else if constexpr (std::is_same_v<E, ast::QueryExpr>)
          return check_query(e, span);
        else if constexpr (std::is_same_v<E, ast::SetAggregateExpr>)
          return check_set_aggregate(e, span);
        else if constexpr (std::is_same_v<E, ast::TemplateExpr>)
          return check_template(e, span);
        else
          return none();
      },
      expr.kind);
}

ExprId ExpressionChecker::convert_or_report(ExprId value, TypeId wanted) {
  if (!value) return none();
  if (!conversion_cost(types_, type(value), wanted)) {
    sink_.add(make_diagnostic<Code::VGL0303>(module_.span(value), spoken_type(types_, wanted), type_name(value))
                  .with_hint(hint_for_wanted(module_, value, wanted)));
    return none();
  }
  return convert(module_, value, wanted);
}

ExprId ExpressionChecker::check_as(ast::ExprId id, TypeId wanted) { return convert_or_report(check(id), wanted); }

ExprId ExpressionChecker::check_index(const ast::IndexExpr& e, Span span) {
  // Outside a rule's `for`, `ordered [MedicationRequest]` reads as an element of something called `ordered`.
  if (const auto* word = unknown_word(e.source);
      word != nullptr && (word->text == "ordered" || word->text == "current")) {
    sink_.add(make_diagnostic<Code::VGL0604>(span, word->text)
                  .with_hint("bind it in the rule's `for` and use its alias here"));
    return none();
  }
  const auto source = check(e.source);
  const auto index = check(e.index);
  const auto brackets = Span{span.source, library_[e.source].span.end, span.end};
  return apply({"Indexer", span, "[ ]", brackets}, {source, index});
}

std::optional<TypeId> ExpressionChecker::resolve_named_type(const ast::NamedType& named, Span span) {
  const auto full = ast::join(named.parts);
  std::string_view name = full;
  const bool system = name.starts_with("System.");
  const bool fhir = name.starts_with("FHIR.");
  if (!fhir) {
    if (const auto* type = TypeTable::find_system(system ? name.substr(7) : name)) return *type;
  }
  if (!system) {
    if (fhir) name.remove_prefix(5);
    auto id = model::find_type(name);
    if (id == model::kNoType && !model::enumeration_base(name).empty())
      id = model::find_type(model::enumeration_base(name));
    if (id != model::kNoType) return types_.fhir(id);
  }
  std::vector<std::string_view> known = {"Boolean",  "Integer", "Long",     "Decimal", "String", "Date",
                                         "DateTime", "Time",    "Quantity", "Ratio",   "Code",   "Concept"};
  for (size_t i = 0; i < model::type_count(); ++i) known.push_back(model::type(static_cast<model::FhirTypeId>(i)).name);
  sink_.add(make_diagnostic<Code::VGL0301>(span, full).with_hint(did_you_mean(name, known)));
  return std::nullopt;
}

std::optional<TypeId> ExpressionChecker::resolve_type(ast::TypeSpecId id) {
  const auto& spec = library_[id];
  if (const auto* named = std::get_if<ast::NamedType>(&spec.kind)) return resolve_named_type(*named, spec.span);
  if (const auto* list = std::get_if<ast::ListType>(&spec.kind)) {
    const auto element = resolve_type(list->element);
    return element ? std::optional(types_.list(*element)) : std::nullopt;
  }
  if (const auto* interval = std::get_if<ast::IntervalType>(&spec.kind)) {
    const auto point = resolve_type(interval->point);
    return point ? std::optional(types_.interval(*point)) : std::nullopt;
  }
  if (const auto* tuple = std::get_if<ast::TupleType>(&spec.kind)) {
    std::vector<std::pair<std::string, TypeId>> elements;
    for (const auto& element : tuple->elements) {
      const auto type = resolve_type(element.type);
      if (!type) return std::nullopt;
      elements.emplace_back(element.name.text, *type);
    }
    return types_.tuple(std::move(elements));
  }
  std::vector<TypeId> choices;
  for (const auto choice : std::get<ast::ChoiceType>(spec.kind).choices) {
    const auto type = resolve_type(choice);
    if (!type) return std::nullopt;
    choices.push_back(*type);
  }
  return types_.choice(std::move(choices));
}

uint32_t ExpressionChecker::add_local(const ast::Name& name, TypeId type) {
  for (const auto& local : locals_) {
    if (local.name != name.text) continue;
    sink_.add(make_diagnostic<Code::VGL0208>(name.span, name.text)
                  .label(local.span, "declared here")
                  .with_hint("choose another alias"));
    break;
  }
  locals_.push_back({name.text, next_slot_, type, name.span});
  return next_slot_++;
}

}  // namespace vigil::semantic
