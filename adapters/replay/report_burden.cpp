// SPDX-License-Identifier: Apache-2.0
// Sections on how often rules spoke: burden, rules, time, unknowns, hindsight, subgroups.
#include <algorithm>

#include "replay/change_points.h"
#include "replay/moments.h"
#include "replay/report_sections.h"
#include "replay/svg_charts.h"

namespace vigil::replay {

namespace {

constexpr Instant kDay = 86'400'000;

/// A count for each day from the first to the last.
std::vector<int64_t> daily_counts(const std::vector<DayCount>& days, Instant first) {
  std::vector<int64_t> counts(static_cast<size_t>((instant_of(days.back().day) - first) / kDay) + 1, 0);
  for (const auto& day : days) counts[static_cast<size_t>((instant_of(day.day) - first) / kDay)] = day.alerts;
  return counts;
}

std::vector<Counted> order_stacks(const std::vector<int64_t>& counts) {
  std::vector<Counted> stacks;
  for (size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      stacks.push_back({std::to_string(i + 1) + (i + 1 == counts.size() ? " or more" : ""), counts[i]});
  return stacks;
}

}  // namespace

void write_burden(ReportPage& page, const ReportData& data) {
  page.section("Burden",
               "How often a clinician would have been interrupted or told something, had these rules run then. How "
               "intervals are found stands at the end.");
  page.begin_tiles();
  page.tile("patients", data.patients, "patients");
  page.tile("orders", data.orders, "orders");
  page.tile("triggers", data.triggers, "times asked");
  page.tile("triggers_with_alerts", data.triggers_with_alerts,
            "times with an alert: " + page.rate(data.triggers_with_alerts, data.triggers) + " of 100");
  page.tile("patients_with_alerts", data.patients_with_alerts, "patients with an alert");
  page.tile("fired", data.fired, "rules fired");
  page.tile("shown", data.shown, "of them shown");
  page.tile("alerts_at_orders", data.alerts_at_orders,
            "alerts shown at orders: " + page.events_with_interval(data.at_orders) + " per 100 orders");
  page.tile("repeats", data.repeats,
            "shown again in 24 hours: " + page.rate(data.repeats, data.shown) + " of 100 shown");
  page.tile("unknown", data.unknown, "could not be told");
  page.end_tiles();
  page.heading("By tier");
  page.bars(data.tiers, "Alerts shown by tier", /*is_partition=*/true);
  page.heading("Alerts at once");
  page.bars(data.stacks, "Times asked by number of alerts at once", /*is_partition=*/true);
  page.heading("Alerts on one order");
  page.bars(order_stacks(data.outcomes.order_stacks), "Orders by number of alerts on them at once",
            /*is_partition=*/false);
}

void write_rules(ReportPage& page, const ReportData& data) {
  page.section("Rules", "The rules that fired most, and all rules with how often each outcome was.");
  std::vector<Counted> top;
  for (const auto& rule : data.rules)
    if (rule.fired > 0 && top.size() < 15) top.push_back({rule.rule, rule.fired});
  page.bars(top, "Rules by how often they fired", /*is_partition=*/false);
  page.begin_table({"rule", "asked", "fired", "per 100", "patients", "suppressed", "unknown", "error", "shown",
                    "per 100 orders (95 % interval)", "again in 24 h", "known by"});
  size_t quiet = 0;
  for (const auto& rule : data.rules) {
    if (rule.fired + rule.suppressed + rule.unknown + rule.error == 0 && ++quiet > 0) continue;
    page.begin_row(rule.rule, "rule: " + rule.rule);
    for (const auto count : {rule.asked, rule.fired}) page.add(count);
    page.add(page.rate(rule.fired, rule.asked));
    for (const auto count : {rule.patients, rule.suppressed, rule.unknown, rule.error, rule.shown}) page.add(count);
    page.add(page.alerts_per_100_orders(rule));
    page.add(rule.repeats);
    page.add_words(rule.known_by);
    page.end_row();
  }
  page.end_table();
  if (quiet > 0) page.none(quiet == 1 ? "1 rule was never met." : std::to_string(quiet) + " rules were never met.");
}

void write_timeline(ReportPage& page, const ReportData& data) {
  page.section("Over time", "Alerts shown, with lines where their daily rate changed more than chance explains.");
  if (data.days.empty()) return page.none("None.");
  const Instant first = instant_of(data.days.front().day);
  const auto counts = daily_counts(data.days, first);
  const auto name = [&](size_t day) {
    return page.options().shift_dates ? "day " + std::to_string(day + 1)
                                      : instant_text(first + static_cast<Instant>(day) * kDay).substr(0, 10);
  };
  constexpr size_t kMostColumns = 120;
  const size_t width = (counts.size() + kMostColumns - 1) / kMostColumns;
  std::vector<TimeColumn> columns;
  for (size_t day = 0; day < counts.size(); day += width) {
    TimeColumn column{name(day), 0};
    for (size_t i = day; i < std::min(day + width, counts.size()); ++i) column.value += counts[i];
    if (page.is_small(column.value)) column.value = 0;
    columns.push_back(std::move(column));
  }
  std::vector<ColumnMark> marks;
  for (const auto& point : find_change_points(counts))
    marks.push_back(
        {point.day / width, decimal(point.before * 100) + " → " + decimal(point.after * 100) + " per 100 days"});
  page.raw("<p>A column is " + std::to_string(width) + (width == 1 ? " day; " : " days; ") +
           (marks.size() == 1 ? "1 change point.</p>" : std::to_string(marks.size()) + " change points.</p>"));
  page.raw(column_chart(columns, marks, "Alerts over time")).raw("\n");
}

void write_unknowns(ReportPage& page, const ReportData& data) {
  page.section(
      "What could not be told",
      "Data that would have decided, the 20 most often missing. A rule that lacks it says so; it is not a no.");
  page.bars(data.missing, "Undecided decisions by missing datum", /*is_partition=*/false);
}

void write_leakage(ReportPage& page, const ReportData& data) {
  const bool measured = std::ranges::any_of(data.rules, [](const auto& rule) { return rule.naive_fired.has_value(); });
  page.section("Hindsight", "How often rules would fire by today's record, which holds what nobody knew then.");
  if (!measured) return page.none("Not measured: replay with --leakage.");
  page.begin_table({"rule", "fired as of then", "by today's record", "difference"});
  for (const auto& rule : data.rules) {
    const int64_t naive = rule.naive_fired.value_or(0);
    if (rule.fired == 0 && naive == 0) continue;
    page.begin_row(rule.rule, "leakage: " + rule.rule);
    page.add(rule.fired);
    page.add(naive);
    page.add(page.is_small(rule.fired) || page.is_small(naive) ? std::string("–") : std::to_string(naive - rule.fired));
    page.end_row();
  }
  page.end_table();
}

namespace {

/// Whether the triggers, or those with alerts, of each subgroup are too few to tell, or would follow from the others.
std::vector<bool> hidden_subgroups(const ReportPage& page, const std::vector<SubgroupFigures>& groups) {
  std::vector<bool> hidden(groups.size(), false);
  for (size_t begin = 0, end = 0; begin < groups.size(); begin = end) {
    std::vector<int64_t> triggers;
    std::vector<int64_t> alerts;
    for (; end < groups.size() && groups[end].dimension == groups[begin].dimension; ++end) {
      triggers.push_back(groups[end].triggers.whole);
      alerts.push_back(groups[end].triggers.part);
    }
    const auto by_triggers = page.hidden_parts(triggers);
    const auto by_alerts = page.hidden_parts(alerts);
    for (size_t i = 0; i < triggers.size(); ++i) hidden[begin + i] = by_triggers[i] || by_alerts[i];
  }
  return hidden;
}

}  // namespace

void write_subgroups(ReportPage& page, const ReportData& data) {
  page.section("Subgroups",
               "Times with an alert, of 100 times asked; lines are 95 % intervals that know of patients. Below, where "
               "labels or feedback tell: how many alerts were right, and overridden.");
  if (data.later_persons > 0)
    page.raw("<p>At ")
        .text(page.cell(data.later_persons))
        .raw(
            " of the times asked the Patient was not on record yet: age and sex are those of the first version that "
            "came.</p>\n");
  const auto& groups = data.subgroups;
  const auto hidden = hidden_subgroups(page, groups);
  std::vector<Bar> all;
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto label = groups[i].dimension + ": " + groups[i].value;
    const auto interval = share_per_100(groups[i].triggers);
    if (hidden[i])
      all.push_back({label, 0, "too few to show"});
    else
      all.push_back({label, interval.per_100,
                     decimal(interval.per_100) + " of " + std::to_string(groups[i].triggers.whole), interval.low,
                     interval.high});
  }
  page.raw(bar_chart(all, "Times with an alert by subgroup")).raw("\n");
  page.begin_table(
      {"subgroup", "with an alert, % (95 % interval)", "right, % of labelled alerts", "overridden, % of answers"});
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto& group = groups[i];
    page.begin_row(group.dimension + ": " + group.value, "subgroup: " + group.dimension + ": " + group.value);
    page.add(hidden[i] ? std::string("–") : page.rate_with_interval(group.triggers));
    page.add(hidden[i] ? std::string("–") : page.rate_with_interval(group.right));
    page.add(hidden[i] ? std::string("–") : page.rate_with_interval(group.overrides));
    page.end_row();
  }
  page.end_table();
}

}  // namespace vigil::replay
