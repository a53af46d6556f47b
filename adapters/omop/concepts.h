// SPDX-License-Identifier: Apache-2.0
// OMOP's CONCEPT table: from a concept's number to its code.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <vigil/diagnostic.h>

#include "tables/table_reader.h"

namespace vigil::omop {

using tables::TableReader;

struct Concept {
  std::string_view vocabulary;  ///< OMOP's vocabulary_id: "SNOMED"
  std::string_view code;
  std::string_view name;
};

/// All concepts of a source. Immutable once read.
class Concepts {
 public:
  /// What is read of the table.
  static std::span<const std::string_view> columns();
  /// Adds a table's rows; what cannot be read is left out. False, with VGL1313, where it lacks a column.
  bool read(TableReader& table, DiagnosticSink& sink);
  /// By the text of its number; none for 0, for no number, and where it is not held.
  std::optional<Concept> find(std::string_view id) const;
  size_t size() const { return rows_.size(); }

 private:
  struct Row {
    uint64_t text = 0;  ///< code, then name, in texts_
    uint32_t code_size = 0;
    uint32_t name_size = 0;
    uint32_t vocabulary = 0;
  };
  std::unordered_map<uint32_t, Row> rows_;
  std::string texts_;
  std::vector<std::string> vocabularies_;
};

/// FHIR's code system of an OMOP vocabulary; empty where FHIR R4 names none
/// (hl7.org/fhir/R4/terminologies-systems.html).
std::string_view system_of(std::string_view vocabulary);

/// The system of OMOP's own concept numbers (HL7 FHIR to OMOP guide, TerminologyServer).
inline constexpr std::string_view kOmopSystem = "https://fhir-terminology.ohdsi.org";

}  // namespace vigil::omop
