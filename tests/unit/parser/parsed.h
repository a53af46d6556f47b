// SPDX-License-Identifier: Apache-2.0
// Parses texts for tests: what came out as s-expressions, what was reported as one line a diagnostic.
#pragma once

#include <string>

#include "ast/dump.h"
#include "parser/parse.h"
#include "support/files.h"

namespace vigil::test {

/// The result of parsing a text.
struct Parsed {
  SourceSet sources;
  SourceId source;
  ast::Library library;
  std::optional<ast::ExprId> expression;
  std::vector<Diagnostic> diagnostics;

  std::string dump() const { return ast::dump(library); }
  /// "VGL0101 4:3 unexpected ..." for each diagnostic.
  std::string errors() const {
    std::string out;
    for (const auto& d : diagnostics) {
      const auto at = sources[source].line_column(d.span.begin);
      out += std::string(d.code) + ' ' + std::to_string(at.line) + ':' + std::to_string(at.column) + ' ' + d.message +
             '\n';
    }
    return out;
  }
  std::string_view text(Span span) const { return sources.text(span); }
};

inline Parsed parse(std::string text, const ParseLimits& limits = {}) {
  Parsed parsed;
  parsed.source = parsed.sources.add("test.vigil", std::move(text));
  DiagnosticSink sink;
  parsed.library = parse_library(parsed.sources, parsed.source, limits, sink);
  parsed.diagnostics = sink.take();
  sort_and_deduplicate(parsed.diagnostics);
  return parsed;
}

inline Parsed parse_one(std::string text, const ParseLimits& limits = {}) {
  Parsed parsed;
  parsed.source = parsed.sources.add("expression", std::move(text));
  DiagnosticSink sink;
  parsed.expression = parse_expression(parsed.sources, parsed.source, limits, parsed.library, sink);
  parsed.diagnostics = sink.take();
  return parsed;
}

/// The expression as s-expression, or its errors.
inline std::string expression(std::string text) {
  const auto parsed = parse_one(std::move(text));
  return parsed.expression ? ast::dump(parsed.library, *parsed.expression) : parsed.errors();
}

}  // namespace vigil::test
