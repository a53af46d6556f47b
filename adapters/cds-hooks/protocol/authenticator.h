// SPDX-License-Identifier: Apache-2.0
// Who calls: the seam between the protocol and the authentication of its clients.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cds-hooks/protocol/confidential.h"

namespace vigil::hooks {

/// What an Authorization header proves.
struct Authentication {
  enum class Result : uint8_t {
    kAccepted,
    kRefused,
    kNeedsKeys,  ///< the client's keys must be fetched first: ask again where the network may be used
  };
  Result result = Result::kRefused;
  std::string client;  ///< the issuer, of the allow-list: safe to log
  std::string reason;  ///< why refused, for the log only; nothing of the token stands in it
};

/// Called from many threads at once.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// `url`: the endpoint called, as clients see it. `now`: seconds since 1970. Without `may_fetch` nothing is fetched.
  virtual Authentication authenticate(const Credential& authorization, std::string_view url, int64_t now,
                                      bool may_fetch) = 0;
};

}  // namespace vigil::hooks
