// SPDX-License-Identifier: Apache-2.0
// What an answer passes through before it goes out: it is recorded, counted and told in the service's log.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cds-hooks/protocol/answer.h"
#include "cds-hooks/service/http_server.h"
#include "cds-hooks/service/metrics.h"
#include "cds-hooks/service/service_log.h"
#include "decision-log/decision_log.h"

namespace vigil::hooks {

class AnswerRecorder {
 public:
  using Clock = std::chrono::steady_clock;

  /// `decisions` may be null: then nothing is recorded.
  AnswerRecorder(HttpServer& server, decision_log::DecisionLog* decisions, Metrics& metrics, ServiceLog& log)
      : server_(server), decisions_(decisions), metrics_(metrics), log_(log), rounds_(server.threads()) {}

  /// Replies once what is to be recorded is; 503 where it cannot be. `loop`: of the server, on whose thread this is
  /// called; none on others.
  void record(Answer answer, const std::string& request_id, const Reply& reply, Clock::time_point begin,
              std::optional<size_t> loop);
  /// Replies; nothing is recorded.
  void finish(Answer answer, const std::string& request_id, const Reply& reply, Clock::time_point begin);

 private:
  /// Of one loop, used on its thread only.
  struct Round {
    size_t recorded = 0;
    bool is_watched = false;
  };
  void flush_after_round(size_t loop);

  HttpServer& server_;
  decision_log::DecisionLog* decisions_;
  Metrics& metrics_;
  ServiceLog& log_;
  std::vector<Round> rounds_;
};

}  // namespace vigil::hooks
