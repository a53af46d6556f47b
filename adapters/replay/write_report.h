// SPDX-License-Identifier: Apache-2.0
// The report of a replay: one HTML file that needs nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "replay/report_data.h"

namespace vigil::replay {

struct ReportOptions {
  std::string title;
  /// Counts from 1 to one less are shown as "fewer than"; sample cases are then left out, each being a cell of one.
  int64_t min_cell = 1;
  /// Each patient's dates are moved by up to a year, by a number made of the patient's pseudonym; days of the timeline
  /// are counted from its first.
  bool shift_dates = false;
};

/// Every text in it is escaped; it loads nothing. Figures carry `data-figure`, so that they can be checked.
std::string write_report(const ReportData& data, const ReportOptions& options);

}  // namespace vigil::replay
