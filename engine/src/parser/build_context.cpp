// SPDX-License-Identifier: Apache-2.0
// Adding nodes with the nesting limit, and reading names and strings.
#include "parser/build_context.h"

#include <algorithm>

#include "ast/walk.h"

namespace vigil::parsing {

GrammarRun& BuildContext::hole_parser() {
  if (!hole_parser_) hole_parser_ = std::make_unique<GrammarRun>(limits.max_nesting);
  return *hole_parser_;
}

ast::ExprId BuildContext::add(Span span, decltype(ast::Expr::kind) kind) {
  const ast::ExprId id{static_cast<uint32_t>(library.expressions.size())};
  library.expressions.push_back({span, std::move(kind)});
  depths_.resize(library.expressions.size());
  note_depth(id);
  return id;
}

void BuildContext::extend_chain(ast::ExprId chain, ast::ExprId operand, Span span, Span sign) {
  auto& expression = library.expressions[chain.value];
  auto& operation = std::get<ast::OperationExpr>(expression.kind);
  operation.operands.push_back(operand);
  operation.signs.push_back(sign);
  expression.span = span;
  depths_[chain.value] = std::max(depths_[chain.value], depths_[operand.value] + 1);
}

void BuildContext::note_depth(ast::ExprId id) {
  uint32_t deepest = 0;
  const auto& expression = library.expressions[id.value];
  ast::for_each_child(expression, [&](ast::ExprId child) { deepest = std::max(deepest, depths_[child.value]); });
  depths_[id.value] = deepest + 1;
  if (deepest + 1 <= limits.max_nesting) return;
  depths_[id.value] = 0;  // reported once, not for each node around it
  if (!failed) fail(make_diagnostic<Code::VGL0003>(expression.span, std::to_string(limits.max_nesting)));
}

ast::TypeSpecId BuildContext::add_type(Span span, decltype(ast::TypeSpec::kind) kind) {
  library.types.push_back({span, std::move(kind)});
  return {static_cast<uint32_t>(library.types.size() - 1)};
}

void BuildContext::fail(Diagnostic diagnostic) {
  failed = true;
  sink.add(std::move(diagnostic));
}

ast::Name BuildContext::name(const antlr4::Token* identifier) {
  const auto quoted = words(identifier).front() == U'"' || words(identifier).front() == U'`';
  return {quoted ? string(identifier) : utf8(identifier), span(identifier), quoted};
}

std::vector<ast::Name> BuildContext::names(P::QualifiedNameContext* context) {
  std::vector<ast::Name> parts;
  for (auto* part : context->IDENTIFIER()) parts.push_back(name(part));
  return parts;
}

Unescaped BuildContext::decoded(const antlr4::Token* token) {
  auto unescaped = unescape(*text_, token->getStartIndex() + 1, token->getStopIndex());
  for (const auto& [begin, end] : unescaped.wrong)
    fail(make_diagnostic<Code::VGL0106>(text_->span(begin, end), to_utf8(text_->view(begin, end)))
             .with_hint("write `\\\\` for a backslash; \\' \\\" \\` \\/ \\f \\n \\r \\t and \\u with four hex digits "
                        "are known"));
  return unescaped;
}

std::string BuildContext::string(const antlr4::Token* token) { return to_utf8(decoded(token).characters); }

}  // namespace vigil::parsing
