// SPDX-License-Identifier: Apache-2.0
// Value sets by canonical URL and version.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "terminology/concept_set.h"
#include "values/arena.h"

namespace vigil {

/// Takes value sets in any order; `seal` then numbers them by URL and version. Strings live in the arena given to
/// `add`.
class ValueSetTable {
 public:
  struct Entry {
    std::string_view url;
    std::string_view version;
    std::string_view name;
    ConceptSet members;
  };

  /// False where the same URL and version is held with other members; the first stays.
  bool add(std::string_view url, std::string_view version, std::string_view name, ConceptSet members, Arena& arena);
  /// Adds to every value set the codes that stand for one of its members; rows are (code, member).
  void add_equivalents(std::span<const std::pair<ConceptId, ConceptId>> rows);
  void seal();

  /// After `seal`. Without `version`, `url` may be canonical (`url|version`); else the greatest version is found.
  std::optional<uint32_t> find(std::string_view url, std::string_view version) const;
  uint32_t count() const { return static_cast<uint32_t>(entries_.size()); }
  const Entry& operator[](uint32_t index) const { return entries_[index]; }

 private:
  using Key = std::pair<std::string_view, std::string_view>;
  struct Before {
    bool operator()(const Key& a, const Key& b) const;
  };

  std::map<Key, Entry, Before> drafts_;  ///< until `seal`
  std::vector<Entry> entries_;           ///< by URL, then version from least to greatest
};

}  // namespace vigil
