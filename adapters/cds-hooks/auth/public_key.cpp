// SPDX-License-Identifier: Apache-2.0
// JSON Web Keys to OpenSSL's, and signatures checked with them.
#include "cds-hooks/auth/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "cds-hooks/auth/base64url.h"
#include "crypto/openssl_handles.h"

namespace vigil::hooks {
namespace {

using openssl::bytes_of;
using openssl::DigestContext;
using openssl::Key;
using openssl::KeyContext;
using Number = openssl::Handle<BIGNUM, BN_free>;
using Parameters = openssl::Handle<OSSL_PARAM, OSSL_PARAM_free>;
using ParameterBuilder = openssl::Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Signature = openssl::Handle<ECDSA_SIG, ECDSA_SIG_free>;

constexpr size_t kP384Bytes = 48;
constexpr int kMinRsaBits = 2048;

Number to_number(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

Key make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) <= 0)
    return nullptr;
  Key made(key);
  // The point must lie on the curve, the modulus be one.
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) <= 0) return nullptr;
  return made;
}

Key make_ec_key(const std::string& x, const std::string& y) {
  if (x.size() != kP384Bytes || y.size() != kP384Bytes) return nullptr;
  const std::string point = '\x04' + x + y;
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr || !OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-384", 0) ||
      !OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()))
    return nullptr;
  return make_key("EC", builder.get());
}

Key make_rsa_key(const std::string& modulus, const std::string& exponent) {
  const auto n = to_number(modulus);
  const auto e = to_number(exponent);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (n == nullptr || e == nullptr || builder == nullptr || BN_num_bits(n.get()) < kMinRsaBits ||
      BN_num_bits(n.get()) > 16384 || BN_num_bits(e.get()) > 64 ||
      !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) ||
      !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()))
    return nullptr;
  return make_key("RSA", builder.get());
}

std::string text_member(const nlohmann::json& json, const char* name) {
  const auto at = json.find(name);
  return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// RFC 7518, 3.4: the two numbers one after the other; OpenSSL wants them as DER.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * kP384Bytes) return {};
  const Signature pair(ECDSA_SIG_new());
  auto r = to_number(signature.substr(0, kP384Bytes));
  auto s = to_number(signature.substr(kP384Bytes));
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  (void)r.release();  // the pair owns them
  (void)s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string text(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return text;
}

}  // namespace

struct PublicKey::Content {
  std::string id;
  SignatureAlgorithm algorithm = SignatureAlgorithm::kEs384;
  Key key;
};

namespace {

std::shared_ptr<const PublicKey::Content> read_key(const nlohmann::json& json) {
  if (!json.is_object()) return nullptr;
  const auto id = text_member(json, "kid");
  const auto use = text_member(json, "use");
  const auto named = text_member(json, "alg");
  if (id.empty() || (!use.empty() && use != "sig")) return nullptr;
  const auto type = text_member(json, "kty");
  const auto bytes = [&](const char* member) { return decode_base64url(text_member(json, member)).value_or(""); };
  auto content = std::make_shared<PublicKey::Content>();
  content->id = id;
  if (type == "EC" && text_member(json, "crv") == "P-384" && (named.empty() || named == "ES384")) {
    content->algorithm = SignatureAlgorithm::kEs384;
    content->key = make_ec_key(bytes("x"), bytes("y"));
  } else if (type == "RSA" && (named.empty() || named == "RS384")) {
    content->algorithm = SignatureAlgorithm::kRs384;
    content->key = make_rsa_key(bytes("n"), bytes("e"));
  }
  return content->key == nullptr ? nullptr : content;
}

}  // namespace

const std::string& PublicKey::id() const { return content_->id; }
SignatureAlgorithm PublicKey::algorithm() const { return content_->algorithm; }

bool PublicKey::verifies(std::string_view text, std::string_view signature) const {
  const std::string der =
      content_->algorithm == SignatureAlgorithm::kEs384 ? to_der(signature) : std::string(signature);
  const DigestContext context(EVP_MD_CTX_new());
  return !der.empty() && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha384(), nullptr, content_->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(der), der.size(), bytes_of(text), text.size()) == 1;
}

std::vector<PublicKey> read_key_set(std::string_view json) {
  std::vector<PublicKey> keys;
  const auto set = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!set.is_object()) return keys;
  const auto list = set.find("keys");
  if (list == set.end() || !list->is_array()) return keys;
  for (const auto& one : *list)
    if (auto content = read_key(one)) keys.emplace_back(std::move(content));
  return keys;
}

}  // namespace vigil::hooks
