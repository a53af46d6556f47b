// SPDX-License-Identifier: Apache-2.0
// What stands among the orders under review and is checked by no rule, or did not come along.
#include <algorithm>
#include <array>
#include <utility>

#include "cds-hooks/protocol/call_resource.h"
#include "cds-hooks/protocol/data_judge.h"
#include "cds-hooks/protocol/patient_data.h"

namespace vigil::hooks {
namespace {

/// Orders of DSTU2 and STU3 that R4 has under another name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kFormerTypes = {{
    {"MedicationPrescription", "MedicationRequest"},
    {"MedicationOrder", "MedicationRequest"},
    {"ProcedureRequest", "ServiceRequest"},
    {"DiagnosticOrder", "ServiceRequest"},
    {"ReferralRequest", "ServiceRequest"},
    {"DeviceUseRequest", "DeviceRequest"},
}};

/// What is done, reported or taken, and the request for it (FHIR R4, "Request and Event patterns"). The context's
/// orders are requests (CDS Hooks Library, order-sign: "a Bundle of FHIR request resources with a draft status").
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEvents = {{
    {"MedicationStatement", "MedicationRequest"},
    {"MedicationDispense", "MedicationRequest"},
    {"MedicationAdministration", "MedicationRequest"},
    {"Procedure", "ServiceRequest"},
    {"DeviceUseStatement", "DeviceRequest"},
}};

/// Of these are orders under review (CDS Hooks Library, order-sign 1.0, draftOrders; FHIR R4, "Request pattern").
constexpr std::array<std::string_view, 6> kRequests = {"CommunicationRequest", "DeviceRequest",  "MedicationRequest",
                                                       "NutritionOrder",       "ServiceRequest", "VisionPrescription"};

template <size_t kCount>
std::string_view look_up(const std::array<std::pair<std::string_view, std::string_view>, kCount>& table,
                         std::string_view type) {
  const auto at = std::ranges::find(table, type, [](const auto& pair) { return pair.first; });
  return at == table.end() ? std::string_view{} : at->second;
}

}  // namespace

/// An order that R4 has no type for is read by no rule: what it orders is not known. What is no order is not checked as
/// one, which is told where rules of the pack look at such orders. Requests that no rule of the pack is on need no
/// word: what a pack checks is said by its services, not by each answer.
void PatientData::check_type(const JsonNode& order) {
  const auto member = order.find("resourceType");
  const auto type = member ? member->string().value_or(std::string()) : std::string();
  if (ReadPlan::is_resource_type(type)) {
    const auto request = look_up(kEvents, type);
    if (!request.empty() && timeline_.plan().resource(request) != nullptr && unread_.no_orders.size() < kMaxUnread)
      unread_.no_orders.push_back(name_of(order) + ": is no order, as a " + std::string(request) +
                                  " would be; no rule on orders has checked it");
    return check_contained(order, type);
  }
  const auto request = look_up(kFormerTypes, type);
  if (request.empty()) return timeline_.degrade_all(Completeness::kDamaged);
  if (const auto* now = timeline_.plan().resource(request)) timeline_.degrade(now->fhir_type, Completeness::kDamaged);
}

/// Those that did not come along may be of any type that orders have.
void PatientData::check_extent(const JsonNode& orders) {
  if (!orders.is(JsonKind::kObject)) return;
  DataJudge judge({});
  judge.look_at(orders);
  const auto judgement = judge.judge_extent();
  if (judgement.completeness == Completeness::kComplete) return;
  for (const auto type : kRequests)
    if (const auto* planned = timeline_.plan().resource(type))
      timeline_.degrade(planned->fhir_type, Completeness::kDamaged);
  unread_.records.push_back("orders of the context: " + judgement.why);
}

/// Groups and plans may hold their orders inside, where no rule looks.
void PatientData::check_contained(const JsonNode& group, std::string_view type) {
  const auto contained = type == "RequestGroup" || type == "CarePlan" ? group.find("contained") : std::nullopt;
  if (!contained) return;
  contained->for_each_element([&](uint32_t, const JsonNode& one) {
    const auto held =
        std::ranges::find_if(kRequests, [&](std::string_view request) { return is_resource(one, request); });
    if (held != kRequests.end() && timeline_.plan().resource(*held) != nullptr && unread_.no_orders.size() < kMaxUnread)
      unread_.no_orders.push_back(name_of(group) + ": contains a " + std::string(*held) +
                                  "; no rule on orders has checked it");
  });
}

}  // namespace vigil::hooks
