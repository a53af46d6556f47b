// SPDX-License-Identifier: Apache-2.0
// A request to its response: the whole service but for sockets.
//
//   Services services{set};
//   Workspace workspace;
//   const Response response = answer(services, workspace, request).response;
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vigil/evaluate.h>

#include "cds-hooks/protocol/authenticator.h"
#include "cds-hooks/protocol/card_ids.h"
#include "cds-hooks/protocol/data_fetcher.h"
#include "cds-hooks/protocol/message.h"
#include "cds-hooks/protocol/patient_data.h"
#include "cds-hooks/protocol/service_set.h"
#include "cds-hooks/protocol/shadow_sample.h"
#include "decision-log/log_entry.h"

namespace vigil::hooks {

/// What the user acknowledged before; see decision_log::DecisionLog::past_alerts.
using Recall =
    std::function<decision_log::AlertMemory(std::string_view client, std::string_view patient, std::string_view user)>;

/// What requests are answered with. What is null is not done; all must outlive the answers.
struct Services {
  std::shared_ptr<const ServiceSet> set;
  Authenticator* authenticator = nullptr;
  DataFetcher* fetcher = nullptr;
  Recall recall;
  bool recall_waits = false;                           ///< it may block: not on a loop
  std::function<bool(std::string_view client)> admit;  ///< false: the client has sent too many; thread-safe
  bool records = false;                                ///< fill in Answer::decision and Answer::feedback
};

/// What may be said of an answer in logs and metrics: names of the service's own, and numbers.
struct AnswerFacts {
  std::string route;    ///< "discovery", "service", "feedback", "preflight", "none"
  std::string service;  ///< its id, where there is such a service
  std::string hook;
  std::string client;
  std::string refusal;                 ///< why authentication failed, or why it was not answered: words of ours
  std::array<uint32_t, 5> outcomes{};  ///< rules by RuleOutcome
  uint32_t stopped = 0;                ///< rules that were not evaluated by the deadline; among the errors
  std::array<uint32_t, 4> cards{};     ///< by tier: [0] is the note on what was not checked
  uint32_t keys_missing = 0;
  uint32_t keys_fetched = 0;
  std::chrono::nanoseconds reading{};
  std::chrono::nanoseconds evaluating{};
};

struct Answer {
  Response response;
  AnswerFacts facts;
  /// To be recorded before the response goes out: not_recorded() goes out in its place where that fails.
  std::optional<decision_log::Entry> decision;
  std::optional<decision_log::Feedback> feedback;
  /// There is a candidate in shadow: it is to evaluate the call too, once the response is out.
  std::optional<ShadowSample> shadow;
  /// There is no response yet: keys or data must be fetched. Ask again where waiting harms nobody, with `may_wait`.
  bool needs_network = false;
  /// The caller's token was accepted. It counts once: ask again with `client` of the request set to that of the facts.
  bool is_authenticated = false;
  bool is_admitted = false;  ///< counted against the client's rate: likewise
};

/// Memory for answering, kept from one request to the next. One a thread.
class Workspace {
 public:
  Workspace();
  explicit Workspace(uint64_t seed);  ///< with the same ids of cards every time
  ~Workspace();

  JsonDocument document;
  CardIds ids;
  /// What a pack is evaluated with; forgets those of sets that are no longer in use.
  PatientData& data(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack);
  /// It stops at the deadline: rules that are not done by then end with VGL0915.
  Evaluator& evaluator(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack,
                       std::chrono::steady_clock::time_point deadline);
  /// What the last call of the pack came to, whose memory the next one takes.
  Outcome& outcome(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack);

 private:
  struct PackRoom;
  PackRoom& room(const ServiceSet& set, const std::shared_ptr<const RulePack>& pack);
  std::vector<std::unique_ptr<PackRoom>> rooms_;
};

/// What goes out where the log must and cannot record.
Response not_recorded();

/// Answers. Never throws but for want of memory. `may_wait`: keys and data may be fetched. By `deadline` the answer is
/// there: a fifth of the service's time is kept for evaluation, which has that much also where fetching took longer.
Answer answer(const Services& services, Workspace& workspace, const Request& request, bool may_wait = true,
              std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());

}  // namespace vigil::hooks
