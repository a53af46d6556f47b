// SPDX-License-Identifier: Apache-2.0
// The sections of a report, in the order of the page.
#pragma once

#include "replay/report_page.h"

namespace vigil::replay {

/// Title, style and heading; the page ends with `</body></html>`.
void begin_page(ReportPage& page);

/// Draws facts over time, up to when rules were asked; instants are moved back by `days`.
void draw_case(ReportPage& page, const std::vector<CaseFact>& facts, const std::string& t0, const std::string& hook,
               int days);

void write_burden(ReportPage& page, const ReportData& data);
void write_rules(ReportPage& page, const ReportData& data);
void write_timeline(ReportPage& page, const ReportData& data);
void write_clinicians(ReportPage& page, const ReportData& data);
void write_funnel(ReportPage& page, const ReportData& data);
void write_responses(ReportPage& page, const ReportData& data);
void write_labels(ReportPage& page, const ReportData& data);
void write_unknowns(ReportPage& page, const ReportData& data);
void write_misses(ReportPage& page, const ReportData& data);
void write_leakage(ReportPage& page, const ReportData& data);
void write_subgroups(ReportPage& page, const ReportData& data);
void write_cases(ReportPage& page, const ReportData& data);

}  // namespace vigil::replay
