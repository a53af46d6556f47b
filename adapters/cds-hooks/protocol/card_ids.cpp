// SPDX-License-Identifier: Apache-2.0
// UUIDs of time and chance.
#include "cds-hooks/protocol/card_ids.h"

#include <array>

namespace vigil::hooks {

CardIds::CardIds(uint64_t seed) : random_(seed) {}

CardIds::CardIds() {
  std::random_device entropy;
  std::array<uint32_t, 8> words{};
  for (auto& word : words) word = entropy();
  std::seed_seq seed(words.begin(), words.end());
  random_.seed(seed);
}

std::string CardIds::next() {
  static constexpr char kHex[] = "0123456789abcdef";
  const uint64_t high = static_cast<uint64_t>(now_) << 16 | 0x4000 | (random_() & 0xFFF);
  const uint64_t low = (random_() & ~(uint64_t{3} << 62)) | uint64_t{2} << 62;
  std::string text;
  text.reserve(36);
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) text += '-';
    const uint64_t half = i < 16 ? high : low;
    text += kHex[half >> (60 - 4 * (i % 16)) & 15];
  }
  return text;
}

}  // namespace vigil::hooks
