// SPDX-License-Identifier: Apache-2.0
// What operators tell a running service, over a socket in the file system: who may is who may open it.
//
//   curl --unix-socket /run/vigil/admin.sock -X POST http://vigil/reload
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace vigil::hooks {

/// What becomes of a command: an HTTP status and a line of text.
struct AdminAnswer {
  int status = 200;
  std::string text;
};
/// Answers "POST", "/reload". Called on the socket's own thread, one command at a time.
using AdminHandler = std::function<AdminAnswer(std::string_view method, std::string_view path)>;

/// Listens from construction on; the file is made with mode 0600, and removed at the end. A socket that a dead process
/// left is replaced. Requests are HTTP without bodies, one a connection.
class AdminSocket {
 public:
  /// Throws std::runtime_error where it cannot listen there.
  AdminSocket(std::string path, AdminHandler handler);
  ~AdminSocket();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::hooks
