// SPDX-License-Identifier: Apache-2.0
// Rows as a mapping tells.
#include <algorithm>

#include "tables/mapping.h"
#include "tables/times.h"

namespace vigil::tables {

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
  json_.begin();
  json_.text("resourceType", table_->resource_type);
  write_children(table_->root, problem);
  if (const auto filed = filed_text(); !filed.empty() && !is_time(filed))
    problem = "column `" + table_->filed + "` holds no date or time";
  return json_.finish();
}

void MappedRows::write_children(const MappedElement& element, std::string& problem) {
  for (const auto& child : element.children) {
    if (!has_value(child)) continue;
    if (child.children.empty()) {
      write_value(child, problem);
    } else if (!child.is_list) {
      json_.open(child.name);
      write_children(child, problem);
      json_.close();
    } else {
      json_.begin_list(child.name);
      for (const auto& item : child.children) {
        if (!has_value(item)) continue;
        json_.open({});
        write_children(item, problem);
        json_.close();
      }
      json_.end_list();
    }
  }
}

void MappedRows::write_value(const MappedElement& element, std::string& problem) {
  const auto value = value_of(element);
  const auto refuse = [&](std::string_view what) {
    problem = "column `" + element.column + "` holds no " + std::string(what);
  };
  switch (element.type) {
    case ValueType::kText:
      if (element.column.empty() || element.text.empty()) return json_.text(element.name, value);
      return json_.text(element.name, element.text + std::string(value));
    case ValueType::kNumber:
      if (const auto number = json_number(value); !number.empty()) return json_.raw(element.name, number);
      return refuse("number");
    case ValueType::kBoolean: {
      const auto word = lower(value);
      if (word == "true" || word == "t" || word == "1" || word == "yes") return json_.raw(element.name, "true");
      if (word == "false" || word == "f" || word == "0" || word == "no") return json_.raw(element.name, "false");
      return refuse("true or false");
    }
    case ValueType::kTime:
      if (is_time(value)) return json_.text(element.name, fhir_time({}, value));
      return refuse("date or time");
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
