// SPDX-License-Identifier: Apache-2.0
// Reads the tables of a comparison, and writes them as a page.
#include "replay/compare_report.h"

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "replay/report_sections.h"
#include "replay/shift_dates.h"
#include "replay/sqlite_query.h"
#include "replay/svg_charts.h"

namespace vigil::replay {

namespace {

/// A row of change_counts.
struct Changes {
  int64_t rule_id = 0;
  std::string rule;
  std::string subgroup;
  std::string value;
  int64_t triggers = 0, alerts_a = 0, alerts_b = 0, added = 0, lost = 0, moved = 0, tier = 0;
  int64_t unknown_a = 0, unknown_b = 0;
  ClusteredCount with_new, with_lost;  ///< triggers

  bool has_any() const { return added + lost + moved + tier > 0 || unknown_a != unknown_b; }
};

/// One version's side of a difference.
struct Side {
  std::string outcome, tier, summary, why;
};

struct Difference {
  std::string id, patient_key, t0, hook, change, moved_from, group;
  Side a, b;
};

std::vector<Changes> read_changes(ReadDatabase& database) {
  std::vector<Changes> all;
  database.each(
      R"(SELECT c.rule_id, coalesce(r.rule, 'all rules'), c.subgroup, c.value, c.triggers, c.alerts_a, c.alerts_b, c.added,
           c.lost, c.moved, c.tier, c.unknown_a, c.unknown_b, c.triggers_added, c.triggers_lost, c.patients, c.triggers_squares,
           c.added_squares, c.added_products, c.lost_squares, c.lost_products
         FROM change_counts c LEFT JOIN rules r USING (rule_id)
         ORDER BY c.rule_id, CASE c.subgroup WHEN 'all' THEN 0 ELSE 1 END, c.subgroup, c.value)",
      {}, [&](const QueryRow& row) {
        const int64_t triggers = row.number(4);
        all.push_back(
            {row.number(0), row.text(1), row.text(2), row.text(3), triggers, row.number(5), row.number(6),
             row.number(7), row.number(8), row.number(9), row.number(10), row.number(11), row.number(12),
             ClusteredCount{row.number(13), triggers, row.number(15), row.number(17), row.number(18), row.number(16)},
             ClusteredCount{row.number(14), triggers, row.number(15), row.number(19), row.number(20), row.number(16)}});
      });
  return all;
}

class ComparePage {
 public:
  ComparePage(ReadDatabase& database, const ReportOptions& options, std::optional<size_t> cases)
      : database_(database), page_(options), cases_(cases), changes_(read_changes(database)) {}

  std::string write() {
    begin_page(page_);
    write_totals();
    write_rules();
    write_subgroups();
    write_differences();
    write_run();
    return page_.raw("</body></html>\n").take();
  }

 private:
  void write_totals() {
    page_.section("What changes",
                  "Alerts of the rules in use and of the rules proposed, at the same instants, with what "
                  "was known then.");
    page_.begin_tiles();
    for (const auto& all : changes_) {
      if (all.rule_id != 0 || all.subgroup != "all") continue;
      page_.tile("triggers", all.triggers, "times asked");
      page_.tile("alerts_a", all.alerts_a, "alerts of the rules in use");
      page_.tile("alerts_b", all.alerts_b, "alerts of the rules proposed");
      page_.tile("added", all.added, "new alerts");
      page_.tile("lost", all.lost, "lost alerts");
      page_.tile("moved", all.moved, "at another time");
      page_.tile("tier", all.tier, "at another tier");
      page_.tile("added_per_100", page_.rate_with_interval(all.with_new),
                 "of 100 times asked have new alerts (95 % interval)");
      page_.tile("lost_per_100", page_.rate_with_interval(all.with_lost), "have lost ones");
    }
    page_.end_tiles();
  }

  void begin_changes(std::string_view first) {
    page_.begin_table({first, "asked", "alerts before", "after", "new", "lost", "moved", "tier", "unknown before",
                       "after", "new, of 100 asked (95 % interval)", "lost, of 100 asked (95 % interval)"});
  }

  void add_changes(const Changes& changes, const std::string& name, bool hides) {
    page_.begin_row(name, changes.rule + ": " + changes.subgroup + ": " + changes.value);
    for (const auto count : {changes.triggers, changes.alerts_a, changes.alerts_b, changes.added, changes.lost,
                             changes.moved, changes.tier, changes.unknown_a, changes.unknown_b})
      hides && !page_.is_small(count) && count > 0 ? page_.add("–") : page_.add(count);
    page_.add(hides ? std::string("–") : page_.rate_with_interval(changes.with_new));
    page_.add(hides ? std::string("–") : page_.rate_with_interval(changes.with_lost));
    page_.end_row();
  }

  void write_rules() {
    page_.section("Rules", "Rules with a difference. " + std::string(kIntervalMethod));
    begin_changes("rule");
    for (const auto& changes : changes_)
      if (changes.subgroup == "all" && changes.rule_id != 0 && changes.has_any())
        add_changes(changes, changes.rule, /*hides=*/false);
    page_.end_table();
  }

  /// Of all rules together as bars, of each as a table that opens.
  void write_subgroups() {
    page_.section("Subgroups", "Times asked with a new alert, of 100, all rules together; below, rule by rule.");
    std::vector<Bar> bars;
    for (const auto& changes : changes_) {
      if (changes.rule_id != 0 || changes.subgroup == "all") continue;
      const auto label = changes.subgroup + ": " + changes.value;
      const auto rate = share_per_100(changes.with_new);
      if (page_.hides_share(changes.with_new.part, changes.triggers))
        bars.push_back({label, 0, "too few to show"});
      else
        bars.push_back({label, rate.per_100, decimal(rate.per_100) + " of " + std::to_string(changes.triggers),
                        rate.low, rate.high});
    }
    if (bars.empty()) return page_.none("None.");
    page_.raw(bar_chart(bars, "Times with a new alert by subgroup")).raw("\n");
    for (size_t i = 0; i < changes_.size(); ++i)
      if (changes_[i].subgroup == "all" && changes_[i].has_any()) write_subgroups_of(i);
  }

  void write_subgroups_of(size_t all) {
    page_.raw("<details><summary>").text(changes_[all].rule).raw("</summary>");
    begin_changes("subgroup");
    for (size_t i = all + 1; i < changes_.size() && changes_[i].rule_id == changes_[all].rule_id; ++i) {
      // A small subgroup would follow from the others: then none of its kind is told but for the small ones' marks.
      const bool hides = has_small_sibling(i);
      add_changes(changes_[i], changes_[i].subgroup + ": " + changes_[i].value, hides);
    }
    page_.end_table();
    page_.raw("</details>\n");
  }

  bool has_small_sibling(size_t which) const {
    for (const auto& other : changes_) {
      if (other.rule_id != changes_[which].rule_id || other.subgroup != changes_[which].subgroup) continue;
      for (const auto count : {other.triggers, other.alerts_a, other.alerts_b, other.added, other.lost, other.moved,
                               other.tier, other.unknown_a, other.unknown_b})
        if (page_.is_small(count)) return true;
    }
    return false;
  }

  void write_differences() {
    page_.section(
        "Differences",
        "Each opens with what both versions say, and why. A bar leads from when something was true to when it was "
        "known; the line is the instant asked at. Keys are pseudonyms.");
    if (page_.options().min_cell > 1) return page_.none("Left out: each case is a cell of one.");
    std::vector<std::pair<std::string, std::string>> rules;  // id, name
    database_.each("SELECT DISTINCT rule_id, rule FROM differences JOIN rules USING (rule_id) ORDER BY rule_id", {},
                   [&](const QueryRow& row) { rules.emplace_back(row.text(0), row.text(1)); });
    if (rules.empty()) page_.none("None.");
    for (const auto& [id, name] : rules) write_differences_of(id, name);
  }

  void write_differences_of(const std::string& rule_id, const std::string& rule) {
    size_t count = 0;
    page_.raw("<details><summary>").text(rule).raw("</summary>\n");
    database_.each(
        R"(SELECT difference_id, patient_key, t0, hook, change, coalesce(moved_from, ''), coalesce(age_band, '') || ' ' || coalesce(sex, ''),
             coalesce(outcome_a, 'not asked'), coalesce(tier_a, ''), coalesce(summary_a, ''), coalesce(why_a, ''),
             coalesce(outcome_b, 'not asked'), coalesce(tier_b, ''), coalesce(summary_b, ''), coalesce(why_b, '')
           FROM differences WHERE rule_id = CAST(?1 AS INTEGER) ORDER BY change, t0, difference_id)",
        {rule_id}, [&](const QueryRow& row) {
          if (cases_ && count++ >= *cases_) return;
          write_difference({row.text(0),
                            row.text(1),
                            row.text(2),
                            row.text(3),
                            row.text(4),
                            row.text(5),
                            row.text(6),
                            {row.text(7), row.text(8), row.text(9), row.text(10)},
                            {row.text(11), row.text(12), row.text(13), row.text(14)}});
        });
    if (cases_ && count > *cases_) page_.none(std::to_string(count - *cases_) + " more are in compare.sqlite.");
    page_.raw("</details>\n");
  }

  /// Those that one version alone rests on say which.
  std::vector<CaseFact> read_facts(const Difference& difference) const {
    std::vector<CaseFact> facts;
    database_.each(
        "SELECT coalesce(label, resource_type) || CASE WHEN in_b = 0 THEN ' (in use)' WHEN in_a = 0 THEN ' (proposed)' "
        "ELSE '' END, resource_type, is_order, clinical_from, known_from, basis FROM difference_facts "
        "WHERE difference_id = ?1 ORDER BY is_order DESC, known_from, fact_key LIMIT 8",
        {difference.id}, [&](const QueryRow& row) {
          facts.push_back({row.text(0), row.text(1), row.number(2) != 0, row.text(3), row.text(4), row.text(5)});
        });
    return facts;
  }

  void write_difference(const Difference& difference) {
    const bool moves = page_.options().shift_dates;
    const int days = moves ? days_of_shift(difference.patient_key) : 0;
    const auto shown = [&](const std::string& text) { return days == 0 ? text : shift_dates(text, days); };
    page_.raw("<details class=\"case\"><summary>").text(difference.change).text(", ").text(shown(difference.t0));
    page_.text(", " + difference.hook + ", patient " + difference.patient_key + " " + difference.group);
    if (!difference.moved_from.empty()) page_.text(", before at " + shown(difference.moved_from));
    page_.text(moves ? ", dates moved" : "").raw("</summary>");
    draw_case(page_, read_facts(difference), difference.t0, difference.hook, days);
    page_.raw("<div class=\"pair\">");
    for (const auto& [name, side] : {std::pair("In use", difference.a), std::pair("Proposed", difference.b)}) {
      page_.raw("<div>");
      page_.heading(std::string(name) + ": " + side.outcome + (side.tier.empty() ? "" : ", " + side.tier));
      if (!side.summary.empty()) page_.raw("<p>").text(shown(side.summary)).raw("</p>");
      page_.raw("<pre>").text(side.why.empty() ? "The rule is not in this version, or not asked here."
                                               : shown(side.why));
      page_.raw("</pre></div>");
    }
    page_.raw("</div></details>\n");
  }

  void write_run() {
    page_.section("The run", "What was run; the same input gives the same result.");
    page_.raw("<table><tbody>\n");
    database_.each("SELECT name, value FROM run", {},
                   [&](const QueryRow& row) { page_.add_setting(row.text(0), row.text(1)); });
    page_.end_table();
  }

  ReadDatabase& database_;
  ReportPage page_;
  std::optional<size_t> cases_;
  std::vector<Changes> changes_;
};

}  // namespace

std::optional<std::string> write_compare_report(const std::string& folder, const ReportOptions& options,
                                                std::optional<size_t> cases, DiagnosticSink& sink) {
  const auto path = folder + "/compare.sqlite";
  std::error_code error;
  std::string problem = "it holds no compare.sqlite";
  if (std::filesystem::exists(path, error)) {
    ReadDatabase database(path);
    auto page = ComparePage(database, options, cases).write();
    problem = database.error();
    if (problem.empty()) return page;
  }
  sink.add(data_diagnostic("VGL1229", folder, {folder, problem}));
  return std::nullopt;
}

}  // namespace vigil::replay
