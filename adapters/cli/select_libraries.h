// SPDX-License-Identifier: Apache-2.0
// Which texts of an include folder a library needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vigil/rulebook.h>

namespace vigil::cli {

/// What a text calls itself, and what it includes, found without parsing it: comments and strings are passed over. A
/// word `include` used as a name may add an include too many, which does no harm.
struct LibraryNames {
  std::string name;
  std::vector<std::string> includes;
};
LibraryNames scan_library_names(std::string_view text);

/// The candidates that `texts` include, directly or through each other, in their order; mistakes in the others do not
/// matter.
std::vector<RuleText> select_included(const std::vector<RuleText>& texts, std::vector<RuleText> candidates);

}  // namespace vigil::cli
