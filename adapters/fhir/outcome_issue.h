// SPDX-License-Identifier: Apache-2.0
// What an OperationOutcome beside data says of it.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace vigil::fhir {

/// Whether an issue of this code, also where it is but a warning, says that the answer may lack something: FHIR R4,
/// code system issue-type, `incomplete`, `too-costly`, what is of `security` (`suppressed` and `forbidden` among them)
/// and what is `transient`. Servers say so beside what they found: HL7 FHIR R4, "Search", 3.1.1.2.1, entries with the
/// mode `outcome`.
inline bool may_be_incomplete(std::string_view issue_code) {
  constexpr std::array<std::string_view, 14> kCodes = {"incomplete", "too-costly", "security",   "login",     "unknown",
                                                       "expired",    "forbidden",  "suppressed", "transient", "timeout",
                                                       "throttled",  "exception",  "no-store",   "lock-error"};
  return std::ranges::find(kCodes, issue_code) != kCodes.end();
}

}  // namespace vigil::fhir
