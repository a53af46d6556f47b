// SPDX-License-Identifier: Apache-2.0
// A fast, stable, non-cryptographic hash of bytes: for look-up tables and the content digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vigil {

namespace detail {
__extension__ using Wide = unsigned __int128;

inline uint64_t load64(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}
inline uint64_t load32(const char* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}
}  // namespace detail

/// Mixes two words by a 64 × 64 → 128 bit product folded in half.
constexpr uint64_t mix(uint64_t a, uint64_t b) {
  const detail::Wide product = static_cast<detail::Wide>(a ^ 0x9E3779B97F4A7C15u) * (b ^ 0xD6E8FEB86659FD93u);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

/// The same on every run; on machines of one byte order the same everywhere. Reads only the bytes of `text`.
inline uint64_t hash_text(std::string_view text, uint64_t seed = 0) {
  const char* at = text.data();
  size_t left = text.size();
  uint64_t hash = mix(seed, left);
  for (; left > 8; left -= 8, at += 8) hash = mix(hash, detail::load64(at));
  if (left >= 4) return mix(hash, detail::load32(at) | detail::load32(at + left - 4) << 32);
  if (left == 0) return hash;
  const auto byte = [&](size_t i) { return static_cast<uint64_t>(static_cast<unsigned char>(at[i])); };
  return mix(hash, byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16);
}

}  // namespace vigil
