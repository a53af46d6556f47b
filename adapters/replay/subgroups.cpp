// SPDX-License-Identifier: Apache-2.0
// Reads a table of subgroups.
#include "replay/subgroups.h"

#include <algorithm>
#include <array>

#include "replay/given_table.h"

namespace vigil::replay {

namespace {

constexpr std::array<std::string_view, 3> kColumns = {"patient", "subgroup", "value"};
/// Those that every result has.
constexpr std::array<std::string_view, 5> kOwn = {"all", "age_band", "sex", "shift", "hook"};
constexpr TableForm kForm = {"VGL1232", kColumns, kColumns.size()};

}  // namespace

std::optional<Subgroups> read_subgroups(std::string_view csv, const std::string& name, DiagnosticSink& sink) {
  Subgroups subgroups;
  GivenTable table(csv, name, kForm, sink);
  while (table.next()) {
    if (table[0].empty() || table[1].empty() || table[2].empty()) {
      table.refuse("a cell is empty");
      continue;
    }
    if (std::ranges::find(kOwn, table[1]) != kOwn.end()) {
      table.refuse("a result has a subgroup of this name already");
      continue;
    }
    const auto [place, is_new] =
        subgroups[std::string(table[0])].try_emplace(std::string(table[1]), std::string(table[2]));
    if (!is_new && place->second != table[2]) table.refuse("the patient has another value of this subgroup already");
  }
  return table.is_whole() ? std::optional(std::move(subgroups)) : std::nullopt;
}

}  // namespace vigil::replay
