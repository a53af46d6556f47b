// SPDX-License-Identifier: Apache-2.0
// GET requests to servers of an allow-list, several at a time, within limits of time and size.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cds-hooks/protocol/confidential.h"
#include "cds-hooks/service/parse_url.h"

namespace vigil::hooks {

struct GetRequest {
  Url url;
  std::string accept;
  Credential bearer;  ///< empty: none
};

struct GetResult {
  int status = 0;  ///< 0: no answer
  PatientText body;
  std::string
      problem;  ///< why there is no use of it: "too slow", "status 404", "a redirect" …; no text of the server's
};

struct ClientOptions {
  size_t max_body = size_t{16} << 20;
  uint32_t max_head = 32 * 1024;
  std::string ca_file = {};  ///< PEM; empty: the machine's certificates
};

/// Gets. Thread-safe; each call waits for its requests on the calling thread.
class HttpClient {
 public:
  explicit HttpClient(const ClientOptions& options);  ///< throws std::runtime_error where `ca_file` is of no use
  ~HttpClient();

  /// All at once, done by the deadline: what is not is "too slow". A redirect is not followed: the server it names is
  /// on no list, and must not get the token.
  std::vector<GetResult> get_all(std::span<const GetRequest> requests,
                                 std::chrono::steady_clock::time_point deadline) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vigil::hooks
