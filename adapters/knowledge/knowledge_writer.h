// SPDX-License-Identifier: Apache-2.0
// Writing tables of a Vigil knowledge base: CSV as RFC 4180 has it, and the manifest that declares them.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "knowledge/table_source.h"

namespace vigil {

/// One table being written: what the manifest says of it, and its text. Columns and provenance must be set before rows.
struct TableDraft {
  TableSource source;  ///< `file` is below the folder
  std::string text;

  void add_column(std::string_view name, ColumnType type = ColumnType::kString, std::string_view system = {},
                  std::string_view system_column = {});
  void add_row(std::initializer_list<std::string_view> cells);
  void add_row(std::span<const std::string_view> cells);
  void add_row(std::span<const std::string> cells);
};

/// A FHIR CodeSystem being written: its codes with their names.
struct CodeSystemDraft {
  std::string url;
  std::string version;
  std::string name;
  std::string copyright;
  std::map<std::string, std::string> codes;
};

std::string to_json(const CodeSystemDraft& system);

/// FHIR resources as JSON text, to go beside the tables; empty where there are none.
struct TerminologyDraft {
  std::string code_systems;
  std::string value_sets;
};

/// A JSON string in its quotes; control characters become spaces.
std::string json_string(std::string_view text);

/// The folder with manifest.json, the tables that have rows, and the terminology. False, and VGL1010, where something
/// cannot be written.
bool write_knowledge(const std::filesystem::path& folder, std::string_view name, std::string_view version,
                     const std::vector<TableDraft>& tables, const TerminologyDraft& terminology, DiagnosticSink& sink);

}  // namespace vigil
