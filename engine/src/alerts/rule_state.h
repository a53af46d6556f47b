// SPDX-License-Identifier: Apache-2.0
// One rule under evaluation; private to this room.
#pragma once

#include "alerts/rule_runner.h"

namespace vigil {

struct RuleRunner::State {
  uint32_t rule = 0;
  const RulePlan& plan;
  const typed::Rule& typed;
  RuleResult& result;
  Explainer explainer;
  bool undetermined = false;
  bool speaks = false;  ///< the rule's own words for the unknown case apply
  std::vector<std::string> unknown_texts;
};

}  // namespace vigil
