// SPDX-License-Identifier: Apache-2.0
// CORS headers by the list of origins.
#include "cds-hooks/protocol/cors.h"

#include <algorithm>

namespace vigil::hooks {
namespace {

bool is_allowed(const CorsOptions& options, const std::string& origin) {
  return !origin.empty() && std::ranges::any_of(options.origins, [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  });
}

}  // namespace

bool is_preflight(const Request& request) {
  return request.method == "OPTIONS" && !request.origin.empty() && !request.requested_method.empty();
}

Response answer_preflight(const CorsOptions& options, const Request& request, std::string_view allowed_methods) {
  Response response;
  response.status = 204;
  response.content_type.clear();
  if (!is_allowed(options, request.origin)) return response;
  response.with("Access-Control-Allow-Methods", std::string(allowed_methods))
      .with("Access-Control-Allow-Headers", "Authorization, Content-Type, traceparent")
      .with("Access-Control-Max-Age", "600");
  return response;
}

void add_cors_headers(const CorsOptions& options, const Request& request, Response& response) {
  if (options.origins.empty()) return;
  response.with("Vary", "Origin");
  if (!is_allowed(options, request.origin)) return;
  // The origin itself rather than `*`: then one setting serves pages that send credentials too.
  response.with("Access-Control-Allow-Origin", request.origin).with("Access-Control-Expose-Headers", "ETag");
}

}  // namespace vigil::hooks
