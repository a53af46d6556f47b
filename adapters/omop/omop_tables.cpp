// SPDX-License-Identifier: Apache-2.0
// Finds tables, reads what they refer to, and goes over their rows.
#include "omop/omop_tables.h"

#include <algorithm>
#include <array>

#include "omop/fact_rows.h"
#include "omop/table_set.h"
#include "tables/times.h"

namespace vigil::omop {

using tables::fhir_time;

namespace {

constexpr uint64_t kRowsBetweenProgress = 256;
constexpr std::string_view kEras = "drug_era";
constexpr std::string_view kExposures = "drug_exposure";

/// A row of DEATH of which something is lost.
struct BrokenDeath {
  uint64_t line = 0;
  std::string reason;
};

}  // namespace

struct OmopTables::Content {
  std::unique_ptr<TableSet> set;
  Vocabulary vocabulary;
  std::vector<OmopTable> tables;
  std::vector<BrokenDeath> broken_deaths;

  bool read_concepts(DiagnosticSink& sink);
  bool read_deaths(DiagnosticSink& sink);
  void add_death(const FactRow& row);
  bool has_exposures(DiagnosticSink& sink) const;
};

bool OmopTables::Content::read_concepts(DiagnosticSink& sink) {
  const auto table = set->open(*set->find("concept"), Concepts::columns(), sink);
  return table && vocabulary.concepts.read(*table, sink) && !table->broke();
}

bool OmopTables::Content::read_deaths(DiagnosticSink& sink) {
  const auto* found = set->find("death");
  if (found == nullptr) return true;
  constexpr std::array<std::string_view, 3> kNames = {"person_id", "death_date", "death_datetime"};
  const auto table = set->open(*found, kNames, sink);
  if (!table) return false;
  FactRow row(*table, vocabulary);
  if (!row.find_columns("death", kNames, 2, sink)) return false;
  while (table->next()) {
    auto problem = std::string(table->problem());
    if (problem.empty()) {
      add_death(row);
      problem = row.problem();
      if (problem.empty() && row.get(0).empty()) problem = "column `person_id` is empty";
    }
    if (!problem.empty()) broken_deaths.push_back({table->line(), std::move(problem)});
  }
  return !table->broke();
}

/// That a person died stays where the date is none. A table has one row a person; of several, in any order, the
/// earliest date counts.
void OmopTables::Content::add_death(const FactRow& row) {
  if (row.get(0).empty()) return;
  const auto time = fhir_time(row.get(1), row.get(2));
  auto& death = vocabulary.deaths[std::string(row.get(0))];
  if (death.empty() || (!time.empty() && time < death)) death = time;
}

/// Whether DRUG_EXPOSURE has a row. Eras are derived from it: beside it they would count each drug twice.
bool OmopTables::Content::has_exposures(DiagnosticSink& sink) const {
  const auto* found = set->find(kExposures);
  if (found == nullptr || found->size == 0) return false;
  if (set->counts_rows()) return true;
  constexpr std::array<std::string_view, 1> kNames = {"drug_exposure_id"};
  const auto table = set->open(*found, kNames, sink);
  return table == nullptr || table->next();  // what cannot be read holds some
}

OmopTables::OmopTables(std::unique_ptr<Content> content) : content_(std::move(content)) {}
OmopTables::~OmopTables() = default;
OmopTables::OmopTables(OmopTables&&) noexcept = default;
const std::vector<OmopTable>& OmopTables::tables() const { return content_->tables; }
bool OmopTables::counts_rows() const { return content_->set->counts_rows(); }
std::string OmopTables::state() const { return content_->set->state(); }
bool OmopTables::is_omop(const std::string& source) { return holds_omop_tables(source); }

std::optional<OmopTables> OmopTables::open(const std::string& source, DiagnosticSink& sink, std::string_view schemas) {
  auto content = std::make_unique<Content>();
  content->set = open_table_set(source, schemas, sink);
  if (!content->set || !content->read_concepts(sink) || !content->read_deaths(sink)) return std::nullopt;
  for (size_t i = 0; i < fact_tables().size(); ++i) {
    const auto name = fact_tables()[i].name;
    if (const auto* facts = content->set->find(name)) {
      const bool is_derived = name == kEras && content->has_exposures(sink);
      content->tables.push_back(
          {facts->label, facts->path, facts->size, i, is_derived ? TableUse::kCounted : TableUse::kFacts});
    }
  }
  if (const auto* deaths = content->set->find("death"))
    content->tables.push_back({deaths->label, deaths->path, deaths->size, 0, TableUse::kDeaths});
  std::string others;
  for (const auto& each : content->set->tables()) {
    const bool is_read = each.name == "concept" || each.name == "death" ||
                         std::any_of(fact_tables().begin(), fact_tables().end(),
                                     [&](const FactTable& facts) { return facts.name == each.name; });
    if (!is_read) others += (others.empty() ? "" : ", ") + each.name;
  }
  if (!others.empty()) sink.add(data_diagnostic("VGL1316", {}, {others, "these tables become no resources"}));
  return OmopTables(std::move(content));
}

/// Each with the type that holds what they tell; those that are whole are counted with their PERSON.
void OmopTables::report_deaths(size_t number, RowVisitor& visitor) const {
  const OmopTable& described = content_->tables[number];
  for (const auto& death : content_->broken_deaths)
    visitor.broken_part(fact_tables()[described.fact_table].resource_type, death.line, death.reason);
  visitor.progress(described.size);
}

TableRead OmopTables::count(size_t number, RowVisitor& visitor, DiagnosticSink& sink) const {
  const OmopTable& described = content_->tables[number];
  const FactTable& facts = fact_tables()[described.fact_table];
  const auto table = content_->set->open(*content_->set->find(facts.name), facts.columns.first(1), sink);
  if (!table) return content_->set->may_come_back() ? TableRead::kBroken : TableRead::kNone;
  while (table->next()) visitor.passed_over(facts.resource_type);
  if (table->broke()) return TableRead::kBroken;
  visitor.progress(described.size);
  return TableRead::kWhole;
}

TableRead OmopTables::read(size_t number, RowVisitor& visitor, DiagnosticSink& sink) const {
  const OmopTable& described = content_->tables[number];
  if (described.use == TableUse::kCounted) return count(number, visitor, sink);
  if (described.use == TableUse::kDeaths) {
    report_deaths(number, visitor);
    return TableRead::kWhole;
  }
  const FactTable& facts = fact_tables()[described.fact_table];
  const TableRead failed = content_->set->may_come_back() ? TableRead::kBroken : TableRead::kNone;
  const auto table = content_->set->open(*content_->set->find(facts.name), facts.columns, sink);
  if (!table) return failed;
  FactRow row(*table, content_->vocabulary);
  if (!row.find_columns(facts.name, facts.columns, facts.required, sink)) return failed;
  std::string resource;
  uint64_t done = 0;
  for (uint64_t rows = 1; table->next(); ++rows) {
    bool is_coded = true;
    if (!table->problem().empty()) {
      visitor.broken(facts.resource_type, table->line(), table->problem(), {});
    } else if (const auto problem = row.problem(); !problem.empty()) {
      write_fact(facts, row, resource, is_coded);
      visitor.broken(facts.resource_type, table->line(), problem, resource);
    } else {
      write_fact(facts, row, resource, is_coded);
      visitor.resource(resource, facts.resource_type, table->line(), is_coded);
    }
    if (rows % kRowsBetweenProgress != 0) continue;
    const uint64_t now = table->bytes_done();
    if (!visitor.progress(now - done)) return TableRead::kWhole;
    done = now;
  }
  if (table->broke()) return TableRead::kBroken;
  visitor.progress(described.size - std::min(done, described.size));
  return TableRead::kWhole;
}

}  // namespace vigil::omop
