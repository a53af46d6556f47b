// SPDX-License-Identifier: Apache-2.0
// Retrieves: facts of a type, filtered by code, in one of three scopes.
#include <algorithm>
#include <array>
#include <new>

#include "diagnostics/catalogue.h"
#include "evaluation/run.h"

namespace vigil {

namespace {

/// The codes of FHIR R4's `status` elements, and of clinicalStatus, that do not say that something is in force; the
/// commonest first. What is in none of the lists is no code of FHIR, and says nothing.
constexpr std::array<std::string_view, 53> kNotInForce = {
    "completed",  "stopped",  "resolved",    "inactive",    "finished",       "cancelled",      "entered-in-error",
    "draft",      "revoked",  "remission",   "intended",    "not-taken",      "not-done",       "preparation",
    "declined",   "proposed", "planned",     "arrived",     "triaged",        "onleave",        "onhold",
    "waitlist",   "pending",  "booked",      "fulfilled",   "noshow",         "checked-in",     "requested",
    "received",   "accepted", "rejected",    "ready",       "failed",         "suspended",      "retired",
    "superseded", "current",  "preliminary", "registered",  "partial",        "final",          "amended",
    "corrected",  "appended", "available",   "unavailable", "unsatisfactory", "health-unknown", "abandoned",
    "off",        "closed",   "issued",      "balanced"};

/// Of drafts: what is taken back asks for nothing.
constexpr std::array<std::string_view, 4> kTakenBack = {"cancelled", "stopped", "revoked", "entered-in-error"};

}  // namespace

const Fact* Run::fact_of(const Object& resource) const { return snapshot_->fact(resource); }

bool Run::recognises(ConceptId id) const { return id != 0 && id <= program_.last_recognised; }

bool Run::is_order(const Fact& fact) const {
  if (trigger_ == nullptr) return false;
  if (trigger_->orders.empty()) return fact.origin == Origin::kDraft;
  const auto name = model::type(fact.fhir_type).name;
  return std::any_of(trigger_->orders.begin(), trigger_->orders.end(),
                     [&](const auto& order) { return order.type == name && order.id == fact.id; });
}

/// `doNotPerform` is a modifier element: true, it turns a request into its contrary.
bool Run::is_prohibition(const Fact& fact) const {
  return element(*fact.resource, program_.elements.do_not_perform).is_true();
}

bool Run::asks_for_something(const Fact& fact) const {
  const bool can_be_taken_back = fact.origin == Origin::kDraft;  // a dispatched order is on record
  if (can_be_taken_back && std::find(kTakenBack.begin(), kTakenBack.end(), fact.status) != kTakenBack.end())
    return false;
  return !is_prohibition(fact);
}

Condition Run::is_current(const Fact& fact) const {
  return fact.origin == Origin::kDraft ? Condition{asks_for_something(fact), false} : is_active(fact);
}

Condition Run::is_active(const Fact& fact) const {
  static constexpr std::array<std::string_view, 4> kActive = {"active", "recurrence", "relapse", "in-progress"};
  const auto name = model::type(fact.fhir_type).name;
  const bool has_status =
      model::find_element(fact.fhir_type, "status") != nullptr || name == "Condition" || name == "AllergyIntolerance";
  if (name == "AllergyIntolerance" || name == "Condition") {
    const auto verification = element(*fact.resource, program_.elements.verification_status);
    if (verification.kind == Kind::kObject) {
      const auto codings = element(*verification.object, program_.elements.coding);
      if (codings.kind == Kind::kList)
        for (const auto& coding : codings) {
          if (coding.kind != Kind::kObject) continue;
          const auto code = element(*coding.object, program_.elements.code);
          if (code.kind == Kind::kString && (code.string() == "refuted" || code.string() == "entered-in-error"))
            return {false, false};
        }
    }
  }
  if (!has_status) return {true, false};
  if (name == "Observation" || name == "DiagnosticReport" || name == "Procedure" || name == "Immunization")
    return {fact.status != "entered-in-error" && fact.status != "cancelled" && fact.status != "not-done", false};
  if (is_prohibition(fact)) return {false, false};
  if (std::find(kActive.begin(), kActive.end(), fact.status) != kActive.end()) return {true, false};
  // A status that is missing or says nothing ("unknown", "Active") leaves it open; on-hold therapy may be taken up
  // again.
  return {false, std::find(kNotInForce.begin(), kNotInForce.end(), fact.status) == kNotInForce.end()};
}

bool Run::concept_matches(const RetrievePlan& plan, const Value& terminology, ConceptId id) const {
  if (plan.is_value_set) return knowledge().is_member(plan.value_set, id);
  const auto equals = [&](const Value& code) {
    if (code.kind != Kind::kCode) return false;
    if (code.code->concept_id != 0) return code.code->concept_id == id;
    const auto info = snapshot_->concept_info(id);
    return info.code == code.code->code && info.system == code.code->system;
  };
  switch (terminology.kind) {
    case Kind::kCode: return equals(terminology);
    case Kind::kConcept:
      return std::any_of(terminology.concept_value->codes,
                         terminology.concept_value->codes + terminology.concept_value->count, equals);
    case Kind::kList: return std::any_of(terminology.begin(), terminology.end(), equals);
    case Kind::kVocabulary: return knowledge().is_member(terminology.vocabulary->index, id);
    default: return false;
  }
}

namespace {

/// Whether a text is one of the codes, or one of the texts: `[Observation: status in { 'final' }]`.
bool names_code(const Value& terminology, std::string_view text) {
  const auto any = [&](const Value* first, uint32_t count) {
    return std::any_of(first, first + count, [&](const Value& one) { return names_code(one, text); });
  };
  switch (terminology.kind) {
    case Kind::kString: return terminology.string() == text;
    case Kind::kCode: return terminology.code->code == text;
    case Kind::kConcept: return any(terminology.concept_value->codes, terminology.concept_value->count);
    case Kind::kList: return any(terminology.elements, terminology.count);
    default: return false;
  }
}

}  // namespace

bool Run::may_pass(const RetrievePlan& plan, const Fact& fact) {
  return !plan.filtered || matches(plan, evaluate(plan.terminology), fact) != Truth::kFalse;
}

Truth Run::matches(const RetrievePlan& plan, const Value& terminology, const Fact& fact) {
  if (!plan.primary_path) return matches_element(plan, terminology, fact);
  bool recognised = false;
  for (const auto id : fact.code_span()) {
    if (concept_matches(plan, terminology, id)) return Truth::kTrue;
    recognised = recognised || (plan.codes_matter && recognises(id));
  }
  // No code at all could be any; a code that nothing recognises matters for drugs and allergies.
  return fact.code_count == 0 || (plan.codes_matter && !recognised) ? Truth::kUnknown : Truth::kFalse;
}

/// An element other than the primary code path: a CodeableConcept, Coding, code or a list of them.
Truth Run::matches_element(const RetrievePlan& plan, const Value& terminology, const Fact& fact) {
  const auto value = element(*fact.resource, plan.code_element);
  return value.is_null() ? Truth::kUnknown : truth_of(holds_code(plan, terminology, value));
}

bool Run::holds_code(const RetrievePlan& plan, const Value& terminology, const Value& value) const {
  if (value.kind == Kind::kList)
    return std::any_of(value.begin(), value.end(), [&](const Value& v) { return holds_code(plan, terminology, v); });
  if (value.kind == Kind::kString) {
    if (plan.is_value_set) {
      const auto members = knowledge().members(plan.value_set);
      return std::any_of(members.begin(), members.end(),
                         [&](ConceptId id) { return knowledge().concept_info(id).code == value.string(); });
    }
    return names_code(terminology, value.string());
  }
  if (value.kind != Kind::kObject) return false;
  if (value.object->concept_id != 0) return concept_matches(plan, terminology, value.object->concept_id);
  return holds_code(plan, terminology, element(*value.object, program_.elements.coding));
}

const Value& Run::retrieve(uint32_t index) {
  auto& memo = retrieves_[index];
  const auto& plan = program_.retrieves[index];
  if (memo.generation == generation_ && plan.memoised) {
    shorten(memo.horizon);
    return memo.value;
  }
  const HorizonOfPart part(*this);
  if (plan.scope != ast::RetrieveScope::kPlain) shorten(Horizon::kInstant);
  ::new (static_cast<void*>(&memo.value)) Value(make_retrieve(plan));
  memo.horizon = horizon_;
  memo.generation = generation_;
  return memo.value;
}

Value Run::make_retrieve(const RetrievePlan& plan) {
  // The drafts come with the trigger: an incomplete record leaves them whole, a damaged resource may have been one.
  const auto completeness = snapshot_->completeness(plan.type);
  const bool complete = plan.scope == ast::RetrieveScope::kOrdered ? completeness != Completeness::kDamaged
                                                                   : completeness == Completeness::kComplete;
  const uint8_t flags = complete ? uint8_t{0} : uint8_t{Value::kUndetermined | Value::kOpen};
  const auto mark = scratch_.size();
  const auto maybe_mark = maybe_.size();
  if (plan.filter != CodeFilters::kNone) {
    take_listed(plan);
    return finish_list(mark, maybe_mark, flags);
  }
  const auto terminology = plan.filtered ? evaluate(plan.terminology) : Value();
  if (terminology.kind == Kind::kVocabulary && terminology.vocabulary->index == VocabularyValue::kUnresolved)
    fail(make_diagnostic<Code::VGL0903>(program_.spans[plan.terminology.value], terminology.vocabulary->name));
  for (const auto& fact : snapshot_->facts(plan.type))
    take_fact(plan, fact, plan.filtered ? matches(plan, terminology, fact) : Truth::kTrue);
  return finish_list(mark, maybe_mark, flags);
}

/// The facts that the snapshot lists as passing, and those whose codes leave it open, in the order read.
void Run::take_listed(const RetrievePlan& plan) {
  const auto facts = snapshot_->all_facts();
  const auto passing = snapshot_->passing(plan.filter);
  const auto unsettled = snapshot_->passing(plan.unsettled);
  size_t next = 0;
  for (const auto place : passing) {
    for (; next < unsettled.size() && unsettled[next] < place; ++next)
      take_fact(plan, facts[unsettled[next]], Truth::kUnknown);
    take_fact(plan, facts[place], Truth::kTrue);
  }
  for (; next < unsettled.size(); ++next) take_fact(plan, facts[unsettled[next]], Truth::kUnknown);
}

/// Adds a fact to the list under construction, if it is within the retrieve's scope.
void Run::take_fact(const RetrievePlan& plan, const Fact& fact, Truth holds) {
  if (holds == Truth::kFalse) return;
  if (plan.scope == ast::RetrieveScope::kOrdered && !(is_order(fact) && asks_for_something(fact))) return;
  if (plan.scope == ast::RetrieveScope::kCurrent) {
    const auto current = is_current(fact);
    if (!current.holds && !current.undetermined) return;
    if (current.undetermined) holds = Truth::kUnknown;
  }
  if (fact.is_possible) holds = Truth::kUnknown;
  // Not recognised, perhaps not in force or not yet known: no element to CQL, but it may be one.
  (holds == Truth::kUnknown ? maybe_ : scratch_).push_back(Value::of(fact.resource));
}

}  // namespace vigil
