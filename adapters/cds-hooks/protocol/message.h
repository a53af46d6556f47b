// SPDX-License-Identifier: Apache-2.0
// A request and its response without HTTP's types: what the protocol needs of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vigil/value.h>

#include "cds-hooks/protocol/confidential.h"

namespace vigil::hooks {

/// What came in. The path is decoded no further than HTTP did.
struct Request {
  std::string method;  ///< "GET"
  std::string path;    ///< "/cds-services/vigil-order-sign", without query
  std::string content_type;
  std::string content_encoding;
  std::string origin;
  std::string requested_method;  ///< Access-Control-Request-Method
  std::string if_none_match;
  std::string trace_parent;  ///< of the W3C trace context, as sent
  std::string request_id;    ///< of the trace context, or made; safe to log
  Credential authorization;
  std::optional<std::string> client;  ///< who calls, where an earlier answer to it has authenticated it already
  bool is_admitted = false;           ///< an earlier answer to it has counted it against the client's rate
  PatientText body;
  Temporal now;  ///< the clock when the request came
};

/// What goes out. Header names in HTTP's usual writing; the content type has a member of its own.
struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  Response& with(std::string name, std::string value) & {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

}  // namespace vigil::hooks
