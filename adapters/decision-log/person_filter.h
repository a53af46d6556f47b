// SPDX-License-Identifier: Apache-2.0
// Tells quickly of most persons that nothing is kept of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <vector>

#include "crypto/hashes.h"

namespace vigil::decision_log {

/// A bit for each of 8 million values of a hash's beginning (a Bloom filter of one hash; Bloom 1970): of 100,000
/// persons added, one in eighty others counts as known too. A megabyte, whatever is added. Thread-safe.
class PersonFilter {
 public:
  PersonFilter() : words_(kBits / 64) {}

  void add(const crypto::Hash& person) { word_of(person).fetch_or(bit_of(person)); }
  /// False: it was never added.
  bool may_know(const crypto::Hash& person) const { return (word_of(person).load() & bit_of(person)) != 0; }

 private:
  static constexpr size_t kBits = size_t{1} << 23;
  static uint32_t place_of(const crypto::Hash& person) {
    uint32_t begin = 0;
    std::memcpy(&begin, person.data(), sizeof begin);
    return begin % kBits;
  }
  static uint64_t bit_of(const crypto::Hash& person) { return uint64_t{1} << place_of(person) % 64; }
  const std::atomic<uint64_t>& word_of(const crypto::Hash& person) const { return words_[place_of(person) / 64]; }
  std::atomic<uint64_t>& word_of(const crypto::Hash& person) { return words_[place_of(person) / 64]; }

  std::vector<std::atomic<uint64_t>> words_;
};

}  // namespace vigil::decision_log
