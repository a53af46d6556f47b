// SPDX-License-Identifier: Apache-2.0
// What a call could not check, in one note: so that an empty list of cards means "checked, nothing found" alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

struct Evaluated;

/// The key of the engine's own note on data that was not obtained; what it says is part of this one.
inline constexpr std::string_view kNotCheckedKey = "not-checked";

/// Topics of the cards that are no alerts.
inline constexpr std::string_view kNotCheckedTopic = "not-checked";
inline constexpr std::string_view kNotShownTopic = "not-shown";

struct UncheckedNote {
  std::string_view topic = kNotCheckedTopic;
  std::string summary;
  std::string detail;           ///< Markdown
  std::vector<uint32_t> rules;  ///< named in it
};

/// Names the rules that failed, those that are unknown and have no card of their own, and what was not obtained or not
/// recognised. None where all was checked.
std::optional<UncheckedNote> find_unchecked(const Evaluated& evaluated, const CardOptions& options);

/// Whether the rule was not done by the call's deadline.
bool was_stopped(const RuleResult& result);

/// Whether not a single rule came to a result, for lack of data that the call did not bring.
bool nothing_could_run(const Evaluated& evaluated);

}  // namespace vigil::hooks
