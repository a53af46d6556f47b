// SPDX-License-Identifier: Apache-2.0
// What a call was answered from, cut down to what the rules read: for the decision log, and to tell later whether the
// facts behind an alert have changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/outcome.h>
#include <vigil/snapshot.h>

#include "cds-hooks/protocol/confidential.h"
#include "cds-hooks/protocol/json_document.h"
#include "fhir/passed_over.h"

namespace vigil::hooks {

class RequiredFacts {
 public:
  /// Forgets what it held. `encounter`: whose location is looked for.
  void begin(std::string_view encounter);
  /// `entry` as for_each_resource gives it; `passed_over` as the reader of the resource does.
  void add(const JsonNode& resource, const JsonNode* entry, const fhir::PassedOver& passed_over, bool is_draft);

  /// Bundles; empty where there is nothing.
  const PatientText& record() const { return record_; }
  const PatientText& drafts() const { return drafts_; }
  /// Where the encounter takes place, as its resource says last; empty where that is not known.
  const PatientText& location() const { return location_; }

  /// Of what a finding rests on and says: its facts' contents, its tier, its texts. Resources that are reached by
  /// reference only, such as medications, count whole: which fact leads to which is not known here.
  uint64_t digest(const Finding& finding) const;

 private:
  struct Place {
    size_t reference = 0;  ///< where its reference ends in `references_`
    bool is_draft = false;
    size_t begin = 0;
    size_t end = 0;
  };
  void take_location(const JsonNode& encounter);

  std::string encounter_;
  PatientText record_;
  PatientText drafts_;
  PatientText location_;
  std::string references_;  ///< "MedicationRequest/7", one behind the other
  std::vector<Place> places_;
};

}  // namespace vigil::hooks
