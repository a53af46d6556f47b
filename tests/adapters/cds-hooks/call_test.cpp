// SPDX-License-Identifier: Apache-2.0
// The body of a call: what is demanded, what is taken nevertheless, and how it is refused.
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

/// The problem with a call whose member at `pointer` is replaced, or taken out where `value` is discarded.
std::string problem_with(const char* pointer, const Json& value, bool strict = false) {
  hooks::ProtocolOptions options;
  options.call.strict = strict;
  ExampleService service(options);
  auto call = order_sign();
  const Json::json_pointer at{std::string(pointer)};
  if (value.is_discarded())
    call[at.parent_pointer()].erase(at.back());
  else
    call[at] = value;
  const auto response = service.post("/cds-services/example-order-sign", call.dump());
  INFO(response.body);
  REQUIRE((response.status == 200 || response.status == 400));
  return response.status == 200 ? "" : problem_of(response);
}

const Json kAbsent = Json(Json::value_t::discarded);

}  // namespace

TEST_CASE("points 22, 75: what is missing or of a wrong type is a 400 that names the path and the remedy") {
  CHECK(problem_with("/hook", kAbsent) == "hook: is missing; give the hook's name as a string");
  CHECK(problem_with("/hookInstance", kAbsent) == "hookInstance: is missing; give a UUID as a string");
  CHECK(problem_with("/hookInstance", 7).find("hookInstance: is a number") == 0);
  CHECK(problem_with("/context", kAbsent).find("context: is missing") == 0);
  CHECK(problem_with("/context", "x").find("context: is a string") == 0);
  CHECK(problem_with("/context/patientId", kAbsent).find("context.patientId: is missing") == 0);
  CHECK(problem_with("/context/patientId", "a/b").find("context.patientId: is no id") == 0);
  CHECK(problem_with("/context/patientId", "").find("context.patientId: is no id") == 0);
  CHECK(problem_with("/context/draftOrders", kAbsent).find("context.draftOrders: is missing") == 0);
  CHECK(problem_with("/context/draftOrders", "x").find("context.draftOrders: is a string") == 0);
  CHECK(problem_with("/context/draftOrders", Json::object()).find("context.draftOrders: holds no FHIR resource") == 0);
  CHECK(problem_with("/prefetch", Json::array()).find("prefetch: is an array") == 0);
  CHECK(problem_with("/fhirServer", 1).find("fhirServer: is a number") == 0);
  CHECK(problem_with("/prefetch", kAbsent) == "");
}

TEST_CASE("more resources than may come are refused, and no fewer") {
  const auto call = order_sign();
  const auto answer_within = [&](size_t most) {
    hooks::ProtocolOptions options;
    options.call.max_entries = most;
    ExampleService service(options);
    return service.post("/cds-services/example-order-sign", call.dump());
  };
  size_t resources = 0;
  for (const auto& holder : {call["context"], call["prefetch"]})
    for (size_t at = holder.dump().find("\"id\":"); at != std::string::npos; at = holder.dump().find("\"id\":", at + 1))
      ++resources;
  REQUIRE(resources > 1);
  CHECK(answer_within(resources).status == 200);
  const auto refused = answer_within(resources - 1);
  CHECK(refused.status == 400);
  CHECK(refused.body.find("more than " + std::to_string(resources - 1) + " resources") != std::string::npos);
}

TEST_CASE("point 22: several problems are told together") {
  ExampleService service;
  const auto response = service.post("/cds-services/example-order-sign", R"({"context":{}})");
  CHECK(response.status == 400);
  CHECK(response.content_type == "application/fhir+json");
  const auto issues = Json::parse(response.body)["issue"];
  CHECK(issues.size() == 4);  // hook, hookInstance, patientId, draftOrders
  CHECK(issues[2]["expression"][0] == "context.patientId");
  for (const auto& issue : issues) CHECK(issue["severity"] == "error");
}

TEST_CASE("point 4: a body that is no JSON is a 400") {
  ExampleService service;
  for (const char* body : {"", "{", "[]", "null", "{\"hook\":\"order-sign\",}", "// x\n{}"}) {
    const auto response = service.post("/cds-services/example-order-sign", body);
    INFO(body);
    CHECK(response.status == 400);
  }
}

TEST_CASE("point 23: the hook must be the service's") {
  CHECK(problem_with("/hook", "order-select").find("hook: is not the hook of this service") == 0);
}

TEST_CASE("point 24: a hookInstance may be no UUID, and come again") {
  CHECK(problem_with("/hookInstance", "42") == "");
  CHECK(problem_with("/hookInstance", "42", /*strict=*/true) == "hookInstance: is no UUID; give a UUID");
  ExampleService service;
  const auto first = service.cards(order_sign());
  const auto second = service.cards(order_sign());
  CHECK(first[0]["uuid"] != second[0]["uuid"]);
}

TEST_CASE("points 25, 46: fhirAuthorization needs a server and a token") {
  const Json authorization{
      {"access_token", "t"}, {"token_type", "Bearer"}, {"expires_in", 300}, {"scope", "user/*.read"}, {"subject", "s"}};
  CHECK(problem_with("/fhirAuthorization", authorization).find("fhirServer: is missing") == 0);
  ExampleService service;
  auto call = order_sign();
  call["fhirServer"] = "https://fhir.example.org/r4/";
  call["fhirAuthorization"] = authorization;
  CHECK(service.call(call).status == 200);
  call["fhirAuthorization"].erase("access_token");
  CHECK(problem_of(service.call(call)).find("fhirAuthorization.access_token: is missing") == 0);
  call["fhirAuthorization"] = authorization;
  call["fhirAuthorization"]["token_type"] = "MAC";
  CHECK(problem_of(service.call(call)).find("fhirAuthorization.token_type") == 0);
  call["fhirAuthorization"] = authorization;
  call["fhirAuthorization"]["access_token"] = "a\r\nX-Evil: 1";
  CHECK(problem_of(service.call(call)).find("fhirAuthorization.access_token: holds characters") == 0);
}

TEST_CASE("point 49: scopes of SMART 1 and 2 are both taken") {
  ExampleService service;
  auto call = order_sign();
  call["fhirServer"] = "https://fhir.example.org/r4";
  for (const char* scope : {"patient/Observation.read user/Patient.read", "patient/Observation.rs user/Patient.r"}) {
    call["fhirAuthorization"] = {{"access_token", "t"}, {"token_type", "Bearer"}, {"expires_in", 300},
                                 {"scope", scope},      {"subject", "s"},         {"patient", "p1"}};
    CHECK(service.call(call).status == 200);
  }
}

TEST_CASE("points 27, 100: members nobody knows are passed over") {
  ExampleService service;
  auto call = order_sign();
  call.update({{"user", "Practitioner/x"},
               {"patient", "p1"},
               {"applyCql", "true"},
               {"encounter", 1},
               {"extension", {{"com.example.timestamp", "2017-11-27T22:13:25Z"}}}});
  call["context"]["more"] = {{"a", 1}};
  CHECK(service.cards(call).size() == 1);
}

TEST_CASE("points 97, 107: ids with their type are taken, and refused where strict") {
  CHECK(problem_with("/context/patientId", "Patient/p1") == "");
  CHECK(problem_with("/context/patientId", "Patient/p1", true).find("context.patientId: names its type") == 0);
  CHECK(problem_with("/context/encounterId", "Encounter/e1") == "");
  CHECK(problem_with("/context/userId", kAbsent) == "");
  CHECK(problem_with("/context/userId", kAbsent, true).find("context.userId: is missing") == 0);
  CHECK(problem_with("/context/userId", "nobody", true).find("context.userId: is no reference") == 0);
  ExampleService service;
  auto call = order_sign();
  call["context"]["patientId"] = "Patient/p1";
  CHECK(service.cards(call)[0]["indicator"] == "warning");
}

TEST_CASE("points 98, 106, 107: drafts as clients send them") {
  ExampleService service;
  SUBCASE("without medication and intent") {
    auto call = order_sign();
    call["context"]["draftOrders"] = {
        {"resourceType", "Bundle"}, {"entry", {{{"resource", {{"resourceType", "MedicationRequest"}, {"id", "o1"}}}}}}};
    CHECK(service.call(call).status == 200);
  }
  SUBCASE("a Bundle without type, an order called active, no status") {
    for (const char* status : {"active", "draft", ""}) {
      auto call = order_sign();
      call["context"]["draftOrders"].erase("type");
      auto& order = call["context"]["draftOrders"]["entry"][0]["resource"];
      order["status"] = status;
      if (*status == '\0') order.erase("status");
      INFO(status);
      CHECK(service.cards(call)[0]["summary"] == "Ibuprofen with warfarin: risk of bleeding");
    }
  }
  SUBCASE("entries that are the resources themselves") {
    auto call = order_sign();
    auto& entry = call["context"]["draftOrders"]["entry"][0];
    entry = Json(entry["resource"]);
    CHECK(service.cards(call)[0]["indicator"] == "warning");
  }
  SUBCASE("none at all") {
    auto call = order_sign();
    call["context"]["draftOrders"] = bundle({});
    CHECK(service.cards(call).empty());
  }
}

TEST_CASE("point 43: the wrapper of earlier versions around prefetched data is seen through") {
  ExampleService service;
  auto call = order_sign();
  auto& value = call["prefetch"]["medicationRequest"];
  value = Json{{"response", {{"status", "200 OK"}}}, {"resource", Json(value)}};
  CHECK(service.cards(call)[0]["indicator"] == "warning");
}

TEST_CASE("hooks of the library: order-select looks at the selections") {
  ExampleService service;
  auto call = order_sign();
  call["hook"] = "order-select";
  call["context"]["draftOrders"]["entry"].push_back({{"resource", medication_request("o2", "313096", "draft")}});
  call["context"]["selections"] = {"MedicationRequest/o1"};
  CHECK(service.cards(call).size() == 1);
  call["context"]["selections"] = {"MedicationRequest/o2"};
  CHECK(service.cards(call).empty());
  call["context"].erase("selections");  // optional in version 1.0.1
  CHECK(service.cards(call).size() == 1);
  call["context"]["selections"] = {"o1"};
  CHECK(problem_of(service.call(call)).find("context.selections[0]: is no reference") == 0);
}

TEST_CASE("hooks of the library: allergyintolerance-create, with its resource bare or wrapped") {
  ExampleService service;
  const Json allergy{
      {"resourceType", "AllergyIntolerance"},
      {"id", "a1"},
      {"patient", {{"reference", "Patient/p1"}}},
      {"code", {{"coding", {{{"system", "http://www.nlm.nih.gov/research/umls/rxnorm"}, {"code", "723"}}}}}}};
  Json call{{"hook", "allergyintolerance-create"},
            {"hookInstance", "x"},
            {"context", {{"userId", "Practitioner/1"}, {"patientId", "p1"}, {"allergyIntolerance", allergy}}},
            {"prefetch", {{"patient", patient()}, {"allergyIntolerance", nullptr}}}};
  CHECK(service.cards(call).size() == 1);
  call["context"]["allergyIntolerance"] = {{"resource", allergy}};
  CHECK(service.cards(call).size() == 1);
  call["context"].erase("allergyIntolerance");
  call["context"]["allergyIntolerances"] = bundle({allergy});
  CHECK(service.cards(call).size() == 1);
  call["context"].erase("allergyIntolerances");
  CHECK(problem_of(service.call(call)).find("context.allergyIntolerance: is missing") == 0);
}

TEST_CASE("hooks of the library: order-dispatch, in today's form and that of the ballot of 2023") {
  ExampleService service;
  const Json scan{{"resourceType", "ServiceRequest"},
                  {"id", "s1"},
                  {"status", "active"},
                  {"subject", {{"reference", "Patient/p1"}}},
                  {"code", {{"coding", {{{"system", "http://snomed.info/sct"}, {"code", "77477000"}}}}}}};
  Json call{
      {"hook", "order-dispatch"},
      {"hookInstance", "x"},
      {"context", {{"patientId", "p1"}, {"dispatchedOrders", {"ServiceRequest/s1"}}, {"performer", "Organization/o"}}},
      {"prefetch", {{"patient", patient()}, {"serviceRequest", bundle({scan})}}}};
  CHECK(service.cards(call)[0]["summary"] == "A CT scan is dispatched");
  auto& dispatched = call["prefetch"]["serviceRequest"]["entry"][0]["resource"];
  dispatched["doNotPerform"] = true;
  CHECK(service.cards(call).empty());
  dispatched.erase("doNotPerform");
  call["context"].erase("dispatchedOrders");
  call["context"]["order"] = "ServiceRequest/s1";
  CHECK(service.cards(call).size() == 1);
  call["prefetch"]["serviceRequest"] = bundle({});  // the order itself was not obtained: not "nothing found"
  CHECK(service.call(call).status == 200);
  CHECK(service.cards(call).size() == 1);
  CHECK(service.cards(call)[0]["source"]["topic"]["code"] == "not-checked");
}

TEST_CASE("point 99: a hook of one's own") {
  ExampleService service;
  const Json call{
      {"hook", "org.example.discharge-letter"},
      {"hookInstance", "x"},
      {"context", {{"patientId", "p1"}}},
      {"prefetch",
       {{"patient", patient()},
        {"condition",
         bundle({{{"resourceType", "Condition"},
                  {"id", "c1"},
                  {"subject", {{"reference", "Patient/p1"}}},
                  {"code", {{"coding", {{{"system", "http://snomed.info/sct"}, {"code", "44054006"}}}}}}}})}}}};
  CHECK(service.cards(call)[0]["summary"] == "Mention diabetes in the letter");
}

TEST_CASE("a deprecated hook can run the rules of the one that took its place") {
  ExampleService service({}, kRules, {{"order-review", "order-sign"}});
  auto call = order_sign();
  call["hook"] = "order-review";
  call["context"]["orders"] = call["context"]["draftOrders"];
  call["context"].erase("draftOrders");
  CHECK(service.cards(call).size() == 1);
}

TEST_CASE("data of another patient is no one's") {
  ExampleService service;
  auto call = order_sign();
  call["prefetch"]["medicationRequest"]["entry"][0]["resource"]["subject"]["reference"] = "Patient/other";
  const auto cards = service.cards(call);
  REQUIRE(cards.size() == 1);
  CHECK(cards[0]["source"]["topic"]["code"] == "not-checked");
}

TEST_CASE("hooks of the library: appointment-book, and an appointment of another patient") {
  for (const std::string looked_at :
       {"A.status = 'proposed'", "exists (A.participant P where P.status = 'accepted')"}) {
    CAPTURE(looked_at);
    ExampleService service({}, R"(
library Booking version '1.0.0'
using FHIR version '4.0.1'
context Patient
rule "Booked"
  on    'appointment-book'
  for   [Appointment] A
  when  )" + looked_at + R"(
  tier  passive
  alert 'An appointment is booked'
)");
    service.services.records = true;
    const auto call = [](const std::string& reference) {
      const auto actor = [](const std::string& who) {
        return Json{{"status", "accepted"}, {"actor", {{"reference", who}, {"display", "CANARY"}}}};
      };
      const Json booked{{"resourceType", "Appointment"},
                        {"id", "a1"},
                        {"status", "proposed"},
                        {"participant", {actor("Practitioner/1"), actor(reference)}}};
      return Json{{"hook", "appointment-book"},
                  {"hookInstance", "x"},
                  {"context", {{"userId", "Practitioner/1"}, {"patientId", "p1"}, {"appointments", bundle({booked})}}},
                  {"prefetch", {{"patient", patient()}, {"appointment", bundle({})}}}};
    };
    CHECK(service.cards(call("Patient/p1"))[0]["summary"] == "An appointment is booked");
    // What decides whose it is, is recorded: a decision evaluated again comes to the same.
    REQUIRE(service.last.decision);
    const auto parts = decision_log::split_secret(service.last.decision->secret);
    CHECK(parts->record.find(R"("reference":"Patient/p1")") != std::string_view::npos);
    const auto cards = service.cards(call("https://ehr.example.org/Patient/other"));
    REQUIRE(cards.size() == 1);
    CHECK(cards[0]["source"]["topic"]["code"] == "not-checked");
    CHECK(cards[0]["detail"].get<std::string>().find("Booked: Appointment") != std::string::npos);
  }
}

TEST_CASE("references") {
  const auto text = [](std::string_view reference) {
    const auto parsed = hooks::parse_reference(reference);
    return parsed ? parsed->type + "/" + parsed->id : "-";
  };
  CHECK(text("MedicationRequest/1") == "MedicationRequest/1");
  CHECK(text("https://x.org/fhir/MedicationRequest/1/_history/2") == "MedicationRequest/1");
  CHECK(text("MedicationRequest/") == "-");
  CHECK(text("/1") == "-");
  CHECK(text("1") == "-");
  CHECK(text("medication/1") == "-");
  CHECK(text("A/..") == "-");
  CHECK(text("A/b?c=d") == "-");
}
