// SPDX-License-Identifier: Apache-2.0
// URLs of servers, and what requests name by them (RFC 3986, as far as http and https need it).
#include "cds-hooks/service/parse_url.h"

#include <algorithm>

namespace vigil::hooks {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower);
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) { return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.'; }

/// What may stand in a path or query; white space, control characters and non-ASCII would break the request's line.
bool is_target_character(char c) {
  return c > ' ' && c < 0x7F && std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  if (starts_with_ignoring_case(text, "https://")) {
    text.remove_prefix(8);
  } else if (starts_with_ignoring_case(text, "http://")) {
    url.is_tls = false;
    text.remove_prefix(7);
  } else {
    return std::nullopt;
  }
  const size_t end = std::min(text.find_first_of("/?#"), text.size());
  auto authority = text.substr(0, end);
  url.target = text.substr(end);
  if (url.target.empty() || url.target[0] == '?') url.target.insert(0, "/");
  if (!std::ranges::all_of(url.target, is_target_character)) return std::nullopt;
  const bool is_bracketed = authority.starts_with('[');
  const size_t host_end = is_bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) return std::nullopt;
  for (const char c : authority.substr(is_bracketed ? 1 : 0, host_end - (is_bracketed ? 1 : 0))) url.host += lower(c);
  auto rest = authority.substr(host_end + (is_bracketed ? 1 : 0));
  url.port = url.is_tls ? "443" : "80";
  if (!rest.empty()) {
    if (rest[0] != ':' || rest.size() < 2 || rest.size() > 6) return std::nullopt;
    url.port = rest.substr(1);
  }
  const bool is_host = !url.host.empty() && url.host.size() <= 253 &&
                       std::ranges::all_of(url.host, is_bracketed ? is_address_character : is_host_character);
  const bool is_port = std::ranges::all_of(url.port, [](char c) { return c >= '0' && c <= '9'; });
  return is_host && is_port ? std::optional(std::move(url)) : std::nullopt;
}

std::optional<std::string> path_of_target(std::string_view target) {
  const auto path = [](std::string_view text) { return std::string(text.substr(0, text.find('?'))); };
  if (target.starts_with('/') || target == "*") return path(target);
  const auto url = parse_url(target);
  return url ? std::optional(path(url->target)) : std::nullopt;
}

}  // namespace vigil::hooks
