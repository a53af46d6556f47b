// SPDX-License-Identifier: Apache-2.0
// Response heads (RFC 9112).
#include "cds-hooks/service/http_text.h"

#include <array>
#include <charconv>

namespace vigil::hooks {
namespace {

void append_header(std::string_view name, std::string_view value, std::string& out) {
  (out += name) += ": ";
  for (const char c : value)
    if (c != '\r' && c != '\n') out += c;
  out += "\r\n";
}

void append_number(size_t number, std::string& out) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Status";
  }
}

void append_head(const Response& response, bool keep_alive, std::string& out) {
  out += "HTTP/1.1 ";
  append_number(static_cast<size_t>(response.status), out);
  ((out += ' ') += reason_phrase(response.status)) += "\r\n";
  if (!response.content_type.empty()) append_header("Content-Type", response.content_type, out);
  for (const auto& [name, value] : response.headers) append_header(name, value, out);
  if (response.status != 204 && response.status != 304) {
    out += "Content-Length: ";
    append_number(response.body.size(), out);
    out += "\r\n";
  }
  out += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
}

}  // namespace vigil::hooks
