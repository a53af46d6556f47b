// SPDX-License-Identifier: Apache-2.0
// Reads mapping files; the only file here that knows TOML.
#include "tables/mapping.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <vigil/snapshot.h>

namespace vigil::tables {
namespace {

/// "coding[0]" is coding and 0.
struct PathPart {
  std::string name;
  std::optional<size_t> index;
};

class MappingReader {
 public:
  MappingReader(std::string path, DiagnosticSink& sink) : path_(std::move(path)), sink_(sink) {}

  std::optional<Mapping> read(const std::string& text) {
    auto parsed = toml::parse(text);
    if (!parsed) return fail(parsed.error().source().begin.line, std::string(parsed.error().description()));
    Mapping mapping;
    const auto* tables = parsed.table()["table"].as_array();
    if (tables == nullptr || tables->empty()) return fail(1, "it has no [[table]]");
    for (const auto& each : *tables) {
      const auto* table = each.as_table();
      if (table == nullptr || !read_table(*table, mapping.tables.emplace_back())) return std::nullopt;
    }
    return mapping;
  }

 private:
  std::nullopt_t fail(size_t line, const std::string& what) {
    sink_.add(data_diagnostic("VGL1312", path_ + ": line " + std::to_string(line), {what}));
    return std::nullopt;
  }
  bool refuse(const toml::node& node, const std::string& what) {
    fail(node.source().begin.line, what);
    return false;
  }

  bool read_table(const toml::table& table, MappedTable& mapped) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      std::string* text = name == "file"       ? &mapped.file
                          : name == "resource" ? &mapped.resource_type
                          : name == "filed"    ? &mapped.filed
                                               : nullptr;
      if (name == "elements") continue;
      if (text == nullptr) return refuse(node, "`" + name + "` is not known here");
      if (!node.is_string()) return refuse(node, "`" + name + "` is no text");
      *text = node.as_string()->get();
    }
    if (mapped.file.empty()) return refuse(table, "the table has no `file`");
    if (!ReadPlan::is_resource_type(mapped.resource_type))
      return refuse(table, "`" + mapped.resource_type + "` is no resource type of FHIR R4");
    const auto* elements = table["elements"].as_table();
    if (elements == nullptr || elements->empty()) return refuse(table, "the table has no [table.elements]");
    for (const auto& [key, node] : *elements)
      if (!read_element(std::string(key.str()), node, mapped.root)) return false;
    return true;
  }

  bool read_element(const std::string& path, const toml::node& node, MappedElement& root) {
    MappedElement* at = &root;
    std::string_view rest = path;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('.'), rest.size());
      PathPart part;
      if (!read_part(rest.substr(0, end), part)) return refuse(node, "`" + path + "` is no path");
      rest.remove_prefix(std::min(end + 1, rest.size()));
      at = child_of(*at, part.name, part.index.has_value());
      if (!part.index) continue;
      if (*part.index > at->children.size()) return refuse(node, "`" + path + "` leaves out an element before it");
      if (*part.index == at->children.size()) at->children.emplace_back();
      at = &at->children[*part.index];
    }
    return read_value(path, node, *at);
  }

  static bool read_part(std::string_view text, PathPart& part) {
    const size_t bracket = text.find('[');
    part.name = text.substr(0, bracket);
    if (part.name.empty()) return false;
    if (bracket == std::string_view::npos) return true;
    size_t index = 0;
    const char* begin = text.data() + bracket + 1;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), index);
    part.index = index;
    return error == std::errc() && end + 1 == text.data() + text.size() && *end == ']';
  }

  static MappedElement* child_of(MappedElement& element, const std::string& name, bool is_list) {
    for (auto& child : element.children)
      if (child.name == name) return &child;
    auto& child = element.children.emplace_back();
    child.name = name;
    child.is_list = is_list;
    return &child;
  }

  bool read_value(const std::string& path, const toml::node& node, MappedElement& element) {
    if (!element.children.empty()) return refuse(node, "`" + path + "` is a value and has elements");
    if (node.is_string()) {
      element.text = node.as_string()->get();
      return true;
    }
    const auto* table = node.as_table();
    if (table == nullptr) return refuse(node, "`" + path + "` is neither a text nor { column = … }");
    for (const auto& [key, value] : *table) {
      const std::string name(key.str());
      if (!value.is_string()) return refuse(value, "`" + name + "` is no text");
      const std::string& text = value.as_string()->get();
      if (name == "column")
        element.column = text;
      else if (name == "prefix")
        element.text = text;
      else if (name != "type" || !read_type(text, element.type))
        return refuse(value, "`" + (name == "type" ? text : name) + "` is not known here");
    }
    return !element.column.empty() || refuse(node, "`" + path + "` names no column");
  }

  static bool read_type(const std::string& text, ValueType& type) {
    if (text == "text")
      type = ValueType::kText;
    else if (text == "number")
      type = ValueType::kNumber;
    else if (text == "boolean")
      type = ValueType::kBoolean;
    else if (text == "time")
      type = ValueType::kTime;
    else
      return false;
    return true;
  }

  std::string path_;
  DiagnosticSink& sink_;
};

}  // namespace

std::optional<Mapping> read_mapping(const std::string& path, DiagnosticSink& sink) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    sink.add(data_diagnostic("VGL1010", path, {path, "it cannot be opened"}));
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return MappingReader(path, sink).read(text.str());
}

}  // namespace vigil::tables
