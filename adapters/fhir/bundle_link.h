// SPDX-License-Identifier: Apache-2.0
// Links of a Bundle.
#pragma once

#include <algorithm>
#include <string_view>

namespace vigil::fhir {

/// Whether a link of this relation leads to further entries (FHIR R4, "Search", paging; RFC 8288, 2.1.1: relation types
/// are compared without regard to case).
inline bool leads_on(std::string_view relation) {
  return std::ranges::equal(relation, std::string_view("next"),
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace vigil::fhir
