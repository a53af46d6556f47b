// SPDX-License-Identifier: Apache-2.0
// A decision as a FHIR R4 AuditEvent of IHE's Basic Audit Log Patterns (ITI BALP 1.1, profile PatientQuery): who asked
// about which patient, when. What was found is not part of it.
#pragma once

#include <optional>
#include <string>

#include "decision-log/key_ring.h"
#include "decision-log/log_row.h"

namespace vigil::decision_log {

/// FHIR JSON in one line. None for rows of other kinds, and where the patient cannot be read: the column was erased, or
/// its key is not in the ring. `server`: the service's address as clients call it. A call that was not answered with
/// 200 keeps its outcome and claims no profile: that one is of successes.
std::optional<std::string> to_audit_event(const LogRow& row, const KeyRing& keys, const std::string& server);

}  // namespace vigil::decision_log
