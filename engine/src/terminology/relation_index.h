// SPDX-License-Identifier: Apache-2.0
// Pairs of concepts packed for look-up by the first.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <vigil/value.h>

namespace vigil {

/// Compressed sparse rows: for each `from` its `to`s, sorted, each once. Immutable.
class RelationIndex {
 public:
  using Pair = std::pair<ConceptId, ConceptId>;

  RelationIndex() = default;
  /// Any order; repeats are dropped. At most 2^32 - 1 pairs.
  explicit RelationIndex(std::vector<Pair> pairs);

  std::span<const ConceptId> related(ConceptId from) const {
    if (from < first_ || from - first_ + size_t{1} >= begins_.size()) return {};
    const size_t at = from - first_;
    return std::span(targets_).subspan(begins_[at], begins_[at + 1] - begins_[at]);
  }
  bool empty() const { return targets_.empty(); }
  /// Calls visit(from, to) for each pair in order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (size_t at = 0; at + 1 < begins_.size(); ++at)
      for (uint32_t i = begins_[at]; i < begins_[at + 1]; ++i) visit(static_cast<ConceptId>(first_ + at), targets_[i]);
  }

 private:
  ConceptId first_ = 0;
  std::vector<uint32_t> begins_;  ///< one for each id from first_ on, and the end
  std::vector<ConceptId> targets_;
};

}  // namespace vigil
