// SPDX-License-Identifier: Apache-2.0
// Finds the tables of a source.
#include "omop/table_set.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "omop/fact_rows.h"
#include "tables/postgres_database.h"

namespace vigil::omop {

using tables::lower;
using tables::PostgresDatabase;

namespace {

namespace fs = std::filesystem;

bool is_sqlite(const std::string& path) {
  constexpr std::string_view kMagic = "SQLite format 3";
  std::string begin(kMagic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return file && begin == kMagic;
}

class CsvFolder : public TableSet {
 public:
  explicit CsvFolder(const std::string& folder) {
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      if (!at->is_regular_file(error) || lower(at->path().extension().string()) != ".csv") continue;
      const auto& path = at->path();
      tables_.push_back({lower(path.stem().string()), path.filename().string(), path.string(), at->file_size(error)});
    }
    std::sort(tables_.begin(), tables_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  }
  std::unique_ptr<TableReader> open(const StoredTable& table, std::span<const std::string_view>,
                                    DiagnosticSink& sink) const override {
    return tables::open_csv_table(table.path, sink);
  }
  bool counts_rows() const override { return false; }
};

class SqliteFile : public TableSet {
 public:
  SqliteFile(const std::string& path, DiagnosticSink& sink) {
    for (auto& table : tables::list_sqlite_tables(path, sink))
      tables_.push_back({table.name, table.name, path, table.rows});
  }
  std::unique_ptr<TableReader> open(const StoredTable& table, std::span<const std::string_view>,
                                    DiagnosticSink& sink) const override {
    return tables::open_sqlite_table(table.path, table.name, sink);
  }
};

/// Rows are counted, and may be read, of the tables that become something only.
class PostgresTables : public TableSet {
 public:
  explicit PostgresTables(std::unique_ptr<PostgresDatabase> database) : database_(std::move(database)) {}

  bool count(DiagnosticSink& sink) {
    for (const auto& table : database_->tables()) {
      const auto facts = fact_tables();
      const bool is_read = std::any_of(facts.begin(), facts.end(), [&](const auto& f) { return f.name == table.name; });
      const auto rows = is_read ? database_->count_rows(table, sink) : 0;
      if (!rows) return false;
      tables_.push_back({table.name, table.name, {}, *rows});
    }
    return true;
  }
  std::unique_ptr<TableReader> open(const StoredTable& table, std::span<const std::string_view> columns,
                                    DiagnosticSink& sink) const override {
    return database_->read(database_->tables()[static_cast<size_t>(&table - tables_.data())], columns, sink);
  }
  bool may_come_back() const override { return true; }
  std::string state() const override { return database_->state(); }

 private:
  std::unique_ptr<PostgresDatabase> database_;
};

std::unique_ptr<TableSet> open_postgres(const std::string& address, std::string_view schemas, DiagnosticSink& sink) {
  auto database = PostgresDatabase::open(address, schemas, sink);
  if (!database) return nullptr;
  const auto& named = *database;
  auto tables = std::make_unique<PostgresTables>(std::move(database));
  if (!tables->count(sink)) return nullptr;
  if (tables->find("person") != nullptr && tables->find("concept") != nullptr) return tables;
  const auto persons = named.schemas_with("person");
  const auto concepts = named.schemas_with("concept");
  auto none = data_diagnostic("VGL1306", {}, {named.name()});
  if (persons.empty() || concepts.empty())
    none.with_hint(
        "expected the tables PERSON and CONCEPT, which tells the codes; the user may see no schema with both");
  else
    none.with_hint("name the schemas with --schema: PERSON is in " + persons + ", CONCEPT in " + concepts);
  sink.add(std::move(none));
  return nullptr;
}

}  // namespace

const StoredTable* TableSet::find(std::string_view name) const {
  const auto found =
      std::find_if(tables_.begin(), tables_.end(), [&](const StoredTable& each) { return each.name == name; });
  return found == tables_.end() ? nullptr : &*found;
}

bool holds_omop_tables(const std::string& source) {
  if (PostgresDatabase::names(source)) return true;
  std::error_code error;
  if (fs::is_directory(source, error)) return CsvFolder(source).find("person") != nullptr;
  return is_sqlite(source);
}

std::unique_ptr<TableSet> open_table_set(const std::string& source, std::string_view schemas, DiagnosticSink& sink) {
  if (PostgresDatabase::names(source)) return open_postgres(source, schemas, sink);
  std::unique_ptr<TableSet> tables;
  if (is_sqlite(source))
    tables = std::make_unique<SqliteFile>(source, sink);
  else
    tables = std::make_unique<CsvFolder>(source);
  if (tables->find("concept") != nullptr) return tables;
  sink.add(data_diagnostic("VGL1306", {}, {source}).with_hint("expected the table CONCEPT, which tells the codes"));
  return nullptr;
}

}  // namespace vigil::omop
