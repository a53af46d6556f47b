// SPDX-License-Identifier: Apache-2.0
// Writes HTML, and decides what is too few to tell.
#include "replay/report_page.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <vigil/primitives.h>

#include "replay/svg_charts.h"

namespace vigil::replay {

Instant instant_of(const std::string& text) {
  const auto instant = text.empty() ? std::nullopt : parse_instant(text);
  return instant ? to_instant(*instant) : kAlways;
}

std::string decimal(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, 1).ptr;
  return {digits.begin(), end};
}

namespace {

std::string text_of(const RateInterval& rate) {
  return decimal(rate.per_100) + " (" + decimal(rate.low) + " to " + decimal(rate.high) + ")";
}

}  // namespace

double share(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

ReportPage& ReportPage::text(std::string_view text) { return raw(escape_html(text)); }

void ReportPage::section(std::string_view title, std::string_view what) {
  raw("<h2>").text(title).raw("</h2><p>").text(what).raw("</p>\n");
}

void ReportPage::heading(std::string_view title) { raw("<h3>").text(title).raw("</h3>\n"); }

void ReportPage::none(std::string_view text) { raw("<p class=\"none\">").raw(escape_html(text)).raw("</p>\n"); }

void ReportPage::tile(std::string_view name, const std::string& value, std::string_view label) {
  raw("<div class=\"tile\"><b data-figure=\"").raw(name).raw("\">").text(value).raw("</b>").text(label).raw("</div>");
}

void ReportPage::begin_table(std::initializer_list<std::string_view> columns) {
  raw("<table><thead><tr>");
  for (const auto column : columns) raw("<th>").text(column);
  raw("</tr></thead><tbody>\n");
}

void ReportPage::begin_row(std::string_view name, std::string_view key) {
  raw("<tr");
  if (!key.empty()) raw(" data-row=\"").text(key).raw("\"");
  raw("><td>").text(name);
}

void ReportPage::add(std::string_view value) { raw("<td>").text(value); }

void ReportPage::add_words(std::string_view value) { raw("<td class=\"words\">").text(value); }

void ReportPage::add_setting(const std::string& name, const std::string& value) {
  constexpr size_t kMostDigits = 17;  // a digest of digits alone is longer
  const bool is_count =
      !value.empty() && value.size() <= kMostDigits && value.find_first_not_of("0123456789") == std::string::npos;
  begin_row(name);
  add_words(is_count ? cell(std::stoll(value)) : value);
  end_row();
}

std::string ReportPage::cell(int64_t count) const {
  return is_small(count) ? "fewer than " + std::to_string(options_.min_cell) : std::to_string(count);
}

std::vector<bool> ReportPage::hidden_parts(const std::vector<int64_t>& parts) const {
  std::vector<bool> hidden;
  std::optional<size_t> next;
  for (size_t i = 0; i < parts.size(); ++i) {
    hidden.push_back(is_small(parts[i]));
    if (!hidden[i] && parts[i] > 0 && (!next || parts[i] < parts[*next])) next = i;
  }
  if (next && std::ranges::count(hidden, true) == 1) hidden[*next] = true;
  return hidden;
}

bool ReportPage::hides_share(int64_t part, int64_t whole) const {
  return is_small(part) || is_small(whole) || is_small(whole - part);
}

std::string ReportPage::rate(int64_t part, int64_t whole) const {
  return hides_share(part, whole) ? "–" : decimal(share(part, whole));
}

std::string ReportPage::rate_with_interval(const ClusteredCount& count) const {
  return count.whole == 0 || hides_share(count.part, count.whole) ? "–" : text_of(share_per_100(count));
}

std::string ReportPage::events_with_interval(const ClusteredCount& count) const {
  return count.whole == 0 || hides_share(count.part, count.whole) ? "–" : text_of(events_per_100(count));
}

std::string ReportPage::alerts_per_100_orders(const RuleFigures& rule) const {
  return rule.asked_at_orders ? events_with_interval(rule.at_orders) : "not asked at orders";
}

void ReportPage::bars(const std::vector<Counted>& counts, const char* title, bool is_partition) {
  if (counts.empty()) return none("None.");
  std::vector<int64_t> parts;
  for (const auto& counted : counts) parts.push_back(counted.count);
  const auto hidden = is_partition ? hidden_parts(parts) : std::vector<bool>(parts.size(), false);
  std::vector<Bar> all;
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool hides = hidden[i] || is_small(parts[i]);  // small counts have no length either
    all.push_back({counts[i].label, hides ? 0 : static_cast<double>(parts[i]),
                   !hides || is_small(parts[i]) ? cell(parts[i]) : "not told"});
  }
  raw(bar_chart(all, title)).raw("\n");
}

}  // namespace vigil::replay
