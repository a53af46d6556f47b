// SPDX-License-Identifier: Apache-2.0
// Orders the versions of a history Bundle by their begin.
#include "fhir/bundle_history.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace vigil::fhir {

namespace {

bool names(std::string_view url, const PendingResource& version) {
  url = url.substr(0, url.find("/_history"));
  const auto& type = version.shape->name;
  if (!url.ends_with(version.id) || version.id.empty()) return false;
  url.remove_suffix(version.id.size());
  if (!url.ends_with('/')) return false;
  url.remove_suffix(1);
  return url == type || (url.ends_with(type) && url[url.size() - type.size() - 1] == '/');
}

bool same_resource(const PendingResource& a, const PendingResource& b) {
  return a.shape == b.shape && a.id == b.id && !a.id.empty();
}

}  // namespace

bool order_versions(std::span<PendingResource> versions, std::span<const Deletion> deletions) {
  std::vector<PendingResource*> ordered;
  ordered.reserve(versions.size());
  for (auto& version : versions) ordered.push_back(&version);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return std::tie(a->shape->name, a->id, a->known_from) < std::tie(b->shape->name, b->id, b->known_from);
  });
  for (size_t i = ordered.size(); i-- > 1;) {
    PendingResource& version = *ordered[i - 1];
    const PendingResource& next = *ordered[i];
    if (!same_resource(version, next)) continue;
    version.known_to = version.known_from < next.known_from ? next.known_from : next.known_to;
  }
  bool all_applied = true;
  for (const auto& deletion : deletions) {
    all_applied &= deletion.at != kAlways;
    if (deletion.at == kAlways) continue;
    for (auto* version : ordered)
      if (version->known_from <= deletion.at && names(deletion.url, *version)) version->known_to = std::min(version->known_to, deletion.at);
  }
  return all_applied;
}

}  // namespace vigil::fhir
