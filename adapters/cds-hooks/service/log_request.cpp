// SPDX-License-Identifier: Apache-2.0
// Facts of an answer as fields: names of the service's own, and numbers.
#include "cds-hooks/service/log_request.h"

namespace vigil::hooks {

void log_request(ServiceLog& log, const AnswerFacts& facts, int status, const std::string& request_id,
                 std::chrono::nanoseconds time) {
  const bool failed = status >= 500 || status == 401;
  const auto level = log.requests();
  if (level == LogRequests::kAll || (failed && level == LogRequests::kFailed))
    log.write(failed ? LogLevel::kWarning : LogLevel::kInfo, "request",
              {{"request", request_id},
               {"route", facts.route},
               {"service", facts.service},
               {"client", facts.client},
               {"status", status},
               {"refusal", facts.refusal},
               {"microseconds", std::chrono::duration_cast<std::chrono::microseconds>(time).count()},
               {"fired", facts.outcomes[1]},
               {"unknown", facts.outcomes[3]},
               {"errors", facts.outcomes[4]},
               {"stopped", facts.stopped},
               {"keys_missing", facts.keys_missing}});
}

}  // namespace vigil::hooks
