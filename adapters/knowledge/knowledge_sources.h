// SPDX-License-Identifier: Apache-2.0
// A knowledge base together with the files it was read from: what `vigil kb` reports on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

#include "knowledge/table_source.h"
#include "knowledge/terminology_source.h"
#include "knowledge/text_file.h"

namespace vigil {

/// One table as the manifest declares it, and the line of its file that each row of the KnowledgeTable came from.
struct LoadedTable {
  TableSource source;
  std::vector<uint32_t> lines;

  /// "drugs/classes.csv:12", for row `i` of the table.
  std::string place(uint32_t i) const { return source.file.generic_string() + ":" + std::to_string(lines[i]); }
};

/// Everything one path holds, with places. Name, version and date are the manifest's; empty without one.
struct KnowledgeSources {
  std::string name;
  std::string version;
  std::string date;
  std::vector<LoadedTable> tables;
  TerminologySources terminology;
};

/// Sources and what was built from them; concept ids of the one are those of the other. `knowledge` is never null.
struct KnowledgeInventory {
  KnowledgeSources sources;
  std::shared_ptr<const KnowledgeBase> knowledge;
};

/// Reads what read_knowledge reads, and keeps where it stood. Does not throw; what is wrong goes to `sink` with file
/// and line, the rest is loaded.
///   const auto inventory = take_inventory("knowledge-base", sink);
///   check_knowledge(inventory, sink);
KnowledgeInventory take_inventory(const std::filesystem::path& file_or_folder, DiagnosticSink& sink);

/// The part without build(). Throws what the standard library throws.
KnowledgeSources read_knowledge_sources(const std::filesystem::path& file_or_folder, KnowledgeBaseBuilder& builder,
                                        DiagnosticSink& sink);
/// The same for files and folders of FHIR terminology and value-set CSV; value sets are expanded into `builder`.
TerminologySources read_terminology_files(std::span<const std::filesystem::path> paths, KnowledgeBaseBuilder& builder,
                                          DiagnosticSink& sink);
/// The same for texts that are in memory already; the end of a name (.json, .csv) says what a text is.
TerminologySources read_terminology_texts(std::span<const TextFile> texts, KnowledgeBaseBuilder& builder,
                                          DiagnosticSink& sink);
/// VGL1106, for a path that could not be read.
void report_unreadable(const std::filesystem::path& path, std::string_view why, DiagnosticSink& sink);

}  // namespace vigil
