// SPDX-License-Identifier: Apache-2.0
// Edit distance over the known names.
#include "cli/nearest_name.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace vigil::cli {
namespace {

constexpr size_t kLongestName = 200;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const bool same = lower(a[i]) == lower(b[j]);
      row[j + 1] = std::min({above[j + 1] + 1, row[j] + 1, above[j] + (same ? 0 : 1)});
      if (i > 0 && j > 0 && lower(a[i]) == lower(b[j - 1]) && lower(a[i - 1]) == lower(b[j]))
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view name, std::span<const std::string> known) {
  if (name.empty() || name.size() > kLongestName) return {};
  size_t best = std::max<size_t>(1, (name.size() + 1) / 3) + 1;
  const std::string* nearest = nullptr;
  for (const auto& candidate : known) {
    if (candidate.size() > kLongestName) continue;
    if (const size_t distance = edit_distance(name, candidate); distance < best) {
      best = distance;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? std::string() : "did you mean `" + *nearest + "`?";
}

}  // namespace vigil::cli
