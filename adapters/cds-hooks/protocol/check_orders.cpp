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
    return check_group(order, type);
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

/// Groups and plans may hold their orders inside, where no rule looks, or refer to them: these must have come along.
void PatientData::check_group(const JsonNode& group, std::string_view type) {
  const bool is_group = type == "RequestGroup";
  if (!is_group && type != "CarePlan") return;
  check_contained(group);
  if (const auto parts = group.find(is_group ? "action" : "activity")) check_parts(group, *parts, 0);
}

void PatientData::tell_no_order(const JsonNode& group, std::string_view how, std::string_view request) {
  if (timeline_.plan().resource(request) == nullptr || unread_.no_orders.size() >= kMaxUnread) return;
  unread_.no_orders.push_back(name_of(group) + ": " + std::string(how) + " a " + std::string(request) +
                              "; no rule on orders has checked it");
}

void PatientData::check_contained(const JsonNode& group) {
  const auto contained = group.find("contained");
  if (!contained) return;
  contained->for_each_element([&](uint32_t, const JsonNode& one) {
    const auto held =
        std::ranges::find_if(kRequests, [&](std::string_view request) { return is_resource(one, request); });
    if (held != kRequests.end()) tell_no_order(group, "contains", *held);
  });
}

/// FHIR R4, RequestGroup.action.resource, with actions inside; CarePlan.activity.reference or, in its place, `detail`
/// with a `kind`, or with a product.
void PatientData::check_parts(const JsonNode& group, const JsonNode& parts, size_t depth) {
  constexpr size_t kDeepest = 16;
  parts.for_each_element([&](uint32_t, const JsonNode& part) {
    if (!part.is(JsonKind::kObject)) return;
    for (const auto* member : {"resource", "reference"}) {
      const auto one = part.find(member);
      const auto text = one && one->is(JsonKind::kObject) ? one->find("reference") : std::nullopt;
      const auto reference = text ? parse_reference(text->string().value_or(std::string())) : std::nullopt;
      if (reference && std::ranges::find(kRequests, reference->type) != kRequests.end()) grouped_.push_back(*reference);
    }
    if (const auto detail = part.find("detail"); detail && detail->is(JsonKind::kObject)) {
      const auto kind = detail->find("kind");
      const auto held =
          std::ranges::find_if(kRequests, [&](std::string_view one) { return kind && kind->is_text(one); });
      const bool has_product = detail->find("productCodeableConcept") || detail->find("productReference");
      if (held != kRequests.end() || (!kind && has_product))
        tell_no_order(group, "plans", held == kRequests.end() ? "MedicationRequest" : *held);
    }
    if (const auto inner = part.find("action"); inner && depth < kDeepest) check_parts(group, *inner, depth + 1);
  });
}

}  // namespace vigil::hooks
