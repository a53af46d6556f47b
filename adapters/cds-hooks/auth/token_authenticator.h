// SPDX-License-Identifier: Apache-2.0
// Authenticates clients by CDS Hooks' JSON Web Tokens (CDS Hooks 2.0.1, "Trusting CDS Clients").
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cds-hooks/auth/key_cache.h"
#include "cds-hooks/auth/replay_cache.h"
#include "cds-hooks/auth/web_token.h"
#include "cds-hooks/protocol/authenticator.h"

namespace vigil::hooks {

/// A client that may call.
struct TrustedIssuer {
  std::string issuer;                ///< `iss`, exactly
  std::string key_url;               ///< where its keys are; a token's `jku` must be this
  std::string key_set;               ///< the keys themselves, where they were given by hand; then nothing is fetched
  std::vector<std::string> tenants;  ///< empty: any, or none
};

struct TokenOptions {
  std::vector<TrustedIssuer> issuers = {};
  int64_t clock_skew = 30;                  ///< seconds
  int64_t max_lifetime = 3600;              ///< seconds from iat to exp; 0: no limit
  std::vector<std::string> audiences = {};  ///< taken besides the address called, for clients configured by hand
  KeyCacheOptions keys = {};
  size_t max_token_ids = 1'000'000;
};

class TokenAuthenticator : public Authenticator {
 public:
  TokenAuthenticator(TokenOptions options, KeyFetcher fetcher);

  Authentication authenticate(const Credential& authorization, std::string_view url, int64_t now,
                              bool may_fetch) override;

 private:
  std::string check_claims(const WebToken& token, const TrustedIssuer& issuer, std::string_view url, int64_t now) const;

  TokenOptions options_;
  KeyCache keys_;
  ReplayCache replays_;
};

}  // namespace vigil::hooks
