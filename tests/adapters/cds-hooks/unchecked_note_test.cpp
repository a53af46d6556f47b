// SPDX-License-Identifier: Apache-2.0
// The note on what was not checked says which records, and why, in words; and no more than fits.
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// The note's detail; empty where there is no note.
std::string note_of(ExampleService& service, const Json& call) {
  for (const auto& card : service.cards(call))
    if (card["source"]["topic"]["code"] == "not-checked") return card["detail"];
  return {};
}

std::string note_of(const Json& call) {
  ExampleService service;
  return note_of(service, call);
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

Json order_call(std::vector<Json> orders) {
  auto call = order_sign();
  call["context"]["draftOrders"] = bundle(std::move(orders));
  return call;
}

/// The call as text, the part once replaced.
std::string with(const Json& call, const std::string& part, const std::string& other) {
  auto body = call.dump();
  const size_t at = body.find(part);
  REQUIRE(at != std::string::npos);
  return body.replace(at, part.size(), other);
}

Json ibuprofen() { return medication_request("o1", "310965", "draft"); }

}  // namespace

TEST_CASE("a key that came in part, or not, is named with its type and reason in words") {
  auto call = order_sign();
  call["prefetch"]["observation"]["link"] = {{{"relation", "next"}, {"url", "x"}}};
  CHECK(contains(note_of(call),
                 "- Observation: only some of the records were obtained (prefetch `observation`: there are further "
                 "pages)"));
  call["prefetch"].erase("observation");
  CHECK(contains(note_of(call),
                 "- Observation: no records were obtained (prefetch `observation`: the call did not bring it)"));
}

TEST_CASE("a damaged record is named with its key, its place and what is wrong") {
  auto call = order_sign();
  auto damaged = medication_request("m2", "855332", "active");
  damaged["status"] = 7;
  call["prefetch"]["medicationRequest"]["entry"].push_back({{"resource", damaged}});
  auto note = note_of(call);
  CHECK(contains(note, "- MedicationRequest: a record could not be read, or is missing"));
  CHECK(contains(
      note, "- MedicationRequest/m2 (prefetch \\`medicationRequest\\`): \\`status\\` is a number, expected a string"));
  // Another patient's is known only when all is read.
  call = order_sign();
  call["prefetch"]["medicationRequest"]["entry"][0]["resource"]["subject"]["reference"] = "Patient/p2";
  note = note_of(call);
  CHECK(contains(note, "- MedicationRequest/m1: a resource is not of this patient"));
  // Of an order the note says so.
  call = order_sign();
  call["context"]["draftOrders"]["entry"][0]["resource"]["status"] = 7;
  CHECK(contains(note_of(call), "- an order: MedicationRequest/o1 (context): \\`status\\` is a number"));
}

TEST_CASE("a note on data alone has no empty list of rules") {
  ExampleService service;
  auto call = order_sign();
  call["context"]["draftOrders"]["entry"].push_back(
      {{"resource", {{"resourceType", "MedicationDispense"}, {"id", "d1"}, {"status", "preparation"}}}});
  size_t without = 0;
  for (const auto& card : service.cards(call)) {
    const auto& told = card["extension"]["vigil.rules"];
    CHECK(told.contains("pack"));
    CHECK((!told.contains("rules") || !told["rules"].empty()));
    without += told.contains("rules") ? 0 : 1;
  }
  CHECK(without == 1);
}

TEST_CASE("a note has an end, however much is wrong") {
  const std::string long_text(100'000, 'x');
  auto call = order_sign();
  std::vector<Json> orders;
  for (int i = 0; i < 300; ++i) orders.push_back(medication_request("o" + std::to_string(i), long_text, "draft"));
  call["context"]["draftOrders"] = bundle(orders);
  for (int i = 0; i < 300; ++i) {
    auto damaged = medication_request("m" + std::to_string(i), "855332", "active");
    damaged["status"] = 7;
    call["prefetch"]["medicationRequest"]["entry"].push_back({{"resource", damaged}});
  }
  call["prefetch"]["observation"]["entry"].push_back(
      {{"resource", {{"resourceType", "Observation"}, {"id", long_text}, {"status", 1}}}});
  const auto note = note_of(call);
  CHECK(contains(note, "and 290 more"));
  CHECK(contains(note, "; and at least 16 more"));  // of one rule the engine names 20
  CHECK(note.size() < 20'000);
}

TEST_CASE("what stands among the orders and is no order is named, where rules look at such orders") {
  const auto given = [](const char* type) {
    return Json{
        {"resourceType", type}, {"id", "d1"}, {"status", "completed"}, {"subject", {{"reference", "Patient/p1"}}}};
  };
  for (const char* type : {"MedicationStatement", "MedicationDispense", "MedicationAdministration"}) {
    ExampleService service;
    const auto cards = service.cards(order_call({given(type)}));
    REQUIRE(cards.size() == 1);
    CHECK(cards[0]["indicator"] == "info");
    CHECK(contains(cards[0]["detail"],
                   std::string("- ") + type +
                       "/d1: is no order, as a MedicationRequest would be; no rule on orders has checked it"));
    // The orders beside it are checked.
    CHECK(service.cards(order_call({ibuprofen(), given(type)}))[0]["indicator"] == "warning");
  }
  // Requests that no rule of the pack is on, and what orders refer to, need no word.
  CHECK(note_of(order_call({given("NutritionOrder")})).empty());
  CHECK(note_of(order_call({given("Medication")})).empty());
  // No rule of this pack is on procedures.
  ExampleService medications({}, rules_on_what_is_taken());
  CHECK(!contains(note_of(medications, order_call({given("Procedure")})), "is no order"));
}

TEST_CASE("a selection that did not come along is told, where another did") {
  auto call = order_sign();
  call["hook"] = "order-select";
  call["context"]["selections"] = {"MedicationRequest/o1", "MedicationRequest/o2", "NutritionOrder/n1"};
  const auto note = note_of(call);
  CHECK(contains(note, "- an order: a selected MedicationRequest is not in the data"));
  CHECK(!contains(note, "NutritionOrder"));
  call["context"]["selections"] = {"MedicationRequest/o1"};
  CHECK(note_of(call).empty());
  // Where none did, all drafts are under review.
  call["context"]["selections"] = {"MedicationRequest/o2"};
  ExampleService service;
  CHECK(service.cards(call)[0]["indicator"] == "warning");
  CHECK(contains(note_of(call), "- an order: a selected MedicationRequest is not in the data"));
}

TEST_CASE("very many selections are looked up in no more time") {
  auto call = order_sign();
  call["hook"] = "order-select";
  std::vector<Json> orders;
  for (int i = 0; i < 500; ++i) {
    call["context"]["selections"].push_back("MedicationRequest/o" + std::to_string(i));
    orders.push_back(medication_request("o" + std::to_string(i), i == 3 ? "310965" : "855332", "draft"));
  }
  call["context"]["draftOrders"] = bundle(orders);
  ExampleService service;
  CHECK(service.cards(call)[0]["indicator"] == "warning");
  call["context"]["selections"].push_back("MedicationRequest/o500");
  CHECK(contains(note_of(call), "a selected MedicationRequest is not in the data"));
}

TEST_CASE("a name that stands twice in what the call itself says is refused, with its path") {
  ExampleService service;
  const auto path_of = [&](const std::string& part, const std::string& twice) {
    const auto response = service.post("/cds-services/example-order-sign", with(order_sign(), part, twice));
    CHECK(response.status == 400);
    const auto problem = problem_of(response);
    return problem.substr(0, problem.find(": stands twice in one object"));
  };
  CHECK(path_of(R"("draftOrders":)", R"("draftOrders":{"resourceType":"Bundle","entry":[]},"draftOrders":)") ==
        "context.draftOrders");
  CHECK(path_of(R"("status":"draft")", R"("status":"stopped","status":"draft")") ==
        "context.draftOrders.entry[0].resource.status");
  CHECK(path_of(R"("entry":)", R"("entry":[],"entry":)") == "context.draftOrders.entry");
  CHECK(path_of(R"("patient":)", R"("patient":null,"patient":)") == "prefetch.patient");
  CHECK(path_of(R"("hook":)", R"("hook":"x","hook":)") == "hook");
  const auto feedback = service.post("/cds-services/example-order-sign/feedback", R"({"feedback":[],"feedback":[]})");
  CHECK(feedback.status == 400);
  CHECK(problem_of(feedback).find("feedback: stands twice") == 0);
}

TEST_CASE("a name that stands twice in the data leaves it damaged: no reader's choice decides what is checked") {
  ExampleService service;
  const auto note = [&](const std::string& part, const std::string& twice) -> std::string {
    const auto response = service.post("/cds-services/example-order-sign", with(order_sign(), part, twice));
    if (response.status == 412) return "412";
    REQUIRE(response.status == 200);
    const auto cards = Json::parse(response.body)["cards"];
    for (const auto& card : cards)
      if (card["source"]["topic"]["code"] == "not-checked") return card["detail"];
    return {};
  };
  // Which of the two is meant would decide between an alert and none.
  const char* record = R"("medicationRequest":{)";
  const char* unsure = "a name stands twice in one object, so that what it holds is not sure";
  CHECK(contains(
      note(R"("status":"active")", R"("status":"stopped","status":"active")"),
      "MedicationRequest/m1 (prefetch \\`medicationRequest\\`): \\`status\\` is a second value, expected one"));
  for (const char* more :
       {R"("medicationRequest":{"entry":[],)", R"("medicationRequest":{"\u0065ntry":[],)",
        R"("medicationRequest":{"link":[],"link":[],)", R"("medicationRequest":{"total":0,"total":1,)"})
    CHECK(contains(note(record, more), std::string("prefetch \\`medicationRequest\\`: ") + unsure));
  // By either of the two that is read first, the key came or did not: then no rule could run.
  CHECK(note(R"({"resource":{"resourceType":"MedicationRequest","id":"m1")",
             R"({"resource":{},"resource":{"resourceType":"MedicationRequest","id":"m1")") == "412");
  CHECK(note(R"({"resourceType":"MedicationRequest","id":"m1")",
             R"({"resourceType":"Basic","resourceType":"MedicationRequest","id":"m1")") == "412");
  // What no rule reads may stand there as it likes.
  CHECK(note(R"("status":"active")", R"("status":"active","note":[],"note":[{"text":"x"}])").empty());
  CHECK(note(R"("status":"active")", R"("status":"active","status":"active")").empty());
}
