// SPDX-License-Identifier: Apache-2.0
// Requests to answers on the loops, and on waiting threads where the network is needed.
#include "cds-hooks/service/service_host.h"

#include <csignal>
#include <thread>
#include <utility>

#include "cds-hooks/protocol/operation_outcome.h"
#include "cds-hooks/service/clock.h"
#include "cds-hooks/service/service_host_state.h"
#include "cds-hooks/service/start_page.h"

namespace vigil::hooks {
namespace {

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

/// What a log may hold of an operator's command: a name of our own.
std::string_view known_command(std::string_view path) {
  for (const std::string_view one : {"/reload", "/rollback", "/drain", "/undrain", "/activate", "/stage", "/withdraw"})
    if (path == one) return one;
  return path.starts_with("/level/") ? "/level" : "unknown";
}

Response plain_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

}  // namespace

std::string_view ServiceHost::State::why_not_ready() const {
  if (!ready) return "starting or stopping";
  if (drains) return "draining";
  const auto set = active.load();
  if (set == nullptr || set->services().empty()) return "no service is active: there are no rules; activate a pack";
  if (decisions != nullptr && !decisions->counts().writable) return "decisions cannot be recorded";
  return {};
}

void ServiceHost::State::tell_if_empty() const {
  const auto set = active.load();
  if (set == nullptr || set->services().empty()) log.write(LogLevel::kWarning, "no_service", {});
}

std::optional<Response> ServiceHost::State::answer_operator(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (request.path == "/livez") return plain_response(200, "ok\n");
  if (const auto why = why_not_ready(); request.path == "/readyz")
    return why.empty() ? plain_response(200, "ready\n") : plain_response(503, "not ready: " + std::string(why) + "\n");
  if (request.path == "/metrics" && options.offers_metrics) {
    auto response = plain_response(200, metrics.to_text(server_state()));
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  if (!options.offers_page.value_or(false)) return std::nullopt;
  return answer_page(request.path, active.load().get(), is_ready(), shadow);
}

ServerState ServiceHost::State::server_state() const {
  const auto counts = server.counts();
  ServerState state;
  state.ready = is_ready();
  if (decisions != nullptr) state.decisions = decisions->counts();
  state.connections = counts.connections;
  state.connections_refused = counts.refused;
  state.requests_broken = counts.broken;
  state.waiting = pool->waiting();
  state.reloads = reloads;
  state.reloads_failed = reloads_failed;
  if (shadow != nullptr) state.shadow = shadow->counts();
  state.set = active.load();
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
    request.is_admitted = answer.is_admitted;
    return wait_for(std::move(request), std::move(reply), begin, deadline);
  }
  conclude(std::move(answer), std::move(request), reply, begin, thread);
}

void ServiceHost::State::conclude(Answer answer, Request request, const Reply& reply, Clock::time_point begin,
                                  std::optional<size_t> loop) {
  auto sample = std::exchange(answer.shadow, std::nullopt);
  recorder.record(std::move(answer), request.request_id, reply, begin, loop);
  if (sample && shadow != nullptr) shadow->offer(std::move(request), std::move(*sample));
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
    conclude(std::move(answer), std::move(shared->first), shared->second, begin, /*loop=*/std::nullopt);
  });
  if (posted) return;
  Answer busy;
  busy.facts.route = "busy";
  busy.facts.refusal = "too many wait";
  busy.response = problem_response(503, "too many requests wait already", "try again", "throttled");
  busy.response.with("Retry-After", "1");
  recorder.finish(std::move(busy), shared->first.request_id, shared->second, begin);
}

ServiceHost::ServiceHost(HostOptions options, Services services, const HostParts& parts)
    : state_(std::make_unique<State>(std::move(options), std::move(services), parts)) {}
ServiceHost::~ServiceHost() { stop(); }

void ServiceHost::start() {
  // What can fail comes first: nobody is to be told that there is a service, nor be answered by one, that ends at once.
  if (!state_->options.admin_socket.empty())
    state_->admin.emplace(state_->options.admin_socket,
                          [this](const AdminRequest& request) { return state_->administer(request); });
  state_->server.start();
  state_->ready = true;
  const auto set = state_->active.load();
  state_->tell_chain_end();
  state_->log.write(LogLevel::kInfo, "listening",
                    {{"address", state_->options.http.address},
                     {"port", state_->server.port()},
                     {"tls", state_->options.http.tls.certificate_file.empty() ? "no" : "yes"},
                     {"services", set == nullptr ? size_t{0} : set->services().size()}});
  state_->tell_if_empty();
}

uint16_t ServiceHost::port() const { return state_->server.port(); }

void ServiceHost::block_signals() {
  const auto signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  // Other services rotate logs by these: who sends one by habit is not to end this one.
  std::signal(SIGUSR1, SIG_IGN);
  std::signal(SIGUSR2, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a disk that is full: an error, not the end
}

void ServiceHost::run_until_signal() {
  const auto signals = handled_signals();
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal != SIGHUP) break;
    state_->log.reopen();
    state_->reload_certificates();
    reload();
  }
  stop();
}

bool ServiceHost::reload() { return state_->reload(); }

bool ServiceHost::State::reload() {
  const std::scoped_lock lock(reloading);
  const auto begin = Clock::now();
  auto set = desk.reload();
  if (set == nullptr) {
    ++reloads_failed;
    log.write(LogLevel::kError, "reload_failed", {});
    return false;
  }
  const size_t count = set->services().size();
  active.store(std::move(set));
  ++reloads;
  log.write(LogLevel::kInfo, "reloaded",
            {{"services", count},
             {"milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count()}});
  return true;
}

/// False where new ones are of no use: those in use stay.
bool ServiceHost::State::reload_certificates() {
  if (options.http.tls.certificate_file.empty()) return true;
  try {
    server.reload_tls();
  } catch (const std::runtime_error& error) {
    ++reloads_failed;
    log.write(LogLevel::kError, "certificates_failed", {{"reason", error.what()}});
    return false;
  }
  log.write(LogLevel::kInfo, "certificates_reloaded", {});
  return true;
}

AdminAnswer ServiceHost::State::rollback() {
  const std::scoped_lock lock(reloading);
  auto told = desk.rollback();
  if (told.set != nullptr) {
    active.store(std::move(told.set));
    tell_if_empty();
  }
  return std::move(told.answer);
}

/// Commands of operators. A command that changes nothing is a GET, as HTTP has it.
AdminAnswer ServiceHost::State::administer(const AdminRequest& request) {
  const auto& path = request.path;
  if (path == "/status" && request.method == "GET")
    return {200, is_ready() ? "ready" : "not ready: " + std::string(why_not_ready())};
  if (request.method != "POST" && path != "/packs") return {405, "use POST; GET answers /status and /packs"};
  if (path != "/packs") log.write(LogLevel::kInfo, "admin", {{"command", known_command(path)}});
  if (path == "/reload") {
    const bool has_certificates = reload_certificates();
    if (!reload()) return {409, "the rules stay as they were"};
    return has_certificates ? AdminAnswer{200, "reloaded"} : AdminAnswer{409, "the certificates stay as they were"};
  }
  if (path == "/rollback") return rollback();
  if (path == "/drain" || path == "/undrain") {
    drains = path == "/drain";
    return {200, drains ? "draining: /readyz says 503, requests are still answered" : "taking requests"};
  }
  if (path.starts_with("/level/") && log.set_requests(path.substr(7))) return {200, "level set"};
  const std::scoped_lock lock(reloading);
  if (auto told = desk.command(request)) {
    if (told->set != nullptr) {
      active.store(std::move(told->set));
      ++reloads;
    } else if (path == "/activate") {
      ++reloads_failed;
    }
    return std::move(told->answer);
  }
  return {404,
          "commands are /reload, /rollback, /activate, /stage, /withdraw, /drain, /undrain, /level/none, "
          "/level/failed, /level/all, /status, /packs"};
}

void ServiceHost::stop() {
  if (!state_->ready.exchange(false)) return;
  state_->admin.reset();
  state_->log.write(LogLevel::kInfo, "stopping", {{"connections", state_->server.counts().connections}});
  std::this_thread::sleep_for(state_->options.ready_wait);
  state_->server.stop(state_->options.grace);
  state_->pool.reset();
  if (state_->decisions != nullptr) state_->decisions->wait_until_told();  // what is told goes through this host
  state_->tell_chain_end();
  state_->log.write(LogLevel::kInfo, "stopped", {});
  state_->log.flush();
}

}  // namespace vigil::hooks
