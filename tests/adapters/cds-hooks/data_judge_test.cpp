// SPDX-License-Identifier: Apache-2.0
// What does not say that there is none: data of another type, entries that hold nothing, orders that cannot be read.
#include <algorithm>

#include "cds-hooks/protocol/data_judge.h"
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// "" where all was obtained.
std::string judged(const std::vector<Json>& pages) {
  hooks::DataJudge judge("MedicationRequest");
  hooks::JsonDocument document;
  for (const auto& page : pages) {
    const std::string text = page.dump();
    REQUIRE(document.read(text).empty());
    judge.look_at(document.root());
  }
  const auto judgement = judge.judge();
  CHECK((judgement.completeness == Completeness::kComplete) == judgement.why.empty());
  return judgement.why;
}

Json condition() { return {{"resourceType", "Condition"}, {"id", "c1"}, {"subject", {{"reference", "Patient/p1"}}}}; }
Json outcome(const char* severity, const char* code = "processing") {
  return {{"resourceType", "OperationOutcome"}, {"issue", {{{"severity", severity}, {"code", code}}}}};
}

const Json kDrug = medication_request("m1", "855332", "active");

std::string detail_of_note(const Json& cards) {
  for (const auto& card : cards)
    if (card["source"]["topic"]["code"] == "not-checked") return card.value("detail", std::string());
  return {};
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("data of the type asked for, and empty Bundles, are whole") {
  CHECK(judged({bundle({})}).empty());
  CHECK(judged({bundle({kDrug})}).empty());
  CHECK(judged({kDrug}).empty());
  CHECK(judged({bundle({kDrug, condition()})}).empty());  // what came along is not always marked so
  CHECK(judged({bundle({outcome("warning")})}).empty());
  CHECK(judged({Json{{"resourceType", "Bundle"}}}).empty());
  CHECK(judged({{{"resourceType", "Bundle"}, {"entry", {kDrug}}}}).empty());
  CHECK(judged({bundle({bundle({kDrug})})}).empty());
  CHECK(judged({{{"response", {{"status", "200"}}}, {"resource", bundle({})}}}).empty());
}

TEST_CASE("a Bundle that says in no readable way whether there is more is partial") {
  const auto with = [](const char* member, const Json& value) {
    auto json = bundle({kDrug});
    json[member] = value;
    return judged({json});
  };
  CHECK(with("total", 1).empty());
  CHECK(with("total", nullptr).empty());
  CHECK(with("link", nullptr).empty());
  CHECK(with("link", {{{"relation", "self"}, {"url", "x"}}}).empty());
  CHECK(with("total", 5) == "fewer entries than the total");
  CHECK(with("total", "5") == "its total is no whole number");
  CHECK(with("total", 1.5) == "its total is no whole number");
  CHECK(with("link", {{"relation", "next"}, {"url", "x"}}) == "its links are no array");
}

TEST_CASE("other data does not say that there is none") {
  CHECK(judged({condition()}) == "nothing in it is of type MedicationRequest");
  CHECK(judged({bundle({condition()})}) == "nothing in it is of type MedicationRequest");
  CHECK(judged({bundle({kDrug, outcome("error")})}) == "an OperationOutcome reports an error");
  CHECK(judged({{{"response", {{"status", "403 Forbidden"}}}, {"resource", bundle({})}}}) ==
        "a request was answered with an error");
  for (const auto& entry : {Json{{"fullUrl", "https://fhir.example.org/MedicationRequest/m1"}}, Json::object(), Json(),
                            Json("x"), Json{{"resource", nullptr}}}) {
    INFO(entry.dump());
    CHECK(judged({{{"resourceType", "Bundle"}, {"entry", {kDrug, entry}}}}) == "an entry without a resource");
  }
  CHECK(judged({{{"resourceType", "Bundle"}, {"entry", Json::object({{"resource", kDrug}})}}}) ==
        "its entries are no array");
}

TEST_CASE("a warning that what was found may not be all leaves it partial") {
  for (const char* code : {"incomplete", "suppressed", "timeout", "throttled", "too-costly", "transient"}) {
    INFO(code);
    CHECK(judged({bundle({kDrug, outcome("warning", code)})}) == "an OperationOutcome says that it may not be all");
    CHECK(judged({bundle({outcome("information", code)})}) == "an OperationOutcome says that it may not be all");
  }
  for (const char* code : {"informational", "processing", "not-supported", "code-invalid"})
    CHECK(judged({bundle({kDrug, outcome("warning", code)})}).empty());
  CHECK(judged({bundle({kDrug, outcome("error", "incomplete")})}) == "an OperationOutcome reports an error");
}

TEST_CASE("pages are judged together") {
  auto first = bundle({kDrug});
  first["link"] = {{{"relation", "next"}, {"url", "x"}}};
  first["total"] = 2;
  auto second = bundle({medication_request("m2", "855332", "active")});
  second["total"] = 2;
  CHECK(judged({first}) == "there are further pages");
  CHECK(judged({first, second}).empty());
  second["total"] = 3;
  CHECK(judged({first, second}) == "fewer entries than the total");
}

TEST_CASE("a call whose prefetch holds other data than was asked for is not answered as checked") {
  ExampleService service;
  for (const auto& value :
       {condition(), bundle({condition()}), Json{{"resourceType", "Bundle"}, {"entry", {{{"fullUrl", "x"}}}}}}) {
    auto call = order_sign();
    call["prefetch"]["medicationRequest"] = value;
    const auto detail = detail_of_note(service.cards(call));
    INFO(value.dump());
    CHECK(contains(detail, "Ibuprofen with warfarin"));
    CHECK(contains(detail, "prefetch `medicationRequest`"));
  }
}

TEST_CASE("what stands in the context where a resource should is refused, with its place") {
  ExampleService service;
  const auto problem = [&](Json orders) {
    auto call = order_sign();
    call["context"]["draftOrders"] = std::move(orders);
    const auto response = service.call(call);
    CHECK(response.status == 400);
    return problem_of(response);
  };
  const std::string place = "context.draftOrders.entry[1]";
  CHECK(problem({{"resourceType", "Bundle"}, {"entry", {{{"resource", kDrug}}, {{"resource", nullptr}}}}})
            .find(place + ".resource: holds no FHIR resource") == 0);
  CHECK(problem({{"resourceType", "Bundle"}, {"entry", {{{"resource", kDrug}}, {{"resource", {{"id", "x"}}}}}}})
            .find(place + ".resource: holds no FHIR resource") == 0);
  CHECK(problem({{"resourceType", "Bundle"}, {"entry", {{{"resource", kDrug}}, {{"fullUrl", "x"}}}}}).find(place) == 0);
  CHECK(problem({{"resourceType", "Bundle"}, {"entry", Json::object({{"resource", kDrug}})}})
            .find("context.draftOrders.entry: is an object") == 0);
  CHECK(problem(Json::array({kDrug, 1})).find("context.draftOrders[1]: holds no FHIR resource") == 0);
}

TEST_CASE("point 100: an order that FHIR R4 has no type for is named as not checked") {
  ExampleService service;
  for (const char* type : {"MedicationOrder", "SomethingElse"}) {
    auto call = order_sign();
    call["context"]["draftOrders"]["entry"][0]["resource"]["resourceType"] = type;
    const auto detail = detail_of_note(service.cards(call));
    INFO(type);
    CHECK(contains(detail, "Ibuprofen with warfarin"));
    CHECK(contains(detail, type));
  }
  auto call = order_sign();  // R4, and no rule's business
  call["context"]["draftOrders"]["entry"][0]["resource"]["resourceType"] = "NutritionOrder";
  CHECK(service.cards(call).empty());
}

TEST_CASE("an order of another patient is named as not checked, with the rules that would have looked at it") {
  ExampleService service;
  auto call = order_sign();
  call["context"]["draftOrders"]["entry"][0]["resource"]["subject"]["reference"] = "Patient/p2";
  const auto detail = detail_of_note(service.cards(call));
  CHECK(contains(detail, "Ibuprofen with warfarin"));
  CHECK(contains(detail, "is not of this patient"));
}

TEST_CASE("a rule's words for the unknown case are not said where no order could be read") {
  ExampleService service({}, R"(
library Words version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Metformin needs a kidney function"
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '861007'] Metformin
  when  latest([Observation: LOINC '33914-3'], 12 months).value < 30 'mL/min/{1.73_m2}'
  alert 'Contraindicated'
  if unknown alert 'Check kidney function before {Metformin.medication}'
)");
  auto call = order_sign();
  auto& order = call["context"]["draftOrders"]["entry"][0]["resource"];
  order = medication_request("o1", "861007", "draft");
  const auto cards = service.cards(call);
  REQUIRE(cards.size() == 1);
  CHECK(cards[0]["summary"] == "Check kidney function before 861007");
  order["subject"]["reference"] = "Patient/p2";
  const auto note = service.cards(call);
  REQUIRE(note.size() == 1);
  CHECK(note[0]["summary"] == "1 check could not be made: Metformin needs a kidney function");
}

TEST_CASE("a dispatched order that is not in the data is named as not checked, with its rules") {
  ExampleService service;
  Json call{
      {"hook", "order-dispatch"},
      {"hookInstance", "x"},
      {"context", {{"patientId", "p1"}, {"dispatchedOrders", {"ServiceRequest/s1"}}, {"performer", "Organization/1"}}},
      {"prefetch", {{"patient", patient()}, {"serviceRequest", bundle({})}}}};
  const auto detail = detail_of_note(service.cards(call));
  CHECK(contains(detail, "- Dispatched scan: "));
  CHECK(contains(detail, "a dispatched ServiceRequest is not in the data"));
  call["context"]["dispatchedOrders"] = Json::array();
  CHECK(problem_of(service.call(call)).find("context.dispatchedOrders: names no order") == 0);
}

TEST_CASE("point 108: a medication contained in its order is called by its name") {
  ExampleService service({}, R"(
library Names version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Ibuprofen"
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] Order
  tier  passive
  alert 'Ordered: {Order.medication}'
)");
  auto call = order_sign();
  auto& order = call["context"]["draftOrders"]["entry"][0]["resource"];
  Json code = order["medicationCodeableConcept"];
  code["text"] = "Ibuprofen 200 mg";
  order.erase("medicationCodeableConcept");
  order["medicationReference"]["reference"] = "#drug";
  order["contained"] = {{{"resourceType", "Medication"}, {"id", "drug"}, {"code", code}}};
  CHECK(service.cards(call)[0]["summary"] == "Ordered: Ibuprofen 200 mg");
}
