// SPDX-License-Identifier: Apache-2.0
// GET over TCP and TLS, each call on a loop of its own.
#include "cds-hooks/service/http_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace vigil::hooks {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

/// One request on its way; keeps itself alive until it is done.
template <class Stream>
class Getting : public std::enable_shared_from_this<Getting<Stream>> {
 public:
  Getting(asio::io_context& context, Stream stream, const GetRequest& request, const ClientOptions& options,
          GetResult& result)
      : resolver_(context), stream_(std::move(stream)), url_(request.url), result_(result) {
    parser_.body_limit(options.max_body);
    parser_.header_limit(options.max_head);
    message_.method(http::verb::get);
    message_.target(url_.target);
    message_.version(11);
    const bool has_default_port = url_.port == (url_.is_tls ? "443" : "80");
    message_.set(http::field::host, has_default_port ? url_.host : url_.host + ":" + url_.port);
    message_.set(http::field::accept, request.accept);
    message_.set(http::field::user_agent, "vigil");
    message_.set(http::field::connection, "close");
    if (!request.bearer.empty()) message_.set(http::field::authorization, "Bearer " + request.bearer.reveal());
    result_.problem = "too slow";  // until it is something else
  }

  void run() {
    resolver_.async_resolve(
        url_.host, url_.port,
        [self = this->shared_from_this()](beast::error_code error, Tcp::resolver::results_type found) {
          if (error) return self->fail("the server's name is not known");
          self->connect(found);
        });
  }

 private:
  void fail(const char* problem) { result_.problem = problem; }

  void connect(const Tcp::resolver::results_type& addresses) {
    beast::get_lowest_layer(stream_).async_connect(
        addresses, [self = this->shared_from_this()](beast::error_code error, const Tcp::endpoint&) {
          if (error) return self->fail("the server cannot be reached");
          self->secure();
        });
  }

  void secure() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      // Both the name asked for and the name shown must be the host's.
      if (!SSL_set_tlsext_host_name(stream_.native_handle(), url_.host.c_str()))
        return fail("the server's name is none");
      stream_.set_verify_callback(asio::ssl::host_name_verification(url_.host));
      stream_.async_handshake(asio::ssl::stream_base::client,
                              [self = this->shared_from_this()](beast::error_code error) {
                                if (error) return self->fail("the server is not who it should be");
                                self->write();
                              });
    } else {
      write();
    }
  }

  void write() {
    http::async_write(stream_, message_, [self = this->shared_from_this()](beast::error_code error, size_t) {
      if (error) return self->fail("the connection broke");
      self->read();
    });
  }

  void read() {
    http::async_read(stream_, buffer_, parser_, [self = this->shared_from_this()](beast::error_code error, size_t) {
      if (error == http::error::body_limit || error == http::error::header_limit)
        return self->fail("the answer is too large");
      if (error) return self->fail("the answer broke off");
      self->finish();
    });
  }

  void finish() {
    auto& message = parser_.get();
    result_.status = static_cast<int>(message.result_int());
    if (result_.status >= 300 && result_.status < 400) return fail("a redirect, which is not followed");
    result_.problem = result_.status == 200 ? "" : "status " + std::to_string(result_.status);
    result_.body = PatientText(std::move(message.body()));
  }

  Tcp::resolver resolver_;
  Stream stream_;
  Url url_;
  GetResult& result_;
  http::request<http::empty_body> message_;
  http::response_parser<http::string_body> parser_;
  beast::flat_buffer buffer_;
};

}  // namespace

struct HttpClient::State {
  /// Ends what did not finish, on a thread of its own: a name that is still being looked up cannot be given up, and its
  /// loop waits for it.
  void end_later(std::shared_ptr<asio::io_context> context) {
    const std::scoped_lock lock(mutex);
    std::erase_if(ending,
                  [](const auto& one) { return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    ending.push_back(std::async(std::launch::async, [held = std::move(context)]() mutable { held.reset(); }));
  }

  ClientOptions options;
  std::mutex mutex;
  mutable asio::ssl::context tls{asio::ssl::context::tls_client};
  std::vector<std::future<void>> ending;  ///< ends before the context that their streams use
};

HttpClient::HttpClient(const ClientOptions& options) : state_(std::make_unique<State>()) {
  state_->options = options;
  auto& tls = state_->tls;
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_verify_mode(asio::ssl::verify_peer);
  beast::error_code error;
  if (options.ca_file.empty())
    tls.set_default_verify_paths(error);
  else
    tls.load_verify_file(options.ca_file, error);
  if (error) throw std::runtime_error("the certificates " + options.ca_file + " cannot be used: " + error.message());
}
HttpClient::~HttpClient() = default;

std::vector<GetResult> HttpClient::get_all(std::span<const GetRequest> requests,
                                           std::chrono::steady_clock::time_point deadline) const {
  std::vector<GetResult> results(requests.size());
  auto kept = std::make_shared<asio::io_context>(1);
  auto& context = *kept;
  for (size_t i = 0; i < requests.size(); ++i) {
    beast::tcp_stream plain(context);
    if (requests[i].url.is_tls)
      std::make_shared<Getting<TlsStream>>(context, TlsStream(std::move(plain), state_->tls), requests[i],
                                           state_->options, results[i])
          ->run();
    else
      std::make_shared<Getting<beast::tcp_stream>>(context, std::move(plain), requests[i], state_->options, results[i])
          ->run();
  }
  context.run_until(deadline);
  if (!context.stopped()) state_->end_later(std::move(kept));
  return results;
}

}  // namespace vigil::hooks
