// SPDX-License-Identifier: Apache-2.0
// Where tokens are asked for, and that each counts once.
#include "token_clients.h"

using namespace vigil;
using namespace vigil::test;

TEST_CASE("points 19, 83, 91, 96: every address wants a token, a preflight none; a refusal is silent") {
  Clients clients;
  auto authenticator = clients.authenticator();
  hooks::ProtocolOptions options;
  options.public_url = "https://cds.example.org";
  options.cors.origins = {"https://ehr.example.com"};
  ExampleService service(options);
  service.services.authenticator = &authenticator;
  const auto now = to_instant(*parse_instant("2026-11-22T09:30:00Z")) / 1000;
  const std::string path = "/cds-services/example-order-sign";
  const auto with_token = [&](hooks::Request request, const std::string& audience) {
    auto claims = Clients::claims();
    claims["aud"] = options.public_url + audience;
    claims["iat"] = now;
    claims["exp"] = now + 300;
    request.authorization = hooks::Credential("Bearer " + clients.ec.token(Clients::header(), claims));
    return service.send(request);
  };
  const auto discovery = ExampleService::request("GET", "/cds-services");
  const auto call = ExampleService::request("POST", path, order_sign().dump());
  const auto feedback = ExampleService::request("POST", path + "/feedback", R"({"feedback":[]})");
  for (const auto* request : {&discovery, &call, &feedback}) {
    const auto refused = service.send(*request);
    CHECK(refused.status == 401);
    CHECK(refused.body.find("the caller is not known") != std::string::npos);
    CHECK(refused.body.find("token") == std::string::npos);
    CHECK(!service.last.facts.refusal.empty());
    CHECK(with_token(*request, request->path).status == 200);
    CHECK(with_token(*request, "/cds-services/another").status == 401);
  }
  CHECK(service.post("/cds-services/nobody", "{}").status == 401);  // who is not known learns nothing
  auto preflight = ExampleService::request("OPTIONS", path);
  preflight.origin = "https://ehr.example.com";
  preflight.requested_method = "POST";
  CHECK(service.send(preflight).status == 204);
}

TEST_CASE("a token counts once, also where its call has to wait for data") {
  struct Fetcher : hooks::DataFetcher {
    bool may_fetch(const hooks::FhirAccess&) const override { return true; }
    std::vector<hooks::Fetched> fetch(const hooks::HookCall&, std::span<const hooks::PrefetchTemplate* const> templates,
                                      std::chrono::steady_clock::time_point) override {
      std::vector<hooks::Fetched> all;
      for (const auto* one : templates)
        all.push_back({one->key, {hooks::PatientText(bundle({}).dump())}, Completeness::kComplete, {}});
      return all;
    }
  };
  Clients clients;
  auto authenticator = clients.authenticator();
  Fetcher fetcher;
  hooks::ProtocolOptions options;
  options.public_url = "https://cds.example.org";
  ExampleService service(options);
  service.services.authenticator = &authenticator;
  service.services.fetcher = &fetcher;
  auto call = order_sign();
  call["prefetch"].erase("observation");
  call["fhirServer"] = "https://fhir.example.org/r4";
  auto request = ExampleService::request("POST", "/cds-services/example-order-sign", call.dump());
  auto claims = Clients::claims();
  const auto now = to_instant(request.now) / 1000;
  claims["aud"] = options.public_url + request.path;
  claims["iat"] = now;
  claims["exp"] = now + 300;
  request.authorization = hooks::Credential("Bearer " + clients.ec.token(Clients::header(), claims));
  CHECK(hooks::answer(service.services, service.workspace, request, false).needs_network);  // for the keys
  CHECK(clients.fetches == 0);
  auto warm = request;
  auto other = claims;
  other["jti"] = "warm";
  warm.authorization = hooks::Credential("Bearer " + clients.ec.token(Clients::header(), other));
  CHECK(service.send(warm).status == 200);
  auto first = hooks::answer(service.services, service.workspace, request, false);  // for the data
  CHECK(first.needs_network);
  REQUIRE(first.is_authenticated);
  CHECK(service.send(request).status == 401);  // a replay
  request.client = first.facts.client;
  CHECK(service.send(request).status == 200);
  CHECK(service.last.facts.keys_fetched == 1);
}
