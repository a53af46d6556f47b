// SPDX-License-Identifier: Apache-2.0
// What a site changes in what rules raise: a file of named decisions, applied to an outcome before alerts are made of
// it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>
#include <vigil/outcome.h>
#include <vigil/rulebook.h>
#include <vigil/value.h>

namespace vigil {

/// One decision of a site.
struct OverlayChange {
  enum class Action : uint8_t { kTier, kSilence, kOff };

  uint32_t rule = 0;              ///< index in Rulebook::rules()
  std::vector<std::string> pair;  ///< two ingredient codes, or none
  Action action = Action::kTier;
  Tier tier = Tier::kPassive;
  std::string reason;
  std::string by;
  std::string date;
  std::optional<Temporal> until;  ///< the last day on which it holds
  bool acknowledges_floor = false;
};

/// All decisions of one file, in its order.
struct SiteOverlay {
  std::string site;
  std::vector<OverlayChange> changes;
};

/// What applying an overlay did.
struct OverlayEffect {
  size_t changed = 0;        ///< findings
  size_t kept_by_floor = 0;  ///< findings on the ONC high-priority list that a change would have weakened
};

/// Reads an overlay for a rulebook (README.md has its format). None, and what is wrong with file and line, where a part
/// of it cannot be read: a site's decisions hold all or not at all. Does not throw.
std::optional<SiteOverlay> read_site_overlay(const std::filesystem::path& file, const Rulebook& rulebook,
                                             DiagnosticSink& sink);

/// Changes the outcome's findings. Pure: `now` decides which changes still hold.
OverlayEffect apply_overlay(const SiteOverlay& overlay, const Rulebook& rulebook, const Temporal& now,
                            Outcome& outcome);

}  // namespace vigil
