// SPDX-License-Identifier: Apache-2.0
// What the pack in force said of a call, to hold a shadow against: rules and tiers, and the data that was fetched.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/outcome.h>

#include "cds-hooks/protocol/patient_data.h"
#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

/// One rule that was met or undetermined; of what is not shown (a rule in shadow by its own text) nothing is held.
struct RuleSummary {
  uint32_t rule = 0;
  bool undetermined = false;                           ///< unknown or failed
  std::vector<std::pair<std::string, Tier>> findings;  ///< those not suppressed, by their keys; sorted
  bool stopped = false;                                ///< by the call's deadline: nobody knows what it would have said
};
std::vector<RuleSummary> summarise(const Rulebook& rulebook, const Outcome& outcome);

/// A call that a shadow is to evaluate too.
struct ShadowSample {
  std::shared_ptr<const Trial> trial;
  std::shared_ptr<const RulePack> active;
  std::vector<RuleSummary> said;
  std::vector<Fetched> fetched;
};

/// How two packs differ on a rule: an alert that only the candidate raises, one that only the pack in force does,
/// another tier; the candidate could not tell where the pack in force could, and the other way round. The last is no
/// difference: the deadline stopped the rule, so there is nothing to compare.
enum class Difference : uint8_t { kNew, kLost, kTier, kUndetermined, kDetermined, kNotComparable };
inline constexpr size_t kDifferences = 6;
std::string_view name(Difference difference);

struct Disagreement {
  std::string rule;  ///< "Library.Rule"
  Difference difference = Difference::kNew;
  Tier active = Tier::kSilent;  ///< of kLost and kTier
  Tier candidate = Tier::kSilent;
  uint32_t count = 1;  ///< findings
};

/// Whether any of them is a difference.
bool differs(std::span<const Disagreement> all);

/// By rule and kind, in the order of rules' names. Rules are the same where library and name are.
std::vector<Disagreement> compare(const Rulebook& active, std::span<const RuleSummary> said, const Rulebook& candidate,
                                  std::span<const RuleSummary> would_say);

}  // namespace vigil::hooks
