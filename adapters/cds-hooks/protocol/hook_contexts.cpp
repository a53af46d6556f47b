// SPDX-License-Identifier: Apache-2.0
// The table of hooks.
#include "cds-hooks/protocol/hook_contexts.h"

#include <algorithm>
#include <array>

namespace vigil::hooks {
namespace {

using enum FieldShape;
using enum FieldRole;

constexpr bool kRequired = true;
constexpr bool kOptional = false;
constexpr bool kToken = true;
constexpr bool kNoToken = false;

constexpr ContextField kUserField{"userId", kUser, kName, kRequired, kToken};
constexpr ContextField kPatientField{"patientId", kId, kName, kRequired, kToken};
constexpr ContextField kEncounterField{"encounterId", kId, kName, kOptional, kToken};
constexpr ContextField kThisEncounterField{"encounterId", kId, kName, kRequired, kToken};
constexpr ContextField kOptionalUserField{"userId", kUser, kName, kOptional, kToken};

constexpr std::array kPatientView{kUserField, kPatientField, kEncounterField};
constexpr std::array kOrderSelect{kUserField, kPatientField, kEncounterField,
                                  ContextField{"selections", kReferences, kSelections, kRequired, kNoToken},
                                  ContextField{"draftOrders", kResources, kOrders, kRequired, kNoToken}};
constexpr std::array kOrderSign{kUserField, kPatientField, kEncounterField,
                                ContextField{"draftOrders", kResources, kOrders, kRequired, kNoToken}};
// `order` and `task`: the form of the 2023 ballot, which test clients still send.
constexpr std::array kOrderDispatch{
    kPatientField, ContextField{"dispatchedOrders", kReferences, kDispatched, kRequired, kToken, "order"},
    ContextField{"performer", kReference, kName, kRequired, kToken},
    ContextField{"fulfillmentTasks", kResources, kRecord, kOptional, kNoToken, "task"},
    ContextField{"fulfillment-tasks", kResources, kRecord, kOptional, kNoToken}};
constexpr std::array kEncounter{kUserField, kPatientField, kThisEncounterField};
constexpr std::array kAppointmentBook{kUserField, kPatientField, kEncounterField,
                                      ContextField{"appointments", kResources, kRecord, kRequired, kNoToken}};
constexpr std::array kAllergyCreate{
    kUserField, kPatientField, kEncounterField,
    ContextField{"allergyIntolerance", kResources, kRecord, kRequired, kNoToken, "allergyIntolerances"}};
constexpr std::array kProblemCreate{kUserField, kPatientField, kEncounterField,
                                    ContextField{"conditions", kResources, kRecord, kRequired, kNoToken}};
constexpr std::array kRefill{kOptionalUserField, kPatientField, kEncounterField,
                             ContextField{"medications", kResources, kOrders, kRequired, kNoToken}};
constexpr std::array kVerify{kUserField, kPatientField, kEncounterField,
                             ContextField{"medication", kResources, kRecord, kRequired, kNoToken, "order"}};
constexpr std::array kPrescribe{kOptionalUserField, kPatientField, kEncounterField,
                                ContextField{"medications", kResources, kOrders, kRequired, kNoToken}};
constexpr std::array kReview{kOptionalUserField, kPatientField, kEncounterField,
                             ContextField{"orders", kResources, kOrders, kRequired, kNoToken}};
constexpr std::array kCustom{kOptionalUserField, kPatientField, kEncounterField};

// Versions: "hookVersion" of the definitions in the CDS Hooks Library, 2.0.0-cibuild.
const std::array kHooks{
    HookContext{"patient-view", kPatientView, "1.0"},
    HookContext{"order-select", kOrderSelect, "1.0"},
    HookContext{"order-sign", kOrderSign, "1.0"},
    HookContext{"order-dispatch", kOrderDispatch, "1.1"},
    HookContext{"encounter-start", kEncounter, "1.0"},
    HookContext{"encounter-discharge", kEncounter, "1.0"},
    HookContext{"appointment-book", kAppointmentBook, "1.0"},
    HookContext{"allergyintolerance-create", kAllergyCreate, "0.1.0"},
    HookContext{"problem-list-item-create", kProblemCreate, "0.1.0"},
    HookContext{"medication-refill", kRefill, "0.1.0"},
    HookContext{"medication-verify", kVerify, "0.1.0"},
    HookContext{"medication-prescribe", kPrescribe, {}},  // deprecated for order-select
    HookContext{"order-review", kReview, {}},             // deprecated for order-sign
};
const HookContext kCustomHook{"", kCustom, {}};

const HookContext* find_hook(std::string_view hook) {
  const auto at = std::ranges::find(kHooks, hook, &HookContext::hook);
  return at == kHooks.end() ? nullptr : &*at;
}

}  // namespace

const HookContext& hook_context(std::string_view hook) {
  const auto* known = find_hook(hook);
  return known == nullptr ? kCustomHook : *known;
}

std::string_view published_version(std::string_view hook) { return hook_context(hook).version; }

bool brings_orders(const HookContext& context) {
  return std::ranges::find(context.fields, FieldRole::kOrders, &ContextField::role) != context.fields.end();
}

bool is_known_hook(std::string_view hook) { return find_hook(hook) != nullptr; }

const ContextField* find_field(const HookContext& context, std::string_view name) {
  const auto at = std::ranges::find_if(context.fields, [&](const ContextField& field) {
    return field.name == name || (!field.alias.empty() && field.alias == name);
  });
  return at == context.fields.end() ? nullptr : &*at;
}

}  // namespace vigil::hooks
