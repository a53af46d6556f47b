// SPDX-License-Identifier: Apache-2.0
// Orders the versions of a history Bundle by their begin.
#include "fhir/bundle_history.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "fhir/references.h"

namespace vigil::fhir {

namespace {

using Name = std::pair<std::string_view, std::string_view>;  // of a resource: its type and id

Name name_in(std::string_view url) {
  const auto name = type_and_id(url);
  const size_t slash = name.find('/');
  return slash == std::string_view::npos ? Name{} : Name{name.substr(0, slash), name.substr(slash + 1)};
}

Name name_of(const PendingResource& version) { return {version.shape->name, version.id}; }

bool same_resource(const PendingResource& a, const PendingResource& b) {
  return a.shape == b.shape && a.id == b.id && !a.id.empty();
}

}  // namespace

bool order_versions(std::span<PendingResource> versions, std::span<const Deletion> deletions) {
  std::vector<PendingResource*> ordered;
  ordered.reserve(versions.size());
  for (auto& version : versions) ordered.push_back(&version);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return std::pair(name_of(*a), a->known_from) < std::pair(name_of(*b), b->known_from);
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
    const auto deleted = name_in(deletion.url);
    auto version = std::lower_bound(ordered.begin(), ordered.end(), deleted,
                                    [](const auto* v, const auto& wanted) { return name_of(*v) < wanted; });
    for (; version != ordered.end() && !deleted.second.empty() && name_of(**version) == deleted; ++version)
      if ((*version)->known_from <= deletion.at) (*version)->known_to = std::min((*version)->known_to, deletion.at);
  }
  return all_applied;
}

}  // namespace vigil::fhir
