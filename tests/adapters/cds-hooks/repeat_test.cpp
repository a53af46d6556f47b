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
  Remembering() {
    services.records = true;
    services.recall = [this](std::string_view, std::string_view, std::string_view user) {
      auto mine = memory;
      std::erase_if(mine.alerts, [&](const auto& known) { return known.alert.user != user; });
      return mine;
    };
  }

  void acknowledge() {
    REQUIRE(last.decision);
    const auto parts = decision_log::split_secret(last.decision->secret);
    REQUIRE(parts);
    const auto head = Json::parse(parts->head);
    for (const auto& alert : head["alerts"])
      for (const auto& finding : alert["findings"])
        memory.alerts.push_back({{finding["rule"], alert["key"], head["user"], "", last.decision->at, true},
                                 head["hook"],
                                 std::stoull(finding["digest"].get<std::string>())});
  }

  decision_log::AlertMemory memory;
};

Json order_select() {
  auto call = order_sign();
  call["hook"] = "order-select";
  call["context"]["selections"] = {"MedicationRequest/o1"};
  return call;
}

}  // namespace

TEST_CASE("an alert acknowledged at order-select is not repeated at order-sign") {
  Remembering service;
  CHECK(service.cards(order_select()).size() == 1);
  service.acknowledge();
  CHECK(service.cards(order_sign()).empty());
  CHECK(service.cards(order_select()).size() == 1);
  REQUIRE(service.last.decision);
  service.memory.readable = false;  // a history that cannot be read silences nothing
  CHECK(service.cards(order_sign()).size() == 1);
}

TEST_CASE("another user, another order, changed facts: it is shown") {
  Remembering service;
  service.cards(order_select());
  service.acknowledge();
  const auto shows = [&](auto&& change) {
    auto call = order_sign();
    change(call);
    return service.cards(call).size() == 1;
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
  CHECK(service.cards(order_sign()).size() == 1);
  hooks::ProtocolOptions options;
  options.rest_at_sign = std::chrono::milliseconds(0);
  ExampleService always(options);
  always.services.recall = [&](std::string_view, std::string_view, std::string_view) { return service.memory; };
  CHECK(always.cards(order_sign()).size() == 1);
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
