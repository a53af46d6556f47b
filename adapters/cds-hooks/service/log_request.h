// SPDX-License-Identifier: Apache-2.0
// The line of a request in the service's log.
#pragma once

#include <chrono>
#include <string>

#include "cds-hooks/protocol/answer.h"
#include "cds-hooks/service/service_log.h"

namespace vigil::hooks {

/// Writes it where the log's level asks for it.
void log_request(ServiceLog& log, const AnswerFacts& facts, int status, const std::string& request_id,
                 std::chrono::nanoseconds time);

}  // namespace vigil::hooks
