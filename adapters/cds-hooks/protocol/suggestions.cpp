// SPDX-License-Identifier: Apache-2.0
// Suggested actions to suggestions.
#include "cds-hooks/protocol/suggestions.h"

#include <algorithm>
#include <array>

#include <vigil/snapshot.h>

namespace vigil::hooks {
namespace {

/// Choice elements of the types that are ordered (FHIR R4): in JSON their name is followed by that of a type.
constexpr std::array<std::string_view, 9> kChoices = {"medication", "reported", "occurrence", "asNeeded", "quantity",
                                                      "allowed",    "product",  "value",      "effective"};

std::string_view choice_of(std::string_view member) {
  for (const auto choice : kChoices)
    if (member.starts_with(choice) && member.size() > choice.size() && member[choice.size()] >= 'A' &&
        member[choice.size()] <= 'Z')
      return choice;
  return {};
}

bool is_request(std::string_view type) {
  static constexpr std::array<std::string_view, 9> kRequests = {"MedicationRequest",
                                                                "ServiceRequest",
                                                                "DeviceRequest",
                                                                "CommunicationRequest",
                                                                "NutritionOrder",
                                                                "RequestGroup",
                                                                "CarePlan",
                                                                "VisionPrescription",
                                                                "Task"};
  return std::ranges::find(kRequests, type) != kRequests.end();
}

Json parse(std::string_view text) { return Json::parse(text, nullptr, /*allow_exceptions=*/false); }

/// The order of the call that a reference names, complete as the client sent it.
Json find_order(const HookCall& call, const std::string& reference) {
  const auto wanted = parse_reference(reference);
  Json found;
  if (!wanted) return found;
  for (const auto& resources : call.resources) {
    if (resources.role != FieldRole::kOrders) continue;
    for_each_resource(resources.value, [&](const JsonNode& resource, const JsonNode*) {
      const auto id = resource.find("id");
      const auto type = resource.find("resourceType");
      if (found.is_null() && id && type && id->string() == wanted->id && type->string() == wanted->type)
        found = parse(resource.raw());
    });
  }
  return found.is_object() ? found : Json();
}

/// What is new is the patient's; an order is one nobody has signed.
Json complete(Json resource, const HookCall& call) {
  const auto type = resource.value("resourceType", std::string());
  const std::string patient_member(ReadPlan::patient_element(type));
  const bool may_have_several = type == "Account" || type == "Contract";
  if (!patient_member.empty() && !may_have_several && !resource.contains(patient_member))
    resource[patient_member] = {{"reference", "Patient/" + call.patient.reveal()}};
  if (!is_request(type)) return resource;
  if (!resource.contains("status")) resource["status"] = "draft";
  if (!resource.contains("intent") && type != "VisionPrescription") resource["intent"] = "proposal";
  return resource;
}

Json make_action(const SuggestedAction& action, const std::string& label, const HookCall& call) {
  switch (action.kind) {
    case SuggestedAction::Kind::kCreate: {
      auto resource = parse(action.resource_json);
      if (!resource.is_object()) return {};
      return {{"type", "create"}, {"description", label}, {"resource", complete(std::move(resource), call)}};
    }
    case SuggestedAction::Kind::kUpdate: {
      auto draft = find_order(call, action.resource);
      const auto changes = parse(action.resource_json);
      if (!draft.is_object() || !changes.is_object()) return {};
      return {{"type", "update"}, {"description", label}, {"resource", merge_changes(std::move(draft), changes)}};
    }
    case SuggestedAction::Kind::kDelete:
      if (!find_order(call, action.resource).is_object()) return {};
      return {{"type", "delete"}, {"description", label}, {"resourceId", action.resource}};
  }
  return {};
}

}  // namespace

Json merge_changes(Json draft, const Json& changes) {
  for (const auto& [member, value] : changes.items()) {
    const auto choice = choice_of(member);
    std::vector<std::string> replaced;
    for (const auto& [other, unused] : draft.items()) {
      const auto plain = std::string_view(other).substr(other.starts_with('_') ? 1 : 0);
      const bool is_same_choice = !choice.empty() && choice_of(plain) == choice;
      if (plain != other ? plain == member || is_same_choice : plain != member && is_same_choice)
        replaced.push_back(other);
    }
    for (const auto& other : replaced) draft.erase(other);
    if (value.is_null())
      draft.erase(member);
    else
      draft[member] = value;
  }
  return draft;
}

Json make_actions(const Suggestion& suggestion, const HookCall& call) {
  Json actions = Json::array();
  for (const auto& action : suggestion.actions) {
    auto made = make_action(action, suggestion.label, call);
    if (!made.is_object()) return Json::array();
    actions.push_back(std::move(made));
  }
  return actions;
}

Json make_suggestion(const Suggestion& suggestion, const HookCall& call, const ClientAbilities& client,
                     std::string uuid) {
  Json json{{"label", suggestion.label}};
  if (!uuid.empty()) json["uuid"] = std::move(uuid);
  if (suggestion.kind == Suggestion::Kind::kRecommended) json["isRecommended"] = true;
  auto actions = make_actions(suggestion, call);
  if (client.version_3 && actions.size() > 1) json["actionSelectionBehavior"] = "all";
  if (!actions.empty()) json["actions"] = std::move(actions);
  return json;
}

}  // namespace vigil::hooks
