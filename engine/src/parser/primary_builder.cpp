// SPDX-License-Identifier: Apache-2.0
// Operands: names, calls, selectors and the phrases in brackets.
#include "parser/primary_builder.h"

#include "parser/operator_row.h"

namespace vigil::parsing {
namespace {

ast::ExprId build_list_or_tuple(BuildContext& build, P::ListOrTupleContext* context) {
  const auto span = build.span(context);
  if (context->fields() != nullptr) return build.add(span, ast::TupleExpr{build_fields(build, context->fields())});
  ast::ListExpr list;
  if (context->typeSpecifier() != nullptr) list.element_type = build_type(build, context->typeSpecifier());
  list.elements = build_all(build, context->expression());
  return build.add(span, std::move(list));
}

ast::ExprId build_interval(BuildContext& build, P::IntervalSelectorContext* context) {
  ast::IntervalExpr interval;
  interval.low = build_expression(build, context->expression(0));
  interval.high = build_expression(build, context->expression(1));
  interval.low_closed = context->LBRACKET() != nullptr;
  interval.high_closed = context->RBRACKET() != nullptr;
  return build.add(build.span(context), interval);
}

ast::ExprId build_concept(BuildContext& build, P::ConceptSelectorContext* context) {
  ast::ConceptExpr concept_expr;
  for (auto* code : context->codeSelector()) concept_expr.codes.push_back(build_code(build, code));
  if (context->display() != nullptr) concept_expr.display = build.string(context->display()->STRING());
  return build.add(build.span(context), std::move(concept_expr));
}

bool is_plain_name(P::ReferenceContext* reference) {
  return reference->arguments() == nullptr && reference->STRING() == nullptr && reference->fields() == nullptr;
}

/// A reference without anything before it, or after `parts`, plain names: then they are the type or the code system.
ast::ExprId build_reference(BuildContext& build, P::ReferenceContext* reference, std::vector<ast::Name> parts, Span span) {
  auto name = build.name(reference->IDENTIFIER());
  if (reference->STRING() != nullptr) {
    parts.push_back(std::move(name));
    return build.add(span, ast::CodeExpr{build.string(reference->STRING()), std::move(parts), {}, true});
  }
  if (reference->fields() != nullptr) {
    parts.push_back(std::move(name));
    return build.add(span, ast::InstanceExpr{{std::move(parts)}, build_fields(build, reference->fields())});
  }
  if (reference->arguments() != nullptr)
    return build.add(span, ast::CallExpr{{}, std::move(name), build_all(build, reference->arguments()->expression())});
  return build.add(span, ast::NameExpr{std::move(name)});
}

ast::ExprId build_selector(BuildContext& build, ast::ExprId source, P::SelectorContext* selector, Span span) {
  auto* reference = selector->reference();
  if (reference == nullptr) return build.add(span, ast::IndexExpr{source, build_expression(build, selector->expression())});
  auto name = build.name(reference->IDENTIFIER());
  if (reference->arguments() != nullptr)
    return build.add(span, ast::CallExpr{source, std::move(name), build_all(build, reference->arguments()->expression())});
  if (!is_plain_name(reference)) {
    const auto* extra = static_cast<antlr4::ParserRuleContext*>(reference->fields());
    auto* token = extra != nullptr ? reference->fields()->getStart() : reference->STRING()->getSymbol();
    build.fail(make_diagnostic<Code::VGL0101>(build.span(token), '`' + build.utf8(token) + '`', "an operator")
                   .with_hint("only a name of a type or code system stands before this"));
  }
  return build.add(span, ast::MemberExpr{source, std::move(name)});
}

/// How many selectors belong to a qualified instance or code: `FHIR.Quantity { ... }`, `Common.RxNorm '1'`; 0 if none do.
size_t count_qualified(P::PrimaryContext* primary, const std::vector<P::SelectorContext*>& selectors) {
  if (primary->reference() == nullptr || !is_plain_name(primary->reference())) return 0;
  for (size_t i = 0; i < selectors.size(); ++i) {
    auto* reference = selectors[i]->reference();
    if (reference == nullptr || reference->arguments() != nullptr) return 0;
    if (!is_plain_name(reference)) return i + 1;
  }
  return 0;
}

std::pair<ast::ExprId, Span> build_primary(BuildContext& build, P::PrimaryContext* context, bool& negated) {
  const auto span = build.span(context);
  if (context->LPAREN() != nullptr) return {build_expression(build, context->expression()), span};
  if (context->ITERATION() != nullptr || context->EXTERNAL_CONSTANT() != nullptr) {
    const auto* token = context->getStart();
    return {build.add(span, ast::NameExpr{{build.utf8(token), build.span(token), false}}), span};
  }
  auto* part = static_cast<antlr4::ParserRuleContext*>(context->children.front());
  switch (part->getRuleIndex()) {
    case P::RuleReference: return {build_reference(build, context->reference(), {}, span), span};
    case P::RuleLiteral: return {build_literal(build, context->literal(), negated), span};
    case P::RuleRetrieve: return {build_retrieve(build, context->retrieve()), span};
    case P::RuleListOrTuple: return {build_list_or_tuple(build, context->listOrTuple()), span};
    case P::RuleIntervalSelector: return {build_interval(build, context->intervalSelector()), span};
    case P::RuleCodeSelector: return {build_code(build, context->codeSelector()), span};
    case P::RuleConceptSelector: return {build_concept(build, context->conceptSelector()), span};
    default: return {build_case(build, context->caseOf()), span};
  }
}

}  // namespace

std::pair<ast::ExprId, Span> build_selected(BuildContext& build, P::PrimaryContext* primary,
                                            const std::vector<P::SelectorContext*>& selectors, bool& negated) {
  size_t next = count_qualified(primary, selectors);
  std::pair<ast::ExprId, Span> built;
  if (next > 0) {
    std::vector<ast::Name> parts{build.name(primary->reference()->IDENTIFIER())};
    for (size_t i = 0; i + 1 < next; ++i) parts.push_back(build.name(selectors[i]->reference()->IDENTIFIER()));
    built.second = cover(build.span(primary), build.span(selectors[next - 1]));
    built.first = build_reference(build, selectors[next - 1]->reference(), std::move(parts), built.second);
  } else {
    bool literal_negated = negated && selectors.empty();
    built = build_primary(build, primary, literal_negated);
    if (selectors.empty()) negated = literal_negated;
  }
  for (; next < selectors.size(); ++next) {
    built.second = cover(built.second, build.span(selectors[next]));
    built.first = build_selector(build, built.first, selectors[next], built.second);
  }
  return built;
}

std::pair<ast::ExprId, Span> build_operand_core(BuildContext& build, P::OperandContext* context, bool& negated) {
  if (auto* phrase = context->phrase()) return {build_phrase(build, phrase), build.span(phrase)};
  return build_selected(build, context->primary(), context->selector(), negated);
}

std::vector<ast::NamedValue> build_fields(BuildContext& build, P::FieldsContext* context) {
  std::vector<ast::NamedValue> values;
  for (auto* value : context->namedValue())
    values.push_back({build.name(value->IDENTIFIER()), build_expression(build, value->expression())});
  return values;
}

std::vector<ast::ExprId> build_all(BuildContext& build, const std::vector<P::ExpressionContext*>& contexts) {
  std::vector<ast::ExprId> ids;
  ids.reserve(contexts.size());
  for (auto* context : contexts) ids.push_back(build_expression(build, context));
  return ids;
}

ast::ExprId build_code(BuildContext& build, P::CodeSelectorContext* context) {
  ast::CodeExpr code{build.string(context->STRING()), build.names(context->qualifiedName()), {}, false};
  if (context->display() != nullptr) code.display = build.string(context->display()->STRING());
  return build.add(build.span(context), std::move(code));
}

}  // namespace vigil::parsing
