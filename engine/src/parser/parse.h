// SPDX-License-Identifier: Apache-2.0
// Rule text to Ast: the only room that sees ANTLR.
#pragma once

#include <optional>

#include <vigil/diagnostic.h>

#include "ast/ast.h"

namespace vigil {

/// What a text may cost. Each limit ends in a diagnostic, never in a crash.
struct ParseLimits {
  uint32_t max_bytes = 4u << 20;  ///< VGL0002; a guideline's library has some 100 KB
  uint32_t max_nesting =
      250;  ///< VGL0003; parentheses, operators inside operators: protects the stack and ANTLR's prediction
  uint32_t max_tokens = 1'000'000;  ///< VGL0004
  uint32_t max_errors = 50;         ///< syntax errors reported per text
};

/// Parses one library. Syntax errors go to `sink`, as many as recovery finds; the library then holds the declarations
/// that parsed (a declaration with a syntax error is left out). Thread-safe; the prediction cache is shared.
ast::Library parse_library(const SourceSet& sources, SourceId source, const ParseLimits& limits, DiagnosticSink& sink);

/// Parses one expression (CLI `--expression`, parameters) into `library`; none on a syntax error.
std::optional<ast::ExprId> parse_expression(const SourceSet& sources, SourceId source, const ParseLimits& limits,
                                            ast::Library& library, DiagnosticSink& sink);

}  // namespace vigil
