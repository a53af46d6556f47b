// SPDX-License-Identifier: Apache-2.0
// Orders the versions of a history Bundle by their begin.
#include "fhir/bundle_history.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace vigil::fhir {

namespace {

/// "http://host/Condition/1/_history/2" is Condition and 1.
std::pair<std::string_view, std::string_view> type_and_id(std::string_view url) {
  url = url.substr(0, url.find("/_history"));
  const size_t id = url.rfind('/');
  if (id == std::string_view::npos || id == 0) return {};
  const size_t type = url.rfind('/', id - 1);
  const size_t begin = type == std::string_view::npos ? 0 : type + 1;
  return {url.substr(begin, id - begin), url.substr(id + 1)};
}

std::pair<std::string_view, std::string_view> type_and_id(const PendingResource& version) {
  return {version.shape->name, version.id};
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
    return std::pair(type_and_id(*a), a->known_from) < std::pair(type_and_id(*b), b->known_from);
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
    const auto deleted = type_and_id(deletion.url);
    auto version = std::lower_bound(ordered.begin(), ordered.end(), deleted,
                                    [](const auto* v, const auto& wanted) { return type_and_id(*v) < wanted; });
    for (; version != ordered.end() && !deleted.second.empty() && type_and_id(**version) == deleted; ++version)
      if ((*version)->known_from <= deletion.at) (*version)->known_to = std::min((*version)->known_to, deletion.at);
  }
  return all_applied;
}

}  // namespace vigil::fhir
