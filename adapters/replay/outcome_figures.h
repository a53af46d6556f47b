// SPDX-License-Identifier: Apache-2.0
// What came of alerts: answers, what the record lets one infer, labels, and whom they met.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "replay/rate_intervals.h"

namespace vigil::replay {

class ReadDatabase;

/// A median with quartiles, each by linear interpolation between the nearest two (type 7 of Hyndman and Fan 1996).
struct Quartiles {
  int64_t count = 0;
  double low = 0;
  double median = 0;
  double high = 0;
};
/// Of values that are sorted; all 0 of none.
Quartiles quartiles_of(const std::vector<double>& sorted);

/// Of one rule's shown decisions.
struct ResponseFigures {
  std::string rule;
  int64_t shown = 0;
  int64_t accepted = 0;    ///< by feedback
  int64_t overridden = 0;  ///< by feedback
  // By the record, inferred:
  int64_t placed = 0;
  int64_t stopped = 0;
  int64_t changed = 0;
  int64_t kept = 0;

  ClusteredCount overrides;  ///< of answers
  ClusteredCount heeding;    ///< of those on record

  int64_t answered() const { return accepted + overridden; }
  int64_t heeded() const { return placed + stopped + changed; }
  int64_t on_record() const { return heeded() + kept; }
};

/// What labels say of a rule.
struct LabelFigures {
  std::string rule;
  int64_t right_alerts = 0;
  int64_t wrong_alerts = 0;
  int64_t right_silences = 0;
  int64_t missed = 0;
  int64_t undecided = 0;
  ClusteredCount alerts;    ///< right ones of all that are labelled
  ClusteredCount silences;  ///< the same of silences
  Quartiles lead_hours;     ///< from the first alert to its event
};

struct ReasonFigures {
  std::string rule;
  std::string reason;
  int64_t count = 0;
};

/// Alerts that the clinicians who ordered would have met.
struct ClinicianFigures {
  int64_t clinicians = 0;    ///< who wrote orders
  int64_t with_alerts = 0;   ///< of them
  Quartiles per_100_orders;  ///< of those with at least kFewOrders orders
  Quartiles alerts;          ///< of those with alerts
  int64_t shifts = 0;        ///< clinician, day and shift
  int64_t shifts_with_alerts = 0;
  Quartiles alerts_a_shift;  ///< of those with alerts
  int64_t orders_without_clinician = 0;
  static constexpr int64_t kFewOrders = 10;
};

struct HourFigures {
  int64_t triggers = 0;
  int64_t with_alerts = 0;
};

/// How near rules came that are not met.
struct MissFigures {
  std::string rule;
  std::string comparison;
  std::string unit;
  int64_t decided = 0;  ///< decisions that this comparison alone kept from being met
  int64_t near = 0;     ///< of them, within 10 % of the limit
  double median = 0;    ///< of the distance
};

/// What became of a finding, rule by rule.
struct SilencedFigures {
  std::string rule;
  std::string by;  ///< "the rule's own `unless`", "what raises alerts"
  std::string reason;
  int64_t count = 0;
};

/// A part of a rule that is true, or false, at all decisions looked at.
struct ClauseFigures {
  std::string rule;
  std::string part;
  std::string text;
  int64_t is_true = 0;
  int64_t is_false = 0;
  int64_t is_open = 0;
};

struct OutcomeFigures {
  std::vector<ResponseFigures> responses;
  std::vector<ReasonFigures> override_reasons;
  int64_t feedback_given = 0;
  int64_t feedback_joined = 0;        ///< answers that belong to a decision
  int64_t feedback_without_rule = 0;  ///< of a rule that is not replayed
  ClusteredCount unalerted;           ///< orders altered, of those on record at times without any alert
  std::vector<LabelFigures> labels;
  ClinicianFigures clinicians;
  std::vector<HourFigures> hours;     ///< 24
  std::vector<int64_t> order_stacks;  ///< orders by how many alerts at once: 1, 2, 3, 4, 5 or more
  std::vector<SilencedFigures> silenced;
  std::vector<MissFigures> misses;
  std::vector<ClauseFigures> clauses;
};

OutcomeFigures read_outcome_figures(ReadDatabase& database);

}  // namespace vigil::replay
