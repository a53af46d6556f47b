// SPDX-License-Identifier: Apache-2.0
// The page at `/`: what is active, and a form to try a call on example patients.
#pragma once

#include <optional>
#include <string_view>

#include "cds-hooks/protocol/message.h"
#include "cds-hooks/protocol/service_set.h"

namespace vigil::hooks {

// Files of the folder `page`, and example patients; compiled in.
extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kPageScript;
extern const std::string_view kPageExamples;

/// The page, its parts, and what is active as JSON; none where the path is none of them. `set` may be null.
std::optional<Response> answer_page(std::string_view path, const ServiceSet* set, bool is_ready);

}  // namespace vigil::hooks
