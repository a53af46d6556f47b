// SPDX-License-Identifier: Apache-2.0
// The body of a call of a service, read and checked (CDS Hooks 2.0.1, "Calling a CDS Service").
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/evaluate.h>

#include "cds-hooks/protocol/confidential.h"
#include "cds-hooks/protocol/hook_contexts.h"
#include "cds-hooks/protocol/json_document.h"
#include "cds-hooks/protocol/operation_outcome.h"

namespace vigil::hooks {

/// What real clients do beside the specification is taken unless `strict`: no userId, a hookInstance that is no UUID,
/// `Patient/` before the patient's id, fhirAuthorization without scope or subject. Always taken: Bundles without a
/// type, members nobody knows, `resource` around a resource or none around that of an entry.
struct CallOptions {
  bool strict = false;
  JsonLimits json;
  size_t max_entries = 20'000;  ///< resources in context and prefetch together
};

/// A value of `prefetch` as it came; nodes are of the document that was read.
struct PrefetchValue {
  std::string key;
  JsonNode value;
};

/// One member of the context with resources.
struct ContextResources {
  FieldRole role = FieldRole::kRecord;
  JsonNode value;
};

/// Access to the client's FHIR server, for this call only.
struct FhirAccess {
  Confidential<std::string> server;  ///< without a slash at its end
  Credential token;                  ///< empty: no authorization given
  std::optional<int64_t> expires_in;
};

/// A call. Ids are patient data: nothing of it may be logged but `hook`.
struct HookCall {
  std::string hook;
  PatientText hook_instance;
  PatientText patient;  ///< the bare id
  PatientText user;
  PatientText encounter;
  std::vector<ResourceReference> selections;  ///< of order-select
  std::vector<ResourceReference> dispatched;  ///< of order-dispatch
  std::vector<ContextResources> resources;
  std::vector<PrefetchValue> prefetch;
  /// Root-level primitives of the context, for tokens of prefetch templates; lists joined with commas.
  std::vector<std::pair<std::string, PatientText>> tokens;
  std::optional<FhirAccess> fhir;
  std::optional<int64_t> max_cards;          ///< of the extension davinci-crd.configuration
  std::vector<std::string> silenced_topics;  ///< of the same: topics set to false

  const PatientText* token(std::string_view name) const;
};

/// Reads a call for a service of this hook. Where there are problems, they are what is wrong and the call is not to be
/// used. The body must outlive the call, as `document` must.
std::vector<Problem> read_hook_call(const std::string& body, std::string_view hook, const CallOptions& options,
                                    JsonDocument& document, HookCall& call);

/// "Type/id", also at the end of a URL or before a version; none where the text is no such reference.
std::optional<ResourceReference> parse_reference(std::string_view text);

/// Calls visit(resource, entry) for each resource in the value, where `entry` is the Bundle's entry it stands in or
/// null: a resource, a Bundle's entries, an array's elements, what a wrapper `{"resource": …}` holds. Calls doubt() for
/// each of these that has a name twice by which resources are found: what it holds depends on who reads it.
template <class Visit, class Doubt>
void for_each_resource(const JsonNode& value, Visit visit, Doubt doubt, const JsonNode* entry) {
  if (value.is(JsonKind::kArray)) {
    value.for_each_element(
        [&](uint32_t, const JsonNode& element) { for_each_resource(element, visit, doubt, nullptr); });
    return;
  }
  if (!value.is(JsonKind::kObject)) return;
  bool is_repeated = false;
  const auto type = value.find("resourceType");
  if (!type) {
    const auto [inner, url] = value.find_each(std::array<std::string_view, 2>{"resource", "fullUrl"}, &is_repeated);
    if (is_repeated) doubt();
    if (inner) for_each_resource(*inner, visit, doubt, &value);
    return;
  }
  if (!type->is_text("Bundle")) return visit(value, entry);
  const auto [entries, again, total, links] =
      value.find_each(std::array<std::string_view, 4>{"entry", "resourceType", "total", "link"}, &is_repeated);
  if (is_repeated) doubt();
  if (entries)
    entries->for_each_element([&](uint32_t, const JsonNode& one) { for_each_resource(one, visit, doubt, nullptr); });
}

template <class Visit>
void for_each_resource(const JsonNode& value, Visit visit) {
  for_each_resource(
      value, visit, [] {}, nullptr);
}

}  // namespace vigil::hooks
