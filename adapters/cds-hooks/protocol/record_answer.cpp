// SPDX-License-Identifier: Apache-2.0
// Values of the protocol to those of the log.
#include "cds-hooks/protocol/record_answer.h"

#include <vigil/primitives.h>

namespace vigil::hooks {

decision_log::Entry record_decision(const AnsweredCall& answered) {
  const auto& service = answered.evaluated.service;
  const auto& call = answered.evaluated.call;
  const auto& data = answered.data;
  std::vector<decision_log::KeyNote> keys;
  for (const auto& state : data.keys()) keys.push_back({state.asked->key, state.completeness});
  std::vector<decision_log::CardNote> cards;
  for (const auto& card : answered.cards) cards.push_back({card.uuid, card.key});
  return decision_log::encode({.request_id = answered.request.request_id,
                               .client = answered.facts.client,
                               .service = service.id,
                               .hook = service.hook,
                               .pack = service.pack->id,
                               .pack_version = service.pack->version,
                               .rules_digest = service.pack->rules_digest,
                               .knowledge_digest = service.pack->knowledge_digest,
                               .engine_version = answered.options.engine_version,
                               .hook_instance = call.hook_instance.reveal(),
                               .patient = call.patient.reveal(),
                               .location = data.required().location().reveal(),
                               .trigger = data.trigger(),
                               .rulebook = *service.pack->rulebook,
                               .snapshot = data.snapshot(),
                               .history = answered.history,
                               .now = answered.request.now,
                               .outcome = answered.evaluated.outcome,
                               .alerts = answered.alerts,
                               .resting = answered.resting,
                               .findings = answered.findings,
                               .keys = keys,
                               .cards = cards,
                               .record = data.required().record().reveal(),
                               .drafts = data.required().drafts().reveal(),
                               .body = answered.response.body,
                               .status = answered.response.status,
                               .reading = answered.facts.reading,
                               .evaluating = answered.facts.evaluating});
}

decision_log::Feedback record_feedback(const Request& request, const AnswerFacts& facts,
                                       std::vector<FeedbackItem> items) {
  decision_log::Feedback feedback{request.request_id, facts.client, facts.service, to_instant(request.now), {}};
  for (auto& item : items) {
    decision_log::CardFeedback one;
    one.card = std::move(item.card);
    one.accepted = item.accepted;
    one.at = item.at;
    one.suggestions = std::move(item.suggestions);
    if (item.reason) {
      one.reason_system = std::move(item.reason->system);
      one.reason_code = std::move(item.reason->code);
      one.reason_text = std::move(item.reason->text);
    }
    one.comment = item.comment.reveal();
    feedback.items.push_back(std::move(one));
  }
  return feedback;
}

}  // namespace vigil::hooks
