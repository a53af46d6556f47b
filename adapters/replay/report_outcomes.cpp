// SPDX-License-Identifier: Apache-2.0
// Sections on what came of alerts: answers, labels, clinicians, the funnel, near misses.
#include <algorithm>

#include "replay/report_sections.h"
#include "replay/svg_charts.h"

namespace vigil::replay {

namespace {

/// "3.5 (1.0 to 8.2)"; "–" of none or few.
std::string text_of(const Quartiles& quartiles, const ReportPage& page) {
  if (quartiles.count == 0 || page.is_small(quartiles.count)) return "–";
  return decimal(quartiles.median) + " (" + decimal(quartiles.low) + " to " + decimal(quartiles.high) + ")";
}

void write_answers(ReportPage& page, const OutcomeFigures& outcomes) {
  page.heading("Answered by users");
  if (outcomes.feedback_given == 0) return page.none("No feedback is given: replay with --feedback.");
  page.begin_tiles();
  page.tile("feedback_given", outcomes.feedback_given, "answers given");
  page.tile("feedback_joined", outcomes.feedback_joined, "belong to a rule that fired here");
  page.tile("feedback_without_rule", outcomes.feedback_without_rule, "are of rules that were not replayed");
  page.end_tiles();
  page.begin_table({"rule", "shown", "accepted", "overridden", "overridden of 100 answers (95 % interval)"});
  for (const auto& rule : outcomes.responses) {
    if (rule.answered() == 0) continue;
    page.begin_row(rule.rule, "answers: " + rule.rule);
    for (const auto count : {rule.shown, rule.accepted, rule.overridden}) page.add(count);
    page.add(page.rate_with_interval(rule.overrides));
    page.end_row();
  }
  page.end_table();
  std::vector<Counted> reasons;
  for (const auto& reason : outcomes.override_reasons)
    reasons.push_back({reason.rule + ": " + reason.reason, reason.count});
  page.heading("Reasons of overrides");
  page.bars(reasons, "Overrides by rule and reason", /*is_partition=*/true);
}

void write_inferred(ReportPage& page, const OutcomeFigures& outcomes) {
  page.heading("Inferred from the record");
  page.raw("<p>")
      .text(
          "Nobody answered here: what the record says came in the 24 hours after. An order may be stopped for another "
          "reason; compare with orders that no alert was about. Rules of which nothing is on record are left out.")
      .raw("</p>\n");
  page.begin_table({"rule", "on record", "suggested order placed", "order stopped", "order changed", "kept",
                    "heeded of 100 (95 % interval)"});
  for (const auto& rule : outcomes.responses) {
    if (rule.on_record() == 0) continue;
    page.begin_row(rule.rule, "inferred: " + rule.rule);
    for (const auto count : {rule.on_record(), rule.placed, rule.stopped, rule.changed, rule.kept}) page.add(count);
    page.add(page.rate_with_interval(rule.heeding));
    page.end_row();
  }
  page.begin_row("orders at times without an alert", "inferred: none");
  page.add(outcomes.unalerted.whole);
  for (int column = 0; column < 3; ++column) page.add("");
  page.add(outcomes.unalerted.whole - outcomes.unalerted.part);
  page.add(page.rate_with_interval(outcomes.unalerted));
  page.end_row();
  page.end_table();
}

}  // namespace

void write_responses(ReportPage& page, const ReportData& data) {
  page.section("What came of alerts",
               "Of those that would have been shown: what users answered, and what the record tells.");
  write_answers(page, data.outcomes);
  write_inferred(page, data.outcomes);
}

void write_labels(ReportPage& page, const ReportData& data) {
  page.section("Right or wrong",
               "Where labels judge decisions: how many alerts were right (PPV), how many silences (NPV, where silences "
               "are labelled), alerts for one right one, and the time from the first alert to the event it warned of.");
  if (data.outcomes.labels.empty()) return page.none("Nothing is labelled: replay with --labels.");
  page.begin_table({"rule", "right alerts", "wrong alerts", "right silences", "missed", "not told",
                    "PPV, % (95 % interval)", "NPV, % (95 % interval)", "number needed to alert", "events warned of",
                    "hours ahead, median (quartiles)"});
  for (const auto& rule : data.outcomes.labels) {
    const int64_t alerts = rule.right_alerts + rule.wrong_alerts;
    const bool hides = rule.right_alerts == 0 || page.hides_share(rule.right_alerts, alerts);
    page.begin_row(rule.rule, "labels: " + rule.rule);
    for (const auto count : {rule.right_alerts, rule.wrong_alerts, rule.right_silences, rule.missed, rule.undecided})
      page.add(count);
    page.add(page.rate_with_interval(rule.alerts));
    page.add(page.rate_with_interval(rule.silences));
    page.add(hides ? "–" : decimal(static_cast<double>(alerts) / static_cast<double>(rule.right_alerts)));
    page.add(rule.lead_hours.count);
    page.add(text_of(rule.lead_hours, page));
    page.end_row();
  }
  page.end_table();
}

void write_clinicians(ReportPage& page, const ReportData& data) {
  const auto& figures = data.outcomes.clinicians;
  page.section(
      "Clinicians and hours",
      "Alerts by who wrote the orders, and by when. Medians are followed by quartiles; no clinician is named.");
  page.begin_tiles();
  page.tile("clinicians", figures.clinicians, "clinicians who wrote orders");
  page.tile("clinicians_with_alerts", figures.with_alerts, "of them with an alert");
  page.tile("alerts_a_clinician", text_of(figures.alerts, page), "alerts a clinician, of those with any");
  page.tile("clinician_per_100", text_of(figures.per_100_orders, page),
            "alerts per 100 orders, of clinicians with 10 orders and more");
  page.tile("clinician_shifts", figures.shifts, "clinicians' shifts with orders");
  page.tile("shifts_with_alerts", figures.shifts_with_alerts,
            "of them with an alert: " + page.rate(figures.shifts_with_alerts, figures.shifts) + " of 100");
  page.tile("alerts_a_shift", text_of(figures.alerts_a_shift, page), "alerts a shift, of those with any");
  page.tile("orders_without_clinician", figures.orders_without_clinician, "orders of whom nobody is on record");
  page.end_tiles();
  page.heading("Hour of day");
  std::vector<TimeColumn> columns;
  for (size_t hour = 0; hour < data.outcomes.hours.size(); ++hour) {
    const auto alerts = data.outcomes.hours[hour].with_alerts;
    columns.push_back({std::to_string(hour), page.is_small(alerts) ? 0 : alerts});
  }
  page.raw(column_chart(columns, {}, "Times with an alert by hour of day")).raw("\n");
}

void write_funnel(ReportPage& page, const ReportData& data) {
  page.section("From finding to reader",
               "How often rules were asked, what they found, what their own conditions silenced, and what reached a "
               "reader.");
  page.begin_tiles();
  page.tile("asked", data.asked, "rules asked");
  page.tile("candidates", data.candidates, "had a finding");
  page.end_tiles();
  page.bars({{"rule had a finding", data.candidates},
             {"not suppressed by the rule itself", data.fired},
             {"shown", data.shown}},
            "Decisions from finding to shown", /*is_partition=*/false);
  page.heading("Silenced by");
  if (data.outcomes.silenced.empty()) return page.none("Nothing was silenced.");
  std::vector<int64_t> counts;
  for (const auto& one : data.outcomes.silenced) counts.push_back(one.count);
  const auto hidden = page.hidden_parts(counts);
  page.begin_table({"rule", "by", "reason", "times"});
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto& one = data.outcomes.silenced[i];
    page.begin_row(one.rule, "silenced: " + one.rule + ": " + one.reason);
    page.add_words(one.by);
    page.add_words(one.reason);
    page.add(hidden[i] && !page.is_small(one.count) ? std::string("not told") : page.cell(one.count));
    page.end_row();
  }
  page.end_table();
}

void write_misses(ReportPage& page, const ReportData& data) {
  page.section("Near misses and clauses",
               "Where one comparison alone kept a rule from being met: how far its sides were apart. Then the parts of "
               "rules that were always true, or never, at the decisions written: they decided nothing here.");
  if (data.outcomes.misses.empty()) {
    page.none(data.has_all_rows ? "No comparison alone kept a rule from being met."
                                : "No decision that was not met is written: replay with --all-rows.");
  } else {
    page.begin_table({"rule", "comparison", "decided alone", "within 10 % of the limit", "median distance"});
    for (const auto& miss : data.outcomes.misses) {
      page.begin_row(miss.rule, "miss: " + miss.rule + ": " + miss.comparison);
      page.add_words(miss.comparison);
      page.add(miss.decided);
      page.add(miss.near);
      page.add(page.is_small(miss.decided) ? "–" : decimal(miss.median) + (miss.unit.empty() ? "" : " " + miss.unit));
      page.end_row();
    }
    page.end_table();
  }
  page.heading("Parts that decided nothing");
  if (data.outcomes.clauses.empty()) return page.none("None.");
  page.raw("<details><summary>")
      .text(std::to_string(data.outcomes.clauses.size()))
      .raw(data.outcomes.clauses.size() == 1 ? " part</summary>" : " parts</summary>");
  page.begin_table({"rule", "part", "text", "true", "false"});
  for (const auto& clause : data.outcomes.clauses) {
    page.begin_row(clause.rule);
    page.add(clause.part);
    page.add_words(clause.text);
    page.add(clause.is_true);
    page.add(clause.is_false);
    page.end_row();
  }
  page.end_table();
  page.raw("</details>\n");
}

}  // namespace vigil::replay
