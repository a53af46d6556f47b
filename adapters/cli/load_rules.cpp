// SPDX-License-Identifier: Apache-2.0
// Reads rule texts and knowledge, and compiles.
#include "cli/load_rules.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/find_files.h"
#include "cli/nearest_name.h"
#include "cli/select_libraries.h"
#include "knowledge/knowledge_reader.h"

namespace vigil::cli {
namespace {

namespace fs = std::filesystem;

std::vector<RuleText> read_all(std::span<const std::string> paths, DiagnosticSink& sink) {
  std::vector<RuleText> texts;
  for (const auto& path : find_files(paths, {".vigil", ".cql"}, sink))
    if (auto text = read_rule_text(path, sink)) texts.push_back(std::move(*text));
  return texts;
}

void read_tables(const KnowledgeOptions& options, const std::vector<RuleText>& texts, KnowledgeBaseBuilder& builder,
                 DiagnosticSink& sink) {
  if (options.tables.empty()) return;
  const auto declared = declared_tables(texts);
  std::vector<std::string> names;
  for (const auto& table : declared) names.push_back(table.first);
  for (const auto& [name, file] : split_assignments(options.tables)) {
    const auto table = std::ranges::find(declared, name, [](const auto& t) { return t.first; });
    if (table == declared.end()) {
      auto hint = did_you_mean(name, names);
      if (hint.empty()) hint = "declare it in the rules: table \"" + name + "\" { ... }";
      sink.add(plain_error("no rule declares a table `" + name + "`", std::move(hint)));
    } else if (!fs::is_regular_file(file)) {
      sink.add(data_diagnostic("VGL1202", "--table " + name, {file}));
    } else {
      read_table(name, table->second, file, kDefaultCodeSystem, builder, sink);
    }
  }
}

bool is_harmless(const Diagnostic& diagnostic) {
  return diagnostic.severity != Severity::kError || diagnostic.code == "VGL1102";
}

bool lacks_knowledge(const Diagnostic& diagnostic) {
  return diagnostic.code == "VGL0501" || diagnostic.code == "VGL0502" || diagnostic.code == "VGL0503";
}

}  // namespace

std::set<std::string> RuleTexts::main_names() const {
  std::set<std::string> names;
  for (size_t i = 0; i < main_count; ++i) names.insert(texts[i].name);
  return names;
}

std::vector<std::string> knowledge_paths(const KnowledgeOptions& options) {
  if (!options.knowledge.empty()) return options.knowledge;
  if (const char* path = std::getenv("VIGIL_KNOWLEDGE"); path != nullptr && *path != '\0') return {path};
  if (const auto path = find_beside_program("knowledge-base")) return {path->string()};
  return {};
}

std::optional<RuleTexts> read_rule_texts(const Console& console, const std::vector<std::string>& paths,
                                         const std::vector<std::string>& include_folders) {
  DiagnosticSink sink;
  RuleTexts rules;
  rules.texts = read_all(paths, sink);
  rules.main_count = rules.texts.size();
  auto candidates = read_all(include_folders, sink);
  std::erase_if(candidates, [&](const RuleText& candidate) {
    return std::ranges::any_of(rules.texts, [&](const RuleText& text) {
      std::error_code error;
      return fs::equivalent(text.name, candidate.name, error);
    });
  });
  std::ranges::move(select_included(rules.texts, std::move(candidates)), std::back_inserter(rules.texts));
  report(console, sink);
  return sink.has_errors() ? std::nullopt : std::optional(std::move(rules));
}

std::shared_ptr<const KnowledgeBase> load_knowledge(const Console& console, const KnowledgeOptions& options,
                                                    const std::vector<RuleText>& texts) {
  DiagnosticSink sink;
  KnowledgeBaseBuilder builder;
  for (const auto& path : knowledge_paths(options)) read_knowledge(path, builder, sink);
  if (!options.value_sets.empty()) {
    const std::vector<fs::path> paths(options.value_sets.begin(), options.value_sets.end());
    read_value_sets(paths, builder, sink);
  }
  read_tables(options, texts, builder, sink);
  auto knowledge = builder.build(sink);
  report(console, sink);
  return std::ranges::all_of(sink.all(), is_harmless) ? knowledge : nullptr;
}

std::optional<Compilation> compile_rules(const Console& console, const RuleTexts& texts,
                                         const KnowledgeOptions& knowledge, CompileOptions options) {
  options.knowledge = load_knowledge(console, knowledge, texts.texts);
  if (options.knowledge == nullptr) return std::nullopt;
  auto compilation = compile(texts.texts, options);
  if (std::ranges::any_of(compilation.diagnostics, lacks_knowledge)) note_missing_knowledge(console, knowledge);
  return compilation;
}

void note_missing_knowledge(const Console& console, const KnowledgeOptions& options) {
  if (!knowledge_paths(options).empty()) return;
  auto note = plain_error("no knowledge base was found", "name one with --knowledge or in $VIGIL_KNOWLEDGE");
  note.severity = Severity::kNote;
  report(console, {&note, 1});
}

std::optional<Compilation> load_rulebook(const Console& console, const RuleTexts& texts,
                                         const KnowledgeOptions& knowledge, CompileOptions options) {
  auto compilation = compile_rules(console, texts, knowledge, std::move(options));
  if (!compilation) return std::nullopt;
  report(console, compilation->diagnostics, *compilation->sources);
  if (!compilation->has_errors() && compilation->rulebook != nullptr) return compilation;
  return std::nullopt;
}

std::optional<Compilation> load_rulebook(const Console& console, const std::vector<std::string>& paths,
                                         const std::vector<std::string>& include_folders,
                                         const KnowledgeOptions& knowledge, CompileOptions options) {
  const auto texts = read_rule_texts(console, paths, include_folders);
  return texts ? load_rulebook(console, *texts, knowledge, std::move(options)) : std::nullopt;
}

bool load_overlay(const Console& console, const std::string& file, const Rulebook& rulebook,
                  std::optional<SiteOverlay>& overlay) {
  if (file.empty()) return true;
  DiagnosticSink sink;
  overlay = read_site_overlay(file, rulebook, sink);
  report(console, sink);
  return overlay.has_value();
}

}  // namespace vigil::cli
