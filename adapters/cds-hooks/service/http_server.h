// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server: one loop a core, connections kept alive, with limits on everything a client can send.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "cds-hooks/protocol/message.h"

namespace vigil::hooks {

struct TlsOptions {
  std::string certificate_file;  ///< PEM, with the chain; empty: plain HTTP
  std::string key_file;
  std::string client_ca_file;  ///< PEM; given: clients must show a certificate of it
};

/// Each limit protects against clients that would take all memory, time or sockets.
struct HttpLimits {
  size_t max_body = size_t{4} << 20;
  uint32_t max_head = 32 * 1024;
  size_t max_connections = 1000;
  std::chrono::milliseconds read_time{10'000};  ///< for a whole request, from its first byte on
  std::chrono::milliseconds idle_time{60'000};  ///< between requests of a connection
  std::chrono::milliseconds write_time{10'000};
};

struct HttpOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;  ///< 0: a free one
  unsigned threads = 0;  ///< 0: one a core
  HttpLimits limits;
  TlsOptions tls;
};

/// Counts of a server, for metrics.
struct HttpCounts {
  uint64_t connections = 0;  ///< open now
  uint64_t accepted = 0;
  uint64_t refused = 0;  ///< over the limit
  uint64_t broken = 0;   ///< requests that were no HTTP, too large, or too slow
};

/// Sends the response of a request; may be called from any thread, once.
using Reply = std::function<void(Response)>;
/// Answers a request on the loop `thread`; calls `reply` at once or later.
using HttpHandler = std::function<void(size_t thread, Request request, Reply reply)>;

/// Throws std::runtime_error where the files are of no use; of no files, nothing.
void check_tls(const TlsOptions& options);

class HttpServer {
 public:
  /// Throws std::runtime_error, with a message for people, where address, certificate or key are of no use.
  HttpServer(const HttpOptions& options, HttpHandler handler);
  ~HttpServer();  // NOLINT(bugprone-exception-escape): see there
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens and returns; the loops run on threads of their own.
  void start();
  /// Reads certificate, key and clients' authorities again, for connections that begin from now on. Throws
  /// std::runtime_error where they are of no use: then all stays as it was. Thread-safe.
  void reload_tls();
  uint16_t port() const;
  size_t threads() const;
  HttpCounts counts() const;
  /// Calls `job` on the loop `thread` when all that was ready there has had its turn; again, while it returns true.
  void after_round(size_t thread, std::function<bool()> job);
  /// Accepts no more, closes idle connections, lets requests finish for as long as `grace`, and returns when the loops
  /// have ended.
  void stop(std::chrono::milliseconds grace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::hooks
