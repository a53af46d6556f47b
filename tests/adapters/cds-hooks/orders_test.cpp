// SPDX-License-Identifier: Apache-2.0
// Which resources of a call are orders under review, and what is told where some of them did not come along.
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// What orders and the record have to do with each other.
constexpr const char* kOrderRules = R"(
library Orders version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Ibuprofen with warfarin"
  on    'order-sign', 'org.example.pharmacy-order'
  for   ordered [MedicationRequest: RxNorm '310965'] Nsaid, current [MedicationRequest: RxNorm '855332'] Warfarin
  alert 'Ibuprofen with warfarin'
rule "No statin"
  on    'patient-view'
  when  not exists ([MedicationRequest: RxNorm '617310'] M where isCurrent(M))
  tier  passive
  alert 'No statin'
)";

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// The note's detail; empty where there is none.
std::string note_of(const Json& cards) {
  for (const auto& card : cards)
    if (card["source"]["topic"]["code"] == "not-checked") return card["detail"];
  return {};
}

Json statin() { return medication_request("o1", "617310", "draft"); }
Json warfarin() { return medication_request("m1", "855332", "active"); }

}  // namespace

TEST_CASE("a draft on record is no order under review") {
  ExampleService service({}, kOrderRules);
  auto call = order_sign();
  call["context"]["draftOrders"] = bundle({statin()});
  call["prefetch"]["medicationRequest"] = bundle({warfarin(), medication_request("x1", "310965", "draft")});
  CHECK(service.cards(call).empty());
  call["prefetch"]["medicationRequest"] = bundle({warfarin()});
  call["prefetch"]["own"] = bundle({medication_request("x1", "310965", "draft")});
  CHECK(service.cards(call).empty());
  // The same draft under review is, once.
  call["context"]["draftOrders"] = bundle({medication_request("x1", "310965", "draft")});
  CHECK(service.cards(call).size() == 1);
}

TEST_CASE("a draft on record is not taken for therapy") {
  ExampleService service({}, kOrderRules);
  Json call{{"hook", "patient-view"},
            {"hookInstance", "x"},
            {"context", {{"userId", "Practitioner/u1"}, {"patientId", "p1"}}},
            {"prefetch", {{"patient", patient()}}}};
  const auto with = [&](const char* status) {
    call["prefetch"]["medicationRequest"] = bundle({medication_request("x1", "617310", status)});
    return service.cards(call).size();
  };
  CHECK(with("active") == 0);
  CHECK(with("draft") == 1);
}

TEST_CASE("drafts in the context of a hook of one's own are under review") {
  ExampleService service({}, kOrderRules);
  Json call{{"hook", "org.example.pharmacy-order"},
            {"hookInstance", "x"},
            {"context", {{"patientId", "p1"}, {"order", medication_request("o1", "310965", "draft")}}},
            {"prefetch", {{"patient", patient()}, {"medicationRequest", bundle({warfarin()})}}}};
  CHECK(service.cards(call).size() == 1);
  call["context"]["order"]["status"] = "completed";
  CHECK(service.cards(call).empty());
}

TEST_CASE("orders that did not all come along are told") {
  ExampleService service({}, kOrderRules);
  auto call = order_sign();
  const auto note_with = [&](const char* member, const Json& value, const Json& orders) {
    call["context"]["draftOrders"] = orders;
    call["context"]["draftOrders"][member] = value;
    return note_of(service.cards(call));
  };
  const Json next = {{{"relation", "next"}, {"url", "https://fhir.example.org/?page=2"}}};
  CHECK(contains(note_with("link", next, bundle({statin()})), "orders of the context: there are further pages"));
  CHECK(contains(note_with("link", next, bundle({})), "- Ibuprofen with warfarin: MedicationRequest: data damaged"));
  CHECK(contains(note_with("total", 2, bundle({statin()})), "orders of the context: fewer entries than the total"));
  CHECK(note_with("total", 1, bundle({statin()})).empty());
  CHECK(note_with("type", "collection", bundle({})).empty());
  const Json refused{{"resourceType", "OperationOutcome"}, {"issue", {{{"severity", "error"}, {"code", "exception"}}}}};
  CHECK(contains(note_with("type", "collection", bundle({statin(), refused})),
                 "orders of the context: an OperationOutcome reports an error"));
  // Those that came are checked all the same.
  call["context"]["draftOrders"] = bundle({medication_request("o1", "310965", "draft")});
  call["context"]["draftOrders"]["total"] = 2;
  CHECK(service.cards(call)[0]["summary"] == "Ibuprofen with warfarin");
}

TEST_CASE("a selection that no draft can be is told") {
  ExampleService service;
  auto call = order_sign();
  call["hook"] = "order-select";
  call["context"]["selections"] = {"MedicationRequest/o9"};
  // Under another id: all drafts are under review, and none of them can be it.
  CHECK(contains(note_of(service.cards(call)), "- an order: a selected MedicationRequest is not in the data"));
  const bool is_told =
      std::ranges::any_of(service.cards(call), [](const Json& card) { return card["indicator"] == "warning"; });
  CHECK(is_told);
  auto unnamed = call;  // but a draft that has no id can
  unnamed["context"]["draftOrders"]["entry"][0]["resource"].erase("id");
  CHECK(note_of(service.cards(unnamed)).empty());
  for (const auto& drafts : {bundle({}), bundle({{{"resourceType", "NutritionOrder"},
                                                  {"id", "n1"},
                                                  {"status", "draft"},
                                                  {"intent", "order"},
                                                  {"patient", {{"reference", "Patient/p1"}}}}})}) {
    call["context"]["draftOrders"] = drafts;
    CHECK(contains(note_of(service.cards(call)), "- an order: a selected MedicationRequest is not in the data"));
  }
  call["context"]["selections"] = {"NutritionOrder/n2"};  // no rule is on these
  CHECK(service.cards(call).empty());
}

TEST_CASE("orders that a group or a plan holds inside are told: no rule looks there") {
  ExampleService service({}, kOrderRules);
  auto call = order_sign();
  const auto note_with = [&](const char* type, const Json& inside) {
    auto group = medication_request("g1", "617310", "draft");
    group["resourceType"] = type;
    group["contained"] = {inside};
    call["context"]["draftOrders"] = bundle({group});
    return note_of(service.cards(call));
  };
  for (const char* type : {"RequestGroup", "CarePlan"})
    CHECK(contains(note_with(type, medication_request("o1", "310965", "draft")),
                   std::string(type) + "/g1: contains a MedicationRequest; no rule on orders has checked it"));
  CHECK(note_with("RequestGroup", {{"resourceType", "ServiceRequest"}, {"id", "o1"}}).empty());  // no rule is on these
  // CarePlan.activity.detail plans one; of what an action refers to, the order must have come along.
  const auto note_of_part = [&](const char* type, const char* member, const Json& part) {
    auto group = medication_request("g1", "617310", "draft");
    group["resourceType"] = type;
    group[member] = {part};
    call["context"]["draftOrders"] = bundle({group, medication_request("o1", "617310", "draft")});
    return note_of(service.cards(call));
  };
  const Json product = {{"coding", {{{"code", "310965"}}}}};
  for (const Json& detail : {Json{{"kind", "MedicationRequest"}}, Json{{"productCodeableConcept", product}}})
    CHECK(contains(note_of_part("CarePlan", "activity", {{"detail", detail}}),
                   "CarePlan/g1: plans a MedicationRequest; no rule on orders has checked it"));
  CHECK(note_of_part("CarePlan", "activity", {{"detail", {{"kind", "Appointment"}}}}).empty());
  const auto action = [](const char* id) {
    return Json{{"resource", {{"reference", std::string("MedicationRequest/") + id}}}};
  };
  CHECK(note_of_part("RequestGroup", "action", action("o1")).empty());
  CHECK(
      contains(note_of_part("RequestGroup", "action", action("o9")), "a grouped MedicationRequest is not in the data"));
  CHECK(contains(note_of_part("RequestGroup", "action", {{"action", {action("o9")}}}),
                 "a grouped MedicationRequest is not in the data"));
  // What an order was before is none.
  CHECK(note_with("MedicationRequest", medication_request("o0", "310965", "completed")).empty());
}
