// SPDX-License-Identifier: Apache-2.0
// Collects required texts, and hashes those of a finding.
#include "cds-hooks/protocol/required_facts.h"

#include <algorithm>

#include <vigil/fnv1a.h>

namespace vigil::hooks {
namespace {

std::string text_of(const JsonNode& node, std::string_view member) {
  const auto value = node.find(member);
  return value ? value->string().value_or(std::string()) : std::string();
}

/// The same, appended; most strings have no escape.
void append_text(const JsonNode& node, std::string_view member, std::string& out) {
  const auto value = node.find(member);
  if (!value || !value->is(JsonKind::kString)) return;
  const auto raw = value->raw();
  if (fhir::has_escape(raw))
    out += value->string().value_or(std::string());
  else
    out += raw.substr(1, raw.size() - 2);
}

/// Around the entries.
constexpr std::string_view kOpening = R"({"resourceType":"Bundle","type":"collection","entry":[)";
constexpr std::string_view kClosing = "]}";

/// Of texts, each with its end.
class Digest {
 public:
  void add(std::string_view text) { hash_ = fnv1a("\x1F", fnv1a(text, hash_)); }
  uint64_t value() const { return hash_; }

 private:
  uint64_t hash_ = kFnv1aBasis;
};

}  // namespace

void RequiredFacts::begin(std::string_view encounter) {
  encounter_ = encounter;
  record_.reveal().clear();
  drafts_.reveal().clear();
  location_ = PatientText();
  references_.clear();
  places_.clear();
}

void RequiredFacts::add(const JsonNode& resource, const JsonNode* entry, const fhir::PassedOver& passed_over,
                        bool is_draft) {
  const size_t reference = references_.size();
  append_text(resource, "resourceType", references_);
  const auto type = std::string_view(references_).substr(reference);
  if (type == "Encounter" && !encounter_.empty() && text_of(resource, "id") == encounter_) take_location(resource);
  std::string& text = (is_draft ? drafts_ : record_).reveal();
  const size_t before = text.size();
  if (before == 0)
    text = kOpening;
  else
    text.replace(before - kClosing.size(), kClosing.size(), ",");
  text += '{';
  if (const auto url = entry == nullptr ? std::nullopt : entry->find("fullUrl"); url && url->is(JsonKind::kString))
    ((text += "\"fullUrl\":") += url->raw()) += ',';
  text += "\"resource\":";
  const size_t begin = text.size();
  passed_over.append_rest(resource.raw(), resource.text().offset(resource.token()), text);
  const size_t end = text.size();
  if (end == begin) {  // nothing of it is read
    references_.resize(reference);
    text.resize(before == 0 ? 0 : before - kClosing.size());
    if (before != 0) text += kClosing;
    return;
  }
  (text += '}') += kClosing;
  references_ += '/';
  append_text(resource, "id", references_);
  places_.push_back({references_.size(), is_draft, begin, end});
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

uint64_t RequiredFacts::digest(const Finding& finding) const {
  Digest digest;
  digest.add(name(finding.tier));
  digest.add(finding.severity);
  for (const auto* texts : {&finding.summaries, &finding.details})
    for (const auto& one : *texts) digest.add(one.text);
  size_t from = 0;
  for (const auto& place : places_) {
    const auto reference = std::string_view(references_).substr(from, place.reference - from);
    from = place.reference;
    const bool is_referred_to = reference.starts_with("Medication/");
    if (!is_referred_to && std::ranges::find(finding.facts, reference) == finding.facts.end()) continue;
    const std::string_view text = (place.is_draft ? drafts_ : record_).reveal();
    digest.add(text.substr(place.begin, place.end - place.begin));
  }
  return digest.value();
}

}  // namespace vigil::hooks
