// SPDX-License-Identifier: Apache-2.0
// JSON Web Tokens: what is accepted, and the attacks that are not.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "cds-hooks/auth/base64url.h"
#include "cds-hooks/auth/token_authenticator.h"
#include "service_fixture.h"
#include "token_signer.h"

using namespace vigil;
using namespace vigil::test;
using hooks::Authentication;

namespace {

constexpr int64_t kNow = 1'800'000'000;
const std::string kUrl = "https://cds.example.org/cds-services/some-service";
const std::string kIssuer = "https://ehr.example.com/";
const std::string kKeyUrl = "https://ehr.example.com/jwks.json";

std::string key_set(std::initializer_list<const Signer*> signers) {
  Json keys{{"keys", Json::array()}};
  for (const auto* signer : signers) keys["keys"].push_back(signer->public_key());
  return keys.dump();
}

/// One client with an EC and an RSA key behind an address.
struct Clients {
  Signer ec{"ec-1"};
  Signer rsa{"rsa+/=1", ""};
  Signer next{"ec-2"};
  int fetches = 0;
  std::string served = key_set({&ec, &rsa});
  std::string fetched_url;
  hooks::TokenOptions options{.issuers = {{kIssuer, kKeyUrl, {}, {}}}};

  hooks::TokenAuthenticator authenticator() {
    return {options, [this](const std::string& url) -> std::optional<std::string> {
              ++fetches;
              fetched_url = url;
              return served.empty() ? std::nullopt : std::optional(served);
            }};
  }
  static Json header() { return {{"alg", "ES384"}, {"typ", "JWT"}, {"kid", "ec-1"}, {"jku", kKeyUrl}}; }
  static Json claims() {
    static int count = 0;
    return {
        {"iss", kIssuer}, {"aud", kUrl}, {"exp", kNow + 300}, {"iat", kNow}, {"jti", "id-" + std::to_string(++count)}};
  }
};

Authentication check(hooks::TokenAuthenticator& authenticator, const std::string& token, int64_t now = kNow,
                     bool may_fetch = true) {
  return authenticator.authenticate(hooks::Credential("Bearer " + token), kUrl, now, may_fetch);
}

bool accepts(hooks::TokenAuthenticator& authenticator, const std::string& token, int64_t now = kNow) {
  return check(authenticator, token, now).result == Authentication::Result::kAccepted;
}

}  // namespace

TEST_CASE("points 88, 89, 90: tokens signed with ES384 and RS384 are accepted") {
  Clients clients;
  auto authenticator = clients.authenticator();
  CHECK(accepts(authenticator, clients.ec.token(Clients::header(), Clients::claims())));
  auto header = Clients::header();
  header["alg"] = "RS384";
  header["kid"] = "rsa+/=1";  // point 91: Epic's ids hold + / =
  CHECK(accepts(authenticator, clients.rsa.token(header, Clients::claims())));
  header = Clients::header();
  header.erase("jku");
  auto claims = Clients::claims();
  claims["aud"] = {"https://other.example.org", kUrl};
  claims["nbf"] = kNow - 5;
  claims["sub"] = "x";
  claims["tenant"] = "t1";
  const auto result = check(authenticator, clients.ec.token(header, claims));
  CHECK(result.result == Authentication::Result::kAccepted);
  CHECK(result.client == kIssuer);
  CHECK(clients.fetches == 1);
  CHECK(clients.fetched_url == kKeyUrl);
}

TEST_CASE("points 90 to 94: every attack is refused, and the reason tells nothing of the token") {
  Clients clients;
  Signer foreign{"ec-1"};
  Signer p256{"ec-1", "P-256"};
  auto authenticator = clients.authenticator();
  const auto signed_with = [&](const std::function<void(Json&, Json&)>& change) {
    auto header = Clients::header();
    auto claims = Clients::claims();
    change(header, claims);
    return clients.ec.token(header, claims);
  };
  const auto good = clients.ec.token(Clients::header(), Clients::claims());
  const size_t first = good.find('.');
  const size_t second = good.rfind('.');
  const auto hs256 = [&](const std::string& key) {
    auto header = Clients::header();
    header["alg"] = "HS256";
    const auto text = encode_base64url(header.dump()) + "." + encode_base64url(Clients::claims().dump());
    return text + "." + encode_base64url(hmac_sha256(key, text));
  };
  const auto none = [&](const char* name) {
    auto header = Clients::header();
    header["alg"] = name;
    return encode_base64url(header.dump()) + "." + encode_base64url(Clients::claims().dump()) + ".";
  };
  auto altered = Clients::claims();
  altered["tenant"] = "evil";
  auto flipped = good;
  flipped[second + 40] = flipped[second + 40] == 'A' ? 'B' : 'A';
  const std::vector<std::tuple<const char*, std::string, std::string>> attacks = {
      {"no algorithm", none("none"), "alg is neither"},
      {"no algorithm, in capitals", none("NONE"), "alg is neither"},
      {"an empty algorithm", none(""), "alg is neither"},
      {"symmetric, with the public key", hs256(clients.ec.public_key().dump()), "alg is neither"},
      {"symmetric, with the key set", hs256(clients.served), "alg is neither"},
      {"another key with the same id", foreign.token(Clients::header(), Clients::claims()), "the signature is wrong"},
      {"another curve", p256.token(Clients::header(), Clients::claims()), "the signature is wrong"},
      {"an algorithm that is not the key's", signed_with([](Json& h, Json&) { h["alg"] = "RS384"; }), "another alg"},
      {"an altered payload", good.substr(0, first + 1) + encode_base64url(altered.dump()) + good.substr(second),
       "signature"},
      {"a flipped bit", flipped, "signature"},
      {"no signature", good.substr(0, second + 1), "signature"},
      {"a signature of zeros", good.substr(0, second + 1) + encode_base64url(std::string(96, '\0')), "signature"},
      {"a short signature", good.substr(0, second + 1) + encode_base64url(std::string(48, 'x')), "signature"},
      {"another audience", signed_with([](Json&, Json& c) { c["aud"] = "https://cds.example.org/cds-services/other"; }),
       "audience"},
      {"an audience that begins alike", signed_with([](Json&, Json& c) { c["aud"] = kUrl + "/feedback"; }), "audience"},
      {"no audience", signed_with([](Json&, Json& c) { c.erase("aud"); }), "no aud"},
      {"expired", signed_with([](Json&, Json& c) {
         c["iat"] = kNow - 600;
         c["exp"] = kNow - 31;
       }),
       "expired"},
      {"from the future", signed_with([](Json&, Json& c) { c["iat"] = kNow + 120; }), "issued in the future"},
      {"not yet valid", signed_with([](Json&, Json& c) { c["nbf"] = kNow + 120; }), "not valid yet"},
      {"living for ever", signed_with([](Json&, Json& c) { c["exp"] = kNow + 1'000'000; }), "lives too long"},
      {"no expiry", signed_with([](Json&, Json& c) { c.erase("exp"); }), "no exp"},
      {"an expiry as text", signed_with([](Json&, Json& c) { c["exp"] = "never"; }), "no exp"},
      {"an absurd expiry", signed_with([](Json&, Json& c) { c["exp"] = 1e300; }), "no exp"},
      {"no id", signed_with([](Json&, Json& c) { c.erase("jti"); }), "no jti"},
      {"an unknown issuer", signed_with([](Json&, Json& c) { c["iss"] = "https://evil.example/"; }),
       "issuer is not known"},
      {"no issuer", signed_with([](Json&, Json& c) { c.erase("iss"); }), "no iss"},
      {"a foreign jku", signed_with([](Json& h, Json&) { h["jku"] = "https://evil.example/jwks"; }), "jku"},
      {"an unknown kid", signed_with([](Json& h, Json&) { h["kid"] = "zz"; }), "kid is not known"},
      {"no kid", signed_with([](Json& h, Json&) { h.erase("kid"); }), "no kid"},
      {"a key inside the token", signed_with([&](Json& h, Json&) {
         h["kid"] = "mine";
         h["jwk"] = foreign.public_key();
       }),
       "kid is not known"},
      {"a critical extension", signed_with([](Json& h, Json&) { h["crit"] = {"b64"}; }), "critical"},
      {"another type", signed_with([](Json& h, Json&) { h["typ"] = "at+jwt"; }), "typ"},
      {"two parts", good.substr(0, second), "three parts"},
      {"four parts", good + ".x", "three parts"},
      {"no base64", "a.b!.c", "cannot be read"},
      {"no JSON", encode_base64url("x") + "." + encode_base64url("{}") + ".", "cannot be read"},
      {"far too long", std::string(20'000, 'a'), "too long"},
      {"nothing", "", "three parts"},
  };
  for (const auto& [name, token, reason] : attacks) {
    INFO(name);
    const auto result = check(authenticator, token);
    CHECK(result.result == Authentication::Result::kRefused);
    INFO(result.reason);
    CHECK(result.reason.find(reason) != std::string::npos);
    CHECK((token.size() < 20 || result.reason.find(token.substr(0, 20)) == std::string::npos));
    CHECK((result.client.empty() || result.client == kIssuer));
  }
  CHECK(accepts(authenticator, good));
  CHECK(check(authenticator, good).reason == "jti was used before");
  CHECK(clients.fetches <= 2);
}

TEST_CASE("point 93: an id may be used once until its token expires, also by another's token") {
  Clients clients;
  auto authenticator = clients.authenticator();
  auto claims = Clients::claims();
  claims["jti"] = "same";
  CHECK(accepts(authenticator, clients.ec.token(Clients::header(), claims)));
  CHECK(!accepts(authenticator, clients.ec.token(Clients::header(), claims), kNow + 100));
  claims["iat"] = kNow + 400;
  claims["exp"] = kNow + 700;
  CHECK(accepts(authenticator, clients.ec.token(Clients::header(), claims), kNow + 400));
  hooks::ReplayCache full(2);
  CHECK(full.take("i", "1", kNow + 10, kNow));
  CHECK(full.take("i", "2", kNow + 10, kNow));
  CHECK(!full.take("i", "3", kNow + 10, kNow));  // what cannot be told is refused
  CHECK(full.take("i", "3", kNow + 30, kNow + 11));
}

TEST_CASE("point 92: rotated keys are followed, without a storm of fetches") {
  Clients clients;
  auto authenticator = clients.authenticator();
  CHECK(accepts(authenticator, clients.ec.token(Clients::header(), Clients::claims())));
  auto header = Clients::header();
  header["kid"] = "ec-2";
  const auto rotated = [&] { return clients.next.token(header, Clients::claims()); };
  for (int i = 0; i < 100; ++i) CHECK(!accepts(authenticator, rotated(), kNow + 1));
  CHECK(clients.fetches == 1);
  clients.served = key_set({&clients.next});
  CHECK(accepts(authenticator, rotated(), kNow + 60));
  CHECK(clients.fetches == 2);
  CHECK(
      !accepts(authenticator, clients.ec.token(Clients::header(), Clients::claims()), kNow + 61));  // gone from the set
  clients.served = "";  // fetching fails: the keys known are used on
  auto late = Clients::claims();
  late["iat"] = kNow + 5000;
  late["exp"] = kNow + 5300;
  CHECK(accepts(authenticator, clients.next.token(header, late), kNow + 5000));
}

TEST_CASE("keys are fetched only where one may wait") {
  Clients clients;
  auto authenticator = clients.authenticator();
  const auto token = clients.ec.token(Clients::header(), Clients::claims());
  CHECK(check(authenticator, token, kNow, false).result == Authentication::Result::kNeedsKeys);
  CHECK(clients.fetches == 0);
  CHECK(accepts(authenticator, token));  // the id was not spent
}

TEST_CASE("calls that come while keys are fetched wait for them") {
  Clients clients;
  std::atomic<int> fetches{0};
  hooks::TokenAuthenticator authenticator(clients.options, [&](const std::string&) {
    ++fetches;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return std::optional(clients.served);
  });
  std::vector<std::string> tokens;
  for (int i = 0; i < 4; ++i) tokens.push_back(clients.ec.token(Clients::header(), Clients::claims()));
  std::atomic<int> accepted{0};
  std::vector<std::thread> threads;
  for (const auto& token : tokens) threads.emplace_back([&] { accepted += accepts(authenticator, token) ? 1 : 0; });
  for (auto& thread : threads) thread.join();
  CHECK(accepted == 4);
  CHECK(fetches == 1);
}

TEST_CASE("tenants, where they are listed") {
  Clients clients;
  clients.options.issuers[0].tenants = {"t1"};
  auto authenticator = clients.authenticator();
  auto claims = Clients::claims();
  CHECK(check(authenticator, clients.ec.token(Clients::header(), claims)).reason == "of another tenant");
  claims["tenant"] = "t2";
  CHECK(!accepts(authenticator, clients.ec.token(Clients::header(), claims)));
  claims["tenant"] = "t1";
  CHECK(accepts(authenticator, clients.ec.token(Clients::header(), claims)));
}

TEST_CASE("keys of no use are passed over") {
  Clients clients;
  CHECK(hooks::read_key_set(clients.served).size() == 2);
  CHECK(hooks::read_key_set("").empty());
  CHECK(hooks::read_key_set("[]").empty());
  CHECK(hooks::read_key_set(R"({"keys":[1,{}]})").empty());
  auto bad = clients.ec.public_key();
  bad["use"] = "enc";
  CHECK(hooks::read_key_set(Json{{"keys", {bad}}}.dump()).empty());
  bad = clients.ec.public_key();
  bad["x"] = bad["y"];  // not on the curve
  CHECK(hooks::read_key_set(Json{{"keys", {bad}}}.dump()).empty());
  bad = clients.rsa.public_key();
  bad["n"] = encode_base64url(std::string(128, '\x81'));  // 1024 bits
  CHECK(hooks::read_key_set(Json{{"keys", {bad}}}.dump()).empty());
  bad = clients.ec.public_key();
  bad.erase("kid");
  CHECK(hooks::read_key_set(Json{{"keys", {bad}}}.dump()).empty());
  CHECK(hooks::read_key_set(Json{{"keys", {{{"kty", "oct"}, {"kid", "ec-1"}, {"k", "AAAA"}}}}}.dump()).empty());
}

TEST_CASE("base64 for URLs") {
  using hooks::decode_base64url;
  CHECK(decode_base64url("") == "");
  CHECK(decode_base64url("TQ") == "M");
  CHECK(decode_base64url("TWE") == "Ma");
  CHECK(decode_base64url("TWFu") == "Man");
  CHECK(decode_base64url("-_-_") == "\xfb\xff\xbf");
  for (const char* bad : {"T", "TWFuT", "TR", "TWF=", "TW+u", "TW/u", " TWFu", "TWF u"}) CHECK(!decode_base64url(bad));
}

TEST_CASE("point 94: the token of the specification verifies with its key") {
  const char* given = std::getenv("VIGIL_SHARED_DATA");
  const std::string folder = given != nullptr ? given : std::string(VIGIL_SOURCE_DIR) + "/../shared/data";
  std::ifstream file(folder + "/cds-hooks/spec-2.0.1/jwt-example.txt");
  std::ifstream keys(folder + "/cds-hooks/spec-2.0.1/index-24.json");
  if (!file || !keys) {
    MESSAGE("skipped: no shared data at ", folder);
    return;
  }
  std::string token;
  std::getline(file, token);
  std::stringstream set;
  set << keys.rdbuf();
  hooks::TokenOptions options;
  options.issuers = {{"https://fhir-ehr.example.com/", "https://fhir-ehr.example.com/jwk_uri", set.str(), {}}};
  options.max_lifetime = 0;  // its exp is years after its iat
  hooks::TokenAuthenticator authenticator(options, {});
  const auto result = authenticator.authenticate(
      hooks::Credential("Bearer " + token), "https://cds.example.org/cds-services/some-service", 1'422'568'000, false);
  INFO(result.reason);
  CHECK(result.result == Authentication::Result::kAccepted);
}

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
