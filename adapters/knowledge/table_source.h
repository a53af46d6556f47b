// SPDX-License-Identifier: Apache-2.0
// What a manifest says of one table, and what its rows mean besides.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/knowledge_base.h>

#include "knowledge/provenance.h"

namespace vigil {

/// A table's part in what the engine knows of drugs and allergens; kNone is a table for rules only.
enum class TableRole { kNone, kDrug, kIngredient, kClass, kAllergen, kCrossReactivity, kCrosswalk };

std::optional<TableRole> parse_table_role(std::string_view text);
std::optional<ColumnType> parse_column_type(std::string_view text);
/// As the manifest writes it; empty for kNone.
std::string_view table_role_name(TableRole role);
std::string_view column_type_name(ColumnType type);

struct ColumnSource {
  TableColumn column;
  std::string system;         ///< of a code column's codes
  std::string system_column;  ///< the column that names it row by row, or empty
};

struct TableSource {
  std::string name;
  TableRole role = TableRole::kNone;
  std::vector<ColumnSource> columns;
  std::filesystem::path file;
  Provenance provenance;
  std::string place;  ///< in the manifest; empty without one
};

/// Reads the table's file into a knowledge table and, by its role, into names and relations. The result is the line of
/// each row of the table, in the table's order.
std::vector<uint32_t> read_table_source(const TableSource& source, KnowledgeBaseBuilder& builder, DiagnosticSink& sink);

}  // namespace vigil
