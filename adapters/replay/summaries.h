// SPDX-License-Identifier: Apache-2.0
// A replay or a comparison in a line a rule, for a review or a spreadsheet.
#pragma once

#include <span>
#include <string>

#include "replay/change_counts.h"
#include "replay/write_report.h"

namespace vigil::replay {

/// Rules with anything to say, most firings first, with totals; small counts as `min_cell` has it.
std::string summary_as_markdown(const ReportData& data, const ReportOptions& options);
/// The same of all rules as CSV (RFC 4180): rule, asked, fired, suppressed, unknown, error, shown, shown_at_orders,
/// patients, repeats, accepted, overridden, heeded, on_record, right_alerts, wrong_alerts. A small count is an empty
/// cell.
std::string summary_as_csv(const ReportData& data, const ReportOptions& options);
/// Of a comparison: all rules together, then those with a change. `names` by rule_id, that of all together first.
std::string changes_as_markdown(std::span<const ChangeSum> changes, std::span<const std::string> names);

}  // namespace vigil::replay
