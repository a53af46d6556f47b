// SPDX-License-Identifier: Apache-2.0
// What became of orders in the day after an alert: an alert that is heeded leaves no other trace in a record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <vigil/outcome.h>
#include <vigil/snapshot.h>

#include "replay/patient_timeline.h"

namespace vigil::replay {

/// As far as the record dates it. Later ones say more.
enum class OrderFate : uint8_t {
  kNotOnRecord,
  kKept,
  kChanged,  ///< another version with another content, or an order that replaces it
  kStopped,  ///< stopped, cancelled, revoked or entered in error
};

/// The fates of one patient's orders, in the 24 hours after an instant. Not thread-safe.
class OrderFates {
 public:
  /// The timeline must stay until the next patient.
  void begin_patient(const PatientTimeline& timeline);

  /// Of "MedicationRequest/7".
  OrderFate of(std::string_view reference, Instant at) const;
  /// How a rule's alert seems to have been answered: "suggestion-placed" where an order for what it suggests to order
  /// was written in the 24 hours after; else what became of the orders it is about, "stopped", "changed" or "kept";
  /// empty: not on record.
  std::string_view response_to(const RuleResult& result, Instant at) const;

 private:
  bool is_replaced(std::string_view reference, Instant at) const;
  bool was_placed(const SuggestedAction& action, Instant at) const;

  const PatientTimeline* timeline_ = nullptr;
  std::unordered_map<std::string, std::vector<uint32_t>> versions_;  ///< of the timeline, by reference
  std::vector<std::pair<Instant, uint32_t>> authored_;               ///< versions by when they were written, sorted
};

}  // namespace vigil::replay
