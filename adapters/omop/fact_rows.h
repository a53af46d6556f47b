// SPDX-License-Identifier: Apache-2.0
// A row of an OMOP table as a FHIR resource.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/json_writer.h"
#include "omop/concepts.h"
#include "tables/table_reader.h"

namespace vigil::omop {

using json::JsonWriter;

/// What rows refer to. Immutable.
struct Vocabulary {
  Concepts concepts;
  std::unordered_map<std::string, std::string> deaths;  ///< time of death by person_id
};

/// One table's columns, found once.
class FactRow {
 public:
  FactRow(const TableReader& table, const Vocabulary& vocabulary) : table_(table), vocabulary_(vocabulary) {}
  /// False, with VGL1313, where a column of `required` is missing; those of `optional` are empty then.
  bool find_columns(std::string_view table, std::span<const std::string_view> names, size_t required,
                    DiagnosticSink& sink);

  /// By the place of its name among those given to find_columns().
  std::string_view get(size_t column) const {
    return columns_[column] == kAbsent ? std::string_view{} : table_.value(columns_[column]);
  }
  /// Which column of the row at hand holds no date or no number though it should; empty where all do.
  std::string problem() const;
  const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  static constexpr size_t kAbsent = SIZE_MAX;
  const TableReader& table_;
  const Vocabulary& vocabulary_;
  std::vector<size_t> columns_;
  struct Typed {
    std::string_view name;
    size_t column = 0;  ///< of the table
    bool is_time = false;
  };
  std::vector<Typed> typed_;  ///< the columns of dates and numbers
};

/// How the rows of one table become resources.
struct FactTable {
  std::string_view name;  ///< in lower case
  std::string_view resource_type;
  std::span<const std::string_view> columns;
  size_t required = 0;  ///< the first so many columns
  /// Writes a row's members. Returns whether what it is about has a code of a known system; most
  /// tables are about one concept.
  bool (*write)(const FactRow& row, JsonWriter& json) = nullptr;
  bool names_its_type = false;  ///< rows become resources of several types
};

/// All tables that become resources. PERSON is the first.
std::span<const FactTable> fact_tables();

/// The resource of a row, written over `text`; `is_coded` as FactTable::write says.
void write_fact(const FactTable& table, const FactRow& row, std::string& text, bool& is_coded);

}  // namespace vigil::omop
