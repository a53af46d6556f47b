// SPDX-License-Identifier: Apache-2.0
// A client with its keys and tokens, and who is to believe them.
#pragma once

#include <string>

#include "cds-hooks/auth/token_authenticator.h"
#include "service_fixture.h"
#include "token_signer.h"

namespace vigil::test {

inline constexpr int64_t kNow = 1'800'000'000;
inline const std::string kUrl = "https://cds.example.org/cds-services/some-service";
inline const std::string kIssuer = "https://ehr.example.com/";
inline const std::string kKeyUrl = "https://ehr.example.com/jwks.json";

inline std::string key_set(std::initializer_list<const Signer*> signers) {
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

inline hooks::Authentication check(hooks::TokenAuthenticator& authenticator, const std::string& token,
                                   int64_t now = kNow, bool may_fetch = true) {
  return authenticator.authenticate(hooks::Credential("Bearer " + token), kUrl, now, may_fetch);
}

inline bool accepts(hooks::TokenAuthenticator& authenticator, const std::string& token, int64_t now = kNow) {
  return check(authenticator, token, now).result == hooks::Authentication::Result::kAccepted;
}

}  // namespace vigil::test
