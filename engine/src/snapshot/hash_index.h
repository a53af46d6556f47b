// SPDX-License-Identifier: Apache-2.0
// An open-addressing hash table of numbers whose keys the caller keeps; emptied in constant time.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "terminology/hash.h"

namespace vigil {

/// A hash of short texts for tables in memory: sixteen bytes a step. Reads only the bytes of `text`.
inline uint64_t hash_bytes(std::string_view text, uint64_t seed = 0) {
  const char* at = text.data();
  size_t left = text.size();
  uint64_t hash = seed ^ (left * 0x9E3779B97F4A7C15u);
  for (; left > 16; left -= 16, at += 16) hash = mix(hash ^ detail::load64(at), detail::load64(at + 8));
  if (left >= 8) return mix(hash ^ detail::load64(at), detail::load64(at + left - 8));
  if (left >= 4) return mix(hash ^ detail::load32(at), detail::load32(at + left - 4));
  if (left == 0) return mix(hash, 0);
  const auto byte = [&](size_t i) { return static_cast<uint64_t>(static_cast<unsigned char>(at[i])); };
  return mix(hash, byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16);
}

/// Equality of short texts without a call.
inline bool same_bytes(std::string_view a, std::string_view b) {
  const size_t n = a.size();
  if (n != b.size()) return false;
  const char* x = a.data();
  const char* y = b.data();
  if (n < 8) return std::string_view(x, n) == std::string_view(y, n);
  uint64_t differences = detail::load64(x + n - 8) ^ detail::load64(y + n - 8);
  for (size_t i = 0; i + 8 < n; i += 8) differences |= detail::load64(x + i) ^ detail::load64(y + i);
  return differences == 0;
}

/// Maps 64-bit hashes to numbers. The caller compares keys, since it has them. Never shrinks; clear() frees nothing.
class HashIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  /// The number with this hash for which `same(number)` holds, or kNone.
  template <class Same>
  uint32_t find(uint64_t hash, Same same) const {
    if (count_ == 0) return kNone;
    const auto tag = static_cast<uint32_t>(hash >> 32);
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash & mask; slots_[at].epoch == epoch_; at = (at + 1) & mask)
      if (slots_[at].tag == tag && same(slots_[at].number)) return slots_[at].number;
    return kNone;
  }

  /// Adds a number whose key find() does not find.
  void insert(uint64_t hash, uint32_t number) {
    if (4 * (count_ + 1) > 3 * slots_.size()) grow();
    ++count_;
    place({epoch_, static_cast<uint32_t>(hash >> 32), number, static_cast<uint32_t>(hash)});
  }

  /// Puts `to` in the place of `from`, which must be there with this hash.
  void replace(uint64_t hash, uint32_t from, uint32_t to) {
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash & mask; slots_[at].epoch == epoch_; at = (at + 1) & mask)
      if (slots_[at].number == from) {
        slots_[at].number = to;
        return;
      }
  }

  void clear() {
    count_ = 0;
    if (++epoch_ == 0) {
      for (auto& slot : slots_) slot.epoch = 0;
      epoch_ = 1;
    }
  }

 private:
  struct Slot {
    uint32_t epoch = 0;  ///< in use if that of the table
    uint32_t tag = 0;    ///< upper half of the hash
    uint32_t number = 0;
    uint32_t low = 0;  ///< lower half of the hash, for growing
  };

  void place(const Slot& slot) {
    const size_t mask = slots_.size() - 1;
    size_t at = slot.low & mask;
    while (slots_[at].epoch == epoch_) at = (at + 1) & mask;
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    for (const auto& slot : old)
      if (slot.epoch == epoch_) place(slot);
  }

  uint32_t epoch_ = 1;
  size_t count_ = 0;
  std::vector<Slot> slots_;  ///< empty, or a power of two, at most three quarters full
};

}  // namespace vigil
