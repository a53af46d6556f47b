// SPDX-License-Identifier: Apache-2.0
// Comparing texts of some bytes: ids, names of types and members.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vigil::store {

namespace detail {
template <class Word>
bool same_words(const char* a, const char* b, size_t size) {
  Word x;
  Word y;
  uint64_t difference = 0;
  for (size_t at = 0; at + sizeof x < size; at += sizeof x) {
    std::memcpy(&x, a + at, sizeof x);
    std::memcpy(&y, b + at, sizeof y);
    difference |= x ^ y;
  }
  std::memcpy(&x, a + size - sizeof x, sizeof x);  // the last word, some of which may have been looked at
  std::memcpy(&y, b + size - sizeof y, sizeof y);
  return (difference | (x ^ y)) == 0;
}
}  // namespace detail

/// Whether they are equal. Quicker than a call of memcmp where they are short, and then mostly equal.
inline bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() >= sizeof(uint64_t)) return detail::same_words<uint64_t>(a.data(), b.data(), a.size());
  if (a.size() >= sizeof(uint32_t)) return detail::same_words<uint32_t>(a.data(), b.data(), a.size());
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) return false;
  return true;
}

}  // namespace vigil::store
