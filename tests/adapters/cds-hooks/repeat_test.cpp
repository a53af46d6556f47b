// SPDX-License-Identifier: Apache-2.0
// What was acknowledged rests, with the facts unchanged only; rates of clients; counts of rules.
#include <chrono>

#include "cds-hooks/service/rate_limiter.h"
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// A service with a memory: what is acknowledged of its last decision's alerts.
struct Remembering : ExampleService {
  explicit Remembering(const std::string& rules = kRules) : ExampleService({}, rules) {
    services.records = true;
    services.recall = [this](std::string_view, std::string_view, std::string_view user) {
      auto mine = memory;
      std::erase_if(mine.alerts, [&](const auto& known) { return known.alert.user != user; });
      return mine;
    };
  }

  void acknowledge(bool accepted = false) {
    REQUIRE(last.decision);
    const auto parts = decision_log::split_secret(last.decision->secret);
    REQUIRE(parts);
    const auto head = Json::parse(parts->head);
    for (const auto& alert : head["alerts"])
      for (const auto& finding : alert["findings"])
        memory.alerts.push_back({{finding["rule"], alert["key"], head["user"], "", last.decision->at, true},
                                 head["hook"],
                                 std::stoull(finding["digest"].get<std::string>()),
                                 accepted});
  }

  decision_log::AlertMemory memory;
};

Json order_select() {
  auto call = order_sign();
  call["hook"] = "order-select";
  call["context"]["selections"] = {"MedicationRequest/o1"};
  return call;
}

Json only_card(ExampleService& service, const Json& call) {
  const auto cards = service.cards(call);
  REQUIRE(cards.size() == 1);
  return cards[0];
}

/// Whether the only card is an alert.
bool is_shown(ExampleService& service, const Json& call) {
  return only_card(service, call)["source"]["topic"]["code"] != "not-shown";
}

}  // namespace

TEST_CASE("an alert acknowledged at order-select is not repeated at order-sign") {
  Remembering service;
  CHECK(service.cards(order_select()).size() == 1);
  service.acknowledge();
  // An empty list would say that nothing was found.
  const auto note = only_card(service, order_sign());
  CHECK(note["source"]["topic"]["code"] == "not-shown");
  CHECK(note["indicator"] == "info");
  CHECK(note["summary"] == "1 alert was found, which you acknowledged before");
  CHECK(note["detail"] ==
        "Found and not repeated: the same user has acknowledged it, and the facts are unchanged:\n\n"
        "- Ibuprofen with warfarin: risk of bleeding");
  CHECK(note["extension"]["vigil.rules"]["rules"][0]["name"] == "Ibuprofen with warfarin");
  CHECK(!note.contains("suggestions"));
  CHECK(is_shown(service, order_select()));
  REQUIRE(service.last.decision);
  service.memory.readable = false;  // a history that cannot be read silences nothing
  CHECK(is_shown(service, order_sign()));
}

TEST_CASE("who accepted a suggestion and signs the order all the same is told again") {
  Remembering service;
  service.cards(order_select());
  service.acknowledge(/*accepted=*/true);
  CHECK(is_shown(service, order_sign()));
}

TEST_CASE("what rests beside an alert that is shown needs no note; what a client hides besides is told with it") {
  Remembering service;
  service.cards(order_select());
  service.acknowledge();
  auto call = order_sign();
  call["context"]["draftOrders"]["entry"].push_back({{"resource", medication_request("o2", "310965", "draft")}});
  CHECK(is_shown(service, call));
  call["extension"]["davinci-crd.configuration"] = {{"max-cards", 0}};
  const auto note = only_card(service, call);
  CHECK(note["summary"] == "2 alerts were found, not shown by this client's settings, or acknowledged before");
  const std::string detail = note["detail"];
  CHECK(detail.find("- 1: max-cards is 0\n\nFound and not repeated") != std::string::npos);
}

TEST_CASE("what a rule says once is told too, once it is acknowledged; what a suppressor silences is no alert") {
  Remembering service(R"(
library Once version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Over seventy"
  on    'patient-view'
  when  AgeInYears() > 70
  once per 6 months
  alert 'Older than seventy'
rule "Silenced"
  on    'patient-view'
  when  AgeInYears() > 70
  unless true because 'on purpose'
  alert 'Never said'
)");
  const Json call{{"hook", "patient-view"},
                  {"hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"},
                  {"context", {{"userId", "Practitioner/u1"}, {"patientId", "p1"}}},
                  {"prefetch", {{"patient", patient()}}}};
  CHECK(is_shown(service, call));
  service.acknowledge();
  const auto note = only_card(service, call);
  CHECK(note["summary"] == "1 alert was found, which you acknowledged before");
  CHECK(note["detail"].get<std::string>().ends_with("\n\n- Older than seventy"));
  CHECK(note["extension"]["vigil.rules"]["rules"].size() == 1);
}

TEST_CASE("another user, another order, changed facts: it is shown") {
  Remembering service;
  service.cards(order_select());
  service.acknowledge();
  const auto shows = [&](auto&& change) {
    auto call = order_sign();
    change(call);
    return is_shown(service, call);
  };
  CHECK_FALSE(shows([](Json&) {}));
  CHECK(shows([](Json& call) { call["context"]["userId"] = "Practitioner/u2"; }));
  CHECK(shows([](Json& call) { call["context"].erase("userId"); }));
  CHECK(shows([](Json& call) { call["context"]["draftOrders"]["entry"][0]["resource"]["id"] = "o2"; }));
  CHECK(shows([](Json& call) {
    call["prefetch"]["medicationRequest"]["entry"][0]["resource"]["medicationCodeableConcept"]["coding"][0]["display"] =
        "warfarin, another dose";
    call["prefetch"]["medicationRequest"]["entry"][0]["resource"]["id"] = "m2";
  }));
}

TEST_CASE("what lies too far back rests no longer, and a service may be told to repeat always") {
  Remembering service;
  service.cards(order_select());
  service.acknowledge();
  service.memory.alerts[0].alert.shown -= std::chrono::milliseconds(std::chrono::hours(5)).count();
  CHECK(is_shown(service, order_sign()));
  hooks::ProtocolOptions options;
  options.rest_at_sign = std::chrono::milliseconds(0);
  ExampleService always(options);
  always.services.recall = [&](std::string_view, std::string_view, std::string_view) { return service.memory; };
  CHECK(is_shown(always, order_sign()));
}

TEST_CASE("point 76: a client beyond its rate is told so, once a request") {
  ExampleService service;
  int left = 1;
  service.services.admit = [&](std::string_view) { return left-- > 0; };
  CHECK(service.call(order_sign()).status == 200);
  const auto refused = service.call(order_sign());
  CHECK(refused.status == 429);
  CHECK(service.get("/cds-services").status == 200);  // discovery is not limited
  auto again = ExampleService::request("POST", "/cds-services/example-order-sign", order_sign().dump());
  again.is_admitted = true;
  CHECK(service.send(again).status == 200);
}

TEST_CASE("buckets fill evenly, one a client") {
  hooks::RateLimiter limiter({.per_second = 2, .burst = 3});
  const auto at = [begin = hooks::RateLimiter::Clock::now()](int milliseconds) {
    return begin + std::chrono::milliseconds(milliseconds);
  };
  for (int i = 0; i < 3; ++i) CHECK(limiter.take("a", at(0)));
  CHECK_FALSE(limiter.take("a", at(0)));
  CHECK(limiter.take("b", at(0)));
  CHECK_FALSE(limiter.take("a", at(400)));
  CHECK(limiter.take("a", at(500)));
  CHECK_FALSE(limiter.take("a", at(500)));
  for (int i = 0; i < 3; ++i) CHECK(limiter.take("a", at(60'000)));
  CHECK_FALSE(limiter.take("a", at(60'000)));
  CHECK(hooks::RateLimiter({}).take("a"));
}

TEST_CASE("rules are counted by outcome") {
  ExampleService service;
  service.cards(order_sign());
  service.cards(order_sign());
  const auto& pack = *service.services.set->packs()[0];
  CHECK(pack.counts->of(0, RuleOutcome::kFired) == 2);
  CHECK(pack.counts->of(1, RuleOutcome::kNotMet) == 2);
  CHECK(pack.counts->of(2, RuleOutcome::kFired) == 0);
}
