// SPDX-License-Identifier: Apache-2.0
// How the status of each resource type runs. README.md says why which types have no row.
#include <algorithm>
#include <array>

#include "replay/course.h"

namespace vigil::replay {

namespace {

// Notes and reasons of a status are often written when it changes; what an order's plan says of its end is known from
// the start, unless it was stopped (as_of.cpp).
constexpr std::array<LifecycleRow, 42> kLifecycles = {{
    {"Patient", Lifecycle::kPatient, "", {"deceasedDateTime"}, {"deceasedDateTime", "deceasedBoolean"}},
    {"Encounter",
     Lifecycle::kEncounter,
     "in-progress",
     {"period.end"},
     {"period.end", "length", "diagnosis", "hospitalization.dischargeDisposition", "hospitalization.destination",
      "statusHistory", "classHistory"},
     {{{"location", "period.start"}, {"participant", "period.start"}}}},
    {"MedicationRequest",
     Lifecycle::kOrder,
     "active",
     {"dispenseRequest.validityPeriod.end", "dosageInstruction.timing.repeat.boundsPeriod.end"},
     {"statusReason", "note", "eventHistory", "detectedIssue"}},
    {"ServiceRequest", Lifecycle::kOrder, "active", {}, {"note", "relevantHistory"}},
    {"DeviceRequest", Lifecycle::kOrder, "active", {}, {"note", "relevantHistory"}},
    {"NutritionOrder", Lifecycle::kOrder, "active", {}, {"note"}},
    {"CommunicationRequest", Lifecycle::kOrder, "active", {}, {"statusReason", "note"}},
    {"VisionPrescription", Lifecycle::kOrder, "active", {}, {}},
    {"Condition",
     Lifecycle::kState,
     "active",
     {"abatementDateTime", "abatementPeriod.start"},
     {"abatementDateTime", "abatementPeriod", "abatementAge", "abatementRange", "abatementString"}},
    {"AllergyIntolerance", Lifecycle::kState, "active", {}, {}, {{{"reaction", "onset"}, {"lastOccurrence", ""}}}},
    {"Goal",
     Lifecycle::kState,
     "active",
     {"statusDate"},
     {"statusDate", "statusReason", "achievementStatus", "outcomeCode", "outcomeReference"}},
    {"MedicationStatement",
     Lifecycle::kState,
     "active",
     {"effectivePeriod.end"},
     {"effectivePeriod.end", "statusReason"}},
    {"MedicationAdministration",
     Lifecycle::kState,
     "in-progress",
     {"effectivePeriod.end"},
     {"effectivePeriod.end", "statusReason"}},
    {"Procedure",
     Lifecycle::kState,
     "in-progress",
     {"performedPeriod.end"},
     {"performedPeriod.end", "statusReason", "outcome", "complication", "followUp", "report"}},
    {"DeviceUseStatement", Lifecycle::kState, "active", {"timingPeriod.end"}, {"timingPeriod.end"}},
    {"EpisodeOfCare", Lifecycle::kState, "active", {"period.end"}, {"period.end", "statusHistory"}},
    {"CarePlan", Lifecycle::kState, "active", {"period.end"}, {"period.end"}},
    {"CareTeam", Lifecycle::kState, "active", {"period.end"}, {"period.end"}},
    {"Flag", Lifecycle::kState, "active", {"period.end"}, {"period.end"}},
    {"Task",
     Lifecycle::kState,
     "in-progress",
     {"executionPeriod.end"},
     {"executionPeriod.end", "statusReason", "output"}},
    {"Appointment", Lifecycle::kState, "booked", {"end", "start"}, {}},
    {"ClinicalImpression",
     Lifecycle::kState,
     "in-progress",
     {"effectivePeriod.end"},
     {"effectivePeriod.end", "statusReason"}},
    {"Communication", Lifecycle::kState, "in-progress", {"sent"}, {"sent", "received", "statusReason"}},
    {"Consent", Lifecycle::kState, "active", {"provision.period.end"}, {}},
    {"Coverage", Lifecycle::kState, "active", {"period.end"}, {"period.end"}},
    {"Account", Lifecycle::kState, "active", {"servicePeriod.end"}, {"servicePeriod.end"}},
    {"MedicationDispense",
     Lifecycle::kState,
     "in-progress",
     {"whenHandedOver"},
     {"whenHandedOver", "receiver", "statusReasonCodeableConcept", "statusReasonReference"}},
    {"ResearchSubject", Lifecycle::kState, "on-study", {"period.end"}, {"period.end"}},
    {"SupplyDelivery",
     Lifecycle::kState,
     "in-progress",
     {"occurrencePeriod.end", "occurrenceDateTime"},
     {"occurrencePeriod.end", "occurrenceDateTime", "receiver"}},
    // Whose status runs without a date: one that has ended is undetermined.
    {"SupplyRequest", Lifecycle::kState, "active", {}, {}},
    {"RequestGroup", Lifecycle::kState, "active", {}, {"note"}},
    {"Claim", Lifecycle::kState, "active", {}, {}},
    {"ClaimResponse", Lifecycle::kState, "active", {}, {}},
    {"ExplanationOfBenefit", Lifecycle::kState, "active", {}, {}},
    {"Device", Lifecycle::kState, "active", {}, {"statusReason"}},
    {"DocumentReference", Lifecycle::kState, "current", {}, {}},
    {"List", Lifecycle::kState, "current", {}, {}},
    {"DetectedIssue", Lifecycle::kState, "preliminary", {}, {"mitigation"}},
    {"RiskAssessment", Lifecycle::kState, "preliminary", {}, {}},
    {"Observation",
     Lifecycle::kReport,
     "",
     {},
     {"value[x]", "dataAbsentReason", "interpretation", "component", "referenceRange", "note"}},
    {"DiagnosticReport",
     Lifecycle::kReport,
     "",
     {},
     {"result", "conclusion", "conclusionCode", "presentedForm", "media", "imagingStudy"}},
    {"Immunization", Lifecycle::kReport, "", {}, {}},
}};

}  // namespace

const LifecycleRow* find_lifecycle(std::string_view resource_type) {
  const auto* row = std::ranges::find(kLifecycles, resource_type, &LifecycleRow::resource_type);
  return row == kLifecycles.end() ? nullptr : row;
}

}  // namespace vigil::replay
