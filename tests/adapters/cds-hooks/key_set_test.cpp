// SPDX-License-Identifier: Apache-2.0
// Keys of clients: fetched where one may wait, once for all who ask, followed when they rotate; those of no use passed
// over.
#include <atomic>
#include <thread>

#include "cds-hooks/auth/base64url.h"
#include "token_clients.h"

using namespace vigil;
using namespace vigil::test;
using hooks::Authentication;

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
