// SPDX-License-Identifier: Apache-2.0
// Answers that wait for their commit, and groups of them.
#include "cds-hooks/service/answer_recorder.h"

#include <memory>
#include <utility>

#include "cds-hooks/service/log_request.h"

namespace vigil::hooks {

void AnswerRecorder::record(Answer answer, const std::string& request_id, const Reply& reply, Clock::time_point begin,
                            std::optional<size_t> loop) {
  if (decisions_ == nullptr || (!answer.decision && !answer.feedback))
    return finish(std::move(answer), request_id, reply, begin);
  auto decision = std::exchange(answer.decision, std::nullopt);
  auto feedback = std::exchange(answer.feedback, std::nullopt);
  auto waiting = std::make_shared<Answer>(std::move(answer));
  auto confirm = [this, waiting, id = request_id, reply, begin](bool recorded) {
    if (!recorded) {
      waiting->facts.refusal = "not recorded";
      const auto headers = std::move(waiting->response.headers);
      waiting->response = not_recorded();
      for (const auto& [name, value] : headers)
        if (name.starts_with("Access-Control-") || name == "Vary") waiting->response.with(name, value);
    }
    finish(std::move(*waiting), id, reply, begin);
  };
  if (!decision) return decisions_->append(std::move(*feedback), std::move(confirm));
  if (!loop) return decisions_->append(std::move(*decision), std::move(confirm));
  decisions_->append_open(std::move(*decision), std::move(confirm));
  flush_after_round(*loop);
}

/// A loop that has more calls to answer goes on with them, so that their decisions share a commit; once it has none, it
/// has nothing better to wait for than that.
void AnswerRecorder::flush_after_round(size_t loop) {
  auto& round = rounds_[loop];
  ++round.recorded;
  if (std::exchange(round.is_watched, true)) return;
  server_.after_round(loop, [this, &round, seen = round.recorded]() mutable {
    if (std::exchange(seen, round.recorded) != round.recorded) return true;
    round.is_watched = false;
    decisions_->flush();
    return false;
  });
}

void AnswerRecorder::finish(Answer answer, const std::string& request_id, const Reply& reply, Clock::time_point begin) {
  const auto time = Clock::now() - begin;
  const int status = answer.response.status;
  metrics_.count(answer.facts, status, time);
  log_request(log_, answer.facts, status, request_id, time);
  reply(std::move(answer.response));
}

}  // namespace vigil::hooks
