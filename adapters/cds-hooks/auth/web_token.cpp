// SPDX-License-Identifier: Apache-2.0
// Takes a token apart.
#include "cds-hooks/auth/web_token.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cds-hooks/auth/base64url.h"

namespace vigil::hooks {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxToken = size_t{16} * 1024;

Json read_part(std::string_view text) {
  const auto bytes = decode_base64url(text);
  return bytes ? Json::parse(*bytes, nullptr, /*allow_exceptions=*/false) : Json(Json::value_t::discarded);
}

std::string text_of(const Json& json, const char* name) {
  const auto at = json.find(name);
  return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// NumericDate: seconds, perhaps with a fraction (RFC 7519, section 2).
std::optional<int64_t> time_of(const Json& json, const char* name) {
  const auto at = json.find(name);
  if (at == json.end() || !at->is_number()) return std::nullopt;
  const auto seconds = at->get<double>();
  if (!std::isfinite(seconds) || std::abs(seconds) > 1e12) return std::nullopt;
  return static_cast<int64_t>(seconds);
}

std::vector<std::string> audience_of(const Json& claims) {
  std::vector<std::string> audience;
  const auto at = claims.find("aud");
  if (at == claims.end()) return audience;
  if (at->is_string()) audience.push_back(at->get<std::string>());
  if (at->is_array())
    for (const auto& one : *at)
      if (one.is_string()) audience.push_back(one.get<std::string>());
  return audience;
}

bool is_bearer(std::string_view scheme) {
  constexpr std::string_view kBearer = "bearer ";
  if (scheme.size() < kBearer.size()) return false;
  for (size_t i = 0; i < kBearer.size(); ++i)
    if ((scheme[i] >= 'A' && scheme[i] <= 'Z' ? static_cast<char>(scheme[i] + 32) : scheme[i]) != kBearer[i])
      return false;
  return true;
}

/// Fills in the claims; what is missing of those that CDS Hooks demands, or nothing.
std::string read_claims(const Json& claims, WebToken& token) {
  token.issuer = text_of(claims, "iss");
  token.audience = audience_of(claims);
  token.id = text_of(claims, "jti");
  token.tenant = text_of(claims, "tenant");
  token.not_before = time_of(claims, "nbf");
  const auto expires = time_of(claims, "exp");
  const auto issued = time_of(claims, "iat");
  if (token.issuer.empty()) return "no iss";
  if (token.audience.empty()) return "no aud";
  if (token.id.empty()) return "no jti";
  if (!expires) return "no exp";
  if (!issued) return "no iat";
  token.expires = *expires;
  token.issued = *issued;
  return claims.contains("nbf") && !token.not_before ? "nbf is no time" : std::string();
}

std::string read_header(const Json& header, WebToken& token) {
  token.algorithm = text_of(header, "alg");
  token.key_id = text_of(header, "kid");
  token.key_url = text_of(header, "jku");
  const auto type = text_of(header, "typ");
  if (type != "JWT" && type != "jwt") return "typ is not JWT";
  if (token.key_id.empty()) return "no kid";
  if (header.contains("crit")) return "a critical extension that is not understood";
  return header.contains("jku") && token.key_url.empty() ? "jku is no text" : std::string();
}

}  // namespace

std::optional<WebToken> read_web_token(const Credential& authorization, std::string& problem) {
  std::string_view text = authorization.reveal();
  const auto fail = [&](std::string why) {
    problem = std::move(why);
    return std::nullopt;
  };
  if (text.empty()) return fail("no Authorization header");
  if (!is_bearer(text)) return fail("no bearer token");
  text.remove_prefix(7);
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.size() > kMaxToken) return fail("too long");
  const size_t first = text.find('.');
  const size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos)
    return fail("not three parts");
  const auto header = read_part(text.substr(0, first));
  const auto claims = read_part(text.substr(first + 1, second - first - 1));
  const auto signature = decode_base64url(text.substr(second + 1));
  if (!header.is_object() || !claims.is_object() || !signature) return fail("a part cannot be read");
  WebToken token;
  if (auto why = read_header(header, token); !why.empty()) return fail(std::move(why));
  if (auto why = read_claims(claims, token); !why.empty()) return fail(std::move(why));
  token.signed_part = Credential(std::string(text.substr(0, second)));
  token.signature = *signature;
  return token;
}

}  // namespace vigil::hooks
