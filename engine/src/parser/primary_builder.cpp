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
  return reference->call == nullptr && reference->code == nullptr && reference->instance == nullptr;
}

/// A reference with nothing before it, or after `parts`, plain names: then they are the type or the code system.
ast::ExprId build_reference(BuildContext& build, P::ReferenceContext* reference, std::vector<ast::Name> parts,
                            Span span) {
  auto name = build.name(reference->name);
  if (reference->call != nullptr)
    return build.add(span, ast::CallExpr{{}, std::move(name), build_arguments(build, reference->call)});
  if (is_plain_name(reference)) return build.add(span, ast::NameExpr{std::move(name)});
  parts.push_back(std::move(name));
  if (reference->code != nullptr)
    return build.add(span, ast::CodeExpr{build.string(reference->code), std::move(parts), {}, true});
  return build.add(span, ast::InstanceExpr{{std::move(parts)}, build_fields(build, reference->instance)});
}

/// The reference of `.name`; null for `[index]`.
P::ReferenceContext* selected_reference(antlr4::tree::ParseTree* selector) {
  auto* context = static_cast<P::SelectorContext*>(selector);
  return context->getStart()->getType() == P::DOT ? static_cast<P::ReferenceContext*>(context->children[1]) : nullptr;
}

ast::ExprId build_selector(BuildContext& build, ast::ExprId source, antlr4::tree::ParseTree* selector, Span span) {
  auto* reference = selected_reference(selector);
  if (reference == nullptr)
    return build.add(
        span,
        ast::IndexExpr{source, build_expression(build, static_cast<P::ExpressionContext*>(selector->children[1]))});
  auto name = build.name(reference->name);
  if (reference->call != nullptr)
    return build.add(span, ast::CallExpr{source, std::move(name), build_arguments(build, reference->call)});
  if (!is_plain_name(reference)) {
    const auto* extra = reference->code != nullptr ? reference->code : reference->instance->getStart();
    build.fail(make_diagnostic<Code::VGL0101>(build.span(extra), '`' + build.utf8(extra) + '`', "an operator")
                   .with_hint("only the name of a type or of a code system stands before this"));
  }
  return build.add(span, ast::MemberExpr{source, std::move(name)});
}

/// The child behind a qualified instance or code that begins at `first`: `FHIR.Quantity { ... }`, `Common.RxNorm '1'`;
/// `first` where there is none.
size_t end_of_qualified(antlr4::ParserRuleContext* context, size_t first) {
  auto* primary = static_cast<P::PrimaryContext*>(context->children[first]);
  if (context->children.size() == first + 1 || primary->getStart()->getType() != P::IDENTIFIER) return first;
  if (!is_plain_name(static_cast<P::ReferenceContext*>(primary->children.front()))) return first;
  for (size_t i = first + 1; i < context->children.size(); ++i) {
    auto* reference = selected_reference(context->children[i]);
    if (reference == nullptr || reference->call != nullptr) return first;
    if (!is_plain_name(reference)) return i + 1;
  }
  return first;
}

ast::ExprId build_qualified(BuildContext& build, antlr4::ParserRuleContext* context, size_t first, size_t end,
                            Span span) {
  std::vector<ast::Name> parts{
      build.name(static_cast<P::ReferenceContext*>(context->children[first]->children.front())->name)};
  for (size_t i = first + 1; i + 1 < end; ++i)
    parts.push_back(build.name(selected_reference(context->children[i])->name));
  return build_reference(build, selected_reference(context->children[end - 1]), std::move(parts), span);
}

ast::ExprId build_primary(BuildContext& build, P::PrimaryContext* context, bool& negated) {
  const auto* start = context->getStart();
  if (start->getType() == P::LPAREN)
    return build_expression(build, static_cast<P::ExpressionContext*>(context->children[1]));
  if (start->getType() == P::ITERATION || start->getType() == P::EXTERNAL_CONSTANT)
    return build.add(build.span(start), ast::NameExpr{{build.utf8(start), build.span(start), false}});
  auto* part = static_cast<antlr4::ParserRuleContext*>(context->children.front());
  switch (part->getRuleIndex()) {
    case P::RuleReference: return build_reference(build, static_cast<P::ReferenceContext*>(part), {}, build.span(part));
    case P::RuleLiteral: return build_literal(build, static_cast<P::LiteralContext*>(part), negated);
    case P::RuleRetrieve: return build_retrieve(build, static_cast<P::RetrieveContext*>(part));
    case P::RuleListOrTuple: return build_list_or_tuple(build, static_cast<P::ListOrTupleContext*>(part));
    case P::RuleIntervalSelector: return build_interval(build, static_cast<P::IntervalSelectorContext*>(part));
    case P::RuleCodeSelector: return build_code(build, static_cast<P::CodeSelectorContext*>(part));
    case P::RuleConceptSelector: return build_concept(build, static_cast<P::ConceptSelectorContext*>(part));
    default: return build_case(build, static_cast<P::CaseOfContext*>(part));
  }
}

}  // namespace

std::pair<ast::ExprId, Span> build_selected(BuildContext& build, antlr4::ParserRuleContext* context, size_t first,
                                            bool& negated) {
  auto* primary = static_cast<P::PrimaryContext*>(context->children[first]);
  size_t next = end_of_qualified(context, first);
  std::pair<ast::ExprId, Span> built{{}, build.span(primary)};
  if (next > first) {
    built.second = cover(built.second, build.span(static_cast<P::SelectorContext*>(context->children[next - 1])));
    built.first = build_qualified(build, context, first, next, built.second);
  } else {
    next = first + 1;
    const bool alone = next == context->children.size();
    bool literal_negated = negated && alone;
    built.first = build_primary(build, primary, literal_negated);
    if (alone) negated = literal_negated;
  }
  for (; next < context->children.size(); ++next) {
    built.second = cover(built.second, build.span(static_cast<P::SelectorContext*>(context->children[next])));
    built.first = build_selector(build, built.first, context->children[next], built.second);
  }
  return built;
}

Core build_core(BuildContext& build, P::OperandContext* context, size_t first, bool& negated) {
  auto* part = static_cast<antlr4::ParserRuleContext*>(context->children[first]);
  if (part->getRuleIndex() == P::RulePhrase)
    return {build_phrase(build, static_cast<P::PhraseContext*>(part)), build.span(part), true};
  const auto [id, extent] = build_selected(build, context, first, negated);
  const auto type = part->getStart()->getType();
  const bool is_no_source =
      is_literal(type) && type != P::ITERATION && type != P::EXTERNAL_CONSTANT && first + 1 == context->children.size();
  return {id, extent, is_no_source};
}

std::vector<ast::ExprId> build_arguments(BuildContext& build, P::ArgumentsContext* context) {
  std::vector<ast::ExprId> ids;
  for (size_t i = 1; i + 1 < context->children.size(); i += 2)  // ( a , b )
    ids.push_back(build_expression(build, static_cast<P::ExpressionContext*>(context->children[i])));
  return ids;
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
