// SPDX-License-Identifier: Apache-2.0
// A mapping file: what the columns of CSV tables mean as elements of FHIR resources.
//
//   [[table]]
//   file = "labs.csv"
//   resource = "Observation"
//   filed = "stored_at"                              # optional: when the source had the row
//   [table.elements]
//   id = { column = "lab_id" }
//   status = "final"                                 # the same in all rows
//   "subject.reference" = { column = "mrn", prefix = "Patient/" }
//   "code.coding[0].system" = "http://loinc.org"
//   "code.coding[0].code" = { column = "loinc" }
//   effectiveDateTime = { column = "taken" }         # "2020-01-31 13:05:00" is read as UTC
//   "valueQuantity.value" = { column = "value", type = "number" }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/diagnostic.h>

#include "json/json_writer.h"
#include "tables/table_reader.h"

namespace vigil::tables {

/// How a value of a column becomes JSON.
enum class ValueType : uint8_t { kText, kNumber, kBoolean, kTime };

/// An element of the resource: a value, or an object or list with elements in it.
struct MappedElement {
  std::string name;      ///< empty in a list
  bool is_list = false;  ///< its children are the list's elements
  std::vector<MappedElement> children;
  std::string column;  ///< of a value; empty: `text` in every row
  std::string text;    ///< the value, or what goes before the column's
  ValueType type = ValueType::kText;
};

/// One table of the mapping.
struct MappedTable {
  std::string file;
  std::string resource_type;
  std::string filed;  ///< column; may be empty
  MappedElement root;
};

struct Mapping {
  std::vector<MappedTable> tables;
};

/// Reads a mapping. None, with VGL1312 and its line, where it is wrong; VGL1010 where it cannot be read.
std::optional<Mapping> read_mapping(const std::string& path, DiagnosticSink& sink);

/// Writes rows of one table as resources. The reader must outlive it. Not thread-safe.
class MappedRows {
 public:
  /// None, with VGL1313, where the table lacks a column that the mapping names.
  static std::optional<MappedRows> open(const MappedTable& table, const TableReader& reader, DiagnosticSink& sink);

  /// The row the reader is at. Elements without a value are left out, and objects without elements. `problem` tells why
  /// a value is none of its type; empty where all are.
  std::string_view write(std::string& problem);
  /// When the source had the row, as a FHIR time; empty where it does not say.
  std::string filed() const;

 private:
  MappedRows(const MappedTable& table, const TableReader& reader) : table_(&table), reader_(&reader) {}
  bool find_columns(const MappedElement& element, DiagnosticSink& sink);
  std::string_view filed_text() const;
  std::string_view value_of(const MappedElement& element) const;
  bool has_value(const MappedElement& element) const;
  void write_children(const MappedElement& element, json::JsonWriter& json, std::string& problem);
  void write_value(const MappedElement& element, json::JsonWriter& json, std::string& problem);

  const MappedTable* table_;
  const TableReader* reader_;
  std::vector<std::pair<std::string, size_t>> columns_;
  std::string text_;  ///< of the row at hand
};

}  // namespace vigil::tables
