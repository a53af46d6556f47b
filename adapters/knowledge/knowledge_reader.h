// SPDX-License-Identifier: Apache-2.0
// Reads knowledge files (Vigil knowledge bases, FHIR terminology, CSV and JSON tables) into a knowledge base builder.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

namespace vigil {

/// The code system of code columns that name none: RxNorm.
inline constexpr std::string_view kDefaultCodeSystem = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// Larger files are refused (VGL1007). A file is held in memory while it is read, JSON with five times its size.
inline constexpr size_t kKnowledgeFileLimit = size_t{256} << 20;
/// The same for what is imported: a release of RxNorm, the NDC directory.
inline constexpr size_t kImportFileLimit = size_t{2} << 30;

/// Reads a folder with manifest.json (README.md has its format), a packed knowledge base, a folder
/// of FHIR JSON and value-set CSV, or one such file. None of these functions throws; what is wrong goes to `sink` with
/// file and line, the rest is loaded.
///   KnowledgeBaseBuilder builder;
///   read_knowledge("knowledge-base", builder, sink);
///   auto knowledge = builder.build(sink);
void read_knowledge(const std::filesystem::path& file_or_folder, KnowledgeBaseBuilder& builder, DiagnosticSink& sink);

/// Reads FHIR ValueSet and CodeSystem resources, Bundles of them, and CSV with the header
/// url,system,code[,display][,version][,name], from files and, recursively, folders. Value sets may refer to each other
/// and to code systems anywhere in `paths`. What cannot be expanded is left out and reported (VGL1102), never empty.
void read_value_sets(std::span<const std::filesystem::path> paths, KnowledgeBaseBuilder& builder, DiagnosticSink& sink);
void read_value_sets(const std::filesystem::path& file_or_folder, KnowledgeBaseBuilder& builder, DiagnosticSink& sink);

/// Reads one table from CSV with a header (columns found by name, others ignored) or from a JSON array whose rows are
/// arrays (cells in the columns' order, missing ones at the end null) or objects by column name. Empty cells are null.
/// A code is `code`, of `default_code_system`, or `system|code`; a quantity is `5.5 mmol/L`. A row with a cell that
/// does not fit its column is reported (VGL0505) and left out.
void read_table(std::string_view name, std::vector<TableColumn> columns, const std::filesystem::path& csv_or_json,
                std::string_view default_code_system, KnowledgeBaseBuilder& builder, DiagnosticSink& sink);

}  // namespace vigil
