// SPDX-License-Identifier: Apache-2.0
// Accepts connections and spreads them over the loops.
#include "cds-hooks/service/http_server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "cds-hooks/service/session.h"

namespace vigil::hooks {
namespace {

/// TLS 1.2 and up, with the cipher suites that are OpenSSL's choice at its security level 2.
void set_up(asio::ssl::context& context, const TlsOptions& options) {
  context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                      asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  // Without a name for them, OpenSSL breaks off where a client that showed a certificate resumes its session. Tickets
  // are sealed by a key of this context: who has one of another context shows the certificate again.
  static constexpr unsigned char kName[] = {'v', 'i', 'g', 'i', 'l'};
  SSL_CTX_set_session_id_context(context.native_handle(), kName, sizeof kName);
  const auto demand = [](const beast::error_code& error, const std::string& what) {
    if (error) throw std::runtime_error(what + ": " + error.message());
  };
  beast::error_code error;
  context.use_certificate_chain_file(options.certificate_file, error);
  demand(error, "the certificate " + options.certificate_file + " cannot be used");
  context.use_private_key_file(options.key_file, asio::ssl::context::pem, error);
  demand(error, "the key " + options.key_file + " cannot be used");
  if (options.client_ca_file.empty()) return;
  context.load_verify_file(options.client_ca_file, error);
  demand(error, "the certificates " + options.client_ca_file + " cannot be used");
  context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
}

/// Null without a certificate.
std::shared_ptr<asio::ssl::context> make_tls(const TlsOptions& options) {
  if (options.certificate_file.empty()) return nullptr;
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  set_up(*context, options);
  return context;
}

}  // namespace

void check_tls(const TlsOptions& options) { make_tls(options); }

struct HttpServer::State {
  State(const HttpOptions& given, HttpHandler answers) : options(given), handler(std::move(answers)) {}

  void listen();
  void accept();
  /// Null without TLS. A connection keeps what it was made with.
  std::shared_ptr<asio::ssl::context> current_tls() {
    const std::scoped_lock lock(tls_mutex);
    return tls;
  }

  HttpOptions options;
  HttpHandler handler;
  SharedCounts counts;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<asio::executor_work_guard<LoopExecutor>> guards;
  std::mutex tls_mutex;
  std::shared_ptr<asio::ssl::context> tls;
  std::optional<asio::basic_socket_acceptor<Tcp, LoopExecutor>> acceptor;
  std::optional<asio::steady_timer> retry;
  std::vector<std::thread> threads;
  size_t next_loop = 0;
  uint16_t port = 0;
};

void HttpServer::State::listen() {
  const std::string where = options.address + ":" + std::to_string(options.port);
  beast::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) throw std::runtime_error(options.address + " is no IP address");
  acceptor.emplace(loops[0]->context);
  const Tcp::endpoint endpoint(address, options.port);
  acceptor->open(endpoint.protocol());
  acceptor->set_option(asio::socket_base::reuse_address(true));
  acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) throw std::runtime_error("cannot listen on " + where + ": " + error.message());
  port = acceptor->local_endpoint().port();
  retry.emplace(loops[0]->context);
}

void HttpServer::State::accept() {
  Loop& loop = *loops[next_loop++ % loops.size()];
  acceptor->async_accept(loop.context, [this, &loop](beast::error_code error, PlainStream socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) {  // out of descriptors, most likely: let some close
      retry->expires_after(std::chrono::milliseconds(50));
      return retry->async_wait([this](beast::error_code stopped) {
        if (!stopped) accept();
      });
    }
    ++counts.accepted;
    if (counts.connections >= options.limits.max_connections) {
      ++counts.refused;  // the socket is closed as it goes
    } else {
      ++counts.connections;  // here: before its loop comes to it, many more may be accepted
      socket.set_option(Tcp::no_delay(true), error);
      auto shared = std::make_shared<PlainStream>(std::move(socket));
      asio::post(loop.context, [this, &loop, shared] {
        PlainStream stream(std::move(*shared));
        if (const auto context = current_tls())
          make_session(TlsStream(std::move(stream), *context), loop, options.limits, handler, counts)->run();
        else
          make_session(std::move(stream), loop, options.limits, handler, counts)->run();
      });
    }
    accept();
  });
}

HttpServer::HttpServer(const HttpOptions& options, HttpHandler handler)
    : state_(std::make_unique<State>(options, std::move(handler))) {
  const unsigned count = options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < count; ++i) {
    state_->loops.push_back(std::make_unique<Loop>());
    state_->loops.back()->index = i;
  }
  state_->tls = make_tls(options.tls);
  state_->listen();
}

// Loops that cannot be told to end leave nothing but to end the program.
HttpServer::~HttpServer() {  // NOLINT(bugprone-exception-escape)
  if (!state_->threads.empty()) stop(std::chrono::milliseconds(0));
}

void HttpServer::start() {
  state_->accept();
  for (const auto& loop : state_->loops) {
    state_->guards.push_back(asio::make_work_guard(loop->context));
    state_->threads.emplace_back([context = &loop->context] { context->run(); });
  }
}

void HttpServer::reload_tls() {
  auto context = make_tls(state_->options.tls);
  const std::scoped_lock lock(state_->tls_mutex);
  state_->tls.swap(context);
}

uint16_t HttpServer::port() const { return state_->port; }
size_t HttpServer::threads() const { return state_->loops.size(); }

HttpCounts HttpServer::counts() const {
  const auto& counts = state_->counts;
  return {counts.connections, counts.accepted, counts.refused, counts.broken};
}

void HttpServer::after_round(size_t thread, std::function<bool()> job) {
  // What is posted comes behind what is ready, and behind another look at the sockets.
  asio::post(state_->loops[thread]->context, [this, thread, job = std::move(job)]() mutable {
    if (job()) after_round(thread, std::move(job));
  });
}

void HttpServer::stop(std::chrono::milliseconds grace) {
  asio::post(state_->loops[0]->context, [this] {
    beast::error_code ignored;
    state_->acceptor->close(ignored);
    state_->retry->cancel();
  });
  for (const auto& loop : state_->loops)
    asio::post(loop->context, [loop = loop.get()] {
      loop->closing = true;
      const auto sessions = loop->sessions;  // closing may end some
      for (auto* session : sessions) session->close_when_idle();
    });
  const auto end = std::chrono::steady_clock::now() + grace;
  while (state_->counts.connections > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  // Only now: a request that waits for data keeps no work on its loop, but its answer will.
  state_->guards.clear();
  for (const auto& loop : state_->loops) loop->context.stop();
  for (auto& thread : state_->threads) thread.join();
  state_->threads.clear();
}

}  // namespace vigil::hooks
