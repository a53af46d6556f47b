// SPDX-License-Identifier: Apache-2.0
// Override reasons of rules, of settings, and as published.
#include "cds-hooks/protocol/override_reasons.h"

#include "cds-hooks/protocol/card_text.h"

namespace vigil::hooks {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPublishedSystem = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes";

Json to_json(const OverrideReason& reason, const CardOptions& options) {
  if (!reason.code.empty())
    return {
        {"code", reason.code}, {"system", reason.system}, {"display", reason.text.empty() ? reason.code : reason.text}};
  return {{"code", to_code(reason.text)}, {"system", options.override_system}, {"display", reason.text}};
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

Json make_override_reasons(const Alert& alert, const CardOptions& options) {
  Json reasons = Json::array();
  for (const auto& reason : alert.overrides) reasons.push_back(to_json(reason, options));
  const bool asks = !alert.is_note && alert.tier >= Tier::kInterruptive;
  if (reasons.empty() && asks)
    for (const auto& reason : options.default_overrides) reasons.push_back(to_json(reason, options));
  return reasons;
}

}  // namespace vigil::hooks
