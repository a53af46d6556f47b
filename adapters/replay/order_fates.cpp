// SPDX-License-Identifier: Apache-2.0
// Reads what became of orders from their versions and from the orders after them.
#include "replay/order_fates.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include <vigil/primitives.h>

namespace vigil::replay {

namespace {

using Json = nlohmann::json;
using Coding = std::pair<std::string, std::string>;

constexpr Instant kDay = 86'400'000;
constexpr std::array<std::string_view, 4> kCutShort = {"stopped", "cancelled", "revoked", "entered-in-error"};
/// What is ordered, and how: where one of these is another, the order was changed.
constexpr std::array<const char*, 14> kContent = {"medicationCodeableConcept",
                                                  "medicationReference",
                                                  "dosageInstruction",
                                                  "code",
                                                  "codeCodeableConcept",
                                                  "codeReference",
                                                  "orderDetail",
                                                  "parameter",
                                                  "quantityQuantity",
                                                  "occurrenceDateTime",
                                                  "occurrencePeriod",
                                                  "occurrenceTiming",
                                                  "oralDiet",
                                                  "enteralFormula"};

bool is_cut_short(const DatedVersion& dated) {
  return std::ranges::find(kCutShort, dated.course.status) != kCutShort.end();
}

Json parsed(std::string_view text) { return Json::parse(text, nullptr, /*allow_exceptions=*/false); }

bool has_other_content(std::string_view a, std::string_view b) {
  const auto before = parsed(a);
  const auto after = parsed(b);
  if (!before.is_object() || !after.is_object()) return false;
  return std::ranges::any_of(
      kContent, [&](const char* element) { return before.value(element, Json()) != after.value(element, Json()); });
}

bool refers_to(const Json& reference, std::string_view wanted) {
  if (!reference.is_object()) return false;
  const auto text = reference.value("reference", std::string());
  return text == wanted || text.ends_with("/" + std::string(wanted));
}

/// The codings of what an order is for.
std::set<Coding> codings_of(const Json& order) {
  std::set<Coding> codings;
  for (const char* element : {"medicationCodeableConcept", "code", "codeCodeableConcept"})
    if (const auto found = order.find(element); found != order.end() && found->is_object())
      for (const auto& coding : found->value("coding", Json::array()))
        if (coding.is_object()) codings.emplace(coding.value("system", ""), coding.value("code", ""));
  return codings;
}

/// Of an order with a history.
OrderFate fate_by_history(std::span<const DatedVersion* const> versions, Instant at) {
  const DatedVersion* before = nullptr;  // as it was at the instant; else as it was first
  for (const auto* dated : versions)
    if (before == nullptr ||
        (dated->stored->known_from <= at && dated->stored->known_from >= before->stored->known_from))
      before = dated;
  auto fate = OrderFate::kKept;
  for (const auto* dated : versions) {
    if (dated->stored->known_from <= at || dated->stored->known_from > at + kDay) continue;
    if (is_cut_short(*dated)) return OrderFate::kStopped;
    if (dated != before && has_other_content(before->stored->json, dated->stored->json)) fate = OrderFate::kChanged;
  }
  return fate;
}

}  // namespace

void OrderFates::begin_patient(const PatientTimeline& timeline) {
  timeline_ = &timeline;
  versions_.clear();
  authored_.clear();
  const auto versions = timeline.versions();
  for (uint32_t v = 0; v < versions.size(); ++v) {
    if (!versions[v].course.is(Lifecycle::kOrder)) continue;
    auto& of_order =
        versions_[std::string(versions[v].stored->resource_type).append("/").append(versions[v].stored->id)];
    if (of_order.empty() && versions[v].course.authored)
      authored_.emplace_back(to_instant(*versions[v].course.authored), v);
    of_order.push_back(v);
  }
  std::ranges::sort(authored_);
}

OrderFate OrderFates::of(std::string_view reference, Instant at) const {
  const auto found = versions_.find(std::string(reference));
  if (found == versions_.end()) return OrderFate::kNotOnRecord;
  std::vector<const DatedVersion*> versions;
  for (const auto v : found->second) versions.push_back(&timeline_->versions()[v]);
  auto fate = OrderFate::kNotOnRecord;
  if (!is_alone(*versions.front()->stored)) {
    fate = fate_by_history(versions, at);
  } else if (!is_cut_short(*versions.back())) {
    fate = OrderFate::kKept;
  } else if (const auto ended = versions.back()->course.ended) {
    fate = *ended <= at + kDay ? OrderFate::kStopped : OrderFate::kKept;
  }
  return fate < OrderFate::kStopped && is_replaced(reference, at) ? OrderFate::kChanged : fate;
}

bool OrderFates::is_replaced(std::string_view reference, Instant at) const {
  const auto first = std::ranges::upper_bound(authored_, std::pair(at, UINT32_MAX));
  return std::any_of(first, authored_.end(), [&](const auto& authored) {
    if (authored.first > at + kDay) return false;
    const auto order = parsed(timeline_->versions()[authored.second].stored->json);
    if (!order.is_object()) return false;
    if (refers_to(order.value("priorPrescription", Json()), reference)) return true;
    const auto replaced = order.value("replaces", Json::array());
    return std::ranges::any_of(replaced, [&](const Json& one) { return refers_to(one, reference); });
  });
}

bool OrderFates::was_placed(const SuggestedAction& action, Instant at) const {
  if (action.kind != SuggestedAction::Kind::kCreate) return false;
  const auto suggested = parsed(action.resource_json);
  if (!suggested.is_object()) return false;
  const auto wanted = codings_of(suggested);
  const auto type = suggested.value("resourceType", std::string());
  const auto first = std::ranges::upper_bound(authored_, std::pair(at, UINT32_MAX));
  return std::any_of(first, authored_.end(), [&](const auto& authored) {
    const auto& stored = *timeline_->versions()[authored.second].stored;
    if (authored.first > at + kDay || stored.resource_type != type) return false;
    const auto order = parsed(stored.json);
    return order.is_object() && std::ranges::any_of(codings_of(order), [&](const Coding& coding) {
             return !coding.second.empty() && wanted.contains(coding);
           });
  });
}

std::string_view OrderFates::response_to(const RuleResult& result, Instant at) const {
  auto fate = OrderFate::kNotOnRecord;
  for (const auto& finding : result.findings) {
    for (const auto& suggestion : finding.suggestions)
      for (const auto& action : suggestion.actions)
        if (was_placed(action, at)) return "suggestion-placed";
    for (const auto& order : finding.orders) fate = std::max(fate, of(order, at));
  }
  constexpr std::array<std::string_view, 4> kNames = {"", "kept", "changed", "stopped"};
  return kNames[static_cast<size_t>(fate)];
}

}  // namespace vigil::replay
