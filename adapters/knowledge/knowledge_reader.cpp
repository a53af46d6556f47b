// SPDX-License-Identifier: Apache-2.0
// The entry points: nothing thrown leaves the room, nothing but the builder's content is kept.
#include "knowledge/knowledge_reader.h"

#include <array>
#include <exception>
#include <string>
#include <utility>

#include "knowledge/knowledge_sources.h"
#include "knowledge/table_source.h"

namespace vigil {

namespace {

namespace fs = std::filesystem;

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
  guarded(file_or_folder, sink, [&] { read_knowledge_sources(file_or_folder, builder, sink); });
}

void read_value_sets(std::span<const fs::path> paths, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  guarded(paths.empty() ? fs::path() : paths.front(), sink, [&] { read_terminology_files(paths, builder, sink); });
}

void read_value_sets(const fs::path& file_or_folder, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  read_value_sets(std::array{file_or_folder}, builder, sink);
}

void read_table(std::string_view name, std::vector<TableColumn> columns, const fs::path& csv_or_json,
                std::string_view default_code_system, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  guarded(csv_or_json, sink, [&] {
    TableSource source;
    source.name = name;
    source.file = csv_or_json;
    const std::string_view system = default_code_system.empty() ? kDefaultCodeSystem : default_code_system;
    for (TableColumn& column : columns) source.columns.push_back({std::move(column), std::string(system), {}});
    read_table_source(source, builder, sink);
  });
}

}  // namespace vigil
