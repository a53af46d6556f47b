// SPDX-License-Identifier: Apache-2.0
// The queries of a report.
#include "replay/report_data.h"

#include <filesystem>
#include <map>

#include "replay/sqlite_query.h"

namespace vigil::replay {

namespace {

std::vector<Counted> counted(ReadDatabase& database, const char* sql) {
  std::vector<Counted> all;
  database.each(sql, {}, [&](const QueryRow& row) { all.push_back({row.text(0), row.number(1)}); });
  return all;
}

void read_totals(ReadDatabase& database, ReportData& data) {
  database.each("SELECT name, value FROM run", {}, [&](const QueryRow& row) {
    data.settings.emplace_back(row.text(0), row.text(1));
    if (row.text(0) == "patients") data.patients = std::stoll(row.text(1));
    if (row.text(0) == "triggers") data.triggers = std::stoll(row.text(1));
    if (row.text(0) == "rows") data.has_all_rows = row.text(1) == "all";
    if (row.text(0) == "orders") data.orders = std::stoll(row.text(1));
  });
  data.asked = database.number(
      "SELECT coalesce(sum(decisions), 0) FROM outcome_counts WHERE mode = (SELECT value FROM run WHERE name = "
      "'mode')");
  data.candidates = database.number("SELECT count(*) FROM decisions WHERE outcome IN ('fired', 'suppressed')");
  data.repeats = database.number("SELECT count(*) FROM decisions WHERE shown = 1 AND repeats_24h > 0");
  data.fired = database.number("SELECT count(*) FROM decisions WHERE outcome = 'fired'");
  data.shown = database.number("SELECT count(*) FROM decisions WHERE shown = 1");
  data.alerts_at_orders = database.number("SELECT coalesce(sum(alerts), 0) FROM triggers WHERE orders > 0");
  data.unknown = database.number("SELECT count(*) FROM decisions WHERE outcome = 'unknown'");
  data.triggers_with_alerts = database.number("SELECT count(*) FROM triggers WHERE alerts > 0");
  data.patients_with_alerts = database.number("SELECT count(DISTINCT patient_key) FROM triggers WHERE alerts > 0");
}

/// Alerts shown at orders, and decisions shown there by rule, patient by patient; of patients without one the orders
/// still count.
std::map<int64_t, ClusteredCount> read_alerts_at_orders(ReadDatabase& database, ReportData& data) {
  ClusteredCount orders;  // as of a rule that showed none
  database.each("SELECT sum(alerts), sum(orders) FROM triggers WHERE orders > 0 GROUP BY patient_key", {},
                [&](const QueryRow& row) {
                  data.at_orders.add(row.number(0), row.number(1));
                  orders.add(0, row.number(1));
                });
  std::map<int64_t, ClusteredCount> by_rule;
  database.each("SELECT rule_id FROM rules", {}, [&](const QueryRow& row) { by_rule[row.number(0)] = orders; });
  database.each(
      "SELECT d.rule_id, count(*), o.orders FROM decisions d JOIN triggers t USING (trigger_id) JOIN (SELECT "
      "patient_key, sum(orders) AS orders FROM triggers GROUP BY 1) o USING (patient_key) "
      "WHERE d.shown = 1 AND t.orders > 0 GROUP BY d.rule_id, patient_key",
      {}, [&](const QueryRow& row) {
        ClusteredCount of_patient;
        of_patient.add(row.number(1), row.number(2));
        auto& rule = by_rule[row.number(0)];
        rule.part += of_patient.part;
        rule.part_squares += of_patient.part_squares;
        rule.products += of_patient.products;
      });
  return by_rule;
}

void read_rules(ReadDatabase& database, ReportData& data) {
  auto at_orders = read_alerts_at_orders(database, data);
  database.each(
      R"(SELECT r.rule_id, r.rule, coalesce(r.category, ''),
           sum(CASE WHEN c.mode = m.value THEN c.decisions END),
           sum(CASE WHEN c.mode = m.value AND c.outcome = 'fired' THEN c.decisions END) AS fired,
           sum(CASE WHEN c.mode = m.value AND c.outcome = 'suppressed' THEN c.decisions END),
           sum(CASE WHEN c.mode = m.value AND c.outcome = 'unknown' THEN c.decisions END),
           sum(CASE WHEN c.mode = m.value AND c.outcome = 'error' THEN c.decisions END),
           (SELECT count(*) FROM decisions d WHERE d.rule_id = r.rule_id AND d.shown = 1),
           (SELECT count(*) FROM decisions d JOIN triggers t USING (trigger_id)
            WHERE d.rule_id = r.rule_id AND d.shown = 1 AND t.orders > 0),
           (SELECT count(DISTINCT t.patient_key) FROM decisions d JOIN triggers t USING (trigger_id)
            WHERE d.rule_id = r.rule_id AND d.outcome = 'fired'),
           (SELECT count(*) FROM decisions d WHERE d.rule_id = r.rule_id AND d.repeats_24h > 0),
           sum(CASE WHEN c.mode = 'naive' AND c.outcome = 'fired' THEN c.decisions END),
           (SELECT value FROM run WHERE name = 'leakage'),
           max(c.mode = m.value AND c.hook IN (SELECT hook FROM triggers WHERE orders > 0)),
           (SELECT group_concat(basis || ' ' || CAST(round(100 * share) AS INTEGER) || ' %', ', ')
            FROM (SELECT basis, share FROM known_by k WHERE k.rule_id = r.rule_id ORDER BY share DESC, basis))
         FROM rules r JOIN outcome_counts c USING (rule_id) JOIN run m ON m.name = 'mode'
         GROUP BY r.rule_id ORDER BY coalesce(fired, 0) DESC, r.rule_id)",
      {}, [&](const QueryRow& row) {
        RuleFigures rule{row.text(1),         row.text(2),
                         row.number(3),       row.number(4),
                         row.number(5),       row.number(6),
                         row.number(7),       row.number(8),
                         row.number(9),       row.number(10),
                         row.number(11),      {},
                         row.number(14) == 1, at_orders[row.number(0)],
                         row.text(15)};
        if (row.text(13) == "measured") rule.naive_fired = row.number(12);
        data.rules.push_back(std::move(rule));
      });
}

void read_distributions(ReadDatabase& database, ReportData& data) {
  data.tiers = counted(database,
                       "SELECT tier, count(*) FROM decisions WHERE shown = 1 GROUP BY tier ORDER BY CASE tier "
                       "WHEN 'hard-stop' THEN 0 WHEN 'interruptive' THEN 1 WHEN 'passive' THEN 2 ELSE 3 END");
  database.each(
      "SELECT t.day, count(*) FROM decisions d JOIN triggers t USING (trigger_id) WHERE d.shown = 1 "
      "GROUP BY t.day ORDER BY t.day",
      {}, [&](const QueryRow& row) {
        data.days.push_back({row.text(0), row.number(1)});
      });
  data.missing = counted(
      database,
      "SELECT CASE WHEN fact_key IS NULL THEN what ELSE replace(what, fact_key, '…') END, count(DISTINCT decision_id) "
      "FROM missing JOIN decisions USING (decision_id) WHERE outcome = 'unknown' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT "
      "20");
  data.stacks = counted(database,
                        "SELECT CASE WHEN alerts >= 5 THEN '5 or more' ELSE CAST(alerts AS TEXT) END, count(*) "
                        "FROM triggers WHERE alerts > 0 GROUP BY 1 ORDER BY 1");
}

/// Of all triggers by one of their columns, or by what --subgroups says of their patients.
void read_subgroups(ReadDatabase& database, ReportData& data) {
  data.later_persons = database.number("SELECT count(*) FROM triggers WHERE person_later = 1");
  const auto read = [&](const std::string& dimension, const std::string& value, const std::string& from) {
    const auto sql =
        "WITH judged AS (SELECT trigger_id, sum(label = 1) AS is_right, sum(label = 0) AS is_wrong FROM "
        "labelled WHERE outcome = 'fired' GROUP BY trigger_id), answered AS (SELECT d.trigger_id, "
        "sum(f.outcome = 'accepted') AS accepted, sum(f.outcome = 'overridden') AS overridden FROM "
        "feedback f JOIN decisions d USING (decision_id) WHERE f.stands = 1 AND d.shown = 1 GROUP BY "
        "d.trigger_id) SELECT " +
        dimension + ", coalesce(" + value +
        ", 'not on record'), count(*), sum(alerts > 0), sum(is_right), sum(is_wrong), sum(accepted), "
        "sum(overridden) FROM triggers t " +
        from +
        " LEFT JOIN judged USING (trigger_id) LEFT JOIN answered USING (trigger_id) GROUP BY 1, 2, t.patient_key "
        "ORDER BY 1, 2";
    auto& groups = data.subgroups;
    database.each(sql.c_str(), {}, [&](const QueryRow& row) {
      if (groups.empty() || groups.back().dimension != row.text(0) || groups.back().value != row.text(1))
        groups.push_back({row.text(0), row.text(1), {}, {}, {}});
      groups.back().triggers.add(row.number(3), row.number(2));
      groups.back().right.add(row.number(4), row.number(4) + row.number(5));
      groups.back().overrides.add(row.number(7), row.number(6) + row.number(7));
    });
  };
  for (const std::string dimension : {"age_band", "sex", "shift", "hook"}) read("'" + dimension + "'", dimension, "");
  read("n.subgroup", "s.value",
       "CROSS JOIN (SELECT DISTINCT subgroup FROM subgroups) n "
       "LEFT JOIN subgroups s ON s.patient_key = t.patient_key AND s.subgroup = n.subgroup");
}

void read_facts(ReadDatabase& database, SampleCase& sample) {
  database.each(
      "SELECT coalesce(label, resource_type), resource_type, is_order, clinical_from, known_from, basis FROM evidence "
      "WHERE decision_id = ?1 AND number IN (0, 1) ORDER BY is_order DESC, known_from, fact_key LIMIT 8",
      {sample.decision_id}, [&](const QueryRow& row) {
        sample.facts.push_back({row.text(0), row.text(1), row.number(2) != 0, row.text(3), row.text(4), row.text(5)});
      });
}

/// First the first case of each rule and outcome, then the second, and so on.
void read_cases(ReadDatabase& database, size_t count, ReportData& data) {
  database.each(
      R"(SELECT d.decision_id, t.patient_key, r.rule, d.outcome, coalesce(d.tier, ''), t.t0, t.hook,
           coalesce(f.summary, ''), coalesce(d.why, ''),
           coalesce((SELECT group_concat(m.what, '; ') FROM missing m WHERE m.decision_id = d.decision_id), ''),
           row_number() OVER (PARTITION BY d.rule_id, d.outcome ORDER BY d.decision_id) AS turn
         FROM decisions d JOIN triggers t USING (trigger_id) JOIN rules r USING (rule_id)
         LEFT JOIN findings f ON f.decision_id = d.decision_id AND f.number = 1
         WHERE d.outcome IN ('fired', 'suppressed', 'unknown')
         ORDER BY turn, CASE d.outcome WHEN 'fired' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END, d.rule_id
         LIMIT CAST(?1 AS INTEGER))",
      {std::to_string(count)}, [&](const QueryRow& row) {
        data.cases.push_back({row.text(0),
                              row.text(1),
                              row.text(2),
                              row.text(3),
                              row.text(4),
                              row.text(5),
                              row.text(6),
                              row.text(7),
                              row.text(8),
                              row.text(9),
                              {}});
      });
  for (auto& sample : data.cases) read_facts(database, sample);
}

}  // namespace

std::optional<ReportData> read_report_data(const std::string& folder, size_t cases, DiagnosticSink& sink) {
  const auto path = folder + "/replay.sqlite";
  std::error_code error;
  ReportData data;
  std::string problem = "it holds no replay.sqlite";
  if (std::filesystem::exists(path, error)) {
    ReadDatabase database(path);
    read_totals(database, data);
    read_rules(database, data);
    read_distributions(database, data);
    read_subgroups(database, data);
    data.outcomes = read_outcome_figures(database);
    read_cases(database, cases, data);
    problem = database.error();
    if (problem.empty()) return data;
  }
  sink.add(data_diagnostic("VGL1229", folder, {folder, problem}));
  return std::nullopt;
}

}  // namespace vigil::replay
