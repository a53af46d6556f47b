// SPDX-License-Identifier: Apache-2.0
// One SQLite file with a STRICT table for each table, indexes and a few views.
#include <sqlite3.h>

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "replay/table_sink.h"

namespace vigil::replay {

namespace {

// What analysts ask first. Rates are of the triggers at which the rule was asked.
constexpr const char* kReplayViews = R"(
CREATE INDEX decisions_trigger ON decisions(trigger_id);
CREATE INDEX decisions_rule ON decisions(rule_id, outcome);
CREATE INDEX triggers_patient ON triggers(patient_key, t0);
CREATE VIEW rule_summary AS
  SELECT r.rule_id, r.rule, c.mode, sum(c.decisions) AS asked,
         sum(CASE c.outcome WHEN 'fired' THEN c.decisions ELSE 0 END) AS fired,
         sum(CASE c.outcome WHEN 'suppressed' THEN c.decisions ELSE 0 END) AS suppressed,
         sum(CASE c.outcome WHEN 'unknown' THEN c.decisions ELSE 0 END) AS unknown,
         sum(CASE c.outcome WHEN 'error' THEN c.decisions ELSE 0 END) AS error,
         round(100.0 * sum(CASE c.outcome WHEN 'fired' THEN c.decisions ELSE 0 END) / sum(c.decisions), 3)
           AS fired_per_100
  FROM rules r JOIN outcome_counts c USING (rule_id) GROUP BY r.rule_id, c.mode;
CREATE VIEW rule_day_counts AS
  SELECT d.rule_id, t.day, count(*) AS fired FROM decisions d JOIN triggers t USING (trigger_id)
  WHERE d.outcome = 'fired' GROUP BY d.rule_id, t.day;
CREATE VIEW known_by AS
  SELECT d.rule_id, e.basis, count(*) AS facts,
         round(1.0 * count(*) / sum(count(*)) OVER (PARTITION BY d.rule_id), 4) AS share
  FROM evidence e JOIN decisions d USING (decision_id) GROUP BY d.rule_id, e.basis;
CREATE VIEW label_summary AS
  SELECT r.rule, n.*,
         round(1.0 * right_alerts / nullif(right_alerts + wrong_alerts, 0), 4) AS ppv,
         round(1.0 * right_silences / nullif(right_silences + missed, 0), 4) AS npv,
         round(1.0 * right_alerts / nullif(right_alerts + missed, 0), 4) AS sensitivity,
         round(1.0 * (right_alerts + wrong_alerts) / nullif(right_alerts, 0), 2) AS number_needed_to_alert
  FROM (SELECT rule_id, sum(outcome = 'fired' AND label = 1) AS right_alerts,
               sum(outcome = 'fired' AND label = 0) AS wrong_alerts,
               sum(outcome IN ('not-met', 'suppressed') AND label = 0) AS right_silences,
               sum(outcome IN ('not-met', 'suppressed') AND label = 1) AS missed,
               sum(outcome IN ('unknown', 'error')) AS undecided
        FROM labelled GROUP BY rule_id) n JOIN rules r USING (rule_id);
CREATE VIEW cases AS
  SELECT d.decision_id, t.patient_key, t.t0, t.hook, r.rule, d.outcome, d.tier, f.summary, d.why
  FROM decisions d JOIN triggers t USING (trigger_id) JOIN rules r USING (rule_id)
  LEFT JOIN findings f ON f.decision_id = d.decision_id AND f.number = 1;
)";

constexpr const char* kCompareViews = R"(
CREATE INDEX differences_rule ON differences(rule_id, change);
CREATE VIEW change_summary AS
  SELECT r.rule, c.* FROM change_counts c LEFT JOIN rules r USING (rule_id) WHERE c.subgroup = 'all';
)";

std::string_view type_name(ColumnType type) {
  return type == ColumnType::kText ? " TEXT" : type == ColumnType::kInteger ? " INTEGER" : " REAL";
}

std::string create_table(const TableInfo& info) {
  std::string sql = "CREATE TABLE " + std::string(info.name) + " (  -- " + std::string(info.meaning) + "\n";
  for (size_t c = 0; c < info.columns.size(); ++c) {
    const auto& column = info.columns[c];
    sql.append("  ").append(column.name).append(type_name(column.type));
    sql.append(c + 1 < info.columns.size() ? "," : "");
    if (!column.meaning.empty()) sql.append("  -- ").append(column.meaning);
    sql += '\n';
  }
  return sql + ") STRICT;";
}

std::string insert_into(const TableInfo& info) {
  std::string sql = "INSERT INTO " + std::string(info.name) + " VALUES (";
  for (size_t c = 0; c < info.columns.size(); ++c) sql += c == 0 ? "?" : ",?";
  return sql + ")";
}

class SqliteSink : public TableSink {
 public:
  SqliteSink(ResultKind kind, const std::string& folder)
      : kind_(kind),
        path_(folder + (kind == ResultKind::kCompare ? "/compare.sqlite" : "/replay.sqlite")),
        part_(path_ + ".part") {}
  ~SqliteSink() override { close(); }
  SqliteSink(const SqliteSink&) = delete;
  SqliteSink& operator=(const SqliteSink&) = delete;

  bool begin(DiagnosticSink& sink) override {
    std::error_code error;
    std::filesystem::remove(part_, error);
    if (sqlite3_open(part_.c_str(), &database_) != SQLITE_OK) return fail(sink);
    // Nobody sees the file before it is whole, so it needs no journal.
    if (!execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536; BEGIN", sink))
      return false;
    for (size_t t = 0; t < kTableCount; ++t) {
      const auto& info = table(static_cast<TableId>(t));
      if (!info.is_part_of(kind_)) continue;
      if (!execute(create_table(info).c_str(), sink)) return false;
      if (sqlite3_prepare_v2(database_, insert_into(info).c_str(), -1, &inserts_[t], nullptr) != SQLITE_OK)
        return fail(sink);
    }
    return true;
  }

  bool add(const TableRow& row, DiagnosticSink& sink) override {
    sqlite3_stmt* insert = inserts_[static_cast<size_t>(row.table)];
    const auto columns = table(row.table).columns;
    for (size_t c = 0; c < row.cells.size(); ++c) {
      const int place = static_cast<int>(c) + 1;
      const auto& cell = row.cells[c];
      if (cell.is_null()) {
        sqlite3_bind_null(insert, place);
      } else if (columns[c].type == ColumnType::kInteger) {
        sqlite3_bind_int64(insert, place, cell.number());
      } else if (columns[c].type == ColumnType::kReal) {
        sqlite3_bind_double(insert, place, cell.real());
      } else {
        const auto text = cell.text();
        sqlite3_bind_text(insert, place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
      }
    }
    const bool done = sqlite3_step(insert) == SQLITE_DONE;
    sqlite3_reset(insert);
    return done || fail(sink);
  }

  bool finish(DiagnosticSink& sink) override {
    for (const auto& info : tables()) {
      if (!info.is_part_of(kind_)) continue;
      const std::string name(info.name);
      const auto sql = "CREATE UNIQUE INDEX " + name + "_key ON " + name + "(" + std::string(info.primary_key) + ")";
      if (!execute(sql.c_str(), sink)) return false;
    }
    if (!execute(kind_ == ResultKind::kCompare ? kCompareViews : kReplayViews, sink) || !execute("COMMIT", sink))
      return false;
    close();
    std::error_code error;
    std::filesystem::rename(part_, path_, error);
    return !error || report_unwritable(path_, error.message(), sink);
  }

 private:
  bool execute(const char* sql, DiagnosticSink& sink) {
    return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK || fail(sink);
  }
  bool fail(DiagnosticSink& sink) {
    return report_unwritable(path_, database_ == nullptr ? "there is no memory" : sqlite3_errmsg(database_), sink);
  }
  void close() {
    for (auto& insert : inserts_) sqlite3_finalize(std::exchange(insert, nullptr));
    sqlite3_close(std::exchange(database_, nullptr));
  }

  ResultKind kind_;
  std::string path_;
  std::string part_;
  sqlite3* database_ = nullptr;
  std::array<sqlite3_stmt*, kTableCount> inserts_{};
};

}  // namespace

std::unique_ptr<TableSink> make_sqlite_sink(ResultKind kind, const std::string& folder) {
  return std::make_unique<SqliteSink>(kind, folder);
}

}  // namespace vigil::replay
