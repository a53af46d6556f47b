// SPDX-License-Identifier: Apache-2.0
// Two versions of rules on one store: which alerts are new, lost, moved in time or changed in tier.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "replay/patient_worker.h"
#include "replay/replay_input.h"
#include "replay/run_folder.h"

namespace vigil::replay {

/// Two rulebooks on the same store, with the same options and key. Rules are one where library and name are.
struct CompareInput {
  ReplayInput a;  ///< in use
  ReplayInput b;  ///< proposed

  /// The rules of both: those of `b` in order, then those only `a` has; which each is in its rulebook.
  struct RulePair {
    std::optional<uint32_t> in_a;
    std::optional<uint32_t> in_b;
  };
  std::vector<RulePair> pair_rules() const;
};

/// What is run, of the input. The triggers are those of the hooks that either version names.
RunPlan make_plan(const CompareInput& input);

/// Workers that compare; the input must outlive them. An alert is a finding that is not suppressed; it is the same in
/// both where rule and problem are. One of `b` alone at a trigger and one of `a` alone at another trigger of the
/// patient are one that moved, if they are of the same rule and problem.
WorkerMaker make_worker_maker(const CompareInput& input);

}  // namespace vigil::replay
