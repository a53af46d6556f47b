// SPDX-License-Identifier: Apache-2.0
// The definitions that `--define` means.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <vigil/rulebook.h>

namespace vigil::cli {

/// Indexes of the definitions that stand in the texts of these names and match one of the globs (all, where there are
/// none), in source order.
std::vector<uint32_t> select_definitions(const Rulebook& rulebook, const std::set<std::string>& texts,
                                         const std::vector<std::string>& globs);

}  // namespace vigil::cli
