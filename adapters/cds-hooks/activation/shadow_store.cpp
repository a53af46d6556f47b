// SPDX-License-Identifier: Apache-2.0
// Two tables: candidates with their counts, and disagreements by call.
#include "cds-hooks/activation/shadow_store.h"

#include <algorithm>
#include <filesystem>

#include "decision-log/sqlite_statement.h"

namespace vigil::hooks {

using decision_log::Connection;

namespace {

constexpr const char* kSchema = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS candidate (
  id INTEGER PRIMARY KEY, pack TEXT NOT NULL, digest TEXT NOT NULL, version TEXT NOT NULL,
  active_version TEXT NOT NULL, compared INTEGER NOT NULL DEFAULT 0, differing INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, first INTEGER NOT NULL, last INTEGER NOT NULL,
  UNIQUE (pack, digest, active_version));
CREATE TABLE IF NOT EXISTS disagreement (
  number INTEGER PRIMARY KEY AUTOINCREMENT, candidate INTEGER NOT NULL REFERENCES candidate, at INTEGER NOT NULL,
  decision TEXT NOT NULL, service TEXT NOT NULL, rule TEXT NOT NULL, difference TEXT NOT NULL,
  active_tier TEXT NOT NULL, candidate_tier TEXT NOT NULL, findings INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS disagreement_of ON disagreement (candidate, rule, difference);
)";

constexpr const char* kCountCall = R"(
INSERT INTO candidate (pack, digest, version, active_version, compared, differing, failed, first, last)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
ON CONFLICT (pack, digest, active_version) DO UPDATE SET compared = compared + ?5, differing = differing + ?6,
  failed = failed + ?7, last = max(last, ?8))";

constexpr const char* kAddDisagreement = R"(
INSERT INTO disagreement (candidate, at, decision, service, rule, difference, active_tier, candidate_tier, findings)
SELECT id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM candidate WHERE pack = ?1 AND digest = ?2 AND active_version = ?3)";

constexpr const char* kForget = "DELETE FROM disagreement WHERE number <= (SELECT max(number) FROM disagreement) - ?1";

std::string tier_text(Tier tier, bool is_there) { return is_there ? std::string(name(tier)) : std::string(); }

}  // namespace

struct ShadowStore::State {
  Connection connection;
  uint64_t keep = 0;
};

ShadowStore::ShadowStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ShadowStore::~ShadowStore() = default;

std::unique_ptr<ShadowStore> ShadowStore::open(const std::string& file, uint64_t keep, std::string& problem) {
  auto state = std::make_unique<State>();
  state->keep = keep;
  std::error_code ignored;  // opening tells
  std::filesystem::create_directories(std::filesystem::path(file).parent_path(), ignored);
  problem = state->connection.open(file, /*read_only=*/false, /*busy_milliseconds=*/2000);
  if (problem.empty()) problem = state->connection.run(kSchema);
  return problem.empty() ? std::unique_ptr<ShadowStore>(new ShadowStore(std::move(state))) : nullptr;
}

std::string ShadowStore::write(std::span<const ComparedCall> calls) {
  auto& connection = state_->connection;
  auto problem = connection.run("BEGIN IMMEDIATE");
  for (const auto& call : calls) {
    if (!problem.empty()) break;
    problem = connection.prepared(kCountCall)
                  .bind_text(1, call.pack)
                  .bind_text(2, call.digest)
                  .bind_text(3, call.version)
                  .bind_text(4, call.active_version)
                  .bind(5, call.failed ? 0 : 1)
                  .bind(6, differs(call.disagreements) ? 1 : 0)
                  .bind(7, call.failed ? 1 : 0)
                  .bind(8, call.at)
                  .run();
    for (const auto& one : call.disagreements) {
      if (!problem.empty()) break;
      const auto active =
          tier_text(one.active, one.difference == Difference::kLost || one.difference == Difference::kTier);
      const auto tried =
          tier_text(one.candidate, one.difference == Difference::kNew || one.difference == Difference::kTier);
      problem = connection.prepared(kAddDisagreement)
                    .bind_text(1, call.pack)
                    .bind_text(2, call.digest)
                    .bind_text(3, call.active_version)
                    .bind(4, call.at)
                    .bind_text(5, call.decision)
                    .bind_text(6, call.service)
                    .bind_text(7, one.rule)
                    .bind_text(8, name(one.difference))
                    .bind_text(9, active)
                    .bind_text(10, tried)
                    .bind(11, one.count)
                    .run();
    }
  }
  if (problem.empty()) problem = connection.prepared(kForget).bind(1, static_cast<int64_t>(state_->keep)).run();
  if (problem.empty()) problem = connection.run("COMMIT");
  if (!problem.empty()) connection.run("ROLLBACK");
  return problem;
}

namespace {

void read_lines(Connection& connection, int64_t candidate, size_t examples, ShadowReport& report) {
  auto& lines = connection.prepared(
      "SELECT rule, difference, active_tier, candidate_tier, sum(findings), count(DISTINCT decision) FROM disagreement "
      "WHERE candidate = ?1 GROUP BY rule, difference, active_tier, candidate_tier ORDER BY rule, difference, 3, 4");
  lines.bind(1, candidate);
  while (lines.step())
    report.lines.push_back({std::string(lines.bytes(0)),
                            std::string(lines.bytes(1)),
                            std::string(lines.bytes(2)),
                            std::string(lines.bytes(3)),
                            static_cast<uint64_t>(lines.integer(4)),
                            static_cast<uint64_t>(lines.integer(5)),
                            {}});
  lines.reset();
  for (auto& line : report.lines) {
    if (line.difference == name(Difference::kNotComparable)) report.not_comparable += line.findings;
    auto& found = connection.prepared(
        "SELECT DISTINCT decision FROM disagreement WHERE candidate = ?1 AND rule = ?2 AND difference = ?3 AND "
        "active_tier = ?4 AND candidate_tier = ?5 ORDER BY number DESC LIMIT ?6");
    found.bind(1, candidate)
        .bind_text(2, line.rule)
        .bind_text(3, line.difference)
        .bind_text(4, line.active_tier)
        .bind_text(5, line.candidate_tier)
        .bind(6, static_cast<int64_t>(examples));
    while (found.step()) line.examples.emplace_back(found.bytes(0));
    found.reset();
  }
}

}  // namespace

std::vector<ShadowReport> read_shadow_reports(const std::string& file, size_t examples, std::string& problem) {
  Connection connection;
  problem = connection.open(file, /*read_only=*/true, /*busy_milliseconds=*/5000);
  if (!problem.empty()) return {};
  std::vector<ShadowReport> reports;
  std::vector<int64_t> ids;
  auto& candidates = connection.prepared(
      "SELECT id, pack, active_version, version, digest, compared, differing, failed, first, last FROM candidate "
      "ORDER BY last DESC, id DESC");
  while (candidates.step()) {
    ids.push_back(candidates.integer(0));
    ShadowReport report;
    report.pack = candidates.bytes(1);
    report.active_version = candidates.bytes(2);
    report.version = candidates.bytes(3);
    report.digest = candidates.bytes(4);
    report.compared = static_cast<uint64_t>(candidates.integer(5));
    report.differing = static_cast<uint64_t>(candidates.integer(6));
    report.failed = static_cast<uint64_t>(candidates.integer(7));
    report.first = candidates.integer(8);
    report.last = candidates.integer(9);
    reports.push_back(std::move(report));
  }
  problem = candidates.problem();
  candidates.reset();
  for (size_t i = 0; i < reports.size(); ++i) read_lines(connection, ids[i], examples, reports[i]);
  return reports;
}

}  // namespace vigil::hooks
