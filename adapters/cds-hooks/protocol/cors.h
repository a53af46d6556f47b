// SPDX-License-Identifier: Apache-2.0
// Which browsers' pages may call (CDS Hooks 2.0.1, "Cross-Origin Resource Sharing").
#pragma once

#include <string_view>

#include "cds-hooks/protocol/message.h"
#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

/// A browser's question whether a page may call. It carries no credentials, and is answered without any.
bool is_preflight(const Request& request);
Response answer_preflight(const CorsOptions& options, const Request& request, std::string_view allowed_methods);
/// Lets the page read the response, where its origin is allowed.
void add_cors_headers(const CorsOptions& options, const Request& request, Response& response);

}  // namespace vigil::hooks
