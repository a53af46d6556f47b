// SPDX-License-Identifier: Apache-2.0
// The paths of FHIR R4's Patient compartment.
#include "fhir/patients_named.h"

#include <array>

namespace vigil::fhir {

// A Group is about its members together, and so no one's.
std::span<const std::string_view> patient_paths(std::string_view type) {
  static constexpr std::array<std::string_view, 1> kParticipant = {"participant.actor"};
  static constexpr std::array<std::string_view, 1> kActor = {"actor"};
  static constexpr std::array<std::string_view, 1> kDeliverTo = {"deliverTo"};
  static constexpr std::array<std::string_view, 1> kTarget = {"target"};
  static constexpr std::array<std::string_view, 1> kLink = {"link.target"};
  static constexpr std::array<std::string_view, 2> kAudited = {"agent.who", "entity.what"};
  if (type == "Appointment") return kParticipant;
  if (type == "AppointmentResponse" || type == "Schedule") return kActor;
  if (type == "SupplyRequest") return kDeliverTo;
  if (type == "Provenance") return kTarget;
  if (type == "Person") return kLink;
  if (type == "AuditEvent") return kAudited;
  return {};
}

}  // namespace vigil::fhir
