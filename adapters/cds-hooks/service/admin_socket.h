// SPDX-License-Identifier: Apache-2.0
// What operators tell a running service, over a socket in the file system: who may is who may open it.
//
//   curl --unix-socket /run/vigil/admin.sock -X POST http://vigil/reload
//   curl --unix-socket /run/vigil/admin.sock --data-binary @allergy.vigilpack 'http://vigil/activate?stage=shadow'
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigil::hooks {

/// What becomes of a command: an HTTP status and a line of text.
struct AdminAnswer {
  int status = 200;
  std::string text;
};
/// "POST", "/activate", parameters of the query decoded, and the body.
struct AdminRequest {
  std::string method;
  std::string path;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string body;

  /// The first of this name; empty where there is none.
  std::string_view parameter(std::string_view name) const;
};
/// Called on the socket's own thread, one command at a time.
using AdminHandler = std::function<AdminAnswer(const AdminRequest&)>;

/// Listens from construction on; the file is made with mode 0600, and removed at the end. A socket that a dead process
/// left is replaced. Requests are HTTP with a body of a known length or none, one a connection.
class AdminSocket {
 public:
  /// Throws std::runtime_error where it cannot listen there.
  AdminSocket(std::string path, AdminHandler handler);
  ~AdminSocket();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Tells a running service a command, as a client; none, and why in `problem`, where nobody answers.
std::optional<AdminAnswer> tell_service(const std::string& socket, const std::string& target, std::string_view body,
                                        std::string& problem, std::string_view method = "POST");
/// Text as a parameter's value in a target.
std::string encode_parameter(std::string_view text);

}  // namespace vigil::hooks
