// SPDX-License-Identifier: Apache-2.0
// Override reasons of rules, of settings, and as published.
#include "cds-hooks/protocol/override_reasons.h"

#include "cds-hooks/protocol/card_text.h"

namespace vigil::hooks {
namespace {

constexpr const char* kPublishedSystem = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes";

void write(const OverrideReason& reason, const CardOptions& options, json::JsonWriter& card) {
  const bool is_coded = !reason.code.empty();
  card.open('{');
  card.key("code").string(is_coded ? reason.code : to_code(reason.text));
  card.key("system").string(is_coded ? reason.system : options.override_system);
  card.key("display").string(reason.text.empty() ? reason.code : reason.text).close('}');
}

}  // namespace

std::vector<OverrideReason> published_reasons(bool all_codes) {
  std::vector<OverrideReason> reasons;
#define VIGIL_REASON_CATEGORY(code, display) \
  if (!all_codes) reasons.push_back({display, kPublishedSystem, code});
#define VIGIL_REASON(code, display) \
  if (all_codes) reasons.push_back({display, kPublishedSystem, code});
#include "cds-hooks/protocol/override_reasons.def"
#undef VIGIL_REASON_CATEGORY
#undef VIGIL_REASON
  return reasons;
}

void write_override_reasons(const Alert& alert, const CardOptions& options, json::JsonWriter& card) {
  const bool asks = !alert.is_note && alert.tier >= Tier::kInterruptive;
  const auto& reasons = alert.overrides.empty() && asks ? options.default_overrides : alert.overrides;
  if (reasons.empty()) return;
  card.key("overrideReasons").open('[');
  for (const auto& reason : reasons) write(reason, options, card);
  card.close(']');
}

}  // namespace vigil::hooks
