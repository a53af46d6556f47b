// SPDX-License-Identifier: Apache-2.0
// The deadline of a call ends its evaluation: rules done by then answer, the others stand on the note.
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Quick, slow (more steps than any machine makes by the deadline), quick.
constexpr const char* kSlowRules = R"(
library Slow version '1.0.0'
using FHIR version '4.0.1'
context Patient
define Numbers: expand Interval[1, 9000] per 1
rule "Quick"
  on    'order-sign'
  for   ordered [MedicationRequest] M
  tier  passive
  alert 'Something is ordered'
rule "Every triple of numbers"
  on    'order-sign'
  for   Numbers A, Numbers B, Numbers C
  when  A * B + A = B - C - 9000
  alert 'Never'
rule "Behind it"
  on    'order-sign'
  when  exists [MedicationRequest]
  tier  passive
  alert 'There are orders'
)";

hooks::ProtocolOptions quick_deadline() {
  hooks::ProtocolOptions options;
  options.deadline = std::chrono::milliseconds(2000);
  options.max_steps = 1'000'000'000;
  return options;
}

}  // namespace

TEST_CASE("a rule that is not done by the deadline stands on the note with those behind it; the others answer") {
  ExampleService service(quick_deadline(), kSlowRules);
  service.services.records = true;
  const auto request = ExampleService::request("POST", "/cds-services/example-order-sign", order_sign().dump());
  // The deadline has passed already: evaluation still has its fifth.
  const auto answered =
      hooks::answer(service.services, service.workspace, request, true, std::chrono::steady_clock::now());
  REQUIRE(answered.response.status == 200);
  const auto cards = Json::parse(answered.response.body)["cards"];
  REQUIRE(cards.size() == 2);
  CHECK(cards[0]["summary"] == "Something is ordered");
  CHECK(cards[1]["indicator"] == "info");
  CHECK(cards[1]["source"]["topic"]["code"] == "not-checked");
  CHECK(cards[1]["summary"] == "2 checks could not be made: Every triple of numbers, Behind it");
  const std::string detail = cards[1]["detail"];
  CHECK(detail.find("Every triple of numbers: it was not done in time") != std::string::npos);
  CHECK(answered.facts.stopped == 2);
  REQUIRE(answered.decision);
  CHECK(answered.decision->open.find(R"("Slow.Every triple of numbers":"VGL0915")") != std::string::npos);
}

TEST_CASE("a call without a deadline is evaluated whole") {
  auto options = quick_deadline();
  options.max_steps = 2000;  // so that the slow rule ends by its own limit
  ExampleService service(options, kSlowRules);
  const auto cards = service.cards(order_sign());
  REQUIRE(cards.size() == 3);
  CHECK(service.last.facts.stopped == 0);
  CHECK(cards[2]["summary"] == "1 check could not be made: Every triple of numbers");
  const std::string detail = cards[2]["detail"];
  CHECK(detail.find("- Every triple of numbers: it needed more steps than a rule may take (VGL0904)\n") !=
        std::string::npos);
}

TEST_CASE("the memory of a call with thousands of orders is not kept for the next") {
  auto options = quick_deadline();
  options.max_steps = 2000;  // so that the slow rule comes to its limit, whatever the data
  for (const size_t orders : {1, 1500}) {
    ExampleService service(options, kSlowRules);
    auto call = order_sign();
    std::vector<Json> record;
    for (size_t i = 0; i < orders; ++i)
      record.push_back(medication_request("m" + std::to_string(i), "855332", "active"));
    call["prefetch"]["medicationRequest"] = bundle(std::move(record));
    CHECK(!service.cards(call).empty());
    const auto& set = *service.services.set;
    const auto& pack = set.packs()[0];
    CHECK(!service.workspace.outcome(set, pack).results.empty());
    service.workspace.data(set, pack);  // as the next call begins
    CHECK(service.workspace.outcome(set, pack).results.empty() == (orders > 1));
  }
}

TEST_CASE("a call with thousands of orders takes no more memory than stated; what did not fit stands on the note") {
  for (const bool fits : {true, false}) {
    hooks::ProtocolOptions options;
    options.max_memory = size_t{1} << (fits ? 30 : 20);
    options.max_steps = 1'000'000'000;
    ExampleService service(options, R"(
library Large version '1.0.0'
using FHIR version '4.0.1'
context Patient
define Numbers: expand Interval[1, 100000] per 1
rule "Quick"
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] M
  tier  passive
  alert 'Ibuprofen is ordered'
rule "A long list"
  on    'order-sign'
  when  Count(Numbers) = 100000
  tier  passive
  alert 'Long'
)");
    const auto cards = service.cards(order_sign());
    REQUIRE(cards.size() == 2);
    CHECK(cards[0]["summary"] == "Ibuprofen is ordered");
    CHECK(cards[1]["summary"] == (fits ? "Long" : "1 check could not be made: A long list"));
    if (!fits) {
      const std::string detail = cards[1]["detail"];
      CHECK(detail.find("- A long list: it needed more memory than one call may take (VGL0905)") != std::string::npos);
    }
  }
}

TEST_CASE("rules that were stopped are no lack of data: no 412") {
  ExampleService service(quick_deadline(), R"(
library Slow version '1.0.0'
using FHIR version '4.0.1'
context Patient
define Numbers: expand Interval[1, 9000] per 1
rule "Every triple of numbers"
  on    'order-sign'
  for   Numbers A, Numbers B, Numbers C
  when  A * B + A = B - C - 9000 and exists [Condition]
  alert 'Never'
)");
  const auto request = ExampleService::request("POST", "/cds-services/example-order-sign", order_sign().dump());
  const auto answered =
      hooks::answer(service.services, service.workspace, request, true, std::chrono::steady_clock::now());
  CHECK(answered.response.status == 200);
  CHECK(Json::parse(answered.response.body)["cards"].size() == 1);
}
