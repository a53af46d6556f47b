// SPDX-License-Identifier: Apache-2.0
// What a report shows, read from the tables of a replay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

#include "replay/outcome_figures.h"

namespace vigil::replay {

/// A number with what it counts.
struct Counted {
  std::string label;
  int64_t count = 0;
};

struct RuleFigures {
  std::string rule;
  std::string category;
  int64_t asked = 0;
  int64_t fired = 0;
  int64_t suppressed = 0;
  int64_t unknown = 0;
  int64_t error = 0;
  int64_t shown = 0;
  int64_t shown_at_orders = 0;
  int64_t patients = 0;
  int64_t repeats = 0;  ///< firings on the same problem within 24 hours of another
  std::optional<int64_t> naive_fired;
  bool asked_at_orders = false;
  ClusteredCount at_orders;  ///< decisions shown at orders, of orders; of a rule asked there
  std::string known_by;      ///< "authored 80 %, issued 20 %": of the facts behind its decisions
};

/// A subgroup's triggers, and those with an alert; what is known of its alerts.
struct SubgroupFigures {
  std::string dimension;
  std::string value;
  ClusteredCount triggers;   ///< with an alert, of all
  ClusteredCount right;      ///< alerts that labels judge right, of those they judge
  ClusteredCount overrides;  ///< overridden, of shown decisions that users answered
};

struct DayCount {
  std::string day;
  int64_t alerts = 0;
};

struct CaseFact {
  std::string label;
  std::string resource_type;
  bool is_order = false;
  std::string clinical_from;
  std::string known_from;
  std::string basis;
};

struct SampleCase {
  std::string decision_id;
  std::string patient_key;
  std::string rule;
  std::string outcome;
  std::string tier;
  std::string t0;
  std::string hook;
  std::string summary;
  std::string why;
  std::string missing;
  std::vector<CaseFact> facts;
};

struct ReportData {
  std::vector<std::pair<std::string, std::string>> settings;
  bool has_all_rows = false;  ///< those of what was not met too
  int64_t patients = 0;
  int64_t triggers = 0;
  int64_t orders = 0;
  int64_t asked = 0;       ///< decisions
  int64_t candidates = 0;  ///< of them, with a finding
  int64_t fired = 0;
  int64_t repeats = 0;           ///< of those shown, on the same problem within 24 hours of another
  int64_t shown = 0;             ///< decisions of which an alert would be shown
  int64_t alerts_at_orders = 0;  ///< shown; where two orders are spoken of, a decision is two alerts
  ClusteredCount at_orders;      ///< the same, of orders
  int64_t triggers_with_alerts = 0;
  int64_t patients_with_alerts = 0;
  int64_t unknown = 0;
  std::vector<RuleFigures> rules;  ///< most firings first
  std::vector<Counted> tiers;
  std::vector<DayCount> days;    ///< alerts shown, days without any left out
  std::vector<Counted> missing;  ///< by datum
  std::vector<Counted> stacks;   ///< triggers by how many alerts at once
  std::vector<SubgroupFigures> subgroups;
  int64_t later_persons = 0;  ///< triggers whose age and sex are of a Patient that came on record later
  OutcomeFigures outcomes;
  std::vector<SampleCase> cases;
};

/// Reads replay.sqlite of a folder; none, with VGL1229, where there is none or it cannot be read. `cases`: how many to
/// take, spread over rules and outcomes, the same for the same result.
std::optional<ReportData> read_report_data(const std::string& folder, size_t cases, DiagnosticSink& sink);

}  // namespace vigil::replay
