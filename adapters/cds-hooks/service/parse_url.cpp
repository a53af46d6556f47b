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

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// RFC 3986, 3.2.2: of a registered name, which encoded characters are part of.
bool is_name_character(char c) {
  return is_host_character(lower(c)) || std::string_view("~!$&'()*+,;=%").find(c) != std::string_view::npos;
}

struct Authority {
  std::string_view host;    ///< of an address, without its brackets
  std::string_view port;    ///< with its colon; empty: none
  bool is_address = false;  ///< in brackets, of characters that addresses have
};

/// None where brackets do not close, or something else than digits stands for the port.
std::optional<Authority> split_authority(std::string_view text) {
  Authority parts;
  parts.is_address = text.starts_with('[');
  if (parts.is_address) text.remove_prefix(1);
  const size_t end = std::min(text.find(parts.is_address ? ']' : ':'), text.size());
  parts.host = text.substr(0, end);
  if (parts.is_address) {
    const auto is_part = [](char c) { return is_address_character(lower(c)); };
    if (end == text.size() || !std::ranges::all_of(parts.host, is_part)) return std::nullopt;
  }
  parts.port = text.substr(end + (parts.is_address ? 1 : 0));
  const bool is_port =
      parts.port.empty() || (parts.port[0] == ':' && std::ranges::all_of(parts.port.substr(1), is_digit));
  return is_port ? std::optional(parts) : std::nullopt;
}

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
  const auto authority = text.substr(0, end);
  url.target = text.substr(end);
  if (url.target.empty() || url.target[0] == '?') url.target.insert(0, "/");
  if (!std::ranges::all_of(url.target, is_target_character)) return std::nullopt;
  const auto parts = split_authority(authority);
  if (!parts || parts->port.size() > 6) return std::nullopt;
  for (const char c : parts->host) url.host += lower(c);
  // A colon with nothing behind it is the usual port too (RFC 3986, 3.2.3).
  url.port = parts->port.size() > 1 ? parts->port.substr(1) : url.is_tls ? "443" : "80";
  const bool is_host = !url.host.empty() && url.host.size() <= 253 &&
                       (parts->is_address || std::ranges::all_of(url.host, is_host_character));
  return is_host ? std::optional(std::move(url)) : std::nullopt;
}

std::optional<std::string> path_of_target(std::string_view target) {
  const auto path = [](std::string_view text) { return std::string(text.substr(0, text.find('?'))); };
  if (target.starts_with('/') || target == "*") return path(target);
  const auto url = parse_url(target);
  return url ? std::optional(path(url->target)) : std::nullopt;
}

bool is_host_value(std::string_view text) {
  const auto parts = split_authority(text);
  return parts && (parts->is_address ? !parts->host.empty() : std::ranges::all_of(parts->host, is_name_character));
}

}  // namespace vigil::hooks
