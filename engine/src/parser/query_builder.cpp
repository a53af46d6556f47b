// SPDX-License-Identifier: Apache-2.0
// Retrieves, queries and types.
#include "parser/primary_builder.h"

namespace vigil::parsing {
namespace {

ast::ExprId build_path(BuildContext& build, P::QualifiedNameContext* context) {
  auto parts = build.names(context);
  auto span = parts.front().span;
  auto id = build.add(span, ast::NameExpr{parts.front()});
  for (size_t i = 1; i < parts.size(); ++i) {
    span = cover(span, parts[i].span);
    id = build.add(span, ast::MemberExpr{id, parts[i]});
  }
  return id;
}

/// The names of a code path; an index in it is a part such as "[0]".
std::vector<ast::Name> build_code_path(BuildContext& build, P::CodePathContext* context) {
  std::vector<ast::Name> path;
  for (auto* child : context->children) {
    const auto* token = static_cast<antlr4::tree::TerminalNode*>(child)->getSymbol();
    if (token->getType() == P::IDENTIFIER) path.push_back(build.name(token));
    if (token->getType() == P::NUMBER || token->getType() == P::STRING)
      path.push_back({'[' + build.utf8(token) + ']', build.span(token), false});
  }
  return path;
}

ast::Relationship build_inclusion(BuildContext& build, P::InclusionContext* context) {
  auto source = build_aliased_source(build, context->aliasedSource());
  return {context->WITHOUT() != nullptr, std::move(source), build_expression(build, context->expression())};
}

ast::ExprId build_starting(BuildContext& build, P::StartingValueContext* context) {
  if (context->expression() != nullptr) return build_expression(build, context->expression());
  const bool minus = context->MINUS() != nullptr;
  bool negated = minus;
  auto value = context->quantity() != nullptr ? build_quantity(build, context->quantity(), negated)
                                              : build_constant(build, context->getStop(), negated);
  if (negated)
    value = build.add(build.span(context),
                      ast::OperationExpr{ast::Operator::kNegate, {value}, std::nullopt, {build.span(context)}});
  return value;
}

ast::AggregateClause build_aggregate(BuildContext& build, P::AggregateClauseContext* context) {
  ast::AggregateClause clause;
  clause.all = context->ALL() != nullptr;
  clause.distinct = context->DISTINCT() != nullptr;
  clause.name = build.name(context->IDENTIFIER());
  if (context->startingValue() != nullptr) clause.starting = build_starting(build, context->startingValue());
  clause.value = build_expression(build, context->expression());
  return clause;
}

std::vector<ast::SortItem> build_sort(BuildContext& build, P::SortClauseContext* context) {
  std::vector<ast::SortItem> items;
  for (auto* item : context->sortItem())
    items.push_back({build_term(build, item->term()), item->DESCENDING() != nullptr});
  if (items.empty()) items.push_back({{}, context->DESCENDING() != nullptr});
  return items;
}

}  // namespace

ast::ExprId build_retrieve(BuildContext& build, P::RetrieveContext* context) {
  ast::RetrieveExpr retrieve;
  if (context->context != nullptr) retrieve.context = build_path(build, context->context);
  retrieve.type = build_named_type(build, context->type);
  if (context->codePath() != nullptr) {
    retrieve.code_path = build_code_path(build, context->codePath());
    retrieve.comparator = context->IN() != nullptr ? "in" : context->EQ() != nullptr ? "=" : "~";
  }
  if (context->expression() != nullptr) retrieve.terminology = build_expression(build, context->expression());
  return build.add(build.span(context), std::move(retrieve));
}

ast::ExprId build_query(BuildContext& build, ast::QueryExpr query, P::QuerySuffixContext* context, Span span) {
  for (auto* source : context->aliasedSource()) query.sources.push_back(build_aliased_source(build, source));
  for (auto* let : context->letItem()) query.lets.push_back(build_let(build, let));
  for (auto* inclusion : context->inclusion()) query.relationships.push_back(build_inclusion(build, inclusion));
  if (context->expression() != nullptr) query.where = build_expression(build, context->expression());
  if (auto* clause = context->returnClause())
    query.returns = ast::ReturnClause{clause->ALL() != nullptr, clause->DISTINCT() != nullptr,
                                      build_expression(build, clause->expression())};
  if (auto* clause = context->aggregateClause()) query.aggregate = build_aggregate(build, clause);
  if (auto* clause = context->sortClause()) query.sort = build_sort(build, clause);
  return build.add(span, std::move(query));
}

ast::AliasedSource build_aliased_source(BuildContext& build, P::AliasedSourceContext* context) {
  bool negated = false;
  const auto built = build_selected(build, context->source(), 0, negated);
  return {built.first, build.name(context->IDENTIFIER())};
}

ast::LetItem build_let(BuildContext& build, P::LetItemContext* context) {
  return {build.name(context->IDENTIFIER()), build_expression(build, context->expression())};
}

ast::NamedType build_named_type(BuildContext& build, P::QualifiedNameContext* context) {
  return {build.names(context)};
}

ast::TypeSpecId build_type(BuildContext& build, P::TypeSpecifierContext* context) {
  const auto span = build.span(context);
  if (context->qualifiedName() != nullptr)
    return build.add_type(span, build_named_type(build, context->qualifiedName()));
  if (context->LIST() != nullptr) {
    const auto element = build_type(build, context->typeSpecifier(0));
    return build.add_type(span, ast::ListType{element});
  }
  if (context->INTERVAL() != nullptr) {
    const auto point = build_type(build, context->typeSpecifier(0));
    return build.add_type(span, ast::IntervalType{point});
  }
  if (context->CHOICE() != nullptr) {
    ast::ChoiceType choice;
    for (auto* part : context->typeSpecifier()) choice.choices.push_back(build_type(build, part));
    return build.add_type(span, std::move(choice));
  }
  ast::TupleType tuple;
  for (auto* element : context->typedName())
    tuple.elements.push_back({build.name(element->IDENTIFIER()), build_type(build, element->typeSpecifier())});
  return build.add_type(span, std::move(tuple));
}

}  // namespace vigil::parsing
