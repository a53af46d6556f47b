// SPDX-License-Identifier: Apache-2.0
// FNV-1a, 64 bit (Fowler, Noll and Vo): a hash that is the same on every machine and in every version. It tells texts
// apart and finds damage; it is no defence against forgery.
#pragma once

#include <cstdint>
#include <string_view>

namespace vigil {

inline constexpr uint64_t kFnv1aBasis = 0xCBF29CE484222325u;

/// The hash of `bytes`; with the hash of what stands before them, that of both together. Pure; any thread.
constexpr uint64_t fnv1a(std::string_view bytes, uint64_t before = kFnv1aBasis) {
  for (const char byte : bytes) before = (before ^ static_cast<unsigned char>(byte)) * 0x100000001B3u;
  return before;
}

}  // namespace vigil
