// SPDX-License-Identifier: Apache-2.0
// Routes a request, and answers it.
#include "cds-hooks/protocol/answer.h"

#include <algorithm>
#include <iterator>

#include <vigil/primitives.h>

#include "cds-hooks/protocol/cards.h"
#include "cds-hooks/protocol/cors.h"
#include "cds-hooks/protocol/feedback.h"
#include "cds-hooks/protocol/medication_references.h"
#include "cds-hooks/protocol/operation_outcome.h"
#include "cds-hooks/protocol/record_answer.h"
#include "cds-hooks/protocol/repeat_control.h"
#include "cds-hooks/protocol/unchecked_note.h"

namespace vigil::hooks {
namespace {

using Clock = std::chrono::steady_clock;

enum class Route : uint8_t { kNone, kDiscovery, kService, kFeedback };

struct Target {
  Route route = Route::kNone;
  std::string_view service;
};

/// CDS Hooks 2.0.1: {base}/cds-services, {base}/cds-services/{id}, {base}/cds-services/{id}/feedback.
Target parse_path(std::string_view path) {
  constexpr std::string_view kBase = "/cds-services";
  if (!path.starts_with(kBase)) return {};
  path.remove_prefix(kBase.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return {Route::kDiscovery, {}};
  if (path[0] != '/') return {};
  path.remove_prefix(1);
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {Route::kService, path};
  if (path.substr(slash + 1) == "feedback") return {Route::kFeedback, path.substr(0, slash)};
  return {};
}

/// Whatever the case of `text`'s letters; `other` is in small ones.
bool same(std::string_view text, std::string_view other) {
  return std::ranges::equal(text, other,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

bool is_json(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type.empty() || same(type, "application/json") || same(type, "application/fhir+json") ||
         same(type, "text/json");
}

/// RFC 9110, 15.5.16: which coding would have been taken is told.
Response refuse_coding() {
  auto response = problem_response(415, "the body is compressed", "send it without Content-Encoding", "not-supported");
  response.with("Accept-Encoding", "identity");
  return response;
}

/// What an address answers to, to a client that asks for that alone (RFC 9110, 9.3.7).
Response tell_methods(std::string_view methods) {
  Response response;
  response.status = 204;
  response.content_type.clear();
  response.with("Allow", std::string(methods));
  return response;
}

class Answering {
 public:
  Answering(const Services& services, Workspace& workspace, const Request& request, bool may_wait,
            Clock::time_point deadline)
      : services_(services),
        set_(*services.set),
        workspace_(workspace),
        request_(request),
        may_wait_(may_wait),
        deadline_(deadline) {}

  Answer run() {
    auto response = route();
    add_cors_headers(set_.options().cors, request_, response);
    answer_.response = std::move(response);
    return std::move(answer_);
  }

 private:
  Response route() {
    const auto target = parse_path(request_.path);
    static constexpr std::string_view kRoutes[] = {"none", "discovery", "service", "feedback"};
    answer_.facts.route = kRoutes[static_cast<size_t>(target.route)];
    if (target.route == Route::kNone)
      return problem_response(404, "there is nothing at this address", "discovery is at /cds-services", "not-found");
    const bool is_discovery = target.route == Route::kDiscovery;
    const std::string_view methods = is_discovery ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
    if (is_preflight(request_)) {
      answer_.facts.route = "preflight";
      return answer_preflight(set_.options().cors, request_, methods);
    }
    if (request_.method == "OPTIONS") return tell_methods(methods);
    const bool is_method =
        is_discovery ? request_.method == "GET" || request_.method == "HEAD" : request_.method == "POST";
    if (!is_method) {
      auto response =
          problem_response(405, "this method is not answered here", "use " + std::string(methods), "not-supported");
      response.with("Allow", std::string(methods));
      return response;
    }
    if (request_.client) {
      answer_.facts.client = *request_.client;
    } else if (services_.authenticator != nullptr) {
      auto refused = authenticate(target);
      if (refused.status != 200 || answer_.needs_network) return refused;
    }
    if (is_discovery) return discover();
    if (services_.admit && !request_.is_admitted && !services_.admit(answer_.facts.client)) {
      auto response =
          problem_response(429, "there were too many requests of this client", "try again later", "throttled");
      response.with("Retry-After", "1");
      return response;
    }
    answer_.is_admitted = true;
    const auto* service = set_.find(target.service);
    if (service == nullptr)
      return problem_response(404, "there is no service of this id", "discovery at /cds-services lists them",
                              "not-found");
    answer_.facts.service = service->id;
    answer_.facts.hook = service->hook;
    if (!request_.content_encoding.empty() && !same(request_.content_encoding, "identity")) return refuse_coding();
    if (!is_json(request_.content_type))
      return problem_response(415, "the body is not said to be JSON", "send Content-Type: application/json",
                              "not-supported");
    return target.route == Route::kService ? serve(*service) : take_feedback();
  }

  /// CDS Hooks 2.0.1, "Trusting CDS Clients": the audience is the endpoint called. A refusal tells nothing.
  Response authenticate(const Target& target) {
    std::string url = set_.options().public_url + "/cds-services";
    if (target.route != Route::kDiscovery) (url += '/') += target.service;
    if (target.route == Route::kFeedback) url += "/feedback";
    const int64_t now = to_instant(request_.now) / 1000;
    auto result = services_.authenticator->authenticate(request_.authorization, url, now, may_wait_);
    answer_.facts.client = std::move(result.client);
    answer_.is_authenticated = result.result == Authentication::Result::kAccepted;
    if (answer_.is_authenticated) return {};
    if (result.result == Authentication::Result::kNeedsKeys && !may_wait_) {
      answer_.needs_network = true;
      return {};
    }
    answer_.facts.refusal = std::move(result.reason);
    auto response = problem_response(401, "the caller is not known", {}, "login");
    response.with("WWW-Authenticate", "Bearer");
    return response;
  }

  Response discover() const {
    const bool version_3 = set_.options().clients.of(answer_.facts.client).version_3;
    const auto& tag = set_.discovery_tag(version_3);
    Response response;
    response.with("ETag", tag).with("Cache-Control", "no-cache");
    if (request_.if_none_match == tag) {
      response.status = 304;
      response.content_type.clear();
    } else {
      response.body = set_.discovery(version_3);  // of HEAD too: its length is told, the server sends no body
    }
    return response;
  }

  Response serve(const Service& offered) {
    const auto begin = Clock::now();
    HookCall call;
    const auto& options = set_.options();
    const auto problems = read_hook_call(request_.body.reveal(), offered.hook, options.call, workspace_.document, call);
    if (!problems.empty()) return problem_response(400, problems);
    const Service& service = choose_version(offered, call);
    auto keys = PatientData::judge_keys(service, call, options);
    std::vector<Fetched> fetched;
    if (!fetch_missing(offered, call, keys, fetched)) return {};
    if (services_.recall && services_.recall_waits && !may_wait_) {
      answer_.needs_network = true;
      return {};
    }
    auto& data = workspace_.data(set_, service.pack);
    data.read(service, call, std::move(keys), fetched, options, to_instant(request_.now), services_.records);
    const auto read = Clock::now();
    answer_.facts.reading = read - begin;
    auto response = evaluate(service, call, data);
    if (answer_.shadow) answer_.shadow->fetched = std::move(fetched);
    return response;
  }

  /// The candidate's part of the service, for whom it answers.
  const Service& choose_version(const Service& offered, const HookCall& call) const {
    const auto* trial = offered.trial.get();
    if (trial == nullptr || trial->service.rules.empty()) return offered;
    const auto& whom = call.patient.empty() ? call.hook_instance : call.patient;
    const auto& salt = trial->service.pack->digest;
    return meets_candidate(trial->terms, salt, answer_.facts.client, whom.reveal()) ? trial->service : offered;
  }

  /// False where data must be fetched and may not be here.
  bool fetch_missing(const Service& service, const HookCall& call, std::span<const KeyState> own,
                     std::vector<Fetched>& fetched) {
    std::vector<KeyState> of_both;  // where a candidate is tried, what either reads
    if (service.trial) of_both = PatientData::judge_keys(service.asked, call, set_.options());
    const auto missing = PatientData::missing_keys(service.trial ? of_both : own);
    answer_.facts.keys_missing = static_cast<uint32_t>(missing.size());
    if (services_.fetcher == nullptr || !call.fhir || !services_.fetcher->may_fetch(*call.fhir)) return true;
    if (!missing.empty()) {
      if (!may_wait_) return needs_network();
      fetched = services_.fetcher->fetch(call, missing, deadline_ - evaluation_time());
      answer_.facts.keys_fetched = static_cast<uint32_t>(std::ranges::count_if(
          fetched, [](const Fetched& one) { return one.completeness == Completeness::kComplete; }));
    }
    if (service.asked.by_reference.empty()) return true;
    const auto medications = find_missing_medications(call, fetched, set_.options().call.json);
    if (medications.empty()) return true;
    if (!may_wait_) return needs_network();
    std::vector<const PrefetchTemplate*> reads;
    for (const auto& one : medications) reads.push_back(&one);
    std::ranges::move(services_.fetcher->fetch(call, reads, deadline_ - evaluation_time()),
                      std::back_inserter(fetched));
    return true;
  }

  bool needs_network() {
    answer_.needs_network = true;
    return false;
  }

  /// Rules take microseconds: whatever fetching took, they are worth waiting for.
  Clock::duration evaluation_time() const { return set_.options().deadline / 5; }

  Response evaluate(const Service& service, const HookCall& call, const PatientData& data) {
    const auto begin = Clock::now();
    decision_log::AlertMemory memory;
    if (services_.recall) memory = services_.recall(answer_.facts.client, call.patient.reveal(), call.user.reveal());
    auto& outcome = workspace_.outcome(set_, service.pack);
    workspace_.evaluator(set_, service.pack, std::max(deadline_, begin + evaluation_time()))
        .evaluate(data.snapshot(), data.trigger(), {}, request_.now, outcome);
    const auto& pack = *service.pack;
    if (pack.overlay) apply_overlay(*pack.overlay, *pack.rulebook, request_.now, outcome);
    if (service.trial && service.trial->terms.stage == Stage::kShadow)
      answer_.shadow = ShadowSample{service.trial, service.pack, summarise(*pack.rulebook, outcome), {}};
    const RepeatControl repeats(outcome, data.required(), memory);
    const auto history = repeats.history();
    auto alerts = raise(*pack.rulebook, outcome, data.trigger(), history, request_.now);
    const auto resting = repeats.resting(alerts, data.trigger(), to_instant(request_.now), set_.options().rest_at_sign);
    const Evaluated evaluated{service,     call,          outcome,
                              data.keys(), data.unread(), set_.options().clients.of(answer_.facts.client)};
    std::vector<Card> cards;
    Response response;
    if (nothing_could_run(evaluated)) {
      response = lacks_data(evaluated);
    } else {
      workspace_.ids.set_time(to_instant(request_.now));
      cards = make_cards(evaluated, alerts, resting, set_.options().cards, workspace_.ids);
      response.body = to_response_body(cards);
    }
    answer_.facts.evaluating = Clock::now() - begin;
    count(pack, outcome, cards);
    if (services_.records)
      answer_.decision = record_decision({request_, answer_.facts, set_.options(), evaluated, data, history, alerts,
                                          resting, repeats.findings(), cards, response});
    return response;
  }

  /// CDS Hooks 2.0.1, "Prefetch": 412 where data that is needed cannot be had.
  static Response lacks_data(const Evaluated& evaluated) {
    std::vector<Problem> problems;
    for (const auto& key : evaluated.keys)
      if (key.completeness == Completeness::kNotObtained)
        problems.push_back({"prefetch." + key.asked->key, "was not obtained: " + key.why,
                            "send it, or fhirServer with fhirAuthorization; without it no rule could be checked",
                            "incomplete"});
    return problem_response(412, problems);
  }

  void count(const RulePack& pack, const Outcome& outcome, const std::vector<Card>& cards) {
    for (const auto& result : outcome.results) {
      ++answer_.facts.outcomes[static_cast<size_t>(result.outcome)];
      pack.counts->add(result.rule, result.outcome);
      if (was_stopped(result)) ++answer_.facts.stopped;
    }
    for (const auto& card : cards) {
      const size_t tier = card.is_note                       ? 0
                          : card.tier == Tier::kHardStop     ? 3
                          : card.tier == Tier::kInterruptive ? 2
                                                             : 1;
      ++answer_.facts.cards[tier];
    }
  }

  /// One entry that is wrong does not lose the others, which a client may not send again.
  Response refuse_feedback(std::vector<Problem> problems, size_t kept) const {
    if (kept != 0)
      problems.push_back(
          {{},
           std::to_string(kept) + " of " + std::to_string(count_feedback(workspace_.document)) + " entries are kept",
           "put the others right and send them again",
           "informational",
           "information"});
    return problem_response(400, problems);
  }

  Response take_feedback() {
    std::vector<FeedbackItem> items;
    auto problems = read_feedback(request_.body.reveal(), set_.options().call.json, workspace_.document, items);
    const size_t kept = services_.records ? items.size() : 0;
    if (services_.records && (problems.empty() || kept != 0))
      answer_.feedback = record_feedback(request_, answer_.facts, std::move(items));
    if (!problems.empty()) return refuse_feedback(std::move(problems), kept);
    Response response;
    response.body = "{}";
    return response;
  }

  const Services& services_;
  const ServiceSet& set_;
  Workspace& workspace_;
  const Request& request_;
  bool may_wait_;
  Clock::time_point deadline_;
  Answer answer_;
};

}  // namespace

Response not_recorded() {
  auto response = problem_response(503, "what was decided could not be recorded", "try again", "transient");
  response.with("Retry-After", "1");
  return response;
}

Answer answer(const Services& services, Workspace& workspace, const Request& request, bool may_wait,
              Clock::time_point deadline) {
  return Answering(services, workspace, request, may_wait, deadline).run();
}

}  // namespace vigil::hooks
