// SPDX-License-Identifier: Apache-2.0
// The page at `/`: what is active, what is on trial, and a form to try a call on example patients.
#pragma once

#include <optional>
#include <string_view>

#include "cds-hooks/protocol/message.h"
#include "cds-hooks/protocol/service_set.h"
#include "cds-hooks/service/shadow_sink.h"

namespace vigil::hooks {

// Files of the folder `page`, and example patients; compiled in.
extern const std::string_view kPageHtml;
extern const std::string_view kPageCss;
extern const std::string_view kPageScript;
extern const std::string_view kPageExamples;

/// The page, its parts, and what is active and on trial as JSON; none where the path is none of them. `set` and
/// `shadow` may be null.
std::optional<Response> answer_page(std::string_view path, const ServiceSet* set, bool is_ready,
                                    const ShadowSink* shadow);

}  // namespace vigil::hooks
