// SPDX-License-Identifier: Apache-2.0
// The stages in order, from rule text to rulebook.
#include <algorithm>
#include <array>

#include "ast/dump.h"
#include "diagnostics/catalogue.h"
#include "graph/rule_graph.h"
#include "parser/parse.h"
#include "program/lower.h"
#include "rulebook/rulebook_content.h"
#include "semantic/check.h"
#include "semantic/dump.h"

namespace vigil {
namespace {

/// What the stages hand on. Each stage reads what is there and adds its product.
struct Products {
  std::shared_ptr<SourceSet> sources = std::make_shared<SourceSet>();
  std::vector<SourceId> ids;
  std::vector<ast::Library> libraries;
  typed::Module module;
  RuleGraph graph;
  std::unique_ptr<Program> program;
  std::string dump;
};

struct Stage {
  StageInfo info;
  void (*run)(Products& products, const CompileOptions& options, DiagnosticSink& sink);
  std::string (*dump)(const Products& products);
};

void run_parse(Products& p, const CompileOptions&, DiagnosticSink& sink) {
  for (const auto id : p.ids) p.libraries.push_back(parse_library(*p.sources, id, ParseLimits{}, sink));
}

/// A parameter's value from outside replaces the default of the library's own declaration.
void set_parameters(Products& p, const CompileOptions& options, DiagnosticSink& sink) {
  for (const auto& [name, text] : options.parameters) {
    bool found = false;
    for (auto& library : p.libraries) {
      for (auto& declaration : library.declarations) {
        auto* parameter = std::get_if<ast::Parameter>(&declaration.kind);
        if (parameter == nullptr || parameter->name.text != name) continue;
        found = true;
        const auto source = p.sources->add("parameter " + name, text);
        if (const auto value = parse_expression(*p.sources, source, ParseLimits{}, library, sink))
          parameter->default_value = *value;
      }
    }
    if (!found) sink.add(data_diagnostic("VGL1201", "--parameter", {"no library has a parameter `" + name + "`"}));
  }
}

void run_check(Products& p, const CompileOptions& options, DiagnosticSink& sink) {
  set_parameters(p, options, sink);
  p.module = check(p.libraries, sink);
}

void run_graph(Products& p, const CompileOptions&, DiagnosticSink&) { p.graph = build_graph(p.module); }

void run_lower(Products& p, const CompileOptions& options, DiagnosticSink& sink) {
  p.program = lower(std::move(p.module), std::move(p.graph), options.knowledge, {options.observe_definitions}, sink);
}

void run_verify(Products& p, const CompileOptions&, DiagnosticSink& sink) {
  const auto problem = verify(*p.program);
  if (problem.empty()) return;
  sink.add(data_diagnostic("VGL1201", "engine", {"the compiled program is wrong: " + problem}));
  p.program.reset();
}

std::string dump_parse(const Products& p) {
  std::string out;
  for (const auto& library : p.libraries) out += ast::dump(library);
  return out;
}
std::string dump_check(const Products& p) { return typed::dump(p.module); }
std::string dump_graph(const Products& p) { return p.graph.to_dot(); }
std::string dump_lower(const Products& p) { return p.program ? disassemble(*p.program) : std::string(); }

constexpr std::array kStages = {
    Stage{{"parse", "rule text to syntax trees"}, run_parse, dump_parse},
    Stage{{"check", "names, types, overloads and conversions: the typed module"}, run_check, dump_check},
    Stage{{"graph", "who depends on whom; what is read"}, run_graph, dump_graph},
    Stage{
        {"lower", "the program: slots, constants of the knowledge base, joins, the read plan"}, run_lower, dump_lower},
    Stage{{"verify", "every index of the program"}, run_verify, dump_lower},
};

}  // namespace

std::span<const StageInfo> stages() {
  static const auto infos = [] {
    std::array<StageInfo, kStages.size()> all;
    for (size_t i = 0; i < kStages.size(); ++i) all[i] = kStages[i].info;
    return all;
  }();
  return infos;
}

bool Compilation::has_errors() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const auto& d) { return d.severity == Severity::kError; });
}

Compilation compile(std::vector<RuleText> texts, const CompileOptions& given) {
  auto options = given;
  DiagnosticSink sink;
  Compilation result;
  Products products;
  if (!options.knowledge) options.knowledge = KnowledgeBaseBuilder().build(sink);
  for (auto& text : texts) products.ids.push_back(products.sources->add(std::move(text.name), std::move(text.text)));
  bool complete = true;
  for (const auto& stage : kStages) {
    stage.run(products, options, sink);
    if (std::find(options.dump.begin(), options.dump.end(), stage.info.name) != options.dump.end())
      result.dumps.emplace_back(std::string(stage.info.name), stage.dump(products));
    if (stage.info.name == options.stop_after) {
      complete = stage.info.name == kStages.back().info.name;
      break;
    }
  }
  result.diagnostics = sink.take();
  sort_and_deduplicate(result.diagnostics);
  result.sources = products.sources;
  if (complete && products.program)
    result.rulebook = RulebookMaker::make(std::move(products.program), products.sources);
  return result;
}

std::vector<std::pair<std::string, std::vector<TableColumn>>> declared_tables(const std::vector<RuleText>& texts) {
  std::vector<std::pair<std::string, std::vector<TableColumn>>> tables;
  for (const auto& text : texts) {
    SourceSet sources;
    DiagnosticSink sink;
    const auto id = sources.add(text.name, text.text);
    const auto library = parse_library(sources, id, ParseLimits{}, sink);
    for (const auto& declaration : library.declarations) {
      const auto* table = std::get_if<ast::Table>(&declaration.kind);
      if (table == nullptr) continue;
      std::vector<TableColumn> columns;
      for (const auto& column : table->columns) {
        const auto* named = std::get_if<ast::NamedType>(&library[column.type].kind);
        const auto type = named == nullptr ? std::string() : named->parts.back().text;
        static constexpr std::pair<std::string_view, ColumnType> kTypes[] = {{"Code", ColumnType::kCode},
                                                                             {"Integer", ColumnType::kInteger},
                                                                             {"Decimal", ColumnType::kDecimal},
                                                                             {"Boolean", ColumnType::kBoolean},
                                                                             {"Quantity", ColumnType::kQuantity}};
        auto kind = ColumnType::kString;
        for (const auto& [name, known] : kTypes)
          if (name == type) kind = known;
        columns.push_back({column.name.text, kind});
      }
      tables.emplace_back(table->name.text, std::move(columns));
    }
  }
  return tables;
}

}  // namespace vigil
