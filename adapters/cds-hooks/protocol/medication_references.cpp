// SPDX-License-Identifier: Apache-2.0
// Looks for medicationReference in JSON.
#include "cds-hooks/protocol/medication_references.h"

#include <set>

namespace vigil::hooks {
namespace {

class ReferenceFinder {
 public:
  void look_at(const JsonNode& value) {
    for_each_resource(value, [&](const JsonNode& resource, const JsonNode*) {
      const auto type = resource.find("resourceType");
      if (type && type->string() == "Medication") {
        if (const auto id = resource.find("id"); id && id->is(JsonKind::kString)) present_.insert(*id->string());
        return;
      }
      const auto medication = resource.find("medicationReference");
      const auto reference = medication ? medication->find("reference") : std::nullopt;
      const auto text = reference ? reference->string() : std::nullopt;
      // Only what is relative is surely on the server of the call.
      if (!text || !text->starts_with("Medication/")) return;
      if (const auto parsed = parse_reference(*text)) wanted_.insert(parsed->id);
    });
  }

  std::vector<PrefetchTemplate> missing(size_t limit) const {
    std::vector<PrefetchTemplate> reads;
    for (const auto& id : wanted_) {
      if (present_.contains(id) || reads.size() >= limit) continue;
      reads.push_back({"Medication/" + id, "Medication/" + id, "Medication"});
    }
    return reads;
  }

 private:
  std::set<std::string> present_;
  std::set<std::string> wanted_;
};

}  // namespace

std::vector<PrefetchTemplate> find_missing_medications(const HookCall& call, std::span<const Fetched> fetched,
                                                       const JsonLimits& limits, size_t limit) {
  ReferenceFinder finder;
  for (const auto& resources : call.resources) finder.look_at(resources.value);
  for (const auto& prefetched : call.prefetch) finder.look_at(prefetched.value);
  JsonDocument document;
  for (const auto& one : fetched)
    for (const auto& page : one.pages)
      if (document.read(page.reveal(), limits).empty()) finder.look_at(document.root());
  return finder.missing(limit);
}

}  // namespace vigil::hooks
