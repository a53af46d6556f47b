// SPDX-License-Identifier: Apache-2.0
// Prefetch, context and fetched data into a timeline.
#include "cds-hooks/protocol/patient_data.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "cds-hooks/protocol/data_judge.h"

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

bool is_resource(const JsonNode& node, std::string_view type) {
  const auto member = node.find("resourceType");
  return member && member->is_text(type);
}

bool has_token(const HookCall& call, const std::string& token) {
  constexpr std::string_view kContext = "context.";
  if (token.starts_with(kContext)) return call.token(std::string_view(token).substr(kContext.size())) != nullptr;
  // userPractitionerId: the id of the user, where the user is a Practitioner.
  const auto user = parse_reference(call.user.reveal());
  return user && token == "user" + user->type + "Id";
}

/// `null` says: asked for, and there is none. But not where the client could not ask.
Judgement judge_null(const PrefetchTemplate& one, const HookCall& call, const ProtocolOptions& options) {
  Judgement judgement;
  if (options.distrusts_null)
    judgement.worsen(Completeness::kNotObtained, "null, which this service is told to distrust");
  if (!std::ranges::all_of(tokens_of(one.text), [&](const std::string& token) { return has_token(call, token); }))
    judgement.worsen(Completeness::kNotObtained, "null for a query whose tokens the context lacks");
  if (one.resource_type == "Patient") judgement.worsen(Completeness::kNotObtained, "null for the patient");
  return judgement;
}

const JsonNode* find_value(const HookCall& call, std::string_view key) {
  const auto at = std::ranges::find(call.prefetch, key, &PrefetchValue::key);
  return at == call.prefetch.end() ? nullptr : &at->value;
}

Judgement judge_key(const PrefetchTemplate& one, const HookCall& call, const ProtocolOptions& options) {
  const auto* value = find_value(call, one.key);
  if (value == nullptr) return {Completeness::kNotObtained, "absent"};
  if (value->is_null()) return judge_null(one, call, options);
  DataJudge judge(one.resource_type);
  judge.look_at(*value);
  return judge.judge();
}

}  // namespace

PatientData::PatientData(std::shared_ptr<const RulePack> pack)
    : pack_(std::move(pack)),
      timeline_(pack_->rulebook->read_plan(), pack_->rulebook->knowledge()),
      reader_(pack_->rulebook->read_plan()),
      order_reader_(pack_->rulebook->read_plan(), {.as_drafts = true}) {}

std::vector<KeyState> PatientData::judge_keys(const Service& service, const HookCall& call,
                                              const ProtocolOptions& options) {
  return judge_keys(service.prefetch, call, options);
}

std::vector<KeyState> PatientData::judge_keys(const PrefetchPlan& plan, const HookCall& call,
                                              const ProtocolOptions& options) {
  std::vector<KeyState> keys;
  keys.reserve(plan.templates.size());
  for (const auto& one : plan.templates) {
    auto judgement = judge_key(one, call, options);
    keys.push_back({&one, judgement.completeness, std::move(judgement.why)});
  }
  return keys;
}

std::vector<const PrefetchTemplate*> PatientData::missing_keys(std::span<const KeyState> keys) {
  std::vector<const PrefetchTemplate*> missing;
  for (const auto& one : keys)
    if (one.completeness != Completeness::kComplete) missing.push_back(one.asked);
  return missing;
}

void PatientData::read(const Service& service, const HookCall& call, std::vector<KeyState> keys,
                       std::span<const Fetched> fetched, const ProtocolOptions& options, Instant now,
                       bool keeps_required) {
  keeps_required_ = keeps_required;
  required_.begin(call.encounter.reveal());
  timeline_.clear();
  keys_ = std::move(keys);
  for (auto& state : keys_) {
    const auto at = std::ranges::find(fetched, state.asked->key, &Fetched::key);
    if (at != fetched.end()) std::tie(state.completeness, state.why) = std::tie(at->completeness, at->why);
  }
  unread_orders_.clear();
  DiagnosticSink sink;  // what is wrong with data shows in completeness, and is named by the outcome
  DiagnosticSink order_sink;
  reader_.begin("call", timeline_, sink);
  order_reader_.begin("call", timeline_, order_sink);
  read_prefetch(call, fetched, options);
  for (const auto& resources : call.resources) add_resources(resources.value, resources.role);
  reader_.finish(call.patient.reveal());
  order_reader_.finish(call.patient.reveal());
  for (const auto& diagnostic : order_sink.all()) unread_orders_.push_back(diagnostic.message);
  for (const auto& state : keys_)
    if (const auto* type = timeline_.plan().resource(state.asked->resource_type))
      timeline_.degrade(type->fhir_type, state.completeness);
  timeline_.at(now, sink, snapshot_);
  trigger_.hook = service.rules_hook;
  trigger_.user = call.user.reveal();
  trigger_.encounter = call.encounter.reveal();
  find_orders(call, now);
}

void PatientData::read_prefetch(const HookCall& call, std::span<const Fetched> fetched,
                                const ProtocolOptions& options) {
  // What other keys hold is the patient's too; and so is what came of a key, where no more could be fetched of it.
  for (const auto& value : call.prefetch) {
    const auto at = std::ranges::find(fetched, value.key, &Fetched::key);
    if (at == fetched.end() || at->pages.empty()) add_resources(value.value, FieldRole::kRecord);
  }
  pages_.clear();
  for (const auto& one : fetched) {
    for (const auto& page : one.pages) {
      auto& document = pages_.emplace_back();
      if (document.read(page.reveal(), options.call.json).empty()) add_resources(document.root(), FieldRole::kRecord);
    }
  }
}

void PatientData::add_resources(const JsonNode& value, FieldRole role) {
  const bool are_orders = role == FieldRole::kOrders;
  for_each_resource(value, [&](const JsonNode& resource, const JsonNode* entry) {
    if (is_resource(resource, "OperationOutcome")) return;
    if (are_orders) check_type(resource);
    const auto url = entry == nullptr ? std::nullopt : entry->find("fullUrl");
    (are_orders ? order_reader_ : reader_)
        .add(resource.text(), resource.token(), url ? url->token() : fhir::FhirReader::kNoToken,
             keeps_required_ ? &passed_over_ : nullptr);
    if (keeps_required_) required_.add(resource, entry, passed_over_, are_orders);
  });
}

/// An order that R4 has no type for is read by no rule: what it orders is not known.
void PatientData::check_type(const JsonNode& order) {
  const auto member = order.find("resourceType");
  const auto type = member ? member->string().value_or(std::string()) : std::string();
  if (ReadPlan::is_resource_type(type)) return;
  const auto at = std::ranges::find(kFormerTypes, type, [](const auto& former) { return former.first; });
  if (at == kFormerTypes.end()) return timeline_.degrade_all(Completeness::kDamaged);
  if (const auto* now = timeline_.plan().resource(at->second))
    timeline_.degrade(now->fhir_type, Completeness::kDamaged);
}

void PatientData::find_orders(const HookCall& call, Instant now) {
  trigger_.orders.clear();
  for (const auto& selection : call.selections)
    if (has_fact(selection, Origin::kDraft)) trigger_.orders.push_back(selection);
  bool is_degraded = false;
  for (const auto& order : call.dispatched) {
    trigger_.orders.push_back(order);
    const auto* type = timeline_.plan().resource(order.type);
    if (type == nullptr || has_fact(order, Origin::kRecord)) continue;
    timeline_.degrade(type->fhir_type, Completeness::kDamaged);  // a record may be partial, the order looked at not
    unread_orders_.emplace_back("a dispatched " + order.type + " is not in the data");
    is_degraded = true;
  }
  DiagnosticSink sink;
  if (is_degraded) timeline_.at(now, sink, snapshot_);
}

bool PatientData::has_fact(const ResourceReference& reference, Origin origin) const {
  const auto* type = timeline_.plan().resource(reference.type);
  return type != nullptr && std::ranges::any_of(snapshot_.facts(type->fhir_type), [&](const Fact& fact) {
           return fact.id == reference.id && fact.origin == origin;
         });
}

}  // namespace vigil::hooks
