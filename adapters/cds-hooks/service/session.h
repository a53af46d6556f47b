// SPDX-License-Identifier: Apache-2.0
// One connection: requests one after another, each read within limits of size and time. Included by http_server.cpp
// alone; the only file besides it that sees Boost.Beast.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cds-hooks/protocol/operation_outcome.h"
#include "cds-hooks/service/http_server.h"
#include "cds-hooks/service/http_text.h"
#include "cds-hooks/service/loop.h"
#include "cds-hooks/service/parse_url.h"
#include "cds-hooks/service/text_body.h"

namespace vigil::hooks {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using PlainStream = asio::basic_stream_socket<Tcp, LoopExecutor>;
using TlsStream = beast::ssl_stream<PlainStream>;

struct SharedCounts {
  std::atomic<uint64_t> connections{0};
  std::atomic<uint64_t> accepted{0};
  std::atomic<uint64_t> refused{0};
  std::atomic<uint64_t> broken{0};
};

template <class Stream>
class Session : public AnySession, public std::enable_shared_from_this<Session<Stream>> {
 public:
  /// Of a connection that is counted already.
  Session(Stream stream, Loop& loop, const HttpLimits& limits, const HttpHandler& handler, SharedCounts& counts)
      : stream_(std::move(stream)), loop_(loop), limits_(limits), handler_(handler), counts_(counts) {
    place_ = loop_.add(this);
    buffer_.reserve(size_t{64} * 1024);
    head_.reserve(1024);
  }
  ~Session() override {
    loop_.sessions.erase(place_);
    --counts_.connections;
  }

  void run() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      expire_after(limits_.read_time);
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](beast::error_code error) {
                                if (!error) self->wait_for_request();
                              });
    } else {
      wait_for_request();
    }
  }

  void close_when_idle() override {
    beast::error_code ignored;
    if (waits_) lowest().cancel(ignored);
  }

  void check_deadline(LoopClock::time_point now) override {
    if (now < deadline_) return;
    never_expire();
    is_late_ = true;
    beast::error_code ignored;
    lowest().close(ignored);
  }

 private:
  PlainStream& lowest() { return beast::get_lowest_layer(stream_); }

  void expire_after(LoopClock::duration time) { deadline_ = LoopClock::now() + time; }
  void never_expire() { deadline_ = LoopClock::time_point::max(); }

  void wait_for_request() {
    if (loop_.closing) return close();
    parser_.emplace();
    parser_->body_limit(limits_.max_body);
    parser_->header_limit(limits_.max_head);
    is_head_read_ = false;
    head_size_ = 0;
    expire_after(limits_.idle_time);
    begin();
  }

  /// Passes over empty lines before a request (RFC 9112, 2.2), which count with its head. While nothing else has come,
  /// the connection is idle.
  void begin() {
    while (input().starts_with("\r\n")) {
      buffer_.consume(2);
      head_size_ += 2;
    }
    waits_ = head_size_ <= limits_.max_head && (input().empty() || input() == "\r");
    if (waits_) return read_more();
    expire_after(limits_.read_time);
    parse();
  }

  /// What was read and not used yet.
  std::string_view input() const { return {static_cast<const char*>(buffer_.data().data()), buffer_.size()}; }

  void read_more() {
    // As much as fits: a whole call comes with one look at the socket, mostly.
    const size_t room = std::max<size_t>(buffer_.capacity() - buffer_.size(), size_t{16} * 1024);
    stream_.async_read_some(buffer_.prepare(room),
                            [self = this->shared_from_this()](beast::error_code error, size_t count) {
                              if (error) return self->end_input(error);
                              self->buffer_.commit(count);
                              self->waits_ ? self->begin() : self->parse();
                            });
  }

  void end_input(beast::error_code error) {
    if (std::exchange(waits_, false)) return close();
    if (is_late_) return refuse(beast::error::timeout);
    if (error != asio::error::eof) return refuse(error);
    beast::error_code cut_off;
    parser_->put_eof(cut_off);
    refuse(cut_off ? cut_off : beast::error_code(http::error::end_of_stream));
  }

  /// Goes on with what was read. The parser stops behind the head, and behind each piece of a body.
  void parse() {
    for (;;) {
      beast::error_code error;
      const size_t taken = parser_->put(buffer_.data(), error);
      buffer_.consume(taken);
      if (error && error != http::error::need_more) return refuse(error);
      // The parser limits what it has not taken yet: a head whose fields come one by one could go on for ever.
      if (!is_head_read_) head_size_ += taken;
      if (head_size_ + (parser_->is_header_done() ? 0 : buffer_.size()) > limits_.max_head)
        return refuse(http::error::header_limit);
      if (parser_->is_header_done() && !std::exchange(is_head_read_, true) && !accept_head()) return;
      if (parser_->is_done()) return handle();
      // Of a body no more waits here than the head of a chunk, which the parser does not limit.
      if (error && buffer_.size() > limits_.max_head) return refuse(http::error::header_limit);
      if (error || buffer_.size() == 0) return read_more();
    }
  }

  /// False where something else is done first than reading the body.
  bool accept_head() {
    const auto length = parser_->content_length();
    const auto target = parser_->get().target();
    auto path = path_of_target({target.data(), target.size()});
    if (!path || !is_end_known() || !has_one_host()) {
      refuse(path ? http::error::bad_field : http::error::bad_target);
      return false;
    }
    take_head(std::move(*path));
    if (parser_->is_done()) return true;
    if (length && *length > limits_.max_body) {
      refuse(http::error::body_limit);
      return false;
    }
    // RFC 9110, 10.1.1: of a client of HTTP/1.0 that is to be ignored.
    if (parser_->get().version() < 11 || !beast::iequals(parser_->get()[http::field::expect], "100-continue"))
      return true;
    send_continue();
    return false;
  }

  /// The parser passes over codings other than `chunked`, and takes what follows for the next request; someone between
  /// may see it otherwise. RFC 9112, 6.1 and 6.3: refused, and by HTTP/1.0 in any case.
  bool is_end_known() const {
    const auto codings = parser_->get().equal_range(http::field::transfer_encoding);
    if (codings.first == codings.second) return true;
    return parser_->get().version() >= 11 && std::next(codings.first) == codings.second &&
           beast::iequals(codings.first->value(), "chunked");
  }

  /// RFC 9112, 3.2: else someone between may take it for another's. Also where the target names one (3.2.2).
  bool has_one_host() const {
    const auto& head = parser_->get();
    if (head.version() < 11) return true;
    const auto host = head[http::field::host];
    return head.count(http::field::host) == 1 && is_host_value({host.data(), host.size()});
  }

  void send_continue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                      [self = this->shared_from_this()](beast::error_code error, size_t) {
                        if (!error) self->buffer_.size() == 0 ? self->read_more() : self->parse();
                      });
  }

  /// Before the fields behind the last chunk come: the parser puts them with these, but none of them may say who calls
  /// (RFC 9110, 6.5.1).
  void take_head(std::string path) {
    const auto& head = parser_->get();
    // Who calls by HTTP/1.0 waits for the end of the connection, or to be told that there is none.
    keep_alive_ = head.keep_alive() && head.version() >= 11;
    is_head_ = head.method() == http::verb::head;
    request_ = Request();
    const auto text = [](beast::string_view view) { return std::string(view.data(), view.size()); };
    request_.method = text(head.method_string());
    request_.path = std::move(path);
    request_.content_type = text(head[http::field::content_type]);
    request_.content_encoding = text(head[http::field::content_encoding]);
    request_.origin = text(head[http::field::origin]);
    request_.requested_method = text(head[http::field::access_control_request_method]);
    request_.if_none_match = text(head[http::field::if_none_match]);
    request_.trace_parent = text(head["traceparent"]);
    request_.authorization = Credential(text(head[http::field::authorization]));
  }

  void handle() {
    request_.body = PatientText(std::move(parser_->get().body()));
    never_expire();
    handler_(loop_.index, std::move(request_), [self = this->shared_from_this()](Response response) {
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
    expire_after(limits_.write_time);
    asio::async_write(stream_, buffers, [self = this->shared_from_this()](beast::error_code error, size_t) {
      if (error) return;
      if (self->keep_alive_) return self->wait_for_request();
      self->is_refused_ ? self->close_refused() : self->close();
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

  void close_refused() {
    end_output([](Session& self) { self.linger(); });
  }

  /// Tells the client that this was all, by TLS too; then calls next(*this). It is not waited for to say the same
  /// (RFC 8446, 6.1): it may never do so, or still be sending what was refused.
  template <class Next>
  void end_output(Next next) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      expire_after(kClosingTime);
      SSL* tls = stream_.native_handle();
      SSL_set_shutdown(tls, SSL_get_shutdown(tls) | SSL_RECEIVED_SHUTDOWN);
      stream_.async_shutdown([self = this->shared_from_this(), next](beast::error_code error) {
        if (error) return;
        beast::error_code ignored;
        self->lowest().shutdown(Tcp::socket::shutdown_send, ignored);
        next(*self);
      });
    } else {
      beast::error_code ignored;
      lowest().shutdown(Tcp::socket::shutdown_send, ignored);
      next(*this);
    }
  }

  /// Reads on for a moment what the client still sends: closing with bytes unread would reset the connection, and the
  /// client might never see why.
  void linger() {
    expire_after(kClosingTime);
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
    end_output([](Session&) {});
  }

  Stream stream_;
  Loop& loop_;
  const HttpLimits& limits_;
  const HttpHandler& handler_;
  SharedCounts& counts_;
  Loop::Sessions::iterator place_;
  LoopClock::time_point deadline_ = LoopClock::time_point::max();
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<TextBody>> parser_;
  Request request_;
  std::string head_;
  Response response_;
  static constexpr std::chrono::seconds kClosingTime{2};
  static constexpr size_t kMaxDiscarded = size_t{8} << 20;
  size_t discarded_ = 0;
  size_t head_size_ = 0;  ///< of the request at hand, as far as it was read
  bool keep_alive_ = false;
  bool is_head_ = false;
  bool is_refused_ = false;
  bool waits_ = false;         ///< for the first byte of a request
  bool is_head_read_ = false;  ///< of the request at hand
  bool is_late_ = false;
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
