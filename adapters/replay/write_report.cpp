// SPDX-License-Identifier: Apache-2.0
// Puts the sections of a report together; cases and the run itself.
#include "replay/write_report.h"

#include <vector>

#include "replay/report_sections.h"
#include "replay/report_style.h"
#include "replay/shift_dates.h"
#include "replay/svg_charts.h"

namespace vigil::replay {

namespace {

constexpr Instant kDay = 86'400'000;

void write_case(ReportPage& page, const SampleCase& sample) {
  const bool moves = page.options().shift_dates;
  const int days = moves ? days_of_shift(sample.patient_key) : 0;
  const auto text = [&](const std::string& given) { return days == 0 ? given : shift_dates(given, days); };
  page.raw("<article>");
  page.heading(sample.rule + ": " + sample.outcome + (sample.tier.empty() ? "" : ", " + sample.tier));
  page.raw("<p>").text(text(sample.summary)).raw("</p><p class=\"note\">");
  page.text(text(sample.t0) + ", " + sample.hook + ", patient " + sample.patient_key + (moves ? ", dates moved" : ""));
  page.raw("</p>");
  draw_case(page, sample.facts, sample.t0, sample.hook, days);
  if (!sample.missing.empty()) page.raw("<p>Missing: ").text(text(sample.missing)).raw("</p>");
  if (!sample.why.empty())
    page.raw("<details><summary>why</summary><pre>").text(text(sample.why)).raw("</pre></details>");
  page.raw("</article>\n");
}

void write_run(ReportPage& page, const ReportData& data) {
  page.section("The run", "What was run; the same input gives the same result.");
  page.raw("<table><tbody>\n");
  for (const auto& [name, value] : data.settings) page.add_setting(name, value);
  page.end_table();
  page.raw("<p>").text(kIntervalMethod).raw("</p><p>");
  page.text(
      "No rule has been judged by this report: whether an alert was right needs labels or a review of the cases.");
  page.raw("</p>\n");
}

}  // namespace

void draw_case(ReportPage& page, const std::vector<CaseFact>& facts, const std::string& t0, const std::string& hook,
               int days) {
  const auto shifted = [&](const std::string& given) {
    const Instant instant = instant_of(given);
    return instant == kAlways ? instant : instant - days * kDay;
  };
  std::vector<CaseMark> marks;
  for (const auto& fact : facts)
    marks.push_back({fact.label, shifted(fact.clinical_from), shifted(fact.known_from), fact.is_order});
  if (marks.empty()) marks.push_back({"asked: " + hook, shifted(t0), shifted(t0), true});
  page.raw(case_chart(marks, shifted(t0), "Facts of the case over time"));
}

void write_cases(ReportPage& page, const ReportData& data) {
  page.section(
      "Cases",
      "One case of each rule and outcome first. A bar leads from when something was true to when it was known; "
      "the line is the instant asked at. Keys are pseudonyms.");
  if (page.options().min_cell > 1) return page.none("Left out: each case is a cell of one.");
  for (const auto& sample : data.cases) write_case(page, sample);
}

void begin_page(ReportPage& page) {
  page.raw(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>");
  page.text(page.options().title).raw("</title><style>").raw(kReportStyle).raw("</style></head><body>\n<h1>");
  page.text(page.options().title).raw("</h1>\n");
}

std::string write_report(const ReportData& data, const ReportOptions& options) {
  ReportPage page(options);
  begin_page(page);
  for (const auto section :
       {write_burden, write_rules, write_responses, write_labels, write_timeline, write_clinicians, write_funnel,
        write_unknowns, write_misses, write_leakage, write_subgroups, write_cases, write_run})
    section(page, data);
  return page.raw("</body></html>\n").take();
}

}  // namespace vigil::replay
