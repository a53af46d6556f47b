// SPDX-License-Identifier: Apache-2.0
// What the sections of a report are written with: counts that hide small cells, rates with intervals, charts.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "replay/rate_intervals.h"
#include "replay/report_data.h"
#include "replay/write_report.h"

namespace vigil::replay {

/// Milliseconds since 1970 of a text of the tables; kAlways of an empty one.
Instant instant_of(const std::string& text);
/// One digit behind the point.
std::string decimal(double value);
/// 100 × part / whole; 0 of nothing.
double share(int64_t part, int64_t whole);

/// How intervals are found, for readers.
inline constexpr std::string_view kIntervalMethod =
    "Intervals are at 95 %, Wilson's (of alerts per order a Poisson rate's), of as many independent times as the times "
    "asked are worth: those of one patient are alike, and the design effect of patients tells how much (Rao and Scott, "
    "Biometrics 1992;48:577). Where all or none are counted, each patient counts once. Of fewer than about 30 patients "
    "they are rough.";

/// A page that grows. Every text that comes from data is escaped.
class ReportPage {
 public:
  explicit ReportPage(const ReportOptions& options) : options_(options) {}

  const ReportOptions& options() const { return options_; }
  /// HTML as it is.
  ReportPage& raw(std::string_view html) {
    html_ += html;
    return *this;
  }
  ReportPage& text(std::string_view text);
  void section(std::string_view title, std::string_view what);
  void heading(std::string_view title);
  /// A line where there is nothing to show.
  void none(std::string_view text);
  /// A figure in a tile, for checks under its name. To be put between begin_tiles() and end_tiles().
  void tile(std::string_view name, int64_t count, std::string_view label) { tile(name, cell(count), label); }
  void tile(std::string_view name, const std::string& value, std::string_view label);
  void begin_tiles() { raw("<div class=\"tiles\">"); }
  void end_tiles() { raw("</div>\n"); }

  /// A table: its head, then rows of cells; a cell of words stands left.
  void begin_table(std::initializer_list<std::string_view> columns);
  void begin_row(std::string_view name, std::string_view key = {});
  void add(std::string_view value);
  void add_words(std::string_view value);
  void add(int64_t count) { add(std::string_view(cell(count))); }
  /// A row of a setting or total of the run; small totals are hidden as all counts are.
  void add_setting(const std::string& name, const std::string& value);
  void end_row() { raw("</tr>\n"); }
  void end_table() { raw("</tbody></table>\n"); }

  // Counts from 1 to one below the least cell are small, and not told.
  bool is_small(int64_t count) const { return count > 0 && count < options_.min_cell; }
  std::string cell(int64_t count) const;
  /// Parts of a whole that is told: where but one of them is small, it would follow from the others, so the next
  /// smallest is hidden too.
  std::vector<bool> hidden_parts(const std::vector<int64_t>& parts) const;
  /// A share in percent, "–" where one of its counts, or what is left, is small.
  std::string rate(int64_t part, int64_t whole) const;
  /// The same with its interval: "12.5 (8.1 to 18.7)"; "–" of nothing too.
  std::string rate_with_interval(const ClusteredCount& count) const;
  /// Of events, which may be more than the whole.
  std::string events_with_interval(const ClusteredCount& count) const;
  /// A rule's alerts shown at orders, per 100 orders; in words, where it was never asked at one.
  std::string alerts_per_100_orders(const RuleFigures& rule) const;
  bool hides_share(int64_t part, int64_t whole) const;

  /// Bars, a line each. `is_partition`: they add up to a number that is told.
  void bars(const std::vector<Counted>& counts, const char* title, bool is_partition);

  std::string take() { return std::move(html_); }

 private:
  const ReportOptions& options_;
  std::string html_;
};

}  // namespace vigil::replay
