// SPDX-License-Identifier: Apache-2.0
// Puts the sections of a report together.
#include "replay/write_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <vigil/primitives.h>

#include "replay/change_counts.h"
#include "replay/change_points.h"
#include "replay/moments.h"
#include "replay/report_style.h"
#include "replay/shift_dates.h"
#include "replay/svg_charts.h"

namespace vigil::replay {

namespace {

constexpr Instant kDay = 86'400'000;

std::string decimal(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, 1).ptr;
  return {digits.begin(), end};
}

double share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

Instant instant_of(const std::string& text) {
  const auto instant = text.empty() ? std::nullopt : parse_instant(text);
  return instant ? to_instant(*instant) : kAlways;
}

class ReportWriter {
 public:
  ReportWriter(const ReportData& data, const ReportOptions& options) : data_(data), options_(options) {}

  std::string write() {
    html_ =
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><title>" +
        escape_html(options_.title) + "</title><style>" + std::string(kReportStyle) + "</style></head><body>\n<h1>" +
        escape_html(options_.title) + "</h1>\n";
    write_burden();
    write_rules();
    write_labels();
    write_timeline();
    write_funnel();
    write_unknowns();
    write_leakage();
    write_subgroups();
    write_cases();
    write_run();
    return html_ + "</body></html>\n";
  }

 private:
  bool is_small(int64_t count) const { return count > 0 && count < options_.min_cell; }
  std::string cell(int64_t count) const {
    return is_small(count) ? "fewer than " + std::to_string(options_.min_cell) : std::to_string(count);
  }
  std::string rate(int64_t part, int64_t whole) const {
    return is_small(part) || is_small(whole) ? "–" : decimal(share(part, whole));
  }
  /// Small counts have no length either.
  double length(int64_t count) const { return is_small(count) ? 0 : static_cast<double>(count); }

  void section(const char* title, const char* what) {
    html_ += "<h2>" + std::string(title) + "</h2><p>" + what + "</p>\n";
  }
  void figure(const char* name, int64_t count, const std::string& label) {
    html_ += "<div class=\"tile\"><b data-figure=\"" + std::string(name) + "\">" + cell(count) + "</b>" +
             escape_html(label) + "</div>";
  }
  void bars(const std::vector<Counted>& counts, const char* title) {
    std::vector<Bar> all;
    for (const auto& counted : counts) all.push_back({counted.label, length(counted.count), cell(counted.count)});
    html_ += all.empty() ? "<p class=\"none\">None.</p>\n" : bar_chart(all, title) + "\n";
  }

  void write_burden() {
    section("Burden", "How often a clinician would have been interrupted or told something, had these rules run then.");
    html_ += "<div class=\"tiles\">";
    figure("patients", data_.patients, "patients");
    figure("orders", data_.orders, "orders");
    figure("triggers", data_.triggers, "times asked");
    figure("triggers_with_alerts", data_.triggers_with_alerts,
           "times with an alert: " + rate(data_.triggers_with_alerts, data_.triggers) + " of 100");
    figure("patients_with_alerts", data_.patients_with_alerts, "patients with an alert");
    figure("fired", data_.fired, "rules fired");
    figure("shown", data_.shown, "of them shown");
    figure("shown_at_orders", data_.shown_at_orders,
           "shown at orders: " + rate(data_.shown_at_orders, data_.orders) + " per 100 orders");
    figure("unknown", data_.unknown, "could not be told");
    html_ += "</div><h3>By tier</h3>";
    bars(data_.tiers, "Alerts shown by tier");
    html_ += "<h3>Alerts at once</h3>";
    bars(data_.stacks, "Times asked by number of alerts at once");
  }

  void write_rules() {
    section("Rules", "The rules that fired most, and all rules with how often each outcome was.");
    std::vector<Counted> top;
    for (const auto& rule : data_.rules)
      if (rule.fired > 0 && top.size() < 15) top.push_back({rule.rule, rule.fired});
    bars(top, "Rules by how often they fired");
    html_ +=
        "<table><thead><tr><th>rule<th>asked<th>fired<th>per 100<th>patients<th>suppressed<th>unknown<th>error"
        "<th>shown<th>again in 24 h<th>known by</tr></thead><tbody>";
    size_t quiet = 0;
    for (const auto& rule : data_.rules) {
      if (rule.fired + rule.suppressed + rule.unknown + rule.error == 0 && ++quiet > 0) continue;
      html_ += "<tr data-rule=\"" + escape_html(rule.rule) + "\"><td>" + escape_html(rule.rule);
      for (const auto count : {rule.asked, rule.fired}) html_ += "<td>" + cell(count);
      html_ += "<td>" + rate(rule.fired, rule.asked);
      for (const auto count : {rule.patients, rule.suppressed, rule.unknown, rule.error, rule.shown, rule.repeats})
        html_ += "<td>" + cell(count);
      html_ += "<td class=\"words\">" + escape_html(rule.known_by) + "</tr>";
    }
    html_ += "</tbody></table>\n<p class=\"none\">" + std::to_string(quiet) + " rules were never met.</p>\n";
  }

  void write_labels() {
    section("Right or wrong", "Where labels judge decisions: how many alerts were right, and what was missed.");
    if (data_.labels.empty()) {
      html_ += "<p class=\"none\">Nothing is labelled: replay with --labels.</p>\n";
      return;
    }
    html_ +=
        "<table><thead><tr><th>rule<th>right alerts<th>wrong alerts<th>missed<th>not told<th>PPV<th>NPV"
        "<th>number needed to alert</tr></thead><tbody>";
    for (const auto& rule : data_.labels) {
      html_ += "<tr><td>" + escape_html(rule.rule);
      bool hides = false;
      for (const auto count : {rule.right_alerts, rule.wrong_alerts, rule.missed, rule.undecided}) {
        html_ += "<td>" + cell(count);
        hides = hides || is_small(count);
      }
      for (const auto& share : {rule.ppv, rule.npv, rule.number_needed})
        html_ += "<td>" + (hides || share.empty() ? "–" : escape_html(share));
      html_ += "</tr>";
    }
    html_ += "</tbody></table>\n";
  }

  /// A count for each day from the first to the last, and the days' names.
  void write_timeline() {
    section("Over time", "Alerts shown, with lines where their daily rate changed more than chance explains.");
    if (data_.days.empty()) {
      html_ += "<p class=\"none\">None.</p>\n";
      return;
    }
    const Instant first = instant_of(data_.days.front().day);
    const auto days = static_cast<size_t>((instant_of(data_.days.back().day) - first) / kDay) + 1;
    std::vector<int64_t> counts(days, 0);
    for (const auto& day : data_.days) counts[static_cast<size_t>((instant_of(day.day) - first) / kDay)] = day.alerts;
    const auto name = [&](size_t day) {
      return options_.shift_dates ? "day " + std::to_string(day + 1)
                                  : instant_text(first + static_cast<Instant>(day) * kDay).substr(0, 10);
    };
    constexpr size_t kMostColumns = 120;
    const size_t width = (days + kMostColumns - 1) / kMostColumns;
    std::vector<TimeColumn> columns;
    for (size_t day = 0; day < days; day += width) {
      TimeColumn column{name(day), 0};
      for (size_t i = day; i < std::min(day + width, days); ++i) column.value += counts[i];
      if (is_small(column.value)) column.value = 0;
      columns.push_back(std::move(column));
    }
    std::vector<ColumnMark> marks;
    for (const auto& point : find_change_points(counts))
      marks.push_back(
          {point.day / width, decimal(point.before * 100) + " → " + decimal(point.after * 100) + " per 100 days"});
    html_ += "<p>A column is " + std::to_string(width) + (width == 1 ? " day" : " days") + "; " +
             std::to_string(marks.size()) + " change points.</p>" + column_chart(columns, marks, "Alerts over time") +
             "\n";
  }

  void write_funnel() {
    section("From finding to reader",
            "What a rule found, what its own conditions silenced, and what reached a reader.");
    bars(data_.funnel, "Decisions from finding to shown");
    html_ += "<h3>Silenced by</h3>";
    bars(data_.silenced, "Silenced decisions by reason");
  }

  void write_unknowns() {
    section("What could not be told", "Data that would have decided. A rule that lacks it says so; it is not a no.");
    bars(data_.missing, "Undecided decisions by missing datum");
  }

  void write_leakage() {
    const bool measured =
        std::ranges::any_of(data_.rules, [](const auto& rule) { return rule.naive_fired.has_value(); });
    section("Hindsight", "How often rules would fire by today's record, which holds what nobody knew then.");
    if (!measured) {
      html_ += "<p class=\"none\">Not measured: replay with --leakage.</p>\n";
      return;
    }
    html_ += "<table><thead><tr><th>rule<th>fired as of then<th>by today's record<th>difference</tr></thead><tbody>";
    for (const auto& rule : data_.rules) {
      if (rule.fired == 0 && rule.naive_fired.value_or(0) == 0) continue;
      const int64_t difference = rule.naive_fired.value_or(0) - rule.fired;
      const bool hides = is_small(rule.fired) || is_small(rule.naive_fired.value_or(0));
      html_ += "<tr><td>" + escape_html(rule.rule) + "<td>" + cell(rule.fired) + "<td>" +
               cell(rule.naive_fired.value_or(0)) + "<td>" + (hides ? "–" : std::to_string(difference)) + "</tr>";
    }
    html_ += "</tbody></table>\n";
  }

  void write_subgroups() {
    section("Subgroups", "Times with an alert, of 100 times asked; lines are 95 % intervals (Wilson).");
    std::vector<Bar> all;
    for (const auto& group : data_.subgroups) {
      if (is_small(group.with_alerts) || is_small(group.triggers)) {
        all.push_back({group.dimension + ": " + group.value, 0, "too few to show"});
        continue;
      }
      const auto interval = wilson_per_100(group.with_alerts, group.triggers);
      all.push_back({group.dimension + ": " + group.value, interval.per_100,
                     decimal(interval.per_100) + " of " + std::to_string(group.triggers), interval.low, interval.high});
    }
    html_ += bar_chart(all, "Times with an alert by subgroup") + "\n";
  }

  void write_cases() {
    section("Cases",
            "One case of each rule and outcome first. A bar leads from when something was true to when it was "
            "known; the line is the instant asked at. Keys are pseudonyms.");
    if (options_.min_cell > 1) {
      html_ += "<p class=\"none\">Left out: each case is a cell of one.</p>\n";
      return;
    }
    for (const auto& sample : data_.cases) write_case(sample);
  }

  void write_case(const SampleCase& sample) {
    const int days = options_.shift_dates ? days_of_shift(sample.patient_key) : 0;
    const auto text = [&](const std::string& given) {
      return escape_html(days == 0 ? given : shift_dates(given, days));
    };
    const auto shifted = [&](const std::string& given) {
      const Instant instant = instant_of(given);
      return instant == kAlways ? instant : instant - days * kDay;
    };
    std::vector<CaseMark> marks;
    for (const auto& fact : sample.facts)
      marks.push_back({fact.label, shifted(fact.clinical_from), shifted(fact.known_from), fact.is_order});
    html_ += "<article><h3>" + escape_html(sample.rule) + ": " + escape_html(sample.outcome) +
             (sample.tier.empty() ? "" : ", " + escape_html(sample.tier)) + "</h3><p>" + text(sample.summary) +
             "</p><p class=\"note\">" + text(sample.t0) + ", " + escape_html(sample.hook) + ", patient " +
             escape_html(sample.patient_key) + (options_.shift_dates ? ", dates moved" : "") + "</p>";
    if (!marks.empty()) html_ += case_chart(marks, shifted(sample.t0), "Facts of the case over time");
    if (!sample.missing.empty()) html_ += "<p>Missing: " + text(sample.missing) + "</p>";
    if (!sample.why.empty()) html_ += "<details><summary>why</summary><pre>" + text(sample.why) + "</pre></details>";
    html_ += "</article>\n";
  }

  void write_run() {
    section("The run", "What was run; the same input gives the same result.");
    html_ += "<table><tbody>";
    for (const auto& [name, value] : data_.settings)
      html_ += "<tr><td>" + escape_html(name) + "<td class=\"words\">" + escape_html(value) + "</tr>";
    html_ +=
        "</tbody></table>\n<p>No rule has been judged by this report: whether an alert was right needs labels or a "
        "review of the cases.</p>\n";
  }

  const ReportData& data_;
  const ReportOptions& options_;
  std::string html_;
};

}  // namespace

std::string write_report(const ReportData& data, const ReportOptions& options) {
  return ReportWriter(data, options).write();
}

}  // namespace vigil::replay
