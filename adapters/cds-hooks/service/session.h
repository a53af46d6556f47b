// SPDX-License-Identifier: Apache-2.0
// One connection: requests one after another, each read within limits of size and time. Included by http_server.cpp
// alone; the only file besides it that sees Boost.Beast.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cds-hooks/protocol/operation_outcome.h"
#include "cds-hooks/service/http_server.h"
#include "cds-hooks/service/http_text.h"
#include "cds-hooks/service/text_body.h"

namespace vigil::hooks {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using LoopExecutor = asio::io_context::executor_type;
using PlainStream = beast::basic_stream<Tcp, LoopExecutor>;
using TlsStream = beast::ssl_stream<PlainStream>;

struct SharedCounts {
  std::atomic<uint64_t> connections{0};
  std::atomic<uint64_t> accepted{0};
  std::atomic<uint64_t> refused{0};
  std::atomic<uint64_t> broken{0};
};

class AnySession {
 public:
  virtual ~AnySession() = default;
  /// Closes the connection if it waits for a request; else after the response under way.
  virtual void close_when_idle() = 0;
};

/// One thread's loop with its sessions; used on that thread only, but for `context`.
struct Loop {
  size_t index = 0;
  bool closing = false;
  std::list<AnySession*> sessions;  ///< outlives the context, whose end ends them
  asio::io_context context{1};
};

template <class Stream>
class Session : public AnySession, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Stream stream, Loop& loop, const HttpLimits& limits, const HttpHandler& handler, SharedCounts& counts)
      : stream_(std::move(stream)), loop_(loop), limits_(limits), handler_(handler), counts_(counts) {
    ++counts_.connections;
    place_ = loop_.sessions.insert(loop_.sessions.end(), this);
    buffer_.reserve(size_t{64} * 1024);
    head_.reserve(1024);
  }
  ~Session() override {
    loop_.sessions.erase(place_);
    --counts_.connections;
  }

  void run() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      lowest().expires_after(limits_.read_time);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](beast::error_code error) {
                                if (!error) self->wait_for_request();
                              });
    } else {
      wait_for_request();
    }
  }

  void close_when_idle() override {
    if (waits_) lowest().cancel();
  }

 private:
  PlainStream& lowest() { return beast::get_lowest_layer(stream_); }

  void wait_for_request() {
    if (loop_.closing) return close();
    parser_.emplace();
    parser_->body_limit(limits_.max_body);
    parser_->header_limit(limits_.max_head);
    waits_ = true;
    // What has come already counts as begun; else the connection is idle until a byte comes.
    lowest().expires_after(buffer_.size() > 0 ? limits_.read_time : limits_.idle_time);
    if (buffer_.size() > 0) return read_head();
    // As much as fits: a whole call comes with one look at the socket, mostly.
    stream_.async_read_some(buffer_.prepare(std::max<size_t>(buffer_.capacity() - buffer_.size(), size_t{16} * 1024)),
                            [self = this->shared_from_this()](beast::error_code error, size_t count) {
                              if (error) return self->close();
                              self->buffer_.commit(count);
                              self->lowest().expires_after(self->limits_.read_time);
                              self->read_head();
                            });
  }

  void read_head() {
    waits_ = false;
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = this->shared_from_this()](beast::error_code error, size_t) {
                              if (error) return self->refuse(error);
                              self->read_body();
                            });
  }

  void read_body() {
    if (parser_->is_done()) return handle();
    const auto& head = parser_->get();
    if (const auto length = parser_->content_length(); length && *length > limits_.max_body)
      return refuse(http::error::body_limit);
    if (beast::iequals(head[http::field::expect], "100-continue")) return send_continue();
    http::async_read(stream_, buffer_, *parser_, [self = this->shared_from_this()](beast::error_code error, size_t) {
      if (error) return self->refuse(error);
      self->handle();
    });
  }

  void send_continue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    parser_->get().erase(http::field::expect);
    asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                      [self = this->shared_from_this()](beast::error_code error, size_t) {
                        if (!error) self->read_body();
                      });
  }

  void handle() {
    auto& message = parser_->get();
    keep_alive_ = message.keep_alive();
    is_head_ = message.method() == http::verb::head;
    Request request;
    const auto text = [](beast::string_view view) { return std::string(view.data(), view.size()); };
    request.method = text(message.method_string());
    request.path = text(message.target());
    if (const size_t query = request.path.find('?'); query != std::string::npos) request.path.resize(query);
    request.content_type = text(message[http::field::content_type]);
    request.origin = text(message[http::field::origin]);
    request.requested_method = text(message[http::field::access_control_request_method]);
    request.if_none_match = text(message[http::field::if_none_match]);
    request.trace_parent = text(message["traceparent"]);
    request.authorization = Credential(text(message[http::field::authorization]));
    request.body = PatientText(std::move(message.body()));
    lowest().expires_never();
    handler_(loop_.index, std::move(request), [self = this->shared_from_this()](Response response) {
      if (self->loop_.context.get_executor().running_in_this_thread()) return self->send(std::move(response));
      auto shared = std::make_shared<Response>(std::move(response));
      asio::post(self->loop_.context, [self, shared] { self->send(std::move(*shared)); });
    });
  }

  void send(Response response) {
    response_ = std::move(response);
    keep_alive_ = keep_alive_ && !loop_.closing;
    head_.clear();
    append_head(response_, keep_alive_, head_);
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_),
                                                    is_head_ ? asio::const_buffer() : asio::buffer(response_.body)};
    lowest().expires_after(limits_.write_time);
    asio::async_write(stream_, buffers, [self = this->shared_from_this()](beast::error_code error, size_t) {
      if (error) return;
      if (self->keep_alive_) return self->wait_for_request();
      if (self->is_refused_) return self->linger();
      self->close();
    });
  }

  /// What is no request that can be answered: said where there is a word for it, then the connection is closed.
  void refuse(beast::error_code error) {
    if (error == http::error::end_of_stream || error == asio::error::operation_aborted) return close();
    ++counts_.broken;
    keep_alive_ = false;
    is_head_ = false;
    is_refused_ = true;
    if (error == http::error::body_limit)
      return send(problem_response(413, "the body is too large",
                                   "send at most " + std::to_string(limits_.max_body) + " bytes", "too-long"));
    if (error == http::error::header_limit)
      return send(problem_response(431, "the headers are too large", {}, "too-long"));
    if (error == beast::error::timeout) return;
    if (error.category() == make_error_code(http::error::bad_method).category())
      return send(problem_response(400, "this is no HTTP request", {}, "structure"));
    close();
  }

  /// Reads on for a moment what the client still sends: closing with bytes unread would reset the connection, and the
  /// client might never see why.
  void linger() {
    beast::error_code ignored;
    lowest().socket().shutdown(Tcp::socket::shutdown_send, ignored);
    lowest().expires_after(std::chrono::seconds(2));
    discard();
  }
  void discard() {
    buffer_.clear();
    lowest().async_read_some(buffer_.prepare(size_t{32} * 1024),
                             [self = this->shared_from_this()](beast::error_code error, size_t count) {
                               self->discarded_ += count;
                               if (!error && self->discarded_ < kMaxDiscarded) self->discard();
                             });
  }

  void close() {
    beast::error_code ignored;
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      lowest().expires_after(std::chrono::seconds(2));
      stream_.async_shutdown([self = this->shared_from_this()](beast::error_code) {});
    } else {
      lowest().socket().shutdown(Tcp::socket::shutdown_send, ignored);
    }
  }

  Stream stream_;
  Loop& loop_;
  const HttpLimits& limits_;
  const HttpHandler& handler_;
  SharedCounts& counts_;
  std::list<AnySession*>::iterator place_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<TextBody>> parser_;
  std::string head_;
  Response response_;
  static constexpr size_t kMaxDiscarded = size_t{8} << 20;
  size_t discarded_ = 0;
  bool keep_alive_ = false;
  bool is_head_ = false;
  bool is_refused_ = false;
  bool waits_ = false;
};

/// A session that ends on its loop's thread, whoever lets go of it last: what answers it may be a thread of the
/// decision log or one that waited for data, and still holds it when the answer is out and the client is gone.
template <class Stream>
std::shared_ptr<Session<Stream>> make_session(Stream stream, Loop& loop, const HttpLimits& limits,
                                              const HttpHandler& handler, SharedCounts& counts) {
  auto made = std::make_unique<Session<Stream>>(std::move(stream), loop, limits, handler, counts);
  return {made.release(), [&loop](Session<Stream>* session) {
            std::unique_ptr<Session<Stream>> ended(session);
            if (!loop.context.get_executor().running_in_this_thread())
              asio::post(loop.context, [held = std::move(ended)] {});
          }};
}

}  // namespace vigil::hooks
