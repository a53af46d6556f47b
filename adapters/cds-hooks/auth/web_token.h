// SPDX-License-Identifier: Apache-2.0
// A JSON Web Token in its parts (RFC 7515, RFC 7519); nothing of it is trusted yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cds-hooks/protocol/confidential.h"

namespace vigil::hooks {

struct WebToken {
  std::string algorithm;
  std::string key_id;
  std::string key_url;  ///< jku
  std::string issuer;
  std::vector<std::string> audience;
  std::string id;      ///< jti
  std::string tenant;  ///< may be empty
  int64_t expires = 0;
  int64_t issued = 0;
  std::optional<int64_t> not_before;
  Credential signed_part;  ///< what the signature is over
  std::string signature;
};

/// Reads the token of an Authorization header "Bearer …". None, with `problem` saying which part is missing or of no
/// use, where it is none: nothing of the token's content stands in `problem`.
std::optional<WebToken> read_web_token(const Credential& authorization, std::string& problem);

}  // namespace vigil::hooks
