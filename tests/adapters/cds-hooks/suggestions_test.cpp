// SPDX-License-Identifier: Apache-2.0
// Suggestions of several actions, what is recommended, what is done without asking, and links to apps.
#include "cds-hooks/protocol/suggestions.h"

#include <regex>

#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr const char* kExchange = R"(
library Exchange version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Ibuprofen with warfarin"
  category 'drug-interaction'
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] Nsaid,
        current [MedicationRequest: RxNorm '855332'] Warfarin
  tier  {tier}
  alert 'Ibuprofen with warfarin'
    suggest   'Cancel ibuprofen': delete Nsaid
    recommend 'Paracetamol instead': delete Nsaid,
                                     create MedicationRequest { status: 'draft', intent: 'order', medication: RxNorm '198440' }
    perform   'Note the interaction': update Nsaid with { priority: 'urgent' }
    link      'About it': 'https://example.org/ibuprofen'
    launch    'Bleeding risk': 'https://apps.example.org/launch'
    launch automatically 'HAS-BLED': 'https://apps.example.org/has-bled' with 'drug={Nsaid.medication}'
)";

std::string rules_of(const std::string& tier) {
  return std::regex_replace(std::string(kExchange), std::regex("\\{tier\\}"), tier);
}

hooks::ProtocolOptions options_of(const hooks::ClientAbilities& abilities) {
  hooks::ProtocolOptions options;
  options.clients.set("", abilities);
  return options;
}

Json answer_of(ExampleService& service) {
  const auto response = service.call(order_sign());
  INFO(response.body);
  REQUIRE(response.status == 200);
  return Json::parse(response.body);
}

std::string merged_text(const std::string& draft, const std::string& changes) {
  hooks::JsonDocument drafts;
  hooks::JsonDocument changed;
  REQUIRE(drafts.read(draft).empty());
  REQUIRE(changed.read(changes).empty());
  return hooks::merge_changes(drafts.root(), changed.root());
}

}  // namespace

TEST_CASE("point 69: the actions of one suggestion stand together; point 66: one of them is recommended") {
  ExampleService service({}, rules_of("passive"));
  const auto card = answer_of(service)["cards"][0];
  CHECK(card["selectionBehavior"] == "at-most-one");
  const auto& suggestions = card["suggestions"];
  REQUIRE(suggestions.size() == 3);
  CHECK(!suggestions[0].contains("isRecommended"));
  CHECK(suggestions[1]["isRecommended"] == true);
  const auto& actions = suggestions[1]["actions"];
  REQUIRE(actions.size() == 2);
  CHECK(actions[0]["type"] == "delete");
  CHECK(actions[0]["resourceId"] == "MedicationRequest/o1");
  CHECK(actions[1]["type"] == "create");
  CHECK(actions[1]["resource"]["medicationCodeableConcept"]["coding"][0]["code"] == "198440");
  CHECK(actions[1]["resource"]["subject"]["reference"] == "Patient/p1");
  for (const auto& action : actions) CHECK(action["description"] == "Paracetamol instead");
}

TEST_CASE("point 69: where one action cannot be carried out, none is offered, and what to do is said in words") {
  ExampleService service({}, rules_of("passive"));
  auto call = order_sign();
  call["context"]["draftOrders"]["entry"][0]["resource"].erase("id");
  const auto card = service.cards(call)[0];
  CHECK(!card.contains("suggestions"));
  CHECK(!card.contains("selectionBehavior"));
  const auto detail = card["detail"].get<std::string>();
  CHECK(detail.find("To be done by hand:\n\n- Cancel ibuprofen\n- Paracetamol instead\n- Note") != std::string::npos);
}

TEST_CASE("point 68: an update is the whole resource with what changed") {
  const Json draft{{"id", "o"},
                   {"status", "draft"},
                   {"_status", {{"id", "x"}}},
                   {"medicationReference", {{"reference", "M/1"}}},
                   {"dosageInstruction", {{{"text", "once"}}}}};
  const Json changes{{"medicationCodeableConcept", {{"text", "x"}}}, {"status", "on-hold"}};
  const Json merged{{"id", "o"},
                    {"status", "on-hold"},
                    {"dosageInstruction", {{{"text", "once"}}}},
                    {"medicationCodeableConcept", {{"text", "x"}}}};
  CHECK(Json::parse(merged_text(draft.dump(), changes.dump())) == merged);
  CHECK(merged_text(R"({"id":"o","note":1,"_note":2})", R"({"note":null})") == R"({"id":"o"})");
}

TEST_CASE("point 68: what does not change is byte for byte what the client sent") {
  // FHIR R4, decimal: "the precision of the decimal value has significance".
  CHECK(merged_text(
            R"({"id":"o","status":"draft","dose":{"value":0.100,"more":[1.0E2, 12345678901234567890.123456789]}})",
            R"({"status":"on-hold"})") ==
        R"({"id":"o","status":"on-hold","dose":{"value":0.100,"more":[1.0E2, 12345678901234567890.123456789]}})");
}

TEST_CASE("point 68: what was contained for what is replaced goes with it") {
  const auto merged = [](const std::string& contained, const std::string& more = {}) {
    return merged_text(
        R"({"id":"o","contained":[)" + contained + R"(],"medicationReference":{"reference":"#m"})" + more + "}",
        R"({"medicationCodeableConcept":{"text":"x"}})");
  };
  CHECK(merged(R"({"id":"m"})") == R"({"id":"o","medicationCodeableConcept":{"text":"x"}})");
  CHECK(
      merged(R"({"id":"m"},{"id":"p"})", R"(,"requester":{"reference":"#p"})") ==
      R"({"id":"o","contained":[{"id":"p"}],"requester":{"reference":"#p"},"medicationCodeableConcept":{"text":"x"}})");
  const std::string kept = R"({"id":"m"},{"id":"never"})";
  CHECK(merged(kept, R"(,"reasonReference":[{"reference":"#m"}])").find(R"("contained":[)" + kept + "]") !=
        std::string::npos);
}

TEST_CASE("point 68: what changes an order is not offered for a statement that the drug is taken") {
  ExampleService service({}, rules_on_what_is_taken(R"(
    suggest 'Cancel ibuprofen': delete Nsaid
    suggest 'Pause warfarin':   update (Warfarin as MedicationRequest) with { status: 'on-hold' }
)"));
  auto call = order_sign();
  call["prefetch"]["medicationStatement"] = nullptr;
  REQUIRE(service.cards(call).size() == 1);
  CHECK(service.cards(call)[0].value("detail", "").find("Pause warfarin") != std::string::npos);  // said in words
  auto& order = call["prefetch"]["medicationRequest"]["entry"][0]["resource"];
  REQUIRE(order["medicationCodeableConcept"]["coding"][0]["code"] == "855332");
  order["resourceType"] = "MedicationStatement";
  call["prefetch"]["medicationStatement"] = call["prefetch"]["medicationRequest"];
  call["prefetch"]["medicationRequest"] = nullptr;
  const auto card = service.cards(call)[0];
  REQUIRE(card["suggestions"].size() == 1);
  CHECK(card["suggestions"][0]["label"] == "Cancel ibuprofen");
  CHECK(card.value("detail", "").find("Pause") == std::string::npos);
}

TEST_CASE("point 68: what is to be created is the patient's, whatever its type calls that") {
  ExampleService service({}, R"(
library Creates version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Everything"
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] Order
  tier  passive
  alert 'x'
    suggest 'Diet':    create NutritionOrder { status: 'draft', intent: 'order' }
    suggest 'Task':    create Task { status: 'requested', intent: 'order' }
    suggest 'Problem': create Condition { recordedDate: Now() }
    suggest 'Allergy': create AllergyIntolerance { recordedDate: Now() }
)");
  const auto suggestions = service.cards(order_sign())[0]["suggestions"];
  const char* const members[] = {"patient", "for", "subject", "patient"};
  REQUIRE(suggestions.size() == 4);
  for (size_t i = 0; i < 4; ++i) {
    const auto& resource = suggestions[i]["actions"][0]["resource"];
    INFO(resource.dump());
    CHECK(resource[members[i]]["reference"] == "Patient/p1");
    CHECK(resource.contains("intent") == (i < 2));
  }
}

TEST_CASE("point 71: what a rule performs is a system action of clients that agreed, and a suggestion to others") {
  ExampleService others({}, rules_of("passive"));
  const auto offered = answer_of(others);
  CHECK(!offered.contains("systemActions"));
  CHECK(offered["cards"][0]["suggestions"][2]["label"] == "Note the interaction");
  ExampleService agreed(options_of({.system_actions = true}), rules_of("passive"));
  const auto done = answer_of(agreed);
  CHECK(done["cards"][0]["suggestions"].size() == 2);
  REQUIRE(done["systemActions"].size() == 1);
  const auto& action = done["systemActions"][0];
  CHECK(action["type"] == "update");
  CHECK(action["description"] == "Note the interaction");
  CHECK(action["resource"]["id"] == "o1");
  CHECK(action["resource"]["priority"] == "urgent");
  auto silenced = order_sign();
  silenced["extension"]["davinci-crd.configuration"] = {{"drug-interaction", false}};
  CHECK(!Json::parse(agreed.call(silenced).body).contains("systemActions"));
}

TEST_CASE("point 71: the client is the one that authentication names") {
  hooks::ProtocolOptions options;
  options.clients.set("https://ehr.example.org/", {.system_actions = true});
  ExampleService service(options, rules_of("passive"));
  CHECK(!answer_of(service).contains("systemActions"));
  auto request = ExampleService::request("POST", "/cds-services/example-order-sign", order_sign().dump());
  request.client = "https://ehr.example.org/";
  CHECK(Json::parse(service.send(request).body).contains("systemActions"));
}

TEST_CASE("point 74: actionSelectionBehavior goes to clients of the ballot alone") {
  ExampleService service(options_of({.version_3 = true}), rules_of("passive"));
  const auto suggestions = answer_of(service)["cards"][0]["suggestions"];
  CHECK(!suggestions[0].contains("actionSelectionBehavior"));
  CHECK(suggestions[1]["actionSelectionBehavior"] == "all");
  ExampleService plain({}, rules_of("passive"));
  CHECK(answer_of(plain).dump().find("actionSelectionBehavior") == std::string::npos);
}

TEST_CASE("points 62, 63, 64: links to pages and to apps") {
  ExampleService service({}, rules_of("passive"));
  const auto links = answer_of(service)["cards"][0]["links"];
  REQUIRE(links.size() == 3);
  CHECK(links[0] == Json{{"label", "About it"}, {"url", "https://example.org/ibuprofen"}, {"type", "absolute"}});
  CHECK(links[1] == Json{{"label", "Bleeding risk"}, {"url", "https://apps.example.org/launch"}, {"type", "smart"}});
  CHECK(links[2]["type"] == "smart");
  CHECK(links[2]["appContext"].get<std::string>().starts_with("drug="));
  CHECK(links[2]["autolaunchable"] == true);
}

TEST_CASE("point 64: a card that must be seen has no link that starts by itself") {
  ExampleService service({}, rules_of("interruptive"));
  const auto links = answer_of(service)["cards"][0]["links"];
  REQUIRE(links.size() == 3);
  CHECK(!links[2].contains("autolaunchable"));
}

TEST_CASE("point 66: of one problem that two rules found, one suggestion is recommended") {
  const std::string rule = R"(
rule "{}"
  category 'c'
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] A, current [MedicationRequest: RxNorm '855332'] B
  tier  passive
  alert 'Both'
    recommend 'From {}': delete A
)";
  std::string rules = "library Two version '1.0.0'\nusing FHIR version '4.0.1'\ncontext Patient\n";
  for (const char* name : {"First", "Second"}) rules += std::regex_replace(rule, std::regex("\\{\\}"), name);
  ExampleService service({}, rules);
  const auto cards = answer_of(service)["cards"];
  REQUIRE(cards.size() == 1);
  REQUIRE(cards[0]["suggestions"].size() == 2);
  CHECK(cards[0]["suggestions"][0]["isRecommended"] == true);
  CHECK(!cards[0]["suggestions"][1].contains("isRecommended"));
}

TEST_CASE("what is copied into an order is copied whole, though no rule reads what is in it") {
  ExampleService service({}, R"(
library Copied version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "As before"
  on    'order-sign'
  for   ordered [MedicationRequest: RxNorm '310965'] New, current [MedicationRequest: RxNorm '855332'] Before
  alert 'As before'
    suggest 'Take it as before': update New with { dosageInstruction: Before.dosageInstruction }
)");
  auto call = order_sign();
  const Json dosage = {{"text", "one a day"}, {"timing", {{"repeat", {{"frequency", 1}, {"periodUnit", "d"}}}}}};
  call["prefetch"]["medicationRequest"]["entry"][0]["resource"]["dosageInstruction"] = {dosage};
  const auto action = service.cards(call)[0]["suggestions"][0]["actions"][0];
  CHECK(action["resource"]["dosageInstruction"] == Json::array({dosage}));
}
