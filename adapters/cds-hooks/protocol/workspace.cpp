// SPDX-License-Identifier: Apache-2.0
// Memory of one thread, a room a pack.
#include <algorithm>

#include "cds-hooks/protocol/answer.h"

namespace vigil::hooks {

struct Workspace::PackRoom {
  PackRoom(const std::shared_ptr<const RulePack>& rules, const EvaluateOptions& options)
      : pack(rules), data(rules), evaluator(*rules->rulebook, options) {}

  std::shared_ptr<const RulePack> pack;
  PatientData data;
  Evaluator evaluator;
};

Workspace::Workspace() = default;
Workspace::Workspace(uint64_t seed) : ids(seed) {}
Workspace::~Workspace() = default;

Workspace::PackRoom& Workspace::room(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack) {
  for (const auto& room : rooms_)
    if (room->pack == pack) return *room;
  // A pack not seen before: the set has been swapped.
  std::erase_if(rooms_, [&](const auto& room) { return !set.holds(room->pack); });
  EvaluateOptions options;
  options.max_steps = set.options().max_steps;
  rooms_.push_back(std::make_unique<PackRoom>(pack, options));
  return *rooms_.back();
}

PatientData& Workspace::data(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack) {
  return room(set, pack).data;
}

Evaluator& Workspace::evaluator(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack) {
  return room(set, pack).evaluator;
}

}  // namespace vigil::hooks
