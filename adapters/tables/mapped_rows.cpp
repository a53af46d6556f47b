// SPDX-License-Identifier: Apache-2.0
// Rows as a mapping tells.
#include <algorithm>
#include <array>

#include "json/json_number.h"
#include "tables/mapping.h"
#include "tables/times.h"

namespace vigil::tables {

using json::JsonWriter;

namespace {

/// What databases write for yes and no; empty where it is neither.
std::string_view json_boolean(std::string_view text) {
  const auto word = lower(text);
  if (word == "true" || word == "t" || word == "1" || word == "yes") return "true";
  return word == "false" || word == "f" || word == "0" || word == "no" ? "false" : "";
}

}  // namespace

std::optional<MappedRows> MappedRows::open(const MappedTable& table, const TableReader& reader, DiagnosticSink& sink) {
  MappedRows rows(table, reader);
  MappedElement filed;
  filed.column = table.filed;
  if (!rows.find_columns(table.root, sink) || !rows.find_columns(filed, sink)) return std::nullopt;
  return rows;
}

bool MappedRows::find_columns(const MappedElement& element, DiagnosticSink& sink) {
  if (!element.column.empty()) {
    const auto column = reader_->column(element.column);
    if (!column) {
      sink.add(data_diagnostic("VGL1313", {}, {table_->file, element.column}));
      return false;
    }
    columns_.emplace_back(element.column, *column);
  }
  return std::all_of(element.children.begin(), element.children.end(),
                     [&](const MappedElement& child) { return find_columns(child, sink); });
}

std::string_view MappedRows::value_of(const MappedElement& element) const {
  if (element.column.empty()) return element.text;
  for (const auto& [name, column] : columns_)
    if (name == element.column) return reader_->value(column);
  return {};
}

/// Whether anything of it comes from a column that has a value, or it is the same in all rows by itself. An object
/// whose columns are all empty is left out, though it has a system or a unit that never changes.
bool MappedRows::has_value(const MappedElement& element) const {
  if (element.children.empty()) return !value_of(element).empty();
  bool has_column = false;
  const auto look = [&](const auto& self, const MappedElement& at) -> bool {
    has_column |= !at.column.empty();
    if (!at.column.empty() && !value_of(at).empty()) return true;
    return std::any_of(at.children.begin(), at.children.end(),
                       [&](const MappedElement& child) { return self(self, child); });
  };
  return look(look, element) || !has_column;
}

std::string_view MappedRows::write(std::string& problem) {
  problem.clear();
  text_.clear();
  JsonWriter json(text_);
  json.open('{').text("resourceType", table_->resource_type);
  write_children(table_->root, json, problem);
  json.close('}');
  if (const auto filed = filed_text(); !filed.empty() && !is_time(filed))
    problem = "column `" + table_->filed + "` holds no date or time";
  return text_;
}

void MappedRows::write_children(const MappedElement& element, JsonWriter& json, std::string& problem) {
  for (const auto& child : element.children) {
    if (!has_value(child)) continue;
    if (child.children.empty()) {
      write_value(child, json, problem);
    } else if (!child.is_list) {
      json.key(child.name).open('{');
      write_children(child, json, problem);
      json.close('}');
    } else {
      json.key(child.name).open('[');
      for (const auto& item : child.children) {
        if (!has_value(item)) continue;
        json.open('{');
        write_children(item, json, problem);
        json.close('}');
      }
      json.close(']');
    }
  }
}

void MappedRows::write_value(const MappedElement& element, JsonWriter& json, std::string& problem) {
  const auto value = value_of(element);
  const auto write = [&](std::string_view raw, std::string_view what) {
    json.raw(element.name, raw);
    if (raw.empty()) problem = "column `" + element.column + "` holds no " + std::string(what);
  };
  switch (element.type) {
    case ValueType::kText: {
      const std::string_view prefix = element.column.empty() ? std::string_view{} : element.text;
      json.key(element.name).string(std::array{prefix, value});
      break;
    }
    case ValueType::kNumber: write(json::to_number(value), "number"); break;
    case ValueType::kBoolean: write(json_boolean(value), "true or false"); break;
    case ValueType::kTime:
      if (is_time(value))
        json.text(element.name, fhir_time({}, value));
      else
        write({}, "date or time");
      break;
  }
}

std::string_view MappedRows::filed_text() const {
  if (table_->filed.empty()) return {};
  MappedElement element;
  element.column = table_->filed;
  return value_of(element);
}

std::string MappedRows::filed() const { return fhir_time({}, filed_text()); }

}  // namespace vigil::tables
