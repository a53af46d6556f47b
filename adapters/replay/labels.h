// SPDX-License-Identifier: Apache-2.0
// Which alerts were right: labels that reviewers or outcomes gave.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/snapshot.h>

namespace vigil::replay {

/// One judgement: an alert of this rule at this instant was, or would have been, right.
struct Label {
  std::string rule;
  Instant at = kAlways;  ///< kAlways: at every instant
  bool is_right = false;
  std::optional<Instant> event;  ///< of the event an alert would have warned of
};

/// Labels by patient id. Immutable.
class Labels {
 public:
  /// CSV with the columns patient, instant, rule and label (true or false; 1 or 0), and, as needed, event. An empty
  /// instant stands for all. None, with VGL1230 for each line that cannot be read or contradicts another.
  static std::optional<Labels> parse(std::string_view csv, const std::string& name, DiagnosticSink& sink);

  bool empty() const { return by_patient_.empty(); }
  using ByPatient = std::map<std::string, std::vector<Label>, std::less<>>;
  const ByPatient& by_patient() const { return by_patient_; }
  /// Of one at the instant before one for all; null where there is none.
  const Label* find(std::string_view patient_id, std::string_view rule, Instant at) const;

 private:
  /// Whether another label of the same alert says otherwise: then nobody can tell which counts.
  bool is_contradicted(std::string_view patient_id, const Label& label) const;

  ByPatient by_patient_;
};

}  // namespace vigil::replay
