// SPDX-License-Identifier: Apache-2.0
// The running service: listens, answers, reloads its rules, and ends when told to.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cds-hooks/protocol/answer.h"
#include "cds-hooks/service/http_server.h"
#include "cds-hooks/service/rate_limiter.h"
#include "cds-hooks/service/rule_desk.h"
#include "cds-hooks/service/service_log.h"
#include "cds-hooks/service/shadow_sink.h"
#include "decision-log/decision_log.h"

namespace vigil::hooks {

struct HostOptions {
  HttpOptions http;
  size_t wait_threads = 8;                  ///< for requests that wait for keys or data
  size_t max_waiting = 256;                 ///< more are answered 503
  std::chrono::milliseconds ready_wait{0};  ///< between "not ready" and the end of accepting, for load balancers to see
  std::chrono::milliseconds grace{10'000};  ///< for requests under way
  bool offers_metrics = true;
  std::optional<bool> offers_page;  ///< at `/`; none: where only this machine can call
  std::string admin_socket;         ///< empty: none
  RateOptions rate;                 ///< of each client
};

/// What a host works with; all of it must outlive the host. What is null is not done.
struct HostParts {
  RuleDesk& desk;
  ServiceLog& log;
  decision_log::DecisionLog* decisions = nullptr;
  ShadowSink* shadow = nullptr;
};

class ServiceHost {
 public:
  /// What the services refer to must outlive the host. Throws std::runtime_error where it cannot listen.
  ServiceHost(HostOptions options, Services services, const HostParts& parts);
  ~ServiceHost();

  /// Answers from then on, and returns at once; `port()` is then known. Throws std::runtime_error where the admin
  /// socket cannot be made; nobody was answered then.
  void start();
  uint16_t port() const;
  /// Waits for SIGTERM or SIGINT, reloading at SIGHUP; then lets requests finish and returns. Block these signals
  /// before any thread is started: block_signals().
  void run_until_signal();
  static void block_signals();

  /// Swaps the rules for what the desk reads anew; false, and the rules stay, where it gives none. Requests under way
  /// finish with the rules they began with.
  bool reload();
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::hooks
