// SPDX-License-Identifier: Apache-2.0
// Finds dates in texts and moves them.
#include "replay/shift_dates.h"

#include <vigil/primitives.h>

#include "replay/moments.h"

namespace vigil::replay {

namespace {

constexpr size_t kDateSize = 10;
constexpr Instant kDay = 86'400'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_date(std::string_view text) {
  for (size_t i = 0; i < kDateSize; ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : !is_digit(text[i])) return false;
  return true;
}

}  // namespace

int days_of_shift(std::string_view patient_key) {
  uint32_t hash = 2166136261u;  // FNV-1a: the pseudonym is random already
  for (const char c : patient_key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return 1 + static_cast<int>(hash % 365);
}

std::string shift_dates(std::string_view text, int days) {
  std::string shifted;
  for (size_t at = 0; at < text.size();) {
    const bool fits = at + kDateSize <= text.size() && (at == 0 || !is_digit(text[at - 1])) &&
                      is_date(text.substr(at, kDateSize)) &&
                      (at + kDateSize == text.size() || !is_digit(text[at + kDateSize]));
    const auto date = fits ? parse_instant(text.substr(at, kDateSize)) : std::nullopt;
    if (date) {
      shifted += instant_text(to_instant(*date) - days * kDay).substr(0, kDateSize);
      at += kDateSize;
    } else {
      shifted += text[at++];
    }
  }
  return shifted;
}

}  // namespace vigil::replay
