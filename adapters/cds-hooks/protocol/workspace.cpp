// SPDX-License-Identifier: Apache-2.0
// Memory of one thread, a room a pack.
#include <time.h>

#include <algorithm>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cds-hooks/protocol/answer.h"

namespace vigil::hooks {

namespace {

using Clock = std::chrono::steady_clock;

/// The steady clock to some milliseconds: a rule's evaluation asks it often, and it takes a quarter of the time.
Clock::time_point coarse_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return Clock::time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

/// To the system: else the C library keeps what was freed.
void give_back() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace

struct Workspace::PackRoom {
  PackRoom(const std::shared_ptr<const RulePack>& rules, const ProtocolOptions& protocol)
      : pack(rules), data(rules), evaluator(*rules->rulebook, options(protocol)) {}

  EvaluateOptions options(const ProtocolOptions& protocol) const {
    auto options = protocol.evaluation();
    options.stop = [this] { return coarse_now() >= deadline; };
    return options;
  }

  /// Whether the last call took so much that its memory is not worth keeping: what is kept for the next would otherwise
  /// be that of the largest call there ever was, for each thread. A usual one has some hundred facts and takes
  /// kilobytes; rules over pairs of a thousand take all that `max_memory` gives them.
  bool is_large() const {
    constexpr size_t kManyFacts = 1000;
    constexpr size_t kMaxFacts = 20'000;
    constexpr size_t kMaxFindings = 1000;
    const size_t facts = data.snapshot().all_facts().size();
    size_t findings = 0;
    bool has_limit = false;
    for (const auto& result : outcome.results) {
      findings += result.findings.size();
      if (!result.error) continue;
      if (result.error->code == "VGL0905") return true;
      has_limit = has_limit || result.error->code == "VGL0904" || result.error->code == "VGL0915";
    }
    return findings > kMaxFindings || facts > kMaxFacts || (has_limit && facts > kManyFacts);
  }

  std::shared_ptr<const RulePack> pack;
  PatientData data;
  Clock::time_point deadline = Clock::time_point::max();
  Evaluator evaluator;
  Outcome outcome;
};

Workspace::Workspace() = default;
Workspace::Workspace(uint64_t seed) : ids(seed) {}
Workspace::~Workspace() = default;

Workspace::PackRoom& Workspace::room(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack) {
  for (const auto& room : rooms_)
    if (room->pack == pack) return *room;
  // A pack not seen before: the set has been swapped.
  std::erase_if(rooms_, [&](const auto& room) { return !set.holds(room->pack); });
  rooms_.push_back(std::make_unique<PackRoom>(pack, set.options()));
  return *rooms_.back();
}

PatientData& Workspace::data(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack) {
  // The first thing that a call asks for.
  if (std::erase_if(rooms_, [&](const auto& room) { return room->pack == pack && room->is_large(); }) > 0) give_back();
  return room(set, pack).data;
}

Evaluator& Workspace::evaluator(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack,
                                Clock::time_point deadline) {
  auto& used = room(set, pack);
  used.deadline = deadline;
  return used.evaluator;
}

Outcome& Workspace::outcome(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack) {
  return room(set, pack).outcome;
}

}  // namespace vigil::hooks
