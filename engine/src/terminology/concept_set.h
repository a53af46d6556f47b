// SPDX-License-Identifier: Apache-2.0
// An immutable set of concepts with a constant-time test where it is dense.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <vigil/value.h>

namespace vigil {

/// Sorted ids, and a bitmap over their range unless that would be far larger than the ids (then: binary search).
class ConceptSet {
 public:
  ConceptSet() = default;
  /// Any order; repeats and id 0 are dropped.
  explicit ConceptSet(std::vector<ConceptId> ids);

  bool contains(ConceptId id) const {
    if (bits_.empty()) return search(id);
    const ConceptId at = id - first_;  // below `first_` this wraps to beyond the bitmap's end
    return at / 64 < bits_.size() && (bits_[at / 64] >> (at % 64) & 1) != 0;
  }
  std::span<const ConceptId> ids() const { return ids_; }

 private:
  /// Bits a member may cost before the bitmap is dropped: eight times what its id takes.
  static constexpr uint64_t kBitsPerMember = 256;

  bool search(ConceptId id) const;

  std::vector<ConceptId> ids_;
  std::vector<uint64_t> bits_;
  ConceptId first_ = 0;
};

}  // namespace vigil
