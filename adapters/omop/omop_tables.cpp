// SPDX-License-Identifier: Apache-2.0
// Finds tables, reads what they refer to, and goes over their rows.
#include "omop/omop_tables.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "omop/fact_rows.h"
#include "tables/times.h"

namespace vigil::omop {

using tables::fhir_time;
using tables::list_sqlite_tables;
using tables::lower;
using tables::open_csv_table;
using tables::open_sqlite_table;

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kRowsBetweenProgress = 256;

bool is_sqlite(const std::string& path) {
  constexpr std::string_view kMagic = "SQLite format 3";
  std::string begin(kMagic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return file && begin == kMagic;
}

/// A table of either form, by its name in lower case.
struct Found {
  std::string name;
  std::string path;
  uint64_t bytes = 0;
};

std::vector<Found> find_csv(const std::string& folder) {
  std::vector<Found> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file(error) || lower(at->path().extension().string()) != ".csv") continue;
    found.push_back({lower(at->path().stem().string()), at->path().string(), at->file_size(error)});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
}

const Found* find(const std::vector<Found>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Found& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

struct OmopTables::Content {
  bool is_database = false;
  Vocabulary vocabulary;
  std::vector<OmopTable> tables;

  std::unique_ptr<TableReader> open(const Found& found, DiagnosticSink& sink) const {
    return is_database ? open_sqlite_table(found.path, found.name, sink) : open_csv_table(found.path, sink);
  }
  bool read_deaths(const Found& found, DiagnosticSink& sink);
};

bool OmopTables::Content::read_deaths(const Found& found, DiagnosticSink& sink) {
  const auto table = open(found, sink);
  if (!table) return false;
  constexpr std::array<std::string_view, 3> kNames = {"person_id", "death_date", "death_datetime"};
  FactRow row(*table, vocabulary);
  if (!row.find_columns("death", kNames, 2, sink)) return false;
  while (table->next())
    if (table->problem().empty()) vocabulary.deaths.emplace(row.get(0), fhir_time(row.get(1), row.get(2)));
  return true;
}

OmopTables::OmopTables(std::unique_ptr<Content> content) : content_(std::move(content)) {}
OmopTables::~OmopTables() = default;
OmopTables::OmopTables(OmopTables&&) noexcept = default;
const std::vector<OmopTable>& OmopTables::tables() const { return content_->tables; }

bool OmopTables::is_omop(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return find(find_csv(path), "person") != nullptr;
  return is_sqlite(path);
}

std::optional<OmopTables> OmopTables::open(const std::string& path, DiagnosticSink& sink) {
  auto content = std::make_unique<Content>();
  std::vector<Found> found;
  content->is_database = is_sqlite(path);
  if (content->is_database)
    for (auto& table : list_sqlite_tables(path, sink)) found.push_back({std::move(table.name), path, table.rows});
  else
    found = find_csv(path);
  const auto* concepts = find(found, "concept");
  if (concepts == nullptr) {
    sink.add(data_diagnostic("VGL1306", {}, {path}).with_hint("expected the table CONCEPT, which tells the codes"));
    return std::nullopt;
  }
  const auto table = content->open(*concepts, sink);
  if (!table || !content->vocabulary.concepts.read(*table, sink)) return std::nullopt;
  const auto* deaths = find(found, "death");
  if (deaths != nullptr && !content->read_deaths(*deaths, sink)) return std::nullopt;
  for (size_t i = 0; i < fact_tables().size(); ++i) {
    const auto* facts = find(found, fact_tables()[i].name);
    if (facts == nullptr) continue;
    const auto name = content->is_database ? facts->name : fs::path(facts->path).filename().string();
    content->tables.push_back({name, facts->path, facts->bytes, i});
  }
  std::string others;
  for (const auto& each : found) {
    const bool is_read = each.name == "concept" || each.name == "death" ||
                         std::any_of(fact_tables().begin(), fact_tables().end(),
                                     [&](const FactTable& facts) { return facts.name == each.name; });
    if (!is_read) others += (others.empty() ? "" : ", ") + each.name;
  }
  if (!others.empty()) sink.add(data_diagnostic("VGL1316", {}, {others, "these tables become no resources"}));
  return OmopTables(std::move(content));
}

bool OmopTables::read(size_t number, RowVisitor& visitor, DiagnosticSink& sink) const {
  const OmopTable& described = content_->tables[number];
  const FactTable& facts = fact_tables()[described.fact_table];
  const auto table = content_->open({std::string(facts.name), described.path, 0}, sink);
  if (!table) return false;
  FactRow row(*table, content_->vocabulary);
  if (!row.find_columns(facts.name, facts.columns, facts.required, sink)) return false;
  JsonWriter json;
  uint64_t done = 0;
  for (uint64_t rows = 1; table->next(); ++rows) {
    if (!table->problem().empty()) {
      visitor.broken(facts.resource_type, table->line(), table->problem());
    } else {
      bool is_coded = true;
      const auto resource = write_fact(facts, row, json, is_coded);
      visitor.resource(resource, facts.resource_type, table->line(), is_coded);
    }
    if (rows % kRowsBetweenProgress != 0) continue;
    const uint64_t now = table->bytes_done();
    if (!visitor.progress(now - done)) return true;
    done = now;
  }
  visitor.progress(described.bytes - std::min(done, described.bytes));
  return true;
}

}  // namespace vigil::omop
