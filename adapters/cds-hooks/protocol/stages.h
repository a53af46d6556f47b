// SPDX-License-Identifier: Apache-2.0
// A candidate beside the pack in force: whether it only watches, or answers for some.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil::hooks {

struct RulePack;  // service_set.h

/// kShadow: the candidate evaluates what it would have said, and nobody sees it. kCanary: it answers for a share of
/// patients, or for some clients.
enum class Stage : uint8_t { kShadow, kCanary };
std::string_view name(Stage stage);

/// How a candidate is tried.
struct TrialTerms {
  Stage stage = Stage::kShadow;
  uint32_t share = 0;                ///< of ten thousand patients, in canary
  std::vector<std::string> clients;  ///< issuers of tokens that meet the candidate whoever the patient is

  bool operator==(const TrialTerms&) const = default;
};

/// A pack that is tried before it is in force.
struct Candidate {
  std::shared_ptr<const RulePack> pack;
  TrialTerms terms;
};

/// Whether a call meets the candidate. `salt`: the candidate's digest. `whom`: the patient, or the hook instance of a
/// call without one. A function of these alone: one patient sees one version, on every instance and after a restart,
/// and whoever met the candidate still does when the share grows.
bool meets_candidate(const TrialTerms& terms, std::string_view salt, std::string_view client, std::string_view whom);

}  // namespace vigil::hooks
