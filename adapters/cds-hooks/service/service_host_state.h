// SPDX-License-Identifier: Apache-2.0
// What a running service holds. Included by service_host.cpp alone.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cds-hooks/service/active_set.h"
#include "cds-hooks/service/admin_socket.h"
#include "cds-hooks/service/answer_recorder.h"
#include "cds-hooks/service/metrics.h"
#include "cds-hooks/service/service_host.h"
#include "cds-hooks/service/trace_context.h"
#include "cds-hooks/service/wait_pool.h"

namespace vigil::hooks {

struct ServiceHost::State {
  using Clock = std::chrono::steady_clock;

  State(HostOptions given, Services seams, const HostParts& parts)
      : options(std::move(given)),
        services(std::move(seams)),
        desk(parts.desk),
        log(parts.log),
        decisions(parts.decisions),
        shadow(parts.shadow),
        limiter(options.rate),
        active(services.set),
        server(options.http, [this](size_t thread, Request request,
                                    Reply reply) { handle(thread, std::move(request), std::move(reply)); }),
        recorder(server, decisions, metrics, log) {
    for (size_t i = 0; i < server.threads(); ++i) rooms.push_back(std::make_unique<Room>());
    for (size_t i = 0; i < options.wait_threads; ++i) waiting_rooms.push_back(std::make_unique<Workspace>());
    pool.emplace(options.wait_threads, options.max_waiting);
    if (limiter.limits()) services.admit = [this](std::string_view client) { return limiter.take(client); };
  }

  struct Room {
    Workspace workspace;
    RequestIds ids;
  };

  void handle(size_t thread, Request request, Reply reply);
  std::optional<Response> answer_operator(const Request& request) const;
  Answer answer_safely(Workspace& workspace, const Request& request, bool may_wait, Clock::time_point deadline);
  void wait_for(Request request, Reply reply, Clock::time_point begin, Clock::time_point deadline);
  /// An end of the chain told outside it: what it says later can be held against it.
  void tell_chain_end() const {
    if (decisions == nullptr) return;
    const auto end = decisions->counts().end;
    log.write(LogLevel::kInfo, "decision_log_end", {{"number", end.number}, {"hash", crypto::to_hex(end.hash)}});
  }
  AdminAnswer administer(const AdminRequest& request);
  bool reload();
  bool reload_certificates();
  AdminAnswer rollback();
  /// Records an answer, and hands the call to the shadow. `loop` as AnswerRecorder has it.
  void conclude(Answer answer, Request request, const Reply& reply, Clock::time_point begin,
                std::optional<size_t> loop);
  bool is_ready() const { return why_not_ready().empty(); }
  /// Why no requests are to be sent here; empty: they are.
  std::string_view why_not_ready() const;
  /// A service without rules answers, and checks nothing: that is said where operators look.
  void tell_if_empty() const;
  ServerState server_state() const;

  HostOptions options;
  Services services;  ///< its set is that of the start; see `active`
  RuleDesk& desk;
  ServiceLog& log;
  decision_log::DecisionLog* decisions;
  ShadowSink* shadow;
  Metrics metrics;
  RateLimiter limiter;
  ActiveSet active;
  std::atomic<bool> ready{false};
  std::atomic<bool> drains{false};  ///< told to be not ready, and still answering
  std::atomic<uint64_t> reloads{0};
  std::atomic<uint64_t> reloads_failed{0};
  std::vector<std::unique_ptr<Room>> rooms;
  std::vector<std::unique_ptr<Workspace>> waiting_rooms;
  HttpServer server;
  AnswerRecorder recorder;
  std::optional<WaitPool> pool;  ///< ends before the server it answers through
  std::optional<AdminSocket> admin;
  std::mutex reloading;
};

}  // namespace vigil::hooks
