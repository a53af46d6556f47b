// SPDX-License-Identifier: Apache-2.0
// The only file that knows xxHash.
#include "store/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>

namespace vigil::store {

uint64_t checksum(const void* bytes, size_t size) { return XXH3_64bits(bytes, size); }

struct Checksum::State {
  XXH3_state_t hash;
};

Checksum::Checksum() : state_(std::make_unique<State>()) { XXH3_64bits_reset(&state_->hash); }
Checksum::~Checksum() = default;
void Checksum::add(std::string_view bytes) { XXH3_64bits_update(&state_->hash, bytes.data(), bytes.size()); }
uint64_t Checksum::value() const { return XXH3_64bits_digest(&state_->hash); }

struct Digest::State {
  XXH3_state_t hash;
};

Digest::Digest() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->hash); }
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;

void Digest::add(std::string_view bytes) { XXH3_128bits_update(&state_->hash, bytes.data(), bytes.size()); }

void Digest::add(uint64_t number) { XXH3_128bits_update(&state_->hash, &number, sizeof number); }

std::string Digest::text() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state_->hash));
  std::string text;
  for (const unsigned char byte : canonical.digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace vigil::store
