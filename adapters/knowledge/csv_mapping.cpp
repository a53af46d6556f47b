// SPDX-License-Identifier: Apache-2.0
// Reads mapping files; the only file of this room that knows TOML.
#include "knowledge/csv_mapping.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "knowledge/knowledge_reader.h"
#include "knowledge/text_file.h"

namespace vigil {

namespace {

class CsvMappingReader {
 public:
  CsvMappingReader(const TextFile& file, std::filesystem::path folder, DiagnosticSink& sink)
      : file_(file), folder_(std::move(folder)), sink_(sink) {}

  std::optional<CsvMapping> read() {
    const auto parsed = toml::parse(file_.text());
    if (!parsed) {
      fail(parsed.error().source().begin.line, std::string(parsed.error().description()));
      return std::nullopt;
    }
    CsvMapping mapping;
    for (const auto& [key, node] : parsed.table()) {
      const std::string name(key.str());
      if (name == "table") continue;
      std::string* const text = name == "name" ? &mapping.name : name == "version" ? &mapping.version : nullptr;
      if (!take_text(name, node, text)) return std::nullopt;
    }
    const auto* const tables = parsed.table()["table"].as_array();
    if (tables == nullptr || tables->empty()) {
      fail(1, "it has no [[table]]");
      return std::nullopt;
    }
    for (const auto& each : *tables)
      if (each.as_table() == nullptr || !read_table(*each.as_table(), mapping.tables.emplace_back()))
        return std::nullopt;
    return mapping;
  }

 private:
  bool fail(size_t line, const std::string& what) {
    sink_.add(data_diagnostic("VGL1312", file_.place(line), {what}));
    return false;
  }
  bool refuse(const toml::node& node, const std::string& what) { return fail(node.source().begin.line, what); }

  /// False where the key is not known (`to` is null) or its value no text.
  bool take_text(const std::string& key, const toml::node& node, std::string* to) {
    if (to == nullptr) return refuse(node, "`" + key + "` is not known here");
    if (!node.is_string()) return refuse(node, "`" + key + "` is no text");
    *to = node.as_string()->get();
    return true;
  }

  bool read_table(const toml::table& table, MappedCsv& mapped) {
    std::string file, separator = ",", role;
    const std::map<std::string, std::string*> texts = {{"file", &file},
                                                       {"separator", &separator},
                                                       {"role", &role},
                                                       {"name", &mapped.name},
                                                       {"source", &mapped.provenance.source},
                                                       {"version", &mapped.provenance.version},
                                                       {"licence", &mapped.provenance.licence},
                                                       {"date", &mapped.provenance.date}};
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (name == "columns") continue;
      const auto at = texts.find(name);
      if (!take_text(name, node, at == texts.end() ? nullptr : at->second)) return false;
    }
    if (file.empty() || mapped.name.empty()) return refuse(table, "the table has no `file` or no `name`");
    if (separator.size() != 1) return refuse(table, "`separator` is one character");
    if (mapped.provenance.licence.empty()) return refuse(table, "the table states no `licence`");
    mapped.file = folder_ / file;
    mapped.separator = separator.front();
    if (const auto known = role.empty() ? TableRole::kNone : parse_table_role(role))
      mapped.role = *known;
    else
      return refuse(table, "`" + role + "` is no role of a table");
    const auto* const columns = table["columns"].as_table();
    if (columns == nullptr || columns->empty()) return refuse(table, "the table has no [table.columns]");
    for (const auto& [key, node] : *columns)
      if (!read_column(std::string(key.str()), node, mapped.columns.emplace_back())) return false;
    return true;
  }

  bool read_column(const std::string& name, const toml::node& node, MappedColumn& mapped) {
    mapped.target.column.name = name;
    if (node.is_string()) {
      mapped.text = node.as_string()->get();
      return true;
    }
    const auto* const table = node.as_table();
    if (table == nullptr) return refuse(node, "`" + name + "` is neither a text nor { column = … }");
    std::string type = "String";
    const std::map<std::string, std::string*> texts = {{"column", &mapped.column},
                                                       {"prefix", &mapped.text},
                                                       {"type", &type},
                                                       {"system", &mapped.target.system},
                                                       {"system_column", &mapped.target.system_column}};
    for (const auto& [key, value] : *table) {
      const std::string what(key.str());
      if (what == "required" && value.is_boolean()) {
        mapped.required = value.as_boolean()->get();
      } else if (what == "values" && value.is_table()) {
        for (const auto& [from, to] : *value.as_table())
          if (!take_text(std::string(from.str()), to, &mapped.values[std::string(from.str())])) return false;
      } else if (const auto at = texts.find(what); !take_text(what, value, at == texts.end() ? nullptr : at->second)) {
        return false;
      }
    }
    const auto known = parse_column_type(type);
    if (!known) return refuse(node, "`" + type + "` is no type of a column");
    mapped.target.column.type = *known;
    if (known == ColumnType::kCode && mapped.target.system.empty() && mapped.target.system_column.empty())
      mapped.target.system = kDefaultCodeSystem;
    return !mapped.column.empty() || refuse(node, "`" + name + "` names no column");
  }

  const TextFile& file_;
  std::filesystem::path folder_;
  DiagnosticSink& sink_;
};

}  // namespace

std::optional<CsvMapping> read_csv_mapping(const std::filesystem::path& path, DiagnosticSink& sink) {
  const auto file = read_text_file(path, sink);
  if (!file) return std::nullopt;
  return CsvMappingReader(*file, path.parent_path(), sink).read();
}

}  // namespace vigil
