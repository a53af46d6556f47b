// SPDX-License-Identifier: Apache-2.0
// What the builders of the Ast share: the library they fill, the text they read, and where errors go. Private to
// parser/*.cpp.
#pragma once

#include "ast/ast.h"
#include "diagnostics/catalogue.h"
#include "parser/grammar_run.h"
#include "parser/parse.h"
#include "parser/string_escapes.h"

namespace vigil::parsing {

/// Builds the Ast of one declaration after the other. `failed` says that the current one is to be left out.
class BuildContext {
 public:
  BuildContext(ast::Library& into, const CodePoints& text, const ParseLimits& parse_limits, DiagnosticSink& errors)
      : library(into), limits(parse_limits), sink(errors), text_(&text), depths_(into.expressions.size(), 0) {}

  ast::Library& library;
  const ParseLimits& limits;
  DiagnosticSink& sink;
  bool failed = false;

  const CodePoints& text() const { return *text_; }
  /// The text that spans and names are read from, while a hole is built.
  void set_text(const CodePoints& text) { text_ = &text; }
  /// A second parser, for the holes of texts: the tree that holds the texts is still in use.
  GrammarRun& hole_parser();

  /// Adds an expression. Deeper than the limit of nesting: VGL0003, once a declaration.
  ast::ExprId add(Span span, decltype(ast::Expr::kind) kind);
  /// Adds an operand to the chain `chain`, an OperationExpr, with the operator written at `sign`.
  void extend_chain(ast::ExprId chain, ast::ExprId operand, Span span, Span sign);
  ast::TypeSpecId add_type(Span span, decltype(ast::TypeSpec::kind) kind);

  /// Reports an error; the declaration is left out.
  void fail(Diagnostic diagnostic);

  Span span(const antlr4::Token* first, const antlr4::Token* last) const {
    return cover(span_of(*text_, *first), span_of(*text_, *last));
  }
  Span span(const antlr4::Token* token) const { return span_of(*text_, *token); }
  Span span(antlr4::ParserRuleContext* context) const { return span(context->getStart(), context->getStop()); }
  std::u32string_view words(const antlr4::Token* token) const { return text_of(*text_, *token); }
  std::string utf8(const antlr4::Token* token) const { return to_utf8(words(token)); }

  /// An IDENTIFIER as meant.
  ast::Name name(const antlr4::Token* identifier);
  ast::Name name(antlr4::tree::TerminalNode* identifier) { return name(identifier->getSymbol()); }
  std::vector<ast::Name> names(P::QualifiedNameContext* context);
  /// What stands between the quotes of a string or name, escapes decoded; wrong ones are reported.
  Unescaped decoded(const antlr4::Token* token);
  /// A STRING as meant.
  std::string string(const antlr4::Token* token);
  std::string string(antlr4::tree::TerminalNode* token) { return string(token->getSymbol()); }

 private:
  void note_depth(ast::ExprId id);

  const CodePoints* text_;
  std::vector<uint32_t> depths_;  ///< of each expression of the library
  std::unique_ptr<GrammarRun> hole_parser_;
};

/// The rule of a child that is a rule context, as all children of `operand` and `expression` are.
inline size_t child_rule(const antlr4::ParserRuleContext* context, size_t index) {
  return static_cast<const antlr4::ParserRuleContext*>(context->children[index])->getRuleIndex();
}

ast::ExprId build_expression(BuildContext& build, P::ExpressionContext* context);
ast::ExprId build_term(BuildContext& build, P::TermContext* context);
/// An operand alone, with its prefixes.
ast::ExprId build_operand(BuildContext& build, P::OperandContext* context);
ast::TypeSpecId build_type(BuildContext& build, P::TypeSpecifierContext* context);
ast::NamedType build_named_type(BuildContext& build, P::QualifiedNameContext* context);
/// The text template in a STRING, its holes parsed.
ast::ExprId build_template(BuildContext& build, const antlr4::Token* string);
/// The declaration, or nothing where it failed.
std::optional<ast::Declaration> build_declaration(BuildContext& build, P::DeclarationContext* context);

}  // namespace vigil::parsing
