// SPDX-License-Identifier: Apache-2.0
// Parses texts for tests: what came out as s-expressions, what was reported as one line a diagnostic.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "ast/dump.h"
#include "parser/parse.h"

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

/// The folder of shared data, or an empty path where it is not there: VIGIL_SHARED_DATA, or beside the source tree.
inline std::filesystem::path shared_data() {
  const char* set = std::getenv("VIGIL_SHARED_DATA");
  const auto folder =
      set != nullptr ? std::filesystem::path(set) : std::filesystem::path(VIGIL_SOURCE_DIR) / "../shared/data";
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace vigil::test
