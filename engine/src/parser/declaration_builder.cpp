// SPDX-License-Identifier: Apache-2.0
// Declarations of CQL, and tables.
#include "parser/build_context.h"
#include "parser/rule_builder.h"

namespace vigil::parsing {
namespace {

using Kind = decltype(ast::Declaration::kind);

std::string version(BuildContext& build, P::VersionContext* context) {
  return context == nullptr ? std::string() : build.string(context->STRING());
}

ast::Name called(BuildContext& build, P::CalledContext* context) {
  return context == nullptr ? ast::Name{} : build.name(context->IDENTIFIER());
}

std::string display(BuildContext& build, P::DisplayContext* context) {
  return context == nullptr ? std::string() : build.string(context->STRING());
}

ast::Access access(P::AccessContext* context) {
  return context != nullptr && context->PRIVATE() != nullptr ? ast::Access::kPrivate : ast::Access::kPublic;
}

std::vector<std::vector<ast::Name>> name_lists(BuildContext& build,
                                               const std::vector<P::QualifiedNameContext*>& contexts) {
  std::vector<std::vector<ast::Name>> lists;
  for (auto* context : contexts) lists.push_back(build.names(context));
  return lists;
}

ast::CodeDefinition build_code_definition(BuildContext& build, P::CodeDefinitionContext* context, ast::Access access) {
  ast::CodeExpr code{build.string(context->STRING()), build.names(context->qualifiedName()),
                     display(build, context->display()), false};
  return {access, build.name(context->IDENTIFIER()), std::move(code)};
}

Kind build_parameter(BuildContext& build, P::ParameterDefinitionContext* context, ast::Access access) {
  ast::Parameter parameter{access, build.name(context->IDENTIFIER()), {}, {}};
  if (context->typeSpecifier() != nullptr) parameter.type = build_type(build, context->typeSpecifier());
  if (context->expression() != nullptr) parameter.default_value = build_expression(build, context->expression());
  return parameter;
}

Kind build_function(BuildContext& build, P::FunctionDefinitionContext* context, ast::Access access) {
  ast::Function function;
  function.access = access;
  function.fluent = context->FLUENT() != nullptr;
  function.name = build.name(context->IDENTIFIER());
  for (auto* parameter : context->typedName())
    function.parameters.push_back({build.name(parameter->IDENTIFIER()), build_type(build, parameter->typeSpecifier())});
  if (context->typeSpecifier() != nullptr) function.returns = build_type(build, context->typeSpecifier());
  function.external = context->EXTERNAL() != nullptr;
  if (context->expression() != nullptr) function.body = build_expression(build, context->expression());
  return function;
}

Kind build_definition(BuildContext& build, P::DefinitionContext* context) {
  const auto visible = access(context->access());
  if (auto* function = context->functionDefinition()) return build_function(build, function, visible);
  auto* named = context->namedExpression();
  return ast::Definition{visible, build.name(named->IDENTIFIER()), build_expression(build, named->expression())};
}

Kind build_table(BuildContext& build, P::TableContext* context) {
  ast::Table table;
  table.name = build.name(context->IDENTIFIER(0));
  for (auto* column : context->typedName())
    table.columns.push_back({build.name(column->IDENTIFIER()), build_type(build, column->typeSpecifier())});
  const auto names = context->IDENTIFIER();
  for (size_t i = 1; i < names.size(); ++i) table.symmetric.push_back(build.name(names[i]));
  return table;
}

Kind build_terminology(BuildContext& build, P::DeclarationContext* context) {
  const auto visible = access(context->access());
  if (auto* c = context->codeSystem())
    return ast::CodeSystem{visible, build.name(c->IDENTIFIER()), build.string(c->STRING()),
                           version(build, c->version())};
  if (auto* c = context->valueSet())
    return ast::ValueSet{visible, build.name(c->IDENTIFIER()), build.string(c->STRING()), version(build, c->version()),
                         name_lists(build, c->qualifiedName())};
  if (auto* c = context->codeDefinition()) return build_code_definition(build, c, visible);
  if (auto* c = context->conceptDefinition())
    return ast::ConceptDefinition{visible, build.name(c->IDENTIFIER()), name_lists(build, c->qualifiedName()),
                                  display(build, c->display())};
  return build_parameter(build, context->parameterDefinition(), visible);
}

Kind build_kind(BuildContext& build, P::DeclarationContext* context) {
  if (auto* c = context->usingModel())
    return ast::Using{build.names(c->qualifiedName()), version(build, c->version()), called(build, c->called())};
  if (auto* c = context->includeLibrary())
    return ast::Include{build.names(c->qualifiedName()), version(build, c->version()), called(build, c->called())};
  if (auto* c = context->contextName()) return ast::Context{build.names(c->qualifiedName())};
  if (auto* c = context->definition()) return build_definition(build, c);
  if (auto* c = context->rule_()) return build_rule(build, c);
  if (auto* c = context->test()) return build_test(build, c);
  if (auto* c = context->table()) return build_table(build, c);
  return build_terminology(build, context);
}

}  // namespace

std::optional<ast::Declaration> build_declaration(BuildContext& build, P::DeclarationContext* context) {
  build.failed = false;
  if (auto* c = context->libraryName()) {
    if (!build.library.name.empty()) build.fail(make_diagnostic<Code::VGL0112>(build.span(c), "library"));
    build.library.name = build.names(c->qualifiedName());
    build.library.version = version(build, c->version());
    return std::nullopt;
  }
  auto kind = build_kind(build, context);
  if (build.failed) return std::nullopt;
  return ast::Declaration{build.span(context), {}, std::move(kind)};
}

}  // namespace vigil::parsing
