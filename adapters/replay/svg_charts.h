// SPDX-License-Identifier: Apache-2.0
// Charts as inline SVG, and text made safe for HTML.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "replay/report_data.h"

namespace vigil::replay {

/// `text` with the characters that HTML and SVG give a meaning replaced.
std::string escape_html(std::string_view text);

struct Bar {
  std::string label;
  double value = 0;
  std::string note;  ///< written behind the bar
  /// Ends of an interval drawn over the bar; none where `high` is below `low`.
  double low = 0;
  double high = -1;
};
/// Bars from left to right, a line each. `title` is what a screen reader says.
std::string bar_chart(const std::vector<Bar>& bars, std::string_view title);

struct TimeColumn {
  std::string label;
  int64_t value = 0;
};
struct ColumnMark {
  size_t column = 0;
  std::string text;
};
/// Columns side by side, with vertical lines at marks.
std::string column_chart(const std::vector<TimeColumn>& columns, const std::vector<ColumnMark>& marks,
                         std::string_view title);

/// A fact on the time line of a case: when it was true, since when it was known.
struct CaseMark {
  std::string label;
  Instant clinical = kAlways;  ///< kAlways: not on record
  Instant known = kAlways;     ///< kAlways: always
  bool is_order = false;
};
/// A line a fact: a dot where it began, a bar from there to where it became known, and the instant asked at.
std::string case_chart(const std::vector<CaseMark>& marks, Instant asked, std::string_view title);

}  // namespace vigil::replay
