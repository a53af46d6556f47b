// SPDX-License-Identifier: Apache-2.0
// What came of one trigger, as rows: the trigger, the decisions, their findings, evidence and missing data.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <vigil/outcome.h>
#include <vigil/snapshot.h>

#include "replay/clause_coverage.h"
#include "replay/order_fates.h"
#include "replay/patient_timeline.h"
#include "replay/pseudonyms.h"
#include "replay/row_buffer.h"
#include "replay/triggers.h"

namespace vigil::replay {

/// One trigger with what was seen and said; all of one patient, in the order of time.
struct Decided {
  const ReplayTrigger* trigger = nullptr;
  const Snapshot* snapshot = nullptr;
  const Outcome* outcome = nullptr;  ///< with explanations, unless every rule is not met
  const Alerts* alerts = nullptr;
};

/// A resource behind a finding, as rows tell of it: without ids of the source.
struct NamedFact {
  std::string key;
  std::string resource_type;
  bool is_order = false;
  std::string label;
  std::string clinical_from;
  std::string known_from;
  std::string_view basis;
  std::string_view status_then;
};

/// Writes patient after patient. No id of the source stands in a row: ids in texts are replaced by pseudonyms. Not
/// thread-safe.
class DecisionWriter {
 public:
  DecisionWriter(const Pseudonyms& pseudonyms, bool all_rows) : pseudonyms_(pseudonyms), all_rows_(all_rows) {}

  void begin_patient(std::string_view patient_id, const PatientTimeline& timeline);
  /// Returns the trigger's id.
  std::string write(const Decided& decided, RowBuffer& rows);

  // For what else is written of the patient:
  std::string id_of(const ReplayTrigger& trigger) const;
  const std::string& patient_key() const { return patient_key_; }
  std::string problem_key(std::string_view problem) const;
  /// A text with pseudonyms in place of ids.
  std::string without_ids(std::string_view text);
  /// What a reference leads to in a snapshot of a timeline of this patient.
  NamedFact fact_of(const Snapshot& snapshot, const PatientTimeline& timeline, std::string_view reference,
                    bool is_order);
  /// What was counted since the last call.
  void finish_part(RowBuffer& rows);

 private:
  void write_trigger(const Decided& decided, RowBuffer& rows);
  void write_decision(const Decided& decided, const RuleResult& result, RowBuffer& rows);
  void write_findings(const Decided& decided, const RuleResult& result, RowBuffer& rows);
  void write_missing(const Decided& decided, const RuleResult& result, RowBuffer& rows);
  void write_evidence(const Decided& decided, std::string_view reference, bool is_order, size_t number,
                      RowBuffer& rows);
  void write_miss(const RuleResult& result, RowBuffer& rows);
  void add_order_fates(const ReplayTrigger& trigger, RowBuffer& rows) const;
  int64_t count_repeats(const Decided& decided, const RuleResult& result);
  std::string label_of(const store::StoredVersion& stored);
  const std::string& key_of(std::string_view reference);

  const Pseudonyms& pseudonyms_;
  bool all_rows_;
  const PatientTimeline* timeline_ = nullptr;
  std::string patient_id_;
  std::string patient_key_;
  std::string trigger_id_;
  std::string decision_id_;
  OrderFates fates_;
  ClauseCoverage coverage_;
  fhir::JsonIndex tokens_;
  std::unordered_set<std::string_view> ids_;                                ///< of the patient's resources
  std::unordered_map<std::string, std::string> keys_;                       ///< by reference
  std::map<std::pair<uint32_t, std::string>, std::vector<Instant>> fired_;  ///< by rule and problem
};

}  // namespace vigil::replay
