// SPDX-License-Identifier: Apache-2.0
// Reading manifest.json.
#include "knowledge/manifest.h"

#include <algorithm>
#include <string>

#include "knowledge/json_tree.h"
#include "knowledge/knowledge_reader.h"

namespace vigil {

namespace {

class ManifestReader {
 public:
  ManifestReader(const TextFile& file, std::filesystem::path folder, DiagnosticSink& sink)
      : file_(file), folder_(std::move(folder)), sink_(sink) {}

  std::optional<Manifest> read(const JsonNode& root) {
    if (!root.is_object()) {
      sink_.add(data_diagnostic("VGL1101", file_.name(), {file_.name(), "a manifest is a JSON object"}));
      return std::nullopt;
    }
    Manifest manifest;
    manifest.name = root.string("name");
    manifest.version = root.string("version");
    manifest.date = root.string("date");
    for (const std::string_view key : {"code_systems", "value_sets"}) read_terminology(root, key, manifest);
    const JsonNode* tables = root.find("tables");
    if (tables && !tables->is_array()) report(*tables, "tables", "list of tables");
    if (tables && tables->is_array())
      for (const JsonNode& node : tables->children()) add_table(node, manifest);
    if (!tables && !root.find("code_systems") && !root.find("value_sets"))
      report(root, "manifest", "manifest of any file");
    return manifest;
  }

 private:
  void read_terminology(const JsonNode& root, std::string_view key, Manifest& manifest) {
    const JsonNode* node = root.find(key);
    if (!node) return;
    const auto parts = node->is_array() ? node->children() : std::span(node, 1);
    for (const JsonNode& part : parts)
      if (const auto path = read_path(part, part.kind == JsonNode::Kind::kString ? part.text : std::string_view{}))
        manifest.terminology.push_back(*path);
  }

  /// A path below the manifest's folder: a knowledge base is one folder, to be copied and signed as such.
  std::optional<std::filesystem::path> read_path(const JsonNode& node, std::string_view text) {
    const std::filesystem::path path(text);
    if (text.empty() || path.is_absolute() || std::ranges::find(path, "..") != path.end())
      return report(node, text, "path within the knowledge base");
    return folder_ / path;
  }

  void add_table(const JsonNode& node, Manifest& manifest) {
    auto table = read_table(node);
    if (!table) return;
    if (std::ranges::find(manifest.tables, table->name, &TableSource::name) != manifest.tables.end()) {
      report(node, table->name, "name of one table only");
    } else {
      manifest.tables.push_back(std::move(*table));
    }
  }

  std::optional<TableSource> read_table(const JsonNode& node) {
    TableSource table;
    table.name = node.string("name");
    if (table.name.empty()) return report(node, "table", "table with a name");
    const auto path = read_path(node, node.string("file"));
    if (!path) return std::nullopt;
    table.file = *path;
    table.place = file_.place_of(node.offset);
    table.provenance = {std::string(node.string("source")), std::string(node.string("version")),
                        std::string(node.string("licence")), std::string(node.string("date"))};
    if (const JsonNode* role = node.find("role"); role && role->kind != JsonNode::Kind::kNull) {
      const auto known = parse_table_role(role->text);
      if (!known)
        return report(*role, role->text, "role: drug, ingredient, class, allergen, cross-reactivity or crosswalk");
      table.role = *known;
    }
    const JsonNode* columns = node.find("columns");
    if (!columns || !columns->is_array() || columns->count == 0) return report(node, table.name, "table with columns");
    for (const JsonNode& each : columns->children()) {
      auto column = read_column(each);
      if (!column) return std::nullopt;
      table.columns.push_back(std::move(*column));
    }
    return table;
  }

  std::optional<ColumnSource> read_column(const JsonNode& node) {
    ColumnSource column;
    column.column.name = node.string("name");
    if (column.column.name.empty()) return report(node, "column", "column with a name");
    const auto type = parse_column_type(node.string("type"));
    if (!type)
      return report(node, node.string("type"), "type of column: Code, String, Integer, Decimal, Boolean or Quantity");
    column.column.type = *type;
    column.system_column = node.string("system_column");
    column.system = node.string("system");
    // A code whose row names no system is wrong where the row ought to.
    if (column.system.empty() && column.system_column.empty()) column.system = kDefaultCodeSystem;
    return column;
  }

  std::nullopt_t report(const JsonNode& node, std::string_view what, std::string_view expected) {
    sink_.add(unexpected_node(file_, node, what, expected));
    return std::nullopt;
  }

  const TextFile& file_;
  std::filesystem::path folder_;
  DiagnosticSink& sink_;
};

}  // namespace

std::optional<Manifest> read_manifest(const std::filesystem::path& file, DiagnosticSink& sink) {
  const auto text = read_text_file(file, sink);
  if (!text) return std::nullopt;
  const auto tree = JsonTree::parse(*text, sink);
  if (!tree) return std::nullopt;
  return ManifestReader(*text, file.parent_path(), sink).read(tree->root());
}

}  // namespace vigil
