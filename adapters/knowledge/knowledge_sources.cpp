// SPDX-License-Identifier: Apache-2.0
// From a path to what it holds: a knowledge base with a manifest, or terminology files.
#include "knowledge/knowledge_sources.h"

#include <algorithm>
#include <array>
#include <exception>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "knowledge/expand_value_sets.h"
#include "knowledge/json_tree.h"
#include "knowledge/manifest.h"
#include "knowledge/packed_knowledge.h"
#include "knowledge/read_terminology.h"
#include "knowledge/text_file.h"

namespace vigil {

namespace {

namespace fs = std::filesystem;

/// The JSON and CSV files below a folder, hidden ones apart, in an order that does not change.
std::vector<fs::path> list_files(const fs::path& folder, DiagnosticSink& sink) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().generic_string().starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code ignored;  // what is not found to be a file is none
    const auto extension = at->path().extension();
    if ((extension == ".json" || extension == ".csv") && at->is_regular_file(ignored)) files.push_back(at->path());
  }
  if (error) report_unreadable(folder, error.message(), sink);
  std::ranges::sort(files);
  return files;
}

/// Reads one text. In a folder, FHIR resources of other types are passed over: they hold no terminology.
void read_terminology_text(const TextFile& file, bool in_folder, KnowledgeBaseBuilder& builder,
                           TerminologySources& sources, DiagnosticSink& sink) {
  if (file.name().ends_with(".csv")) return read_value_set_csv(file, builder, sources, sink);
  const auto tree = JsonTree::parse(file, sink);
  if (!tree || read_fhir_terminology(file, tree->root(), builder, sources, sink)) return;
  const std::string_view type = tree->root().string("resourceType");
  if (in_folder && !type.empty()) return;
  const std::string why = type.empty() ? "it is no FHIR resource" : "it is a FHIR " + std::string(type);
  sink.add(data_diagnostic("VGL1101", file.name(), {file.name(), why})
               .with_hint("expected a ValueSet, a CodeSystem, a ConceptMap or a Bundle of them"));
}

}  // namespace

TerminologySources read_terminology_files(std::span<const fs::path> paths, KnowledgeBaseBuilder& builder,
                                          DiagnosticSink& sink) {
  TerminologySources sources;
  for (const fs::path& path : paths) {
    std::error_code ignored;  // what is no folder is read as a file, which then tells
    const bool is_folder = fs::is_directory(path, ignored);
    const auto files = is_folder ? list_files(path, sink) : std::vector{path};
    if (is_folder && files.empty()) report_unreadable(path, "the folder holds no JSON or CSV file", sink);
    for (const fs::path& path_of_file : files)
      if (const auto file = read_text_file(path_of_file, sink))
        read_terminology_text(*file, is_folder, builder, sources, sink);
  }
  expand_value_sets(sources, builder, sink);
  return sources;
}

TerminologySources read_terminology_texts(std::span<const TextFile> texts, KnowledgeBaseBuilder& builder,
                                          DiagnosticSink& sink) {
  TerminologySources sources;
  for (const TextFile& text : texts) read_terminology_text(text, /*in_folder=*/false, builder, sources, sink);
  expand_value_sets(sources, builder, sink);
  return sources;
}

void report_unreadable(const fs::path& path, std::string_view why, DiagnosticSink& sink) {
  const std::string name = path.generic_string();
  sink.add(data_diagnostic("VGL1106", name, {name, why}));
}

namespace {

KnowledgeSources read_manifest_sources(const fs::path& file, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  KnowledgeSources sources;
  auto manifest = read_manifest(file, sink);
  if (!manifest) return sources;
  sources.name = std::move(manifest->name);
  sources.version = std::move(manifest->version);
  sources.date = std::move(manifest->date);
  for (TableSource& table : manifest->tables) {
    auto lines = read_table_source(table, builder, sink);
    sources.tables.push_back({std::move(table), std::move(lines)});
  }
  sources.terminology = read_terminology_files(manifest->terminology, builder, sink);
  return sources;
}

bool is_packed(const fs::path& file) {
  std::error_code ignored;
  std::array<char, kPackedMagic.size()> begin{};
  std::ifstream stream(file, std::ios::binary);
  return fs::is_regular_file(file, ignored) && stream.read(begin.data(), begin.size()) &&
         std::string_view(begin.data(), begin.size()) == kPackedMagic;
}

KnowledgeSources read_packed_sources(const fs::path& path, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  const auto file = read_text_file(path, sink);
  return file ? unpack_knowledge(file->text(), file->name(), builder, sink) : KnowledgeSources{};
}

}  // namespace

KnowledgeSources read_knowledge_sources(const fs::path& file_or_folder, KnowledgeBaseBuilder& builder,
                                        DiagnosticSink& sink) {
  constexpr std::string_view kManifest = "manifest.json";
  std::error_code ignored;
  if (is_packed(file_or_folder)) return read_packed_sources(file_or_folder, builder, sink);
  if (file_or_folder.filename() == kManifest) return read_manifest_sources(file_or_folder, builder, sink);
  if (fs::exists(file_or_folder / kManifest, ignored))
    return read_manifest_sources(file_or_folder / kManifest, builder, sink);
  KnowledgeSources sources;
  sources.terminology = read_terminology_files(std::array{file_or_folder}, builder, sink);
  return sources;
}

KnowledgeInventory take_inventory(const fs::path& file_or_folder, DiagnosticSink& sink) {
  KnowledgeInventory inventory;
  KnowledgeBaseBuilder builder;
  try {
    inventory.sources = read_knowledge_sources(file_or_folder, builder, sink);
  } catch (const std::exception& failure) {  // memory, file names
    report_unreadable(file_or_folder, failure.what(), sink);
  }
  inventory.knowledge = builder.build(sink);
  return inventory;
}

}  // namespace vigil
