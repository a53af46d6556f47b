// SPDX-License-Identifier: Apache-2.0
// Suggested actions to suggestions.
#include "cds-hooks/protocol/suggestions.h"

#include <algorithm>
#include <array>
#include <utility>

#include <vigil/snapshot.h>

#include "json/json_writer.h"

namespace vigil::hooks {
namespace {

using json::JsonWriter;

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

/// The order of the call that a reference names, complete as the client sent it.
std::optional<JsonNode> find_order(const HookCall& call, const std::string& reference) {
  const auto wanted = parse_reference(reference);
  std::optional<JsonNode> found;
  if (!wanted) return found;
  for (const auto& resources : call.resources) {
    if (resources.role != FieldRole::kOrders) continue;
    for_each_resource(resources.value, [&](const JsonNode& resource, const JsonNode*) {
      const auto id = resource.find("id");
      const auto type = resource.find("resourceType");
      if (!found && id && type && id->string() == wanted->id && type->string() == wanted->type) found = resource;
    });
  }
  return found;
}

/// What is new is the patient's; an order is one nobody has signed.
std::string complete(const JsonNode& resource, const HookCall& call) {
  std::string text;
  JsonWriter out(text);
  out.open('{');
  resource.for_each_member([&](std::string_view key, const JsonNode& value) { out.key(key).raw(value.raw()); });
  const auto node = resource.find("resourceType");
  const auto type = node ? node->string().value_or(std::string()) : std::string();
  const auto patient_member = ReadPlan::patient_element(type);
  const bool may_have_several = type == "Account" || type == "Contract";
  if (!patient_member.empty() && !may_have_several && !resource.find(patient_member))
    out.key(patient_member).open('{').key("reference").string("Patient/" + call.patient.reveal()).close('}');
  if (is_request(type)) {
    if (!resource.find("status")) out.key("status").string("draft");
    if (!resource.find("intent") && type != "VisionPrescription") out.key("intent").string("proposal");
  }
  out.close('}');
  return text;
}

/// Whether what stands at `other` gives way to a change of `member`: the element, its other forms where it may be of
/// several types, and what `_other` says of either.
bool gives_way(std::string_view other, std::string_view member) {
  const auto plain = other.substr(other.starts_with('_') ? 1 : 0);
  const auto choice = choice_of(member);
  return plain == member || (!choice.empty() && choice_of(plain) == choice);
}

using Members = std::vector<std::pair<std::string, std::string>>;  // names and JSON texts

/// Leaves out what was contained for a reference that is no more (FHIR R4, DomainResource, dom-3).
void drop_unreferenced(const JsonNode& draft, Members& members) {
  const auto at = std::ranges::find(members, "contained", &Members::value_type::first);
  const auto contained = draft.find("contained");
  if (at == members.end() || !contained || at->second != contained->raw()) return;
  std::vector<std::string_view> kept;
  bool is_dropped = false;
  contained->for_each_element([&](uint32_t, const JsonNode& one) {
    const auto id = one.find("id");
    const auto reference = "\"#" + (id ? id->string().value_or(std::string()) : std::string()) + '"';
    const auto refers = [&](std::string_view text) { return text.find(reference) != std::string_view::npos; };
    bool is_referred_to = !refers(draft.raw());  // it never was: then it is not for us to judge
    for (const auto& member : members)
      is_referred_to = is_referred_to || (member.first != at->first && refers(member.second));
    contained->for_each_element([&](uint32_t, const JsonNode& other) {
      is_referred_to = is_referred_to || (other.token() != one.token() && refers(other.raw()));
    });
    if (is_referred_to)
      kept.push_back(one.raw());
    else
      is_dropped = true;
  });
  if (kept.empty() && is_dropped) {
    members.erase(at);
  } else if (is_dropped) {
    at->second.clear();
    JsonWriter out(at->second);
    out.open('[');
    for (const auto one : kept) out.raw(one);
    out.close(']');
  }
}

/// The resource of an action, where it has one to be sent; none where it cannot be carried out.
std::optional<std::string> make_resource(const SuggestedAction& action, const HookCall& call) {
  JsonDocument document;
  if (!document.read(action.resource_json).empty() || !document.root().is(JsonKind::kObject)) return std::nullopt;
  if (action.kind == SuggestedAction::Kind::kCreate) return complete(document.root(), call);
  const auto draft = find_order(call, action.resource);
  return draft ? std::optional(merge_changes(*draft, document.root())) : std::nullopt;
}

std::optional<std::string> make_action(const SuggestedAction& action, const std::string& label, const HookCall& call) {
  static constexpr std::array<std::string_view, 3> kTypes = {"create", "update", "delete"};
  std::string text;
  JsonWriter out(text);
  out.open('{').key("type").string(kTypes[static_cast<size_t>(action.kind)]).key("description").string(label);
  if (action.kind == SuggestedAction::Kind::kDelete) {
    if (!find_order(call, action.resource)) return std::nullopt;
    out.key("resourceId").string(action.resource);
  } else {
    const auto resource = make_resource(action, call);
    if (!resource) return std::nullopt;
    out.key("resource").raw(*resource);
  }
  out.close('}');
  return text;
}

}  // namespace

std::string merge_changes(const JsonNode& draft, const JsonNode& changes) {
  Members members;
  draft.for_each_member([&](std::string_view key, const JsonNode& value) {
    bool stays = true;
    changes.for_each_member(
        [&](std::string_view member, const JsonNode&) { stays = stays && !gives_way(key, member); });
    const auto change = changes.find(key);
    if (stays || (change && !change->is_null())) members.emplace_back(key, (stays ? value : *change).raw());
  });
  changes.for_each_member([&](std::string_view member, const JsonNode& value) {
    if (!value.is_null() && !draft.find(member)) members.emplace_back(member, value.raw());
  });
  drop_unreferenced(draft, members);
  std::string text;
  JsonWriter out(text);
  out.open('{');
  for (const auto& [key, value] : members) out.key(key).raw(value);
  out.close('}');
  return text;
}

std::vector<std::string> make_actions(const Suggestion& suggestion, const HookCall& call) {
  std::vector<std::string> actions;
  for (const auto& action : suggestion.actions) {
    auto made = make_action(action, suggestion.label, call);
    if (!made) return {};
    actions.push_back(std::move(*made));
  }
  return actions;
}

std::optional<std::string> make_suggestion(const Suggestion& suggestion, const HookCall& call,
                                           const ClientAbilities& client, const std::string& uuid) {
  const auto actions = make_actions(suggestion, call);
  if (actions.empty() && !suggestion.actions.empty()) return std::nullopt;
  std::string text;
  JsonWriter out(text);
  out.open('{').key("label").string(suggestion.label).text("uuid", uuid);
  if (suggestion.kind == Suggestion::Kind::kRecommended) out.key("isRecommended").boolean(true);
  if (client.version_3 && actions.size() > 1) out.key("actionSelectionBehavior").string("all");
  if (!actions.empty()) {
    out.key("actions").open('[');
    for (const auto& action : actions) out.raw(action);
    out.close(']');
  }
  out.close('}');
  return text;
}

}  // namespace vigil::hooks
