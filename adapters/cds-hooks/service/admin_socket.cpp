// SPDX-License-Identifier: Apache-2.0
// A thread that accepts one connection after another. Few lines of HTTP suffice for curl.
#include "cds-hooks/service/admin_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <thread>

namespace vigil::hooks {
namespace {

constexpr size_t kMaxRequest = 8192;
constexpr int kSlowMilliseconds = 2000;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

bool wait_readable(int descriptor, int milliseconds) {
  pollfd waits{descriptor, POLLIN, 0};
  return ::poll(&waits, 1, milliseconds) == 1;
}

std::string read_head(int connection) {
  std::string head;
  char buffer[1024];
  while (head.size() < kMaxRequest && head.find("\r\n\r\n") == std::string::npos) {
    if (!wait_readable(connection, kSlowMilliseconds)) break;
    const auto count = ::read(connection, buffer, sizeof buffer);
    if (count <= 0) break;
    head.append(buffer, static_cast<size_t>(count));
  }
  return head;
}

void write_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    text.remove_prefix(static_cast<size_t>(count));
  }
}

}  // namespace

struct AdminSocket::State {
  State(std::string where, AdminHandler answers)
      : path(std::move(where)), handler(std::move(answers)), listener(make()) {
    if (::pipe(stops) != 0) throw std::runtime_error("the admin socket needs a pipe, and there is none");
    thread = std::thread([this] { run(); });
  }

  int make() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
      throw std::runtime_error("the admin socket's path is too long: " + path);
    std::memcpy(address.sun_path, path.data(), path.size());
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    // One that nobody answers on is what a dead process left.
    if (::connect(made, where, sizeof address) == 0) {
      ::close(made);
      throw std::runtime_error("another process answers on the admin socket " + path);
    }
    ::unlink(path.c_str());
    const auto old_mask = ::umask(0177);
    const bool bound = ::bind(made, where, sizeof address) == 0;
    ::umask(old_mask);
    if (!bound || ::listen(made, 8) != 0) {
      ::close(made);
      throw std::runtime_error("the admin socket " + path + " cannot be made");
    }
    return made;
  }

  void run() {
    for (;;) {
      pollfd waits[] = {{listener.get(), POLLIN, 0}, {stops[0], POLLIN, 0}};
      if (::poll(waits, 2, -1) < 0) continue;
      if (waits[1].revents != 0) return;
      const Descriptor connection(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connection.get() >= 0) answer(connection.get());
    }
  }

  void answer(int connection) const {
    const auto head = read_head(connection);
    const size_t first = head.find(' ');
    const size_t second = first == std::string::npos ? first : head.find(' ', first + 1);
    AdminAnswer answer{400, "this is no request"};
    if (second != std::string::npos)
      answer = handler(std::string_view(head).substr(0, first),
                       std::string_view(head).substr(first + 1, second - first - 1));
    const auto body = answer.text + "\n";
    write_all(connection, "HTTP/1.1 " + std::to_string(answer.status) + (answer.status == 200 ? " OK" : " Error") +
                              "\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  std::string path;
  AdminHandler handler;
  Descriptor listener;
  int stops[2] = {-1, -1};
  std::thread thread;
};

AdminSocket::AdminSocket(std::string path, AdminHandler handler)
    : state_(std::make_unique<State>(std::move(path), std::move(handler))) {}

AdminSocket::~AdminSocket() {
  ::close(state_->stops[1]);
  state_->thread.join();
  ::close(state_->stops[0]);
  ::unlink(state_->path.c_str());
}

}  // namespace vigil::hooks
