// SPDX-License-Identifier: Apache-2.0
// Addresses, methods, media types, CORS, discovery and feedback.
#include <map>
#include <set>

#include "cds-hooks/protocol/confidential.h"
#include "service_fixture.h"

using namespace vigil;
using namespace vigil::test;

namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};

std::string header(const hooks::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "-";
}

const std::string kFeedback = "/cds-services/example-order-sign/feedback";

std::string feedback_body(const std::string& members) {
  return R"({"feedback":[{"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcomeTimestamp":"2021-12-11T10:05:31Z",)" +
         members + "}]}";
}

}  // namespace

TEST_CASE("points 7, 8, 9, 10, 11, 12, 29: discovery") {
  ExampleService service;
  const auto response = service.get("/cds-services");
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/json");
  std::set<std::string> ids;
  const auto discovery = Json::parse(response.body);
  for (const auto& one : discovery["services"]) {
    for (const char* member : {"hook", "title", "description", "id"}) CHECK(one[member].is_string());
    CHECK(!one.contains("usageRequirements"));
    CHECK(!one.contains("version"));
    ids.insert(one["id"]);
  }
  CHECK(ids.size() == service.services.set->services().size());
  CHECK(ids.contains("example-order-sign"));
  hooks::Services none;
  none.set = std::make_shared<const hooks::ServiceSet>(std::vector<hooks::RulePack>{}, hooks::ProtocolOptions{});
  CHECK(hooks::answer(none, service.workspace, ExampleService::request("GET", "/cds-services")).response.body ==
        R"({"services":[]})");
}

TEST_CASE("points 17, 18: versions of the ballot and of hooks, to clients of the ballot alone") {
  hooks::ProtocolOptions options;
  options.clients.set("new", {.version_3 = true});
  ExampleService service(options);
  for (const auto& one : service.services_listed()) {
    CHECK(!one.contains("version"));
    CHECK(!one.contains("hookVersion"));
  }
  auto request = ExampleService::request("GET", "/cds-services");
  request.client = "new";
  const auto response = service.send(request);
  CHECK(header(response, "ETag") != header(service.get("/cds-services"), "ETag"));
  std::map<std::string, std::string> versions;
  const auto discovery = Json::parse(response.body);
  for (const auto& one : discovery["services"]) {
    CHECK(one["version"] == "3.0.0-ballot");
    versions[one["hook"]] = one.value("hookVersion", "none");
  }
  CHECK(versions["order-sign"] == "1.0");
  CHECK(versions["order-dispatch"] == "1.1");
  CHECK(versions["allergyintolerance-create"] == "0.1.0");
  CHECK(versions["org.example.discharge-letter"] == "none");
}

TEST_CASE("points 16, 73: discovery says what a call may set") {
  ExampleService service;
  const auto first = service.services_listed()[0];
  const auto option = first["extension"]["davinci-crd.configuration-options"][0];
  for (const char* member : {"code", "type", "name", "description", "default"}) CHECK(option.contains(member));
  CHECK(option["code"] == "max-cards");
  CHECK(option["type"] == "integer");
  CHECK(option["default"] == 1000);
  hooks::ProtocolOptions options;
  options.cards.max_cards = 5;
  ExampleService few(options);
  CHECK(few.services_listed()[0]["extension"]["davinci-crd.configuration-options"][0]["default"] == 5);
}

TEST_CASE("point 20: discovery keeps its order and has a tag") {
  ExampleService service;
  const auto first = service.get("/cds-services");
  CHECK(first.body == service.get("/cds-services").body);
  auto again = ExampleService::request("GET", "/cds-services");
  again.if_none_match = header(first, "ETag");
  const auto unchanged = service.send(again);
  CHECK(unchanged.status == 304);
  CHECK(unchanged.body.empty());
  CHECK(header(first, "Cache-Control") == "no-cache");
}

TEST_CASE("points 21, 76: addresses and methods") {
  ExampleService service;
  CHECK(service.post("/cds-services/nobody", "{}").status == 404);
  CHECK(service.get("/").status == 404);
  CHECK(service.get("/cds-servicesx").status == 404);
  CHECK(service.get("/cds-services/a/b").status == 404);
  CHECK(service.get("/cds-services/").status == 200);
  const auto wrong = service.get("/cds-services/example-order-sign");
  CHECK(wrong.status == 405);
  CHECK(header(wrong, "Allow") == "POST, OPTIONS");
  CHECK(header(service.post("/cds-services", "{}"), "Allow") == "GET, HEAD, OPTIONS");
  CHECK(service.send(ExampleService::request("DELETE", "/cds-services/example-order-sign")).status == 405);
}

TEST_CASE("which methods an address answers to is told who asks") {
  ExampleService service;
  const auto response = service.send(ExampleService::request("OPTIONS", "/cds-services/example-order-sign"));
  CHECK(response.status == 204);
  CHECK(header(response, "Allow") == "POST, OPTIONS");
  CHECK(response.body.empty());
  CHECK(header(service.send(ExampleService::request("OPTIONS", "/cds-services")), "Allow") == "GET, HEAD, OPTIONS");
  CHECK(service.send(ExampleService::request("OPTIONS", "/nothing")).status == 404);
}

TEST_CASE("points 1, 5: media types") {
  ExampleService service;
  auto request = ExampleService::request("POST", "/cds-services/example-order-sign", order_sign().dump());
  for (const char* type : {"application/json", "application/json; charset=utf-8", "application/fhir+json",
                           "Application/JSON;charset=UTF-8", ""}) {
    request.content_type = type;
    INFO(type);
    CHECK(service.send(request).status == 200);
  }
  for (const char* type : {"text/plain", "application/xml", "multipart/form-data; boundary=x"}) {
    request.content_type = type;
    INFO(type);
    CHECK(service.send(request).status == 415);
  }
}

TEST_CASE("a compressed body is refused as such, whatever it looks like") {
  ExampleService service;
  for (const char* path : {"/cds-services/example-order-sign", kFeedback.c_str()}) {
    auto request = ExampleService::request("POST", path, order_sign().dump());
    for (const char* coding : {"gzip", "br", "GZIP", "identity, gzip"}) {
      request.content_encoding = coding;
      const auto refused = service.send(request);
      CHECK(refused.status == 415);
      CHECK(problem_of(refused) == "the body is compressed; send it without Content-Encoding");
      CHECK(header(refused, "Accept-Encoding") == "identity");
    }
    request.content_encoding = "Identity";
    CHECK(service.send(request).status != 415);
  }
}

TEST_CASE("point 96: CORS") {
  hooks::ProtocolOptions options;
  options.cors.origins = {"https://sandbox.cds-hooks.org"};
  ExampleService service(options);
  for (const char* path : {"/cds-services", "/cds-services/example-order-sign", kFeedback.c_str()}) {
    auto preflight = ExampleService::request("OPTIONS", path);
    preflight.origin = "https://sandbox.cds-hooks.org";
    preflight.requested_method = "POST";
    const auto response = service.send(preflight);
    INFO(path);
    CHECK(response.status == 204);
    CHECK(header(response, "Access-Control-Allow-Origin") == "https://sandbox.cds-hooks.org");
    CHECK(header(response, "Access-Control-Allow-Headers").find("Authorization, Content-Type") == 0);
    const bool offers_post = header(response, "Access-Control-Allow-Methods").find("POST") != std::string::npos;
    CHECK(offers_post == (std::string(path) != "/cds-services"));
    CHECK(header(response, "Vary") == "Origin");
    preflight.origin = "https://evil.example";
    CHECK(header(service.send(preflight), "Access-Control-Allow-Origin") == "-");
  }
  auto request = ExampleService::request("POST", "/cds-services/example-order-sign", "{}");
  request.origin = "https://sandbox.cds-hooks.org";
  const auto refused = service.send(request);  // a page can read errors too
  CHECK(refused.status == 400);
  CHECK(header(refused, "Access-Control-Allow-Origin") == "https://sandbox.cds-hooks.org");
  options.cors.origins = {"*"};
  ExampleService open(options);
  request.origin = "https://anyone.example";
  CHECK(header(open.send(request), "Access-Control-Allow-Origin") == "https://anyone.example");
  ExampleService closed;
  CHECK(header(closed.send(request), "Access-Control-Allow-Origin") == "-");
}

TEST_CASE("every decision is to be recorded before it goes out, and only where a log is kept") {
  ExampleService service;
  CHECK(service.call(order_sign()).status == 200);
  CHECK(!service.last.decision);
  service.services.records = true;
  const auto cards = service.cards(order_sign());
  REQUIRE(service.last.decision);
  const auto& entry = *service.last.decision;
  const auto open = Json::parse(entry.open);
  CHECK(open["request"] == "r1");
  CHECK(open["rules"] == service.services.set->packs()[0]->rules_digest);
  CHECK(open["outcomes"]["fired"] == Json::parse(R"({"Example":["Ibuprofen with warfarin"]})"));
  CHECK(open["outcomes"]["not-met"]["Example"].size() == 1);
  REQUIRE(entry.cards.size() == 1);
  CHECK(entry.cards[0] == cards[0]["uuid"]);
  CHECK(entry.open.find("p1") == std::string::npos);  // nothing of the patient
  CHECK(entry.open.find("Practitioner") == std::string::npos);
  CHECK(service.call(Json{{"hook", "order-sign"}}).status == 400);
  CHECK(!service.last.decision);
  const auto instead = hooks::not_recorded();
  CHECK(instead.status == 503);
  CHECK(header(instead, "Retry-After") == "1");
}

TEST_CASE("points 77, 78, 79, 80, 81, 82, 84: feedback") {
  ExampleService service;
  service.services.records = true;
  std::vector<decision_log::CardFeedback> got;
  const auto send = [&](const std::string& members) {
    const auto response = service.post(kFeedback, feedback_body(members));
    CHECK(response.status == 200);
    CHECK(response.content_type == "application/json");
    REQUIRE(service.last.feedback);
    CHECK(service.last.feedback->service == "example-order-sign");
    for (const auto& item : service.last.feedback->items) got.push_back(item);
  };
  send(R"("outcome":"accepted","acceptedSuggestions":[{"id":"e56e1945"}])");
  send(R"("outcome":"accepted","acceptedSuggestions":[{"id":"e56e1945"}])");  // the same again is recorded again
  send(R"("outcome":"overridden")");
  send(R"("outcome":"overridden","overrideReason":{"reason":{"code":"c","system":"s"},"userComment":"text"})");
  REQUIRE(got.size() == 4);
  CHECK(got[0].accepted);
  CHECK(got[0].suggestions == std::vector<std::string>{"e56e1945"});
  CHECK(got[0].at == 1639217131000);
  CHECK(got[2].reason_code.empty());
  CHECK(got[3].reason_code == "c");
  CHECK(got[3].comment == "text");
}

TEST_CASE("points 78, 79, 80: feedback that is none is a 400") {
  ExampleService service;
  for (const auto& body :
       {std::string("{}"), std::string(R"({"feedback":{}})"), std::string("{"), std::string(R"({"feedback":[1]})"),
        feedback_body(R"("outcome":"ignored")"), feedback_body(R"("outcome":"accepted")"),
        std::string(R"({"feedback":[{"card":"x","outcome":"overridden"}]})"),
        std::string(R"({"feedback":[{"outcome":"overridden","outcomeTimestamp":"2021-12-11T10:05:31Z"}]})")}) {
    INFO(body);
    CHECK(service.post(kFeedback, body).status == 400);
  }
  CHECK(service.post(kFeedback, R"({"feedback":[]})").status == 200);
  CHECK(service.post("/cds-services/nobody/feedback", "{}").status == 404);
}

TEST_CASE("points 78, 79: of a batch the entries that can be read are kept, and the others named") {
  ExampleService service;
  service.services.records = true;
  const auto entry = [](const std::string& card, const std::string& time) {
    return R"({"card":")" + card + R"(","outcome":"overridden","outcomeTimestamp":")" + time + "\"}";
  };
  const std::string time = "2021-12-11T10:05:31Z";
  const auto response = service.post(kFeedback, R"({"feedback":[)" + entry("a", time) + "," + entry("b", "yesterday") +
                                                    ",7," + entry("c", time) + "]}");
  CHECK(response.status == 400);
  const auto issues = Json::parse(response.body)["issue"];
  REQUIRE(issues.size() == 3);
  CHECK(issues[0]["expression"][0] == "feedback[1].outcomeTimestamp");
  CHECK(issues[1]["expression"][0] == "feedback[2]");
  CHECK(issues[2]["severity"] == "information");
  CHECK(issues[2]["code"] == "informational");
  CHECK(issues[2]["diagnostics"] == "2 of 4 entries are kept; put the others right and send them again");
  REQUIRE(service.last.feedback);
  REQUIRE(service.last.feedback->items.size() == 2);
  CHECK(service.last.feedback->items[0].card == "a");
  CHECK(service.last.feedback->items[1].card == "c");
  // Where nothing is left, nothing is recorded; where nothing is recorded, nothing is said to be.
  CHECK(service.post(kFeedback, R"({"feedback":[7]})").status == 400);
  CHECK_FALSE(service.last.feedback);
  CHECK(Json::parse(service.last.response.body)["issue"].size() == 1);
  service.services.records = false;
  CHECK(service.post(kFeedback, R"({"feedback":[7,)" + entry("a", time) + "]}").status == 400);
  CHECK(Json::parse(service.last.response.body)["issue"].size() == 1);
}

TEST_CASE("point 79: the time of feedback is a point in time, as RFC 3339 has it") {
  ExampleService service;
  service.services.records = true;
  const auto send = [&](const std::string& time) {
    return service.post(kFeedback,
                        R"({"feedback":[{"card":"x","outcome":"overridden","outcomeTimestamp":")" + time + "\"}]}");
  };
  for (const char* same : {"2021-12-11T10:05:31Z", "2021-12-11T10:05:31.000Z", "2021-12-11T11:05:31+01:00",
                           "2021-12-11T05:05:31-05:00", "2021-12-11t10:05:31z"}) {
    CAPTURE(same);
    CHECK(send(same).status == 200);
    REQUIRE(service.last.feedback);
    CHECK(service.last.feedback->items[0].at == 1639217131000);
  }
  for (const char* none : {"2021-12-11T10:05:31", "2021-12-11T10:05:31.000", "2021-12-11", "2021-12-11T10:05Z", "2021",
                           "", "Z", "2021-12-11T10:05:31+", "2021-12-11 10:05:31Z"}) {
    CAPTURE(none);
    const auto response = send(none);
    CHECK(response.status == 400);
    CHECK(problem_of(response).find("feedback[0].outcomeTimestamp: is no point in time with its offset from UTC") == 0);
  }
}

TEST_CASE("patient data and tokens cannot be printed") {
  static_assert(!std::is_convertible_v<hooks::PatientText, std::string>);
  static_assert(Printable<std::string>);
  static_assert(!Printable<hooks::PatientText>);
  static_assert(!Printable<hooks::Credential>);
  CHECK(hooks::PatientText("x").reveal() == "x");
}
