// SPDX-License-Identifier: Apache-2.0
// Builders of the parts of operands. Private to parser/*.cpp.
#pragma once

#include "parser/build_context.h"

namespace vigil::parsing {

/// A literal; `negated` as build_operand_core has it.
ast::ExprId build_literal(BuildContext& build, P::LiteralContext* context, bool& negated);
/// One of the literals that are one token.
ast::ExprId build_constant(BuildContext& build, const antlr4::Token* token, bool& negated);
ast::ExprId build_quantity(BuildContext& build, P::QuantityContext* context, bool& negated);
std::string build_unit(BuildContext& build, P::UnitContext* context);

std::vector<ast::NamedValue> build_fields(BuildContext& build, P::FieldsContext* context);
/// The expressions of `(a, b)`.
std::vector<ast::ExprId> build_arguments(BuildContext& build, P::ArgumentsContext* context);
std::vector<ast::ExprId> build_all(BuildContext& build, const std::vector<P::ExpressionContext*>& contexts);
ast::ExprId build_code(BuildContext& build, P::CodeSelectorContext* context);
ast::ExprId build_case(BuildContext& build, P::CaseOfContext* context);
ast::ExprId build_phrase(BuildContext& build, P::PhraseContext* context);

ast::ExprId build_retrieve(BuildContext& build, P::RetrieveContext* context);
/// The query over the first source, which `query` holds, with what follows it.
ast::ExprId build_query(BuildContext& build, ast::QueryExpr query, P::QuerySuffixContext* context, Span span);
ast::AliasedSource build_aliased_source(BuildContext& build, P::AliasedSourceContext* context);
ast::LetItem build_let(BuildContext& build, P::LetItemContext* context);

/// The primary at child `first` of `context`, with the selectors that are its further children; the bytes it takes.
std::pair<ast::ExprId, Span> build_selected(BuildContext& build, antlr4::ParserRuleContext* context, size_t first,
                                            bool& negated);

}  // namespace vigil::parsing
