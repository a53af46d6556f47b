// SPDX-License-Identifier: Apache-2.0
// Ordering value sets and finding one by URL and version.
#include "terminology/value_set_table.h"

#include <algorithm>

#include <vigil/knowledge_base.h>

namespace vigil {

bool ValueSetTable::Before::operator()(const Key& a, const Key& b) const {
  return a.first != b.first ? a.first < b.first : compare_versions(a.second, b.second) < 0;
}

bool ValueSetTable::add(std::string_view url, std::string_view version, std::string_view name, ConceptSet members,
                        Arena& arena) {
  if (const auto held = drafts_.find({url, version}); held != drafts_.end())
    return std::ranges::equal(held->second.members.ids(), members.ids());
  Entry entry{arena.copy(url), arena.copy(version), arena.copy(name), std::move(members)};
  const Key key{entry.url, entry.version};
  drafts_.emplace(key, std::move(entry));
  return true;
}

void ValueSetTable::add_equivalents(std::span<const std::pair<ConceptId, ConceptId>> rows) {
  if (rows.empty()) return;
  for (auto& [key, entry] : drafts_) {
    const auto members = entry.members.ids();
    std::vector<ConceptId> more;
    for (const auto& [code, member] : rows)
      if (entry.members.contains(member)) more.push_back(code);
    if (more.empty()) continue;
    more.insert(more.end(), members.begin(), members.end());
    entry.members = ConceptSet(std::move(more));
  }
}

void ValueSetTable::seal() {
  entries_.reserve(drafts_.size());
  for (auto& [key, entry] : drafts_) entries_.push_back(std::move(entry));
  drafts_.clear();
}

std::optional<uint32_t> ValueSetTable::find(std::string_view url, std::string_view version) const {
  if (const size_t bar = url.rfind('|'); version.empty() && bar != std::string_view::npos) {
    version = url.substr(bar + 1);
    url = url.substr(0, bar);
  }
  const auto after = std::upper_bound(entries_.begin(), entries_.end(), url,
                                      [](std::string_view wanted, const Entry& entry) { return wanted < entry.url; });
  for (auto at = after; at != entries_.begin() && (at - 1)->url == url; --at)
    if (version.empty() || (at - 1)->version == version) return static_cast<uint32_t>(at - 1 - entries_.begin());
  return std::nullopt;
}

}  // namespace vigil
