// SPDX-License-Identifier: Apache-2.0
// Packing pairs of concepts into rows.
#include "terminology/relation_index.h"

#include <algorithm>

namespace vigil {

RelationIndex::RelationIndex(std::vector<Pair> pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  if (pairs.empty()) return;
  first_ = pairs.front().first;
  begins_.assign(size_t{pairs.back().first} - first_ + 2, 0);
  targets_.reserve(pairs.size());
  for (const auto& [from, to] : pairs) {
    ++begins_[from - first_ + 1];
    targets_.push_back(to);
  }
  for (size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
}

}  // namespace vigil
