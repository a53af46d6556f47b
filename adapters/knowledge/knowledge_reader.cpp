// SPDX-License-Identifier: Apache-2.0
// From a path to what it holds: a knowledge base with a manifest, or terminology files.
#include "knowledge/knowledge_reader.h"

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <system_error>
#include <utility>

#include "knowledge/expand_value_sets.h"
#include "knowledge/json_tree.h"
#include "knowledge/manifest.h"
#include "knowledge/read_terminology.h"
#include "knowledge/table_source.h"
#include "knowledge/text_file.h"

namespace vigil {

namespace {

namespace fs = std::filesystem;

void report_unreadable(const fs::path& path, std::string_view why, DiagnosticSink& sink) {
  const std::string name = path.generic_string();
  sink.add(data_diagnostic("VGL1106", name, {name, why}));
}

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

/// Reads one file. In a folder, FHIR resources of other types are passed over: they hold no terminology.
void read_terminology_file(const fs::path& path, bool in_folder, KnowledgeBaseBuilder& builder,
                           TerminologySources& sources, DiagnosticSink& sink) {
  const auto file = read_text_file(path, sink);
  if (!file) return;
  if (path.extension() == ".csv") return read_value_set_csv(*file, builder, sources, sink);
  const auto tree = JsonTree::parse(*file, sink);
  if (!tree || read_fhir_terminology(*file, tree->root(), builder, sources, sink)) return;
  const std::string_view type = tree->root().string("resourceType");
  if (in_folder && !type.empty()) return;
  const std::string why = type.empty() ? "it is no FHIR resource" : "it is a FHIR " + std::string(type);
  sink.add(data_diagnostic("VGL1101", file->name(), {file->name(), why})
               .with_hint("expected a ValueSet, a CodeSystem or a Bundle of them"));
}

void read_terminology(std::span<const fs::path> paths, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  TerminologySources sources;
  for (const fs::path& path : paths) {
    std::error_code ignored;  // what is no folder is read as a file, which then tells
    const bool is_folder = fs::is_directory(path, ignored);
    const auto files = is_folder ? list_files(path, sink) : std::vector{path};
    if (is_folder && files.empty()) report_unreadable(path, "the folder holds no JSON or CSV file", sink);
    for (const fs::path& file : files) read_terminology_file(file, is_folder, builder, sources, sink);
  }
  expand_value_sets(sources, builder, sink);
}

void read_manifest_folder(const fs::path& file, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  const auto manifest = read_manifest(file, sink);
  if (!manifest) return;
  for (const TableSource& table : manifest->tables) read_table_source(table, builder, sink);
  read_terminology(manifest->terminology, builder, sink);
}

/// Runs `read`; what the standard library throws (memory, file names) becomes a diagnostic.
template <class Read>
void guarded(const fs::path& path, DiagnosticSink& sink, Read read) {
  try {
    read();
  } catch (const std::exception& failure) {
    report_unreadable(path, failure.what(), sink);
  }
}

}  // namespace

void read_knowledge(const fs::path& file_or_folder, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  guarded(file_or_folder, sink, [&] {
    constexpr std::string_view kManifest = "manifest.json";
    std::error_code ignored;
    if (file_or_folder.filename() == kManifest) return read_manifest_folder(file_or_folder, builder, sink);
    if (fs::exists(file_or_folder / kManifest, ignored))
      return read_manifest_folder(file_or_folder / kManifest, builder, sink);
    read_terminology(std::array{file_or_folder}, builder, sink);
  });
}

void read_value_sets(std::span<const fs::path> paths, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  guarded(paths.empty() ? fs::path() : paths.front(), sink, [&] { read_terminology(paths, builder, sink); });
}

void read_value_sets(const fs::path& file_or_folder, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  read_value_sets(std::array{file_or_folder}, builder, sink);
}

void read_table(std::string_view name, std::vector<TableColumn> columns, const fs::path& csv_or_json,
                std::string_view default_code_system, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  guarded(csv_or_json, sink, [&] {
    TableSource source{std::string(name), TableRole::kNone, {}, csv_or_json};
    const std::string_view system = default_code_system.empty() ? kDefaultCodeSystem : default_code_system;
    for (TableColumn& column : columns) source.columns.push_back({std::move(column), std::string(system), {}});
    read_table_source(source, builder, sink);
  });
}

}  // namespace vigil
