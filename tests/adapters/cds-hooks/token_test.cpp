// SPDX-License-Identifier: Apache-2.0
// JSON Web Tokens: what is accepted, and the attacks that are not.
#include <functional>

#include "support/files.h"
#include "token_clients.h"

using namespace vigil;
using namespace vigil::test;
using hooks::Authentication;

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
  struct Attack {
    const char* name;
    std::string token;
    std::string reason;
  };
  const std::vector<Attack> attacks = {
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
  for (const auto& attack : attacks) {
    INFO(attack.name);
    const auto result = check(authenticator, attack.token);
    CHECK(result.result == Authentication::Result::kRefused);
    INFO(result.reason);
    CHECK(result.reason.find(attack.reason) != std::string::npos);
    CHECK((attack.token.size() < 20 || result.reason.find(attack.token.substr(0, 20)) == std::string::npos));
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

TEST_CASE("point 94: the token of the specification verifies with its key") {
  const auto folder = test::shared_data() / "cds-hooks/spec-2.0.1";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no shared data (set VIGIL_SHARED_DATA)");
    return;
  }
  const auto line = test::read_text(folder / "jwt-example.txt");
  const auto token = line.substr(0, line.find('\n'));
  hooks::TokenOptions options;
  options.issuers = {{"https://fhir-ehr.example.com/",
                      "https://fhir-ehr.example.com/jwk_uri",
                      test::read_text(folder / "index-24.json"),
                      {}}};
  options.max_lifetime = 0;  // its exp is years after its iat
  hooks::TokenAuthenticator authenticator(options, {});
  const auto result = authenticator.authenticate(
      hooks::Credential("Bearer " + token), "https://cds.example.org/cds-services/some-service", 1'422'568'000, false);
  INFO(result.reason);
  CHECK(result.result == Authentication::Result::kAccepted);
}
