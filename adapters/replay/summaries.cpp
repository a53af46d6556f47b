// SPDX-License-Identifier: Apache-2.0
// Writes figures of rules, and what changed, as Markdown and CSV.
#include "replay/summaries.h"

#include <algorithm>
#include <initializer_list>
#include <iomanip>
#include <sstream>

#include "replay/report_page.h"

namespace vigil::replay {

namespace {

/// A rule with what came of its alerts.
struct RuleRow {
  const RuleFigures& rule;
  ResponseFigures response;
  LabelFigures label;
};

RuleRow row_of(const RuleFigures& rule, const OutcomeFigures& outcomes) {
  RuleRow row{rule, {}, {}};
  if (const auto found = std::ranges::find(outcomes.responses, rule.rule, &ResponseFigures::rule);
      found != outcomes.responses.end())
    row.response = *found;
  if (const auto found = std::ranges::find(outcomes.labels, rule.rule, &LabelFigures::rule);
      found != outcomes.labels.end())
    row.label = *found;
  return row;
}

std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

/// A `|` would end the cell.
std::string markdown_text(std::string_view text) {
  std::string safe;
  for (const char c : text) safe += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
  return safe;
}

bool is_of_interest(const ChangeSum& sum) {
  if (sum.subgroup != "all") return false;
  const auto changed = sum.of(ChangeCount::kAdded) + sum.of(ChangeCount::kLost) + sum.of(ChangeCount::kMoved) +
                       sum.of(ChangeCount::kTier);
  return sum.rule_id == 0 || changed > 0 || sum.of(ChangeCount::kUnknownA) != sum.of(ChangeCount::kUnknownB);
}

}  // namespace

std::string summary_as_markdown(const ReportData& data, const ReportOptions& options) {
  const ReportPage page(options);
  const auto counted = [&](int64_t count, std::string_view one) {
    return page.cell(count) + ' ' + std::string(one) + (count == 1 && !page.is_small(count) ? "" : "s");
  };
  std::string text = "# " + markdown_text(options.title) + "\n\n" + counted(data.patients, "patient") + ", " +
                     counted(data.orders, "order") + ", asked " + counted(data.triggers, "time") + "; an alert at " +
                     page.cell(data.triggers_with_alerts) +
                     " of them. Alerts shown at orders: " + page.events_with_interval(data.at_orders) +
                     " per 100 orders.\n\n" + std::string(kIntervalMethod) + "\n\n";
  text +=
      "| rule | asked | fired | shown | per 100 orders | again in 24 h | unknown | overridden, % of answers | "
      "heeded by the record, % | right, % of labelled |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const auto& rule : data.rules) {
    if (rule.fired + rule.suppressed + rule.unknown + rule.error == 0) continue;
    const auto row = row_of(rule, data.outcomes);
    text += "| " + markdown_text(rule.rule);
    for (const auto count : {rule.asked, rule.fired, rule.shown}) text += " | " + page.cell(count);
    text += " | " + page.alerts_per_100_orders(rule);
    for (const auto count : {rule.repeats, rule.unknown}) text += " | " + page.cell(count);
    text += " | " + page.rate_with_interval(row.response.overrides);
    text += " | " + page.rate_with_interval(row.response.heeding);
    text += " | " + page.rate_with_interval(row.label.alerts) + " |\n";
  }
  return text;
}

std::string summary_as_csv(const ReportData& data, const ReportOptions& options) {
  const ReportPage page(options);
  std::string text =
      "rule,asked,fired,suppressed,unknown,error,shown,shown_at_orders,patients,repeats,accepted,overridden,heeded,"
      "on_record,right_alerts,wrong_alerts\n";
  for (const auto& rule : data.rules) {
    const auto row = row_of(rule, data.outcomes);
    text += csv_text(rule.rule);
    for (const auto count :
         {rule.asked, rule.fired, rule.suppressed, rule.unknown, rule.error, rule.shown, rule.shown_at_orders,
          rule.patients, rule.repeats, row.response.accepted, row.response.overridden, row.response.heeded(),
          row.response.on_record(), row.label.right_alerts, row.label.wrong_alerts})
      text += "," + (page.is_small(count) ? std::string() : std::to_string(count));
    text += '\n';
  }
  return text;
}

std::string changes_as_markdown(std::span<const ChangeSum> changes, std::span<const std::string> names) {
  std::ostringstream text;
  text << "| rule | asked | alerts before | after | new | lost | moved | tier | unknown before | after | "
          "triggers with new alerts, % (95 % interval) |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
       << std::fixed << std::setprecision(2);
  for (const auto& sum : changes) {
    if (!is_of_interest(sum)) continue;
    text << "| " << markdown_text(names[sum.rule_id]);
    for (const auto count :
         {ChangeCount::kTriggers, ChangeCount::kAlertsA, ChangeCount::kAlertsB, ChangeCount::kAdded, ChangeCount::kLost,
          ChangeCount::kMoved, ChangeCount::kTier, ChangeCount::kUnknownA, ChangeCount::kUnknownB})
      text << " | " << sum.of(count);
    const auto rate = share_per_100(sum.added());
    text << " | " << rate.per_100 << " (" << rate.low << " to " << rate.high << ") |\n";
  }
  return text.str();
}

}  // namespace vigil::replay
