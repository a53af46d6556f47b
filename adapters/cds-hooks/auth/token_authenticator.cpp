// SPDX-License-Identifier: Apache-2.0
// The checks of a token, in the order of CDS Hooks' best practices: issuer, audience, times, tenant, signature, replay.
#include "cds-hooks/auth/token_authenticator.h"

#include <algorithm>

namespace vigil::hooks {
namespace {

std::optional<SignatureAlgorithm> algorithm_of(std::string_view name) {
  if (name == "ES384") return SignatureAlgorithm::kEs384;
  if (name == "RS384") return SignatureAlgorithm::kRs384;
  return std::nullopt;
}

/// Keys given by hand stand in the cache under a name that no address has.
std::string key_name(const TrustedIssuer& issuer) {
  return issuer.key_set.empty() ? issuer.key_url : "given " + issuer.issuer;
}

}  // namespace

TokenAuthenticator::TokenAuthenticator(TokenOptions options, KeyFetcher fetcher)
    : options_(std::move(options)), keys_(std::move(fetcher), options_.keys), replays_(options_.max_token_ids) {
  for (const auto& issuer : options_.issuers)
    if (!issuer.key_set.empty()) keys_.put(key_name(issuer), read_key_set(issuer.key_set));
}

std::string TokenAuthenticator::check_claims(const WebToken& token, const TrustedIssuer& issuer, std::string_view url,
                                             int64_t now) const {
  const auto is_meant = [&](const std::string& audience) {
    return audience == url || std::ranges::find(options_.audiences, audience) != options_.audiences.end();
  };
  const int64_t skew = options_.clock_skew;
  if (!token.key_url.empty() && token.key_url != issuer.key_url) return "jku is not the issuer's";
  if (std::ranges::none_of(token.audience, is_meant)) return "for another audience";
  if (now >= token.expires + skew) return "expired";
  if (token.issued > now + skew) return "issued in the future";
  if (token.not_before && *token.not_before > now + skew) return "not valid yet";
  if (token.expires < token.issued) return "expires before it was issued";
  if (options_.max_lifetime > 0 && token.expires - token.issued > options_.max_lifetime) return "lives too long";
  if (!issuer.tenants.empty() && std::ranges::find(issuer.tenants, token.tenant) == issuer.tenants.end())
    return "of another tenant";
  return {};
}

Authentication TokenAuthenticator::authenticate(const Credential& authorization, std::string_view url, int64_t now,
                                                bool may_fetch) {
  const auto refuse = [](std::string reason, std::string client = {}) {
    return Authentication{Authentication::Result::kRefused, std::move(client), std::move(reason)};
  };
  std::string problem;
  const auto token = read_web_token(authorization, problem);
  if (!token) return refuse(std::move(problem));
  const auto algorithm = algorithm_of(token->algorithm);
  if (!algorithm) return refuse("alg is neither ES384 nor RS384");
  const auto issuer = std::ranges::find(options_.issuers, token->issuer, &TrustedIssuer::issuer);
  if (issuer == options_.issuers.end()) return refuse("issuer is not known");
  if (auto wrong = check_claims(*token, *issuer, url, now); !wrong.empty())
    return refuse(std::move(wrong), issuer->issuer);
  const auto found = keys_.find(key_name(*issuer), token->key_id, now, may_fetch);
  if (found.needs_fetch) return {Authentication::Result::kNeedsKeys, issuer->issuer, {}};
  if (!found.key) return refuse("kid is not known", issuer->issuer);
  if (found.key->algorithm() != *algorithm) return refuse("the key is for another alg", issuer->issuer);
  if (!found.key->verifies(token->signed_part.reveal(), token->signature))
    return refuse("the signature is wrong", issuer->issuer);
  if (!replays_.take(issuer->issuer, token->id, token->expires + options_.clock_skew, now))
    return refuse("jti was used before", issuer->issuer);
  return {Authentication::Result::kAccepted, issuer->issuer, {}};
}

}  // namespace vigil::hooks
