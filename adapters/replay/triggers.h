// SPDX-License-Identifier: Apache-2.0
// When rules would have been asked: the triggers that a patient's history, or a table, holds.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/evaluate.h>

#include "replay/as_of.h"

namespace vigil::replay {

/// One question to the rules: a hook at an instant.
struct ReplayTrigger {
  Instant at = 0;
  Temporal now;  ///< the same, with the offset its source gives; UTC where it gives none
  Trigger trigger;
  std::string key;  ///< "MedicationRequest/7": what made it; orders signed together are joined by `+`

  bool operator<(const ReplayTrigger& other) const;
};

/// The hooks to ask at. Of those a replay knows, the ones that some rule names.
struct HookChoice {
  bool order_sign = false;
  bool order_select = false;
  bool patient_view = false;
  bool encounter_start = false;
  bool encounter_discharge = false;
  bool result_available = false;

  /// Where rules name both, orders are asked at order-sign alone: a rule would else count twice for one order. A rule
  /// that names a hook that is not asked is in `unasked`.
  /// The hooks of either.
  HookChoice operator|(const HookChoice& other) const;
  static HookChoice of(std::span<const RuleInfo> rules, std::vector<std::string>& unasked);
};

/// The triggers of a patient, sorted by instant, hook and key:
///   * order-sign (order-select): the orders written at one instant in one encounter, signed together. Not what is a
///     proposal or plan, a draft, or a prescription reported from elsewhere.
///   * encounter-start and patient-view: the begin of an encounter; encounter-discharge: its end. The moments a chart
///     was opened are not in a record; the begin of an encounter stands for them.
///   * result-available: the instant an Observation or DiagnosticReport was issued.
/// An encounter without an end has no discharge; what has no time at all makes no trigger.
std::vector<ReplayTrigger> derive_triggers(std::span<const DatedVersion> versions, const HookChoice& hooks);

/// Triggers of a table, by patient: CSV with the columns patient, instant and hook, and, as needed, orders ("Type/id",
/// several separated by a blank), encounter and user. None, with VGL1223 for each row that cannot be read.
using TriggerTable = std::map<std::string, std::vector<ReplayTrigger>, std::less<>>;
std::optional<TriggerTable> read_trigger_table(std::string_view csv, const std::string& name, DiagnosticSink& sink);

}  // namespace vigil::replay
