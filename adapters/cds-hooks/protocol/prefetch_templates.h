// SPDX-License-Identifier: Apache-2.0
// What a service asks clients to prefetch: exactly what its rules read, a template a resource type, in the query subset
// that CDS Hooks 2.0.1 ("Prefetch query restrictions") asks for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/rulebook.h>

#include "cds-hooks/protocol/operation_outcome.h"

namespace vigil::hooks {

struct PrefetchTemplate {
  std::string key;            ///< "medicationRequest"
  std::string text;           ///< "MedicationRequest?patient={{context.patientId}}"
  std::string resource_type;  ///< whose completeness hangs on this key
};

/// How templates are made.
struct PrefetchOptions {
  /// Observations are asked for by their codes where there are no more than this many: they are the bulk of a record.
  /// Other types are asked for whole: of orders, allergies and problems a code that no one recognises matters too.
  size_t max_codes = 80;
  /// Resource types that the site's systems do not hold: not asked for, and known to be none.
  std::vector<std::string> not_held;
};

/// What a service's rules read, as templates, in the order of resource types.
struct PrefetchPlan {
  std::vector<PrefetchTemplate> templates;
  /// Types that rules read but no patient has a search for (Medication, Practitioner): reached by reference only.
  std::vector<std::string> by_reference;

  const PrefetchTemplate* find(std::string_view key) const;
};

/// Rules of a rulebook, as indexes in rulebook.rules().
struct PlannedRules {
  const Rulebook& rulebook;
  std::span<const uint32_t> rules;
};
/// What all of them read together at a hook. Where its context brings the orders along, what rules read as `ordered`
/// alone is not asked for; at order-dispatch the orders themselves are part of the record.
PrefetchPlan make_prefetch_plan(std::span<const PlannedRules> planned, std::string_view hook,
                                const PrefetchOptions& options = {});

/// The names of the tokens of a template: "context.patientId", "userPractitionerId".
std::vector<std::string> tokens_of(std::string_view text);
/// What CDS Hooks does not let a template of this hook hold: tokens that are no primitives of its context, expressions,
/// query parameters outside the subset. Empty where nothing.
std::vector<Problem> check_template(std::string_view text, std::string_view hook);

}  // namespace vigil::hooks
