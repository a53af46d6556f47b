// SPDX-License-Identifier: Apache-2.0
// Cells to CSV, tables to a manifest.
#include "knowledge/knowledge_writer.h"

#include <fstream>
#include <system_error>

namespace vigil {

namespace {

void append_cell(std::string& text, std::string_view cell) {
  if (cell.find_first_of("\",\r\n") == std::string_view::npos) {
    text += cell;
    return;
  }
  text += '"';
  for (const char c : cell) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

std::string member(std::string_view name, std::string_view value) {
  return json_string(name) + ": " + json_string(value);
}

std::string manifest_of(const TableDraft& table) {
  std::string json = "    { " + member("name", table.source.name);
  if (table.source.role != TableRole::kNone) json += ", " + member("role", table_role_name(table.source.role));
  json += ", " + member("file", table.source.file.generic_string()) + ",\n      \"columns\": [";
  const char* separator = "";
  for (const ColumnSource& column : table.source.columns) {
    json += separator;
    json += "\n        { " + member("name", column.column.name) + ", " +
            member("type", column_type_name(column.column.type));
    if (!column.system.empty()) json += ", " + member("system", column.system);
    if (!column.system_column.empty()) json += ", " + member("system_column", column.system_column);
    json += " }";
    separator = ",";
  }
  const Provenance& from = table.source.provenance;
  return json + " ],\n      " + member("source", from.source) + ",\n      " + member("licence", from.licence) +
         ",\n      " + member("version", from.version) + ", " + member("date", from.date) + " }";
}

bool write_file(const std::filesystem::path& path, std::string_view text, DiagnosticSink& sink) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
  stream.close();
  if (stream.good()) return true;
  const std::string name = path.generic_string();
  sink.add(data_diagnostic("VGL1010", name, {name, "it cannot be written"}));
  return false;
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += static_cast<unsigned char>(c) >= 0x20 ? c : ' ';
  }
  return json + '"';
}

std::string to_json(const CodeSystemDraft& system) {
  std::string json = "{ " + member("resourceType", "CodeSystem") + ", " + member("url", system.url) + ", " +
                     member("version", system.version) + ", " + member("name", system.name) + ",\n  " +
                     member("publisher", system.name) + ", " + member("copyright", system.copyright) + ", " +
                     member("status", "active") + ", " + member("content", "fragment") + ",\n  \"concept\": [";
  const char* separator = "\n    { ";
  for (const auto& [code, display] : system.codes) {
    json += separator + member("code", code) + ", " + member("display", display) + " }";
    separator = ",\n    { ";
  }
  return json + " ] }\n";
}

void TableDraft::add_column(std::string_view name, ColumnType type, std::string_view system,
                            std::string_view system_column) {
  ColumnSource& column = source.columns.emplace_back();
  column.column.name = name;
  column.column.type = type;
  column.system = system;
  column.system_column = system_column;
}

void TableDraft::add_row(std::initializer_list<std::string_view> cells) {
  add_row(std::span(cells.begin(), cells.size()));
}

void TableDraft::add_row(std::span<const std::string> cells) {
  add_row(std::vector<std::string_view>(cells.begin(), cells.end()));
}

void TableDraft::add_row(std::span<const std::string_view> cells) {
  if (text.empty()) {
    const char* separator = "";
    for (const ColumnSource& column : source.columns) {
      text += separator + column.column.name;
      separator = ",";
    }
    text += "\r\n";
  }
  const char* separator = "";
  for (const auto cell : cells) {
    text += separator;
    append_cell(text, cell);
    separator = ",";
  }
  text += "\r\n";
}

bool write_knowledge(const std::filesystem::path& folder, std::string_view name, std::string_view version,
                     const std::vector<TableDraft>& tables, const TerminologyDraft& terminology, DiagnosticSink& sink) {
  std::string json = "{\n  " + member("name", name) + ",\n  " + member("version", version) + ",\n  \"tables\": [\n";
  const char* separator = "";
  for (const TableDraft& table : tables) {
    if (table.text.empty()) continue;
    json += separator + manifest_of(table);
    separator = ",\n";
    if (!write_file(folder / table.source.file, table.text, sink)) return false;
  }
  json += "\n  ]";
  const auto add = [&](std::string_view key, std::string_view file, const std::string& text) {
    if (text.empty()) return true;
    json += ",\n  " + member(key, file);
    return write_file(folder / file, text, sink);
  };
  return add("code_systems", "code-systems.json", terminology.code_systems) &&
         add("value_sets", "value-sets.json", terminology.value_sets) &&
         write_file(folder / "manifest.json", json + "\n}\n", sink);
}

}  // namespace vigil
