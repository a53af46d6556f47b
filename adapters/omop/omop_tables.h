// SPDX-License-Identifier: Apache-2.0
// OMOP CDM 5.4 tables, of a folder of CSV files, an SQLite or a PostgreSQL database, as FHIR R4 resources.
//
//   const auto tables = omop::OmopTables::open("cdm", diagnostics);
//   for (size_t i = 0; i < tables->size(); ++i) tables->read(i, visitor, diagnostics);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

namespace vigil::omop {

/// Takes the rows of a table.
class RowVisitor {
 public:
  virtual ~RowVisitor() = default;
  /// A row as a resource; the view holds until the next. `is_coded`: it has a code of a system that FHIR names.
  virtual void resource(std::string_view json, std::string_view type, uint64_t line, bool is_coded) = 0;
  /// A row that cannot be read. `json`: the resource without the values that are none; empty where nothing of it is
  /// sure.
  virtual void broken(std::string_view type, uint64_t line, std::string_view reason, std::string_view json) = 0;
  /// A row that cannot be read and would have told more of a resource that is there, as one of DEATH does.
  virtual void broken_part(std::string_view type, uint64_t line, std::string_view reason) = 0;
  /// A row that becomes nothing.
  virtual void passed_over(std::string_view type) = 0;
  /// How much more of the table's `size` is done. False where reading is to end.
  virtual bool progress(uint64_t bytes) = 0;
};

/// What is done with a table.
enum class TableUse : uint8_t {
  kFacts,   ///< its rows become resources
  kDeaths,  ///< its rows become part of Patients; here those that could not
  kCounted  ///< DRUG_ERA beside DRUG_EXPOSURE: its rows are passed over, and counted
};

/// A table that is read.
struct OmopTable {
  std::string name;       ///< of the file, or of the table in the database
  std::string path;       ///< of the file; empty of a server
  uint64_t size = 0;      ///< bytes of the file, rows of a database
  size_t fact_table = 0;  ///< in fact_tables(); of kDeaths that of PERSON
  TableUse use = TableUse::kFacts;
};

/// How far a table was read.
enum class TableRead : uint8_t {
  kWhole,  ///< or as far as the visitor wanted
  kNone,   ///< it cannot be read at all
  kBroken  ///< a server could not give it whole now
};

/// Tables with the concepts and deaths they refer to, which are held in memory. Immutable; any number of threads may
/// read, each another table or the same.
class OmopTables {
 public:
  /// Whether a source is an SQLite database, a folder with a table PERSON or the address of a PostgreSQL database.
  static bool is_omop(const std::string& source);
  /// None where CONCEPT is missing (VGL1306) or a table cannot be read: VGL1010, VGL1313, VGL1314. Tables that become
  /// no resources are noted (VGL1316). `schemas`, divided by commas, are of a PostgreSQL database.
  static std::optional<OmopTables> open(const std::string& source, DiagnosticSink& sink, std::string_view schemas = {});
  ~OmopTables();
  OmopTables(OmopTables&&) noexcept;

  const std::vector<OmopTable>& tables() const;
  /// Whether sizes are of rows.
  bool counts_rows() const;
  /// Of a server: another text whenever anything was written to it. Empty of files.
  std::string state() const;
  /// With a diagnostic where it is not kWhole.
  TableRead read(size_t table, RowVisitor& visitor, DiagnosticSink& sink) const;

 private:
  TableRead count(size_t table, RowVisitor& visitor, DiagnosticSink& sink) const;
  void report_deaths(size_t table, RowVisitor& visitor) const;

  struct Content;
  explicit OmopTables(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace vigil::omop
