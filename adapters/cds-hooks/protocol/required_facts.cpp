// SPDX-License-Identifier: Apache-2.0
// Collects required texts, and hashes those of a finding.
#include "cds-hooks/protocol/required_facts.h"

#include <algorithm>

#include "fhir/required_text.h"

namespace vigil::hooks {
namespace {

std::string text_of(const JsonNode& node, std::string_view member) {
  const auto value = node.find(member);
  return value ? value->string().value_or(std::string()) : std::string();
}

/// FNV-1a over texts, each with its end.
class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * kPrime;
    hash_ = (hash_ ^ 0x1Fu) * kPrime;
  }
  uint64_t value() const { return hash_; }

 private:
  static constexpr uint64_t kPrime = 0x100000001B3u;
  uint64_t hash_ = 0xCBF29CE484222325u;
};

}  // namespace

void RequiredFacts::begin(std::string_view encounter) {
  encounter_ = encounter;
  record_.clear();
  drafts_.clear();
  location_ = PatientText();
  places_.clear();
}

void RequiredFacts::add(const JsonNode& resource, const JsonNode* entry, const ReadPlan& plan, bool is_draft) {
  const auto type = text_of(resource, "resourceType");
  const auto id = text_of(resource, "id");
  if (type == "Encounter" && !encounter_.empty() && id == encounter_) take_location(resource);
  std::string& text = is_draft ? drafts_ : record_;
  const size_t before = text.size();
  text += text.empty() ? '{' : ',';
  if (text.back() == ',') text += '{';
  if (const auto url = entry == nullptr ? std::nullopt : entry->find("fullUrl"); url && url->is(JsonKind::kString))
    ((text += "\"fullUrl\":") += url->raw()) += ',';
  text += "\"resource\":";
  const size_t begin = text.size();
  fhir::append_required(resource.text(), resource.token(), plan, text);
  if (text.size() == begin) return text.resize(before);
  places_.push_back({type + "/" + id, is_draft, begin, text.size()});
  text += '}';
}

void RequiredFacts::take_location(const JsonNode& encounter) {
  const auto locations = encounter.find("location");
  if (!locations) return;
  locations->for_each_element([&](uint32_t, const JsonNode& one) {
    const auto location = one.find("location");
    if (!location) return;
    auto text = text_of(*location, "reference");
    if (text.empty()) text = text_of(*location, "display");
    if (!text.empty()) location_ = PatientText(std::move(text));
  });
}

PatientText RequiredFacts::closed(const std::string& entries) {
  if (entries.empty()) return PatientText();
  return PatientText(R"({"resourceType":"Bundle","type":"collection","entry":[)" + entries + "]}");
}

uint64_t RequiredFacts::digest(const Finding& finding) const {
  Digest digest;
  digest.add(name(finding.tier));
  digest.add(finding.severity);
  for (const auto* texts : {&finding.summaries, &finding.details})
    for (const auto& one : *texts) digest.add(one.text);
  for (const auto& place : places_) {
    const bool is_referred_to = place.reference.starts_with("Medication/");
    if (!is_referred_to && std::ranges::find(finding.facts, place.reference) == finding.facts.end()) continue;
    const auto& text = place.is_draft ? drafts_ : record_;
    digest.add(std::string_view(text).substr(place.begin, place.end - place.begin));
  }
  return digest.value();
}

}  // namespace vigil::hooks
