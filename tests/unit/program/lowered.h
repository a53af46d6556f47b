// SPDX-License-Identifier: Apache-2.0
// Texts taken as far as the program, against a knowledge base with one table.
#pragma once

#include <array>

#include "program/lower.h"
#include "support/checked.h"

namespace vigil::test {

inline constexpr std::string_view kDeclarations = R"(library L
using FHIR version '4.0.1'
codesystem "S": 'urn:s'
valueset "Held": 'urn:vs:held'
table "Pairs" { a Code, b Code, note String, rank Integer, weight Decimal } symmetric (a, b)
context Patient
)";

/// "Pairs": (x, y, 'first', 1, 0.5), (x, z, 'second', 2, null), (y, z, 'first', null, 1.5).
inline std::shared_ptr<const KnowledgeBase> knowledge() {
  KnowledgeBaseBuilder builder;
  DiagnosticSink sink;
  const auto x = builder.intern("urn:s", "x");
  const auto y = builder.intern("urn:s", "y");
  const auto z = builder.intern("urn:s", "z");
  builder.add_value_set("urn:vs:held", "", "Held", std::array{x}, sink);
  builder.begin_table("Pairs", {{"a", ColumnType::kCode},
                                {"b", ColumnType::kCode},
                                {"note", ColumnType::kString},
                                {"rank", ColumnType::kInteger},
                                {"weight", ColumnType::kDecimal}});
  const auto row = [&](ConceptId a, ConceptId b, std::string_view note, Value rank) {
    builder.add_row(
        std::array{builder.code_cell(a), builder.code_cell(b), builder.text_cell(note), rank, Value::null()});
  };
  row(x, y, "first", Value::of(1));
  row(x, z, "second", Value::of(2));
  row(y, z, "first", Value::null());
  return builder.build(sink);
}

/// A program and the codes of what was reported on the way.
struct Lowered {
  std::vector<std::string> codes;
  std::unique_ptr<Program> program;

  explicit Lowered(const std::string& text, std::shared_ptr<const KnowledgeBase> base = knowledge(),
                   const LowerOptions& options = {}) {
    auto checked = check_texts({text});
    codes = checked.codes;
    auto graph = build_graph(checked.module);
    DiagnosticSink sink;
    program = lower(std::move(checked.module), std::move(graph), std::move(base), options, sink);
    for (const auto& diagnostic : sink.all()) codes.emplace_back(diagnostic.code);
  }
  /// The plan of the query that is the definition X.
  const QueryPlan& query() const {
    for (size_t i = 0; i < program->definitions.size(); ++i)
      if (program->module.definitions[i].name == "X") {
        const auto& body = (*program)[program->definitions[i].body];
        if (body.op == Op::kQuery) return program->queries[body.a];
      }
    static const QueryPlan none;
    return none;
  }
};

inline Lowered lowered_x(const std::string& expression) {
  return Lowered(std::string(kDeclarations) + "define X: " + expression + "\n");
}

}  // namespace vigil::test
