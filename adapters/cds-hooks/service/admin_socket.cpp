// SPDX-License-Identifier: Apache-2.0
// A thread that accepts one connection after another, and its client. Few lines of HTTP suffice for curl.
#include "cds-hooks/service/admin_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace vigil::hooks {
namespace {

constexpr size_t kMaxHead = 8192;
constexpr size_t kMaxBody = size_t{65} << 20;  // a rule pack
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

/// Reads on until `enough(text)`; false where the other side ends or is slow.
template <class Enough>
bool read_until(int connection, std::string& text, Enough enough, int milliseconds) {
  std::array<char, 16 * 1024> buffer{};
  while (!enough(text)) {
    if (!wait_readable(connection, milliseconds)) return false;
    const auto count = ::read(connection, buffer.data(), buffer.size());
    if (count <= 0) return false;
    text.append(buffer.data(), static_cast<size_t>(count));
  }
  return true;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_coded =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    if (is_coded) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

void read_target(std::string_view target, AdminRequest& request) {
  const size_t mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  for (auto rest = target.substr(std::min(mark + 1, target.size())); !rest.empty();) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const auto one = rest.substr(0, end);
    const size_t is = std::min(one.find('='), one.size());
    request.parameters.emplace_back(decoded(one.substr(0, is)), decoded(one.substr(std::min(is + 1, one.size()))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

/// The value of a header; empty where there is none. `head` in lower case.
std::string_view header(std::string_view head, std::string_view name) {
  const size_t at = head.find("\r\n" + std::string(name) + ":");
  if (at == std::string_view::npos) return {};
  auto value = head.substr(at + 3 + name.size());
  value = value.substr(0, value.find("\r\n"));
  while (value.starts_with(' ')) value.remove_prefix(1);
  return value;
}

std::string in_lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

void write_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    text.remove_prefix(static_cast<size_t>(count));
  }
}

/// One request; none where it is no HTTP or too large.
std::optional<AdminRequest> read_request(int connection) {
  std::string text;
  const auto has_head = [](const std::string& read) {
    return read.size() > kMaxHead || read.find("\r\n\r\n") != std::string::npos;
  };
  if (!read_until(connection, text, has_head, kSlowMilliseconds)) return std::nullopt;
  const size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  AdminRequest request;
  const size_t first = text.find(' ');
  const size_t second = text.find(' ', first + 1);
  if (first == std::string::npos || second == std::string::npos || second > end) return std::nullopt;
  request.method = text.substr(0, first);
  read_target(std::string_view(text).substr(first + 1, second - first - 1), request);
  const auto head = in_lower_case(text.substr(0, end));
  const auto length = header(head, "content-length");
  size_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  if (size > kMaxBody || !header(head, "transfer-encoding").empty()) return std::nullopt;
  if (header(head, "expect") == "100-continue") write_all(connection, "HTTP/1.1 100 Continue\r\n\r\n");
  text.erase(0, end + 4);
  if (!read_until(
          connection, text, [&](const std::string& read) { return read.size() >= size; }, kSlowMilliseconds))
    return std::nullopt;
  request.body = text.substr(0, size);
  return request;
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the admin socket's path is too long: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

}  // namespace

std::string_view AdminRequest::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return {};
}

struct AdminSocket::State {
  State(std::string where, AdminHandler answers)
      : path(std::move(where)), handler(std::move(answers)), listener(make()) {
    if (::pipe(stops) != 0) throw std::runtime_error("the admin socket needs a pipe, and there is none");
    thread = std::thread([this] { run(); });
  }

  int make() const {
    const auto address = address_of(path);
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    // One that nobody answers on is what a dead process left.
    if (::connect(made, where, sizeof address) == 0) {
      ::close(made);
      throw std::runtime_error("another process answers on the admin socket " + path);
    }
    struct stat there {};
    if (::lstat(path.c_str(), &there) == 0 && !S_ISSOCK(there.st_mode)) {
      ::close(made);
      throw std::runtime_error("the admin socket " + path + " cannot be made: a file that is no socket is there");
    }
    ::unlink(path.c_str());
    const auto old_mask = ::umask(0177);
    const bool is_made = ::bind(made, where, sizeof address) == 0 && ::listen(made, 8) == 0;
    const std::string why = std::strerror(errno);
    ::umask(old_mask);
    if (!is_made) {
      ::close(made);
      throw std::runtime_error("the admin socket " + path + " cannot be made: " + why);
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
    const auto request = read_request(connection);
    const auto answer = request ? handler(*request) : AdminAnswer{400, "this is no request"};
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

std::optional<AdminAnswer> tell_service(const std::string& socket, const std::string& target, std::string_view body,
                                        std::string& problem, std::string_view method) {
  constexpr int kPatience = 120'000;  // compiling and testing a pack
  const auto fail = [&](std::string why) {
    problem = std::move(why);
    return std::nullopt;
  };
  if (socket.size() >= sizeof(sockaddr_un::sun_path)) return fail("its path is too long");
  const auto address = address_of(socket);
  const Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail(std::strerror(errno));
  write_all(connection.get(), std::string(method) + " " + target + " HTTP/1.1\r\nHost: vigil\r\nContent-Length: " +
                                  std::to_string(body.size()) + "\r\n\r\n");
  write_all(connection.get(), body);
  std::string text;
  read_until(
      connection.get(), text, [](const std::string&) { return false; }, kPatience);
  const size_t end = text.find("\r\n\r\n");
  AdminAnswer answer;
  const size_t space = text.find(' ');
  if (end == std::string::npos || space == std::string::npos) return fail("it gave no answer");
  std::from_chars(text.data() + space + 1, text.data() + text.size(), answer.status);
  answer.text = text.substr(end + 4);
  return answer;
}

std::string encode_parameter(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (is_plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    ((out += '%') += kDigits[byte >> 4]) += kDigits[byte & 15];
  }
  return out;
}

}  // namespace vigil::hooks
