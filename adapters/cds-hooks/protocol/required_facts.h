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

namespace vigil::hooks {

class RequiredFacts {
 public:
  /// Forgets what it held. `encounter`: whose location is looked for.
  void begin(std::string_view encounter);
  /// `entry` as for_each_resource gives it.
  void add(const JsonNode& resource, const JsonNode* entry, const ReadPlan& plan, bool is_draft);

  /// Bundles; empty where there is nothing.
  PatientText record() const { return closed(record_); }
  PatientText drafts() const { return closed(drafts_); }
  /// Where the encounter takes place, as its resource says last; empty where that is not known.
  const PatientText& location() const { return location_; }

  /// Of what a finding rests on and says: its facts' contents, its tier, its texts. Resources that are reached by
  /// reference only, such as medications, count whole: which fact leads to which is not known here.
  uint64_t digest(const Finding& finding) const;

 private:
  struct Place {
    std::string reference;  ///< "MedicationRequest/7"
    bool is_draft = false;
    size_t begin = 0;
    size_t end = 0;
  };
  static PatientText closed(const std::string& entries);
  void take_location(const JsonNode& encounter);

  std::string encounter_;
  std::string record_;
  std::string drafts_;
  PatientText location_;
  std::vector<Place> places_;
};

}  // namespace vigil::hooks
