// SPDX-License-Identifier: Apache-2.0
// Prefetch, context and fetched data into a timeline.
#include "cds-hooks/protocol/patient_data.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "cds-hooks/protocol/call_resource.h"
#include "cds-hooks/protocol/data_judge.h"

namespace vigil::hooks {
namespace {

std::string describe(std::string_view part, std::string_view key) {
  return std::string(part) + (key.empty() ? "" : " `" + std::string(key) + "`");
}

std::string reason_of(const Diagnostic& diagnostic) {
  constexpr std::string_view kConsequence = "; the resource is skipped";  // which the note says of all
  auto reason = diagnostic.message;
  if (reason.ends_with(kConsequence)) reason.resize(reason.size() - kConsequence.size());
  return reason;
}

/// Problems that showed when all was read; they say themselves where.
void name_rest(const DiagnosticSink& sink, size_t named, std::vector<std::string>& names) {
  constexpr std::string_view kSource = "call: ";
  for (const auto& problem : std::span(sink.all()).subspan(named)) {
    if (problem.severity == Severity::kNote) continue;
    const auto place = std::string_view(problem.place);
    names.push_back((place.starts_with(kSource) ? std::string(place.substr(kSource.size())) + ": " : std::string()) +
                    reason_of(problem));
  }
  if (sink.dropped() > 0) names.push_back("and " + std::to_string(sink.dropped()) + " more");
}

bool is_draft(const JsonNode& resource) {
  const auto status = resource.find("status");
  return status && status->is_text("draft");
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
      reader_(pack_->rulebook->read_plan(), {.drafts = fhir::Drafts::kNone}),
      order_reader_(pack_->rulebook->read_plan(), {.drafts = fhir::Drafts::kAll}) {}

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
  unread_ = {};
  grouped_.clear();
  record_problems_ = DiagnosticSink(kMaxUnread);
  order_problems_ = DiagnosticSink(kMaxUnread);
  named_records_ = named_orders_ = 0;
  reader_.begin("call", timeline_, record_problems_);
  order_reader_.begin("call", timeline_, order_problems_);
  read_prefetch(call, fetched, options);
  for (const auto& resources : call.resources)
    add_resources(resources.value, resources.role, {.part = "context", .is_context = true});
  reader_.finish(call.patient.reveal());
  order_reader_.finish(call.patient.reveal());
  for (const auto& state : keys_)
    if (const auto* type = timeline_.plan().resource(state.asked->resource_type))
      timeline_.degrade(type->fhir_type, state.completeness);
  timeline_.at(now, record_problems_, snapshot_);
  name_remaining_problems();
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
    if (at == fetched.end() || at->pages.empty())
      add_resources(value.value, FieldRole::kRecord, {"prefetch", value.key});
  }
  pages_.clear();
  for (const auto& one : fetched) {
    for (const auto& page : one.pages) {
      auto& document = pages_.emplace_back();
      if (document.read(page.reveal(), options.call.json).empty())
        add_resources(document.root(), FieldRole::kRecord, {"fetched for", one.key});
    }
  }
}

void PatientData::add_resources(const JsonNode& value, FieldRole role, const Source& from) {
  if (role == FieldRole::kOrders) check_extent(value);
  // Orders, as all of the context, were looked through for names that stand twice.
  const auto doubt = [&] {
    timeline_.degrade_all(Completeness::kDamaged);
    auto text =
        describe(from.part, from.key) + ": a name stands twice in one object, so that what it holds is not sure";
    if (std::ranges::find(unread_.records, text) == unread_.records.end()) unread_.records.push_back(std::move(text));
  };
  const auto add = [&](const JsonNode& resource, const JsonNode* entry) {
    if (is_resource(resource, "OperationOutcome")) return;
    const bool is_order = role == FieldRole::kOrders || (from.is_context && is_draft(resource));
    const auto& problems = is_order ? order_problems_ : record_problems_;
    size_t& named = is_order ? named_orders_ : named_records_;
    if (role == FieldRole::kOrders) check_type(resource);
    const auto url = entry == nullptr ? std::nullopt : entry->find("fullUrl");
    const bool is_kept = (is_order ? order_reader_ : reader_)
                             .add(resource.text(), resource.token(), url ? url->token() : fhir::FhirReader::kNoToken,
                                  keeps_required_ ? &passed_over_ : nullptr);
    // The reader looks at what it keeps; the rest may be of a type that is said twice.
    bool is_repeated = false;
    if (!is_kept && resource.find_each(std::array<std::string_view, 1>{"resourceType"}, &is_repeated)[0] && is_repeated)
      doubt();
    if (keeps_required_) required_.add(resource, entry, passed_over_, is_order);
    if (problems.all().size() == named) return;
    for (const auto& problem : std::span(problems.all()).subspan(named))
      if (is_order || problem.severity != Severity::kNote)
        (is_order ? unread_.orders : unread_.records)
            .push_back(name_of(resource) + " (" + describe(from.part, from.key) + "): " + reason_of(problem));
    named = problems.all().size();
  };
  for_each_resource(value, add, doubt, nullptr);
}

void PatientData::name_remaining_problems() {
  name_rest(order_problems_, named_orders_, unread_.orders);
  name_rest(record_problems_, named_records_, unread_.records);
}

void PatientData::find_orders(const HookCall& call, Instant now) {
  trigger_.orders.clear();
  const size_t unread = unread_.orders.size();
  const auto selected = find_facts(call.selections, Origin::kDraft);
  for (size_t i = 0; i < selected.size(); ++i)
    if (selected[i]) trigger_.orders.push_back(call.selections[i]);
  // Where none of the selections is there, all drafts are under review; a selection may be one that has no id.
  const bool are_all_drafts = trigger_.orders.empty();
  for (size_t i = 0; i < selected.size(); ++i)
    if (!selected[i] && !(are_all_drafts && has_draft_without_id(call.selections[i].type)))
      lack_order(call.selections[i], "selected");
  const auto dispatched = find_facts(call.dispatched, Origin::kRecord);
  for (size_t i = 0; i < dispatched.size(); ++i) {
    trigger_.orders.push_back(call.dispatched[i]);
    if (!dispatched[i]) lack_order(call.dispatched[i], "dispatched");
  }
  const auto in_context = find_facts(grouped_, Origin::kDraft), on_record = find_facts(grouped_, Origin::kRecord);
  for (size_t i = 0; i < grouped_.size(); ++i)
    if (!in_context[i] && !on_record[i]) lack_order(grouped_[i], "grouped");
  DiagnosticSink sink;
  if (unread_.orders.size() > unread) timeline_.at(now, sink, snapshot_);
}

/// The record may be partial, the orders looked at not. Orders of types that no rule reads lack nothing.
void PatientData::lack_order(const ResourceReference& order, std::string_view how) {
  const auto* type = timeline_.plan().resource(order.type);
  if (type == nullptr) return;
  timeline_.degrade(type->fhir_type, Completeness::kDamaged);
  auto text = "a " + std::string(how) + " " + order.type + " is not in the data";
  if (std::ranges::find(unread_.orders, text) == unread_.orders.end()) unread_.orders.push_back(std::move(text));
}

bool PatientData::has_draft_without_id(const std::string& type) const {
  const auto* planned = timeline_.plan().resource(type);
  return planned != nullptr && std::ranges::any_of(snapshot_.facts(planned->fhir_type), [](const Fact& fact) {
           return fact.origin == Origin::kDraft && fact.id.empty();
         });
}

/// Whether each is among the facts of this origin.
std::vector<bool> PatientData::find_facts(const std::vector<ResourceReference>& references, Origin origin) const {
  constexpr size_t kFew = 8;  // a usual call has one or two: not worth an index
  std::map<std::string_view, std::unordered_set<std::string_view>> ids;
  std::vector<bool> found;
  for (const auto& reference : references) {
    const auto* type = timeline_.plan().resource(reference.type);
    const auto facts = type == nullptr ? std::span<const Fact>() : snapshot_.facts(type->fhir_type);
    if (references.size() <= kFew) {
      found.push_back(std::ranges::any_of(
          facts, [&](const Fact& fact) { return fact.id == reference.id && fact.origin == origin; }));
      continue;
    }
    const auto [at, is_new] = ids.try_emplace(reference.type);
    if (is_new)
      for (const auto& fact : facts)
        if (fact.origin == origin) at->second.insert(fact.id);
    found.push_back(at->second.contains(reference.id));
  }
  return found;
}

}  // namespace vigil::hooks
