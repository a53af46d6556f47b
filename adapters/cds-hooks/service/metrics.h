// SPDX-License-Identifier: Apache-2.0
// Counters and latencies in Prometheus' text format.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cds-hooks/protocol/answer.h"
#include "cds-hooks/service/shadow_sink.h"
#include "decision-log/decision_log.h"

namespace vigil::hooks {

/// Counts of one service (or of no service), added to by many threads at once.
struct ServiceCounts {
  static constexpr std::array<double, 12> kBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                     0.01,   0.025,   0.05,   0.1,   0.5,    2.5};

  std::array<std::atomic<uint64_t>, 12> within{};  ///< requests by latency, each in one bound
  std::atomic<uint64_t> slower{0};
  std::atomic<uint64_t> nanoseconds{0};
  std::array<std::atomic<uint64_t>, 600> statuses{};
  std::array<std::atomic<uint64_t>, 5> outcomes{};
  std::atomic<uint64_t> stopped{0};
  std::array<std::atomic<uint64_t>, 4> cards{};
  std::atomic<uint64_t> keys_missing{0};
  std::atomic<uint64_t> keys_fetched{0};
};

/// What the server as a whole says of itself when asked.
struct ServerState {
  bool ready = false;
  uint64_t connections = 0;
  uint64_t connections_refused = 0;
  uint64_t requests_broken = 0;
  uint64_t waiting = 0;
  uint64_t reloads = 0;
  uint64_t reloads_failed = 0;
  std::optional<decision_log::LogCounts> decisions;
  std::optional<ShadowCounts> shadow;
  std::shared_ptr<const ServiceSet> set;  ///< what is in force and tried; may be null
};

/// All counts. A label has as many values as there are services, hooks, statuses: none comes from a request.
class Metrics {
 public:
  void count(const AnswerFacts& facts, int status, std::chrono::nanoseconds time);
  std::string to_text(const ServerState& state) const;

 private:
  ServiceCounts& counts_of(const AnswerFacts& facts, int status);

  mutable std::mutex mutex_;                                                     ///< of the map; the counts are atomic
  std::map<std::array<std::string, 3>, std::unique_ptr<ServiceCounts>> counts_;  ///< route, service, hook
  std::map<std::string, std::array<uint64_t, 600>> clients_;                     ///< requests by status
};

}  // namespace vigil::hooks
