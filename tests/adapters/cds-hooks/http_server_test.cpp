// SPDX-License-Identifier: Apache-2.0
// Answers that come from other threads, as those of the decision log do: for the sanitizers to look at.
#include "cds-hooks/service/http_server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace vigil;

namespace {

/// Answers on a thread of its own, and lets go of each answer's function only when the next is there.
class Answerer {
 public:
  Answerer() : thread_([this] { run(); }) {}
  ~Answerer() {
    {
      const std::scoped_lock lock(mutex_);
      ends_ = true;
    }
    wakes_.notify_all();
    thread_.join();
  }
  void take(hooks::Reply reply) {
    {
      const std::scoped_lock lock(mutex_);
      waiting_.push_back(std::move(reply));
    }
    wakes_.notify_all();
  }

 private:
  void run() {
    hooks::Reply held;
    for (;;) {
      std::unique_lock lock(mutex_);
      wakes_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      hooks::Response response;
      response.body = "said";
      next(std::move(response));
      held = std::move(next);
    }
  }

  std::mutex mutex_;
  std::condition_variable wakes_;
  std::deque<hooks::Reply> waiting_;
  bool ends_ = false;
  std::thread thread_;
};

/// One request on a connection of its own, which the client closes at the answer.
bool is_answered(uint16_t port) {
  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string got;
  if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    char buffer[4096];
    ssize_t count = ::send(client, kRequest.data(), kRequest.size(), MSG_NOSIGNAL);
    while (count > 0 && !got.ends_with("said")) {
      count = ::read(client, buffer, sizeof buffer);
      if (count > 0) got.append(buffer, static_cast<size_t>(count));
    }
  }
  ::close(client);
  return got.ends_with("said");
}

}  // namespace

TEST_CASE("connections end well where another thread holds their answers longest") {
  constexpr int kThreads = 4;
  constexpr int kEach = 100;
  std::vector<int> answered(kThreads);
  std::optional<Answerer> answerer(std::in_place);
  hooks::HttpOptions options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.threads = 2;
  hooks::HttpServer server(options,
                           [&](size_t, hooks::Request, hooks::Reply reply) { answerer->take(std::move(reply)); });
  server.start();
  std::vector<std::thread> clients;
  for (int t = 0; t < kThreads; ++t)
    clients.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) answered[static_cast<size_t>(t)] += is_answered(server.port()) ? 1 : 0;
    });
  for (auto& client : clients) client.join();
  CHECK(answered == std::vector<int>(kThreads, kEach));
  CHECK(server.counts().accepted == kThreads * kEach);
  server.stop(std::chrono::milliseconds(100));
  answerer.reset();  // before the server, as the log has told all before the service ends
}
