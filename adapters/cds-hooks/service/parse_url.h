// SPDX-License-Identifier: Apache-2.0
// URLs of servers, and what requests name by them (RFC 3986, as far as http and https need it).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vigil::hooks {

/// An http or https URL in its parts.
struct Url {
  bool is_tls = true;
  std::string host;
  std::string port;    ///< as a number in digits
  std::string target;  ///< path and query, beginning with a slash

  bool same_server(const Url& other) const {
    return is_tls == other.is_tls && host == other.host && port == other.port;
  }
};

/// None for what is no http or https URL, has user information or a fragment, or holds characters that a URL may not.
std::optional<Url> parse_url(std::string_view text);

/// The path that a request's target names to an origin server, without its query (RFC 9112, 3.2): of a path as of a
/// whole URL, whatever the host, for here all hosts have the same paths; `*` is given as it is. None for what is no
/// target of those, as that of CONNECT.
std::optional<std::string> path_of_target(std::string_view target);

/// Whether a Host field may have this value (RFC 9110, 7.2): a name or address, a port if it is not the usual one, or
/// nothing.
bool is_host_value(std::string_view text);

}  // namespace vigil::hooks
