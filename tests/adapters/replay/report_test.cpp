// SPDX-License-Identifier: Apache-2.0
// The parts of a report that its figures do not show.
#include <doctest/doctest.h>

#include <algorithm>

#include <vigil/primitives.h>

#include "replay/change_points.h"
#include "replay/moments.h"
#include "replay/report_page.h"
#include "replay/report_sections.h"
#include "replay/row_buffer.h"
#include "replay/shift_dates.h"
#include "replay/summaries.h"
#include "replay/svg_charts.h"
#include "replay_fixture.h"

using namespace vigil;

TEST_CASE("a change of rate is found on its day, and none in a steady rate") {
  std::vector<int64_t> counts(120, 2);
  for (size_t day = 0; day < counts.size(); ++day) counts[day] += day % 3 == 0 ? 1 : 0;
  CHECK(replay::find_change_points(counts).empty());
  for (size_t day = 70; day < counts.size(); ++day) counts[day] += 6;
  const auto points = replay::find_change_points(counts);
  REQUIRE(points.size() == 1);
  CHECK(points[0].day == 70);
  CHECK(points[0].before < 3);
  CHECK(points[0].after > 7);
  CHECK(replay::find_change_points({}).empty());
}

TEST_CASE("dates in texts move, other numbers stay") {
  CHECK(replay::shift_dates("since 2020-03-01, eGFR 20", 1) == "since 2020-02-29, eGFR 20");
  CHECK(replay::shift_dates("2020-01-01T10:00:00Z", 365) == "2019-01-01T10:00:00Z");
  CHECK(replay::shift_dates("code 12020-01-011, 2020-13-40", 5) == "code 12020-01-011, 2020-13-40");
  CHECK(replay::days_of_shift("abc") == replay::days_of_shift("abc"));
}

TEST_CASE("texts in charts are escaped") {
  const auto svg = replay::bar_chart({{"<script>&\"", 3, "it's"}}, "a < b");
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("&lt;script&gt;&amp;&quot;") != std::string::npos);
  CHECK(svg.find("it&#39;s") != std::string::npos);
}

TEST_CASE("subgroups tell where age and sex are of a record that came later") {
  const replay::ReportOptions options;
  replay::ReportData data;
  const auto section = [&] {
    replay::ReportPage page(options);
    replay::write_subgroups(page, data);
    return page.take();
  };
  CHECK(section().find("not on record yet") == std::string::npos);
  data.later_persons = 12;
  CHECK(section().find("At 12 of the times asked the Patient was not on record yet") != std::string::npos);
}

TEST_CASE("a rule that was never asked at orders has no rate of them") {
  const replay::ReportOptions options;
  replay::ReportData data;
  data.rules.resize(1);
  data.rules[0].rule = "No statin";
  data.rules[0].asked = data.rules[0].fired = 40;
  data.rules[0].at_orders.add(0, 100);
  const auto section = [&] {
    replay::ReportPage page(options);
    replay::write_rules(page, data);
    return page.take();
  };
  CHECK(section().find(">not asked at orders<") != std::string::npos);
  CHECK(replay::summary_as_markdown(data, options).find("| not asked at orders |") != std::string::npos);
  data.rules[0].asked_at_orders = true;
  CHECK(section().find(">not asked at orders<") == std::string::npos);
  CHECK(section().find(">0.0 (0.0 to ") != std::string::npos);
}

TEST_CASE("a summary counts one patient as one; what is too few to tell is many") {
  replay::ReportData data;
  data.patients = data.orders = data.triggers = 1;
  CHECK(replay::summary_as_markdown(data, {}).find("1 patient, 1 order, asked 1 time; an alert at 0") !=
        std::string::npos);
  replay::ReportOptions options;
  options.min_cell = 5;
  CHECK(replay::summary_as_markdown(data, options).find(" patients, ") != std::string::npos);
}

TEST_CASE("a comparison in Markdown has all rules and those with a change; no name ends its cell") {
  std::vector<replay::ChangeSum> changes(4);
  for (auto& sum : changes) sum.subgroup = "all";
  changes[1].rule_id = 1;
  changes[1].counts[static_cast<size_t>(replay::ChangeCount::kAdded)] = 3;
  changes[2].rule_id = 2;
  changes[3].rule_id = 1;
  changes[3].subgroup = "sex";
  const std::vector<std::string> names = {"all rules", "A | B", "unchanged"};
  const auto text = replay::changes_as_markdown(changes, names);
  CHECK(std::ranges::count(text, '\n') == 4);
  CHECK(text.find("| all rules | 0 |") != std::string::npos);
  CHECK(text.find("| A \\| B | 0 | 0 | 0 | 3 |") != std::string::npos);
  CHECK(text.find("unchanged") == std::string::npos);
}

TEST_CASE("moments as text") {
  CHECK(replay::instant_text(0) == "1970-01-01T00:00:00Z");
  CHECK(replay::instant_text(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(replay::instant_text(kAlways).empty());
  const auto moment = *parse_instant("2026-11-22T09:30:00+01:00");
  CHECK(replay::weekday_of(moment) == 7);
  CHECK(replay::shift_of(moment) == "day");
  CHECK(replay::age_at(*parse_instant("1980-11-23"), moment) == 45);
}

TEST_CASE("rows come back as they were written") {
  replay::RowBuffer rows;
  rows.begin(replay::TableId::kMissing).add("a-1").add(int64_t{1}).add("\"x\" \\ \n\x01 é").add_null().end();
  replay::TableRow row;
  REQUIRE(replay::parse_row(std::string_view(rows.text()).substr(0, rows.text().size() - 1), row));
  CHECK(row.cells[2].text() == "\"x\" \\ \n\x01 é");
  CHECK(row.cells[3].is_null());
  CHECK_FALSE(replay::parse_row("[4,1,2]", row));
  CHECK_FALSE(replay::parse_row("nonsense", row));
}
