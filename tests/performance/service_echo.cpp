// SPDX-License-Identifier: Apache-2.0
// What the service is measured beside: HTTP by Boost.Beast with one loop a core and reserved buffers, the body parsed
// by simdjson. It answers with the body, as an echo does, or, as the least any answer takes, with twelve fixed bytes:
// service_echo PORT [body|fixed]
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <simdjson.h>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, asio::io_context::executor_type>;
using Acceptor = asio::basic_socket_acceptor<Tcp, asio::io_context::executor_type>;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, bool is_fixed) : socket_(std::move(socket)), is_fixed_(is_fixed) {
    buffer_.reserve(64 * 1024);
  }
  void read() {
    parser_.emplace();
    http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, size_t) {
      if (!error) self->answer();
    });
  }

 private:
  void answer() {
    const auto& body = parser_->get().body();
    padded_.assign(body);
    padded_.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    const bool valid = json_.parse(padded_.data(), padded_.size(), false).error() == simdjson::SUCCESS;
    static const std::string kFixed = R"({"cards":[]})";
    const std::string& content = is_fixed_ ? kFixed : body;
    head_ = valid ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                  : "HTTP/1.1 400 Bad Request\r\nContent-Length: ";
    (head_ += std::to_string(content.size())) += "\r\n\r\n";
    const std::array<asio::const_buffer, 2> answer{asio::buffer(head_), asio::buffer(content)};
    asio::async_write(socket_, answer, [self = shared_from_this()](beast::error_code error, size_t) {
      if (!error) self->read();
    });
  }

  Socket socket_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  simdjson::dom::parser json_;
  std::string padded_;
  std::string head_;
  bool is_fixed_;
};

struct Loops {
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  size_t next = 0;
};

void accept(Acceptor& acceptor, Loops& loops, bool is_fixed) {
  auto& context = *loops.contexts[loops.next++ % loops.contexts.size()];
  acceptor.async_accept(context, [&acceptor, &loops, &context, is_fixed](beast::error_code error, Socket socket) {
    if (!error) {
      beast::error_code ignored;
      socket.set_option(Tcp::no_delay(true), ignored);
      auto session = std::make_shared<Session>(std::move(socket), is_fixed);
      asio::post(context, [session] { session->read(); });
    }
    accept(acceptor, loops, is_fixed);
  });
}

}  // namespace

int main(int count, char** arguments) {
  const auto port = static_cast<uint16_t>(count > 1 ? std::atoi(arguments[1]) : 8099);
  Loops loops;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    loops.contexts.push_back(std::make_unique<asio::io_context>(1));
  Acceptor acceptor(*loops.contexts[0], Tcp::endpoint(asio::ip::address_v4::loopback(), port));
  accept(acceptor, loops, count > 2 && std::string_view(arguments[2]) == "fixed");
  std::vector<std::thread> threads;
  for (const auto& context : loops.contexts)
    threads.emplace_back([&context] {
      const auto guard = asio::make_work_guard(*context);
      context->run();
    });
  for (auto& thread : threads) thread.join();
}
