// SPDX-License-Identifier: Apache-2.0
// Requests to answers on the loops, and on waiting threads where the network is needed.
#include "cds-hooks/service/service_host.h"

#include <atomic>
#include <csignal>
#include <ctime>
#include <optional>
#include <thread>
#include <vector>

#include "cds-hooks/protocol/operation_outcome.h"
#include "cds-hooks/service/metrics.h"
#include "cds-hooks/service/trace_context.h"
#include "cds-hooks/service/wait_pool.h"

namespace vigil::hooks {
namespace {

using Clock = std::chrono::steady_clock;

Temporal clock_now() {
  timespec clock{};
  clock_gettime(CLOCK_REALTIME, &clock);
  std::tm local{};
  localtime_r(&clock.tv_sec, &local);
  Temporal now;
  now.year = static_cast<int16_t>(local.tm_year + 1900);
  now.month = static_cast<uint8_t>(local.tm_mon + 1);
  now.day = static_cast<uint8_t>(local.tm_mday);
  now.hour = static_cast<uint8_t>(local.tm_hour);
  now.minute = static_cast<uint8_t>(local.tm_min);
  now.second = static_cast<uint8_t>(std::min(local.tm_sec, 59));
  now.millisecond = static_cast<uint16_t>(clock.tv_nsec / 1'000'000);
  now.precision = Precision::kMillisecond;
  now.offset_minutes = static_cast<int16_t>(local.tm_gmtoff / 60);
  return now;
}

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

Response plain_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

}  // namespace

struct ServiceHost::State {
  State(HostOptions given, Services seams, SetLoader loads, ServiceLog& writes)
      : options(std::move(given)),
        services(std::move(seams)),
        loader(std::move(loads)),
        log(writes),
        active(services.set),
        server(options.http, [this](size_t thread, Request request, Reply reply) {
          handle(thread, std::move(request), std::move(reply));
        }) {
    for (size_t i = 0; i < server.threads(); ++i) rooms.push_back(std::make_unique<Room>());
    for (size_t i = 0; i < options.wait_threads; ++i) waiting_rooms.push_back(std::make_unique<Workspace>());
    pool.emplace(options.wait_threads, options.max_waiting);
  }

  struct Room {
    Workspace workspace;
    RequestIds ids;
  };

  void handle(size_t thread, Request request, Reply reply);
  std::optional<Response> answer_operator(const Request& request) const;
  Answer answer_safely(Workspace& workspace, const Request& request, bool may_wait, Clock::time_point deadline);
  void wait_for(Request request, Reply reply, Clock::time_point begin, Clock::time_point deadline);
  void finish(Answer answer, const Request& request, const Reply& reply, Clock::time_point begin);
  ServerState server_state() const;

  HostOptions options;
  Services services;  ///< its set is that of the start; see `active`
  SetLoader loader;
  ServiceLog& log;
  Metrics metrics;
  std::atomic<std::shared_ptr<const ServiceSet>> active;
  std::atomic<bool> ready{false};
  std::atomic<uint64_t> reloads{0};
  std::atomic<uint64_t> reloads_failed{0};
  std::vector<std::unique_ptr<Room>> rooms;
  std::vector<std::unique_ptr<Workspace>> waiting_rooms;
  HttpServer server;
  std::optional<WaitPool> pool;  ///< ends before the server it answers through
};

std::optional<Response> ServiceHost::State::answer_operator(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (request.path == "/livez") return plain_response(200, "ok\n");
  if (request.path == "/readyz")
    return ready && active.load() != nullptr ? plain_response(200, "ready\n") : plain_response(503, "not ready\n");
  if (request.path == "/metrics" && options.offers_metrics) {
    auto response = plain_response(200, metrics.to_text(server_state()));
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  return std::nullopt;
}

ServerState ServiceHost::State::server_state() const {
  const auto counts = server.counts();
  ServerState state;
  const auto set = active.load();
  state.ready = ready && set != nullptr;
  state.connections = counts.connections;
  state.connections_refused = counts.refused;
  state.requests_broken = counts.broken;
  state.waiting = pool->waiting();
  state.reloads = reloads;
  state.reloads_failed = reloads_failed;
  if (set != nullptr)
    for (const auto& pack : set->packs()) state.packs.push_back({pack->id, pack->version, pack->rules_digest});
  return state;
}

void ServiceHost::State::handle(size_t thread, Request request, Reply reply) {
  const auto begin = Clock::now();
  if (auto response = answer_operator(request)) return reply(std::move(*response));
  const auto set = active.load();
  if (set == nullptr) {
    auto response = problem_response(503, "no rules are loaded yet", "try again", "transient");
    response.with("Retry-After", "1");
    return reply(std::move(response));
  }
  Room& room = *rooms[thread];
  request.now = clock_now();
  request.request_id = trace_id_of(request.trace_parent);
  if (request.request_id.empty()) request.request_id = room.ids.next();
  const auto deadline = begin + set->options().deadline;
  auto answer = answer_safely(room.workspace, request, /*may_wait=*/false, deadline);
  if (answer.needs_network) {
    if (answer.is_authenticated) request.client = std::move(answer.facts.client);
    return wait_for(std::move(request), std::move(reply), begin, deadline);
  }
  finish(std::move(answer), request, reply, begin);
}

Answer ServiceHost::State::answer_safely(Workspace& workspace, const Request& request, bool may_wait,
                                         Clock::time_point deadline) {
  Services now = services;
  now.set = active.load();
  try {
    return answer(now, workspace, request, may_wait, deadline);
  } catch (const std::exception&) {
    // What the exception says may hold data: the request's id is all that is told.
    log.write(LogLevel::kError, "fault", {{"request", request.request_id}});
    Answer failed;
    failed.facts.route = "fault";
    failed.response = problem_response(500, "the service failed", {}, "exception");
    return failed;
  }
}

void ServiceHost::State::wait_for(Request request, Reply reply, Clock::time_point begin, Clock::time_point deadline) {
  auto shared = std::make_shared<std::pair<Request, Reply>>(std::move(request), std::move(reply));
  const bool posted = pool->post([this, shared, begin, deadline](size_t thread) {
    auto answer = answer_safely(*waiting_rooms[thread], shared->first, /*may_wait=*/true, deadline);
    finish(std::move(answer), shared->first, shared->second, begin);
  });
  if (posted) return;
  Answer busy;
  busy.facts.route = "busy";
  busy.response = problem_response(503, "too many requests wait already", "try again", "throttled");
  busy.response.with("Retry-After", "1");
  finish(std::move(busy), shared->first, shared->second, begin);
}

void ServiceHost::State::finish(Answer answer, const Request& request, const Reply& reply, Clock::time_point begin) {
  const auto time = Clock::now() - begin;
  const auto& facts = answer.facts;
  const int status = answer.response.status;
  metrics.count(facts, status, time);
  const bool failed = status >= 500 || status == 401;
  if (log.options().requests == "all" || (failed && log.options().requests == "failed"))
    log.write(failed ? LogLevel::kWarning : LogLevel::kInfo, "request",
              {{"request", request.request_id},
               {"route", facts.route},
               {"service", facts.service},
               {"client", facts.client},
               {"status", status},
               {"refusal", facts.refusal},
               {"microseconds", std::chrono::duration_cast<std::chrono::microseconds>(time).count()},
               {"fired", facts.outcomes[1]},
               {"unknown", facts.outcomes[3]},
               {"errors", facts.outcomes[4]},
               {"keys_missing", facts.keys_missing}});
  reply(std::move(answer.response));
}

ServiceHost::ServiceHost(HostOptions options, Services services, SetLoader loader, ServiceLog& log)
    : state_(std::make_unique<State>(std::move(options), std::move(services), std::move(loader), log)) {}
ServiceHost::~ServiceHost() { stop(); }

void ServiceHost::start() {
  state_->server.start();
  state_->ready = true;
  const auto set = state_->active.load();
  state_->log.write(LogLevel::kInfo, "listening",
                    {{"address", state_->options.http.address},
                     {"port", state_->server.port()},
                     {"tls", state_->options.http.tls.certificate_file.empty() ? "no" : "yes"},
                     {"services", set == nullptr ? size_t{0} : set->services().size()}});
}

uint16_t ServiceHost::port() const { return state_->server.port(); }

void ServiceHost::block_signals() {
  const auto signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void ServiceHost::run_until_signal() {
  const auto signals = handled_signals();
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    reload();
  }
  stop();
}

bool ServiceHost::reload() {
  const auto begin = Clock::now();
  auto set = state_->loader ? state_->loader() : nullptr;
  if (set == nullptr) {
    ++state_->reloads_failed;
    state_->log.write(LogLevel::kError, "reload_failed", {});
    return false;
  }
  const size_t services = set->services().size();
  state_->active.store(std::move(set));
  ++state_->reloads;
  state_->log.write(
      LogLevel::kInfo, "reloaded",
      {{"services", services},
       {"milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count()}});
  return true;
}

void ServiceHost::stop() {
  if (!state_->ready.exchange(false)) return;
  state_->log.write(LogLevel::kInfo, "stopping", {{"connections", state_->server.counts().connections}});
  std::this_thread::sleep_for(state_->options.ready_wait);
  state_->server.stop(state_->options.grace);
  state_->pool.reset();
  state_->log.write(LogLevel::kInfo, "stopped", {});
  state_->log.flush();
}

}  // namespace vigil::hooks
