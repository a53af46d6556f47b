// SPDX-License-Identifier: Apache-2.0
// Building a set of concepts and choosing its form.
#include "terminology/concept_set.h"

#include <algorithm>
#include <utility>

namespace vigil {

ConceptSet::ConceptSet(std::vector<ConceptId> ids) : ids_(std::move(ids)) {
  std::sort(ids_.begin(), ids_.end());
  ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
  if (!ids_.empty() && ids_.front() == 0) ids_.erase(ids_.begin());
  ids_.shrink_to_fit();
  if (ids_.empty()) return;
  const uint64_t range = uint64_t{ids_.back()} - ids_.front() + 1;
  if (range > kBitsPerMember * ids_.size()) return;
  first_ = ids_.front();
  bits_.assign(static_cast<size_t>((range + 63) / 64), 0);
  for (const ConceptId id : ids_) bits_[(id - first_) / 64] |= uint64_t{1} << ((id - first_) % 64);
}

bool ConceptSet::search(ConceptId id) const { return std::binary_search(ids_.begin(), ids_.end(), id); }

}  // namespace vigil
