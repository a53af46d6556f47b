// SPDX-License-Identifier: Apache-2.0
// Groups of digits padded and cut.
#include "knowledge/ndc_code.h"

#include <algorithm>
#include <array>

namespace vigil {

namespace {

constexpr std::array<size_t, 3> kGroups = {5, 4, 2};

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<std::string> normal_ndc(std::string_view written) {
  if (written.size() == 11 && is_digits(written)) return std::string(written);
  std::string digits;
  size_t missing = 0;
  for (size_t group = 0; group < kGroups.size(); ++group) {
    const size_t end = group + 1 < kGroups.size() ? written.find('-') : written.size();
    if (end == std::string_view::npos) return std::nullopt;
    const auto part = written.substr(0, end);
    if (!is_digits(part) || part.size() > kGroups[group] || part.size() + 1 < kGroups[group]) return std::nullopt;
    missing += kGroups[group] - part.size();
    digits.append(kGroups[group] - part.size(), '0').append(part);
    written.remove_prefix(std::min(end + 1, written.size()));
  }
  if (missing > 1) return std::nullopt;
  return digits;
}

std::vector<std::string> ndc_forms(const std::string& normal) {
  std::vector<std::string> forms = {normal};
  if (normal.size() != 11 || !is_digits(normal)) return forms;
  const std::array<std::string, 3> groups = {normal.substr(0, 5), normal.substr(5, 4), normal.substr(9)};
  const auto joined = [](const std::array<std::string, 3>& parts) {
    return parts[0] + "-" + parts[1] + "-" + parts[2];
  };
  forms.push_back(joined(groups));
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].front() != '0') continue;
    auto shorter = groups;
    shorter[i].erase(0, 1);
    forms.push_back(joined(shorter));
  }
  return forms;
}

}  // namespace vigil
