// SPDX-License-Identifier: Apache-2.0
// Makes keys and tokens for tests of authentication.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <nlohmann/json.hpp>
#include <string>

namespace vigil::test {

using Json = nlohmann::ordered_json;

inline std::string encode_base64url(const std::string& bytes) {
  static const char* kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6;) text += kLetters[bits >> (count -= 6) & 63];
  }
  if (count > 0) text += kLetters[bits << (6 - count) & 63];
  return text;
}

/// One key pair; `curve` empty for RSA of 2048 bits.
class Signer {
 public:
  Signer(std::string id, const std::string& curve = "P-384") : id_(std::move(id)), is_rsa_(curve.empty()) {
    key_ = is_rsa_ ? EVP_RSA_gen(2048) : EVP_EC_gen(curve.c_str());
  }
  ~Signer() { EVP_PKEY_free(key_); }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  Json public_key() const {
    Json key{{"kid", id_}, {"use", "sig"}, {"alg", is_rsa_ ? "RS384" : "ES384"}, {"kty", is_rsa_ ? "RSA" : "EC"}};
    if (is_rsa_) {
      key["n"] = number("n");
      key["e"] = number("e");
    } else {
      key["crv"] = "P-384";
      key["x"] = number("qx", 48);
      key["y"] = number("qy", 48);
    }
    return key;
  }

  std::string token(const Json& header, const Json& claims) const {
    const std::string text = encode_base64url(header.dump()) + "." + encode_base64url(claims.dump());
    return text + "." + encode_base64url(sign(text));
  }

  std::string sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    size_t size = 0;
    EVP_DigestSignInit(context, nullptr, EVP_sha384(), nullptr, key_);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSign(context, nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, bytes, text.size());
    signature.resize(size);
    EVP_MD_CTX_free(context);
    return is_rsa_ ? signature : to_pair(signature);
  }

 private:
  std::string number(const char* name, int size = 0) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &value);
    std::string bytes(static_cast<size_t>(size > 0 ? size : BN_num_bytes(value)), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    BN_free(value);
    return encode_base64url(bytes);
  }

  static std::string to_pair(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string pair(96, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(pair.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, 48);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + 48, 48);
    ECDSA_SIG_free(signature);
    return pair;
  }

  std::string id_;
  bool is_rsa_;
  EVP_PKEY* key_ = nullptr;
};

inline std::string hmac_sha256(const std::string& key, const std::string& text) {
  unsigned size = 0;
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return digest;
}

}  // namespace vigil::test
