// SPDX-License-Identifier: Apache-2.0
// The queries of a report about what came of alerts.
#include "replay/outcome_figures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "replay/sqlite_query.h"

namespace vigil::replay {

namespace {

using CountsByRule = std::map<int64_t, ClusteredCount>;

/// Of rows a rule and patient: the rule's id, part and whole.
CountsByRule counts_by_rule(ReadDatabase& database, const char* sql) {
  CountsByRule counts;
  database.each(sql, {}, [&](const QueryRow& row) { counts[row.number(0)].add(row.number(1), row.number(2)); });
  return counts;
}

void read_responses(ReadDatabase& database, OutcomeFigures& figures) {
  auto overrides = counts_by_rule(database, R"(SELECT d.rule_id, sum(f.outcome = 'overridden'), count(*)
         FROM decisions d JOIN triggers t USING (trigger_id) JOIN feedback f USING (decision_id)
         WHERE d.shown = 1 AND f.stands = 1 AND f.outcome IN ('accepted', 'overridden')
         GROUP BY d.rule_id, t.patient_key)");
  auto heeding = counts_by_rule(
      database, R"(SELECT d.rule_id, sum(d.inferred_24h IN ('suggestion-placed', 'stopped', 'changed')), count(*)
         FROM decisions d JOIN triggers t USING (trigger_id)
         WHERE d.shown = 1 AND d.inferred_24h IN ('suggestion-placed', 'stopped', 'changed', 'kept')
         GROUP BY d.rule_id, t.patient_key)");
  database.each(
      R"(SELECT rule, shown, accepted, overridden, placed, stopped, changed, kept, rule_id FROM response_summary
         WHERE shown > 0 ORDER BY shown DESC, rule_id)",
      {}, [&](const QueryRow& row) {
        figures.responses.push_back({row.text(0), row.number(1), row.number(2), row.number(3), row.number(4),
                                     row.number(5), row.number(6), row.number(7), overrides[row.number(8)],
                                     heeding[row.number(8)]});
      });
  database.each(
      R"(SELECT r.rule, coalesce(f.override_reason, 'no reason given'), count(*)
         FROM feedback f JOIN rules r USING (rule_id) JOIN decisions d USING (decision_id)
         WHERE f.stands = 1 AND f.outcome = 'overridden' AND d.shown = 1
         GROUP BY f.rule_id, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20)",
      {}, [&](const QueryRow& row) {
        figures.override_reasons.push_back({row.text(0), row.text(1), row.number(2)});
      });
  figures.feedback_given = database.number("SELECT CAST(value AS INTEGER) FROM run WHERE name = 'feedback given'");
  figures.feedback_joined = database.number("SELECT count(*) FROM feedback WHERE decision_id IS NOT NULL");
  figures.feedback_without_rule = database.number("SELECT count(*) FROM feedback WHERE rule_id IS NULL");
  database.each(
      "SELECT coalesce(sum(orders_altered), 0), coalesce(sum(orders_dated), 0) FROM triggers WHERE alerts = 0 "
      "GROUP BY patient_key",
      {}, [&](const QueryRow& row) { figures.unalerted.add(row.number(0), row.number(1)); });
}

void read_labels(ReadDatabase& database, OutcomeFigures& figures) {
  std::map<int64_t, std::vector<double>> leads;  // by rule, sorted
  database.each("SELECT rule_id, lead_minutes FROM lead_times ORDER BY rule_id, lead_minutes", {},
                [&](const QueryRow& row) { leads[row.number(0)].push_back(static_cast<double>(row.number(1)) / 60); });
  constexpr std::string_view kJudged =
      "SELECT l.rule_id, sum(l.label = WANTED), count(*) FROM labelled l JOIN triggers t USING (trigger_id) WHERE "
      "l.label IN (0, 1) AND l.outcome IN ";
  const auto judged = [&](const char* wanted, const char* outcomes) {
    std::string sql(kJudged);
    sql.replace(sql.find("WANTED"), 6, wanted);
    return counts_by_rule(database, (sql + outcomes + " GROUP BY l.rule_id, t.patient_key").c_str());
  };
  auto alerts = judged("1", "('fired')");
  auto silences = judged("0", "('not-met', 'suppressed')");
  database.each(
      "SELECT rule, right_alerts, wrong_alerts, right_silences, missed, undecided, rule_id FROM label_summary ORDER BY "
      "rule_id",
      {}, [&](const QueryRow& row) {
        figures.labels.push_back({row.text(0), row.number(1), row.number(2), row.number(3), row.number(4),
                                  row.number(5), alerts[row.number(6)], silences[row.number(6)],
                                  quartiles_of(leads[row.number(6)])});
      });
}

std::vector<double> sorted_values(ReadDatabase& database, const char* sql) {
  std::vector<double> values;
  database.each(sql, {}, [&](const QueryRow& row) { values.push_back(row.real(0)); });
  std::ranges::sort(values);
  return values;
}

void read_clinicians(ReadDatabase& database, ClinicianFigures& figures) {
  const auto count = [&](const char* sql) { return database.number(sql); };
  figures.clinicians = count("SELECT count(*) FROM clinician_burden");
  figures.with_alerts = count("SELECT count(*) FROM clinician_burden WHERE alerts > 0");
  // 10: ClinicianFigures::kFewOrders
  figures.per_100_orders =
      quartiles_of(sorted_values(database, "SELECT 100.0 * alerts / orders FROM clinician_burden WHERE orders >= 10"));
  figures.alerts = quartiles_of(sorted_values(database, "SELECT alerts FROM clinician_burden WHERE alerts > 0"));
  figures.shifts = count("SELECT count(*) FROM clinician_shifts");
  figures.shifts_with_alerts = count("SELECT count(*) FROM clinician_shifts WHERE alerts > 0");
  figures.alerts_a_shift =
      quartiles_of(sorted_values(database, "SELECT alerts FROM clinician_shifts WHERE alerts > 0"));
  figures.orders_without_clinician =
      count("SELECT coalesce(sum(orders), 0) FROM triggers WHERE user_key IS NULL AND orders > 0");
}

void read_hours(ReadDatabase& database, std::vector<HourFigures>& hours) {
  hours.resize(24);
  database.each("SELECT hour, count(*), sum(alerts > 0) FROM triggers GROUP BY hour", {}, [&](const QueryRow& row) {
    if (const auto hour = static_cast<size_t>(row.number(0)); hour < hours.size())
      hours[hour] = {row.number(1), row.number(2)};
  });
}

void read_order_stacks(ReadDatabase& database, std::vector<int64_t>& stacks) {
  stacks.assign(5, 0);
  database.each("SELECT min(alerts, 5), count(*) FROM order_stacks GROUP BY 1", {}, [&](const QueryRow& row) {
    stacks[static_cast<size_t>(std::clamp<int64_t>(row.number(0), 1, 5)) - 1] += row.number(1);
  });
}

void read_silenced(ReadDatabase& database, std::vector<SilencedFigures>& silenced) {
  database.each(
      R"(SELECT r.rule, CASE d.outcome WHEN 'suppressed' THEN 'its own unless' ELSE 'after it fired' END,
           coalesce(d.silenced, 'merged into the alert of another rule'), count(*)
         FROM decisions d JOIN rules r USING (rule_id)
         WHERE d.outcome IN ('fired', 'suppressed') AND d.shown = 0 GROUP BY d.rule_id, 2, 3 ORDER BY 4 DESC, 1, 3)",
      {}, [&](const QueryRow& row) {
        silenced.push_back({row.text(0), row.text(1), row.text(2), row.number(3)});
      });
}

void read_misses(ReadDatabase& database, std::vector<MissFigures>& misses) {
  std::vector<double> distances;
  const auto close = [&] {
    if (!misses.empty()) misses.back().median = quartiles_of(distances).median;
    distances.clear();
  };
  database.each(
      R"(SELECT r.rule, m.comparison, coalesce(m.unit, ''), m.distance, coalesce(m.of_limit <= 0.1, 0), d.rule_id
         FROM misses m JOIN decisions d USING (decision_id) JOIN rules r USING (rule_id)
         ORDER BY d.rule_id, m.comparison, m.unit, m.distance)",
      {}, [&](const QueryRow& row) {
        const bool is_next = misses.empty() || misses.back().rule != row.text(0) ||
                             misses.back().comparison != row.text(1) || misses.back().unit != row.text(2);
        if (is_next) {
          close();
          misses.push_back({row.text(0), row.text(1), row.text(2)});
        }
        ++misses.back().decided;
        misses.back().near += row.number(4);
        distances.push_back(row.real(3));
      });
  close();
}

/// The clauses and their parts that were always true, or never: they decide nothing in these data.
void read_clauses(ReadDatabase& database, std::vector<ClauseFigures>& clauses) {
  database.each(
      R"(SELECT r.rule, c.part, c.text, c.is_true, c.is_false, c.is_null + c.is_undetermined
         FROM clause_coverage c JOIN rules r USING (rule_id)
         WHERE c.is_true + c.is_false > 0 AND (c.is_true = 0 OR c.is_false = 0) AND c.is_null + c.is_undetermined = 0
         ORDER BY c.rule_id, c.part, c.text)",
      {}, [&](const QueryRow& row) {
        clauses.push_back({row.text(0), row.text(1), row.text(2), row.number(3), row.number(4), row.number(5)});
      });
}

}  // namespace

Quartiles quartiles_of(const std::vector<double>& sorted) {
  if (sorted.empty()) return {};
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<size_t>(std::floor(place));
    const size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
  };
  return {static_cast<int64_t>(sorted.size()), at(0.25), at(0.5), at(0.75)};
}

OutcomeFigures read_outcome_figures(ReadDatabase& database) {
  OutcomeFigures figures;
  read_responses(database, figures);
  read_labels(database, figures);
  read_clinicians(database, figures.clinicians);
  read_hours(database, figures.hours);
  read_order_stacks(database, figures.order_stacks);
  read_silenced(database, figures.silenced);
  read_misses(database, figures.misses);
  read_clauses(database, figures.clauses);
  return figures;
}

}  // namespace vigil::replay
