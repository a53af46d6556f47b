// SPDX-License-Identifier: Apache-2.0
// Selects definitions by text and name.
#include "cli/select_definitions.h"

#include <algorithm>
#include <tuple>

#include "cli/options.h"

namespace vigil::cli {

std::vector<uint32_t> select_definitions(const Rulebook& rulebook, const std::set<std::string>& texts,
                                         const std::vector<std::string>& globs) {
  const auto definitions = rulebook.definitions();
  std::vector<uint32_t> selected;
  for (uint32_t i = 0; i < definitions.size(); ++i) {
    const auto& definition = definitions[i];
    if (!definition.span.source || !texts.contains(rulebook.sources()[definition.span.source].name())) continue;
    const bool matches = globs.empty() || std::ranges::any_of(globs, [&](const std::string& glob) {
                           return matches_glob(glob, definition.name);
                         });
    if (matches) selected.push_back(i);
  }
  std::ranges::stable_sort(selected, {}, [&](uint32_t i) {
    return std::tuple(definitions[i].span.source.value, definitions[i].span.begin);
  });
  return selected;
}

}  // namespace vigil::cli
