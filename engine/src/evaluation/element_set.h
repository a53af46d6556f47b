// SPDX-License-Identifier: Apache-2.0
// A set of list elements under the equality of list operators, linear for long lists; private to this room.
#pragma once

#include <cstdint>
#include <span>

#include <vigil/value.h>

#include "values/arena.h"

namespace vigil {

/// Finds the element of a growing sequence that is `same` as a value. Up to kPlain elements it compares one by one;
/// past them it hashes. The table is in the arena; the elements stay with the caller, who adds them in order:
///
///   ElementSet set(arena, list.count, offset);
///   for (const auto& v : list) if (set.find(distinct, v) == ElementSet::kNone) { distinct.push_back(v); set.add(v); }
class ElementSet {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kPlain = 16;

  /// `capacity`: the most elements that will be added.
  ElementSet(Arena& arena, size_t capacity, int default_offset);

  /// Index of the first of `elements`, all those added so far, that is the same as `value`; kNone without one.
  uint32_t find(std::span<const Value> elements, const Value& value) const;
  /// Adds the next element.
  void add(const Value& value);

 private:
  uint32_t* table_ = nullptr;   ///< 1 + index by hash, 0 empty; none for a small capacity
  uint64_t* hashes_ = nullptr;  ///< of the elements
  size_t mask_ = 0;
  uint32_t size_ = 0;
  int default_offset_;
};

/// Values that are `same` have one hash.
uint64_t hash_of(const Value& value, int default_offset);

}  // namespace vigil
