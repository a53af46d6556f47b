// SPDX-License-Identifier: Apache-2.0
// Hashes by OpenSSL, and hex. OpenSSL looks an algorithm up by its name, under locks: that is done once a program, and
// contexts are made once a thread.
#include "crypto/hashes.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <charconv>
#include <new>

#include "crypto/openssl_handles.h"

namespace vigil::crypto {

namespace {

using openssl::Handle;

constexpr char kDigits[] = "0123456789abcdef";

Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> make_hmac() {
  const Handle<EVP_MAC, EVP_MAC_free> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> context(hmac == nullptr ? nullptr : EVP_MAC_CTX_new(hmac.get()));
  char digest[] = "SHA256";
  const std::array parameters = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
  if (context == nullptr || EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) throw std::bad_alloc();
  return context;
}

}  // namespace

Hash sha256(std::string_view bytes) {
  static const Handle<EVP_MD, EVP_MD_free> digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  thread_local const openssl::DigestContext context(EVP_MD_CTX_new());
  Hash hash;
  if (EVP_DigestInit_ex2(context.get(), digest.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) != 1)
    throw std::bad_alloc();
  return hash;
}

Hash hmac_sha256(std::string_view key, std::string_view bytes) {
  thread_local const auto context = make_hmac();
  // No key at all would be taken for "the key of before".
  const auto* const key_bytes = openssl::bytes_of(key.data() == nullptr ? std::string_view("") : key);
  Hash hash;
  size_t size = 0;
  if (EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) != 1 ||
      EVP_MAC_update(context.get(), openssl::bytes_of(bytes), bytes.size()) != 1 ||
      EVP_MAC_final(context.get(), hash.data(), &size, hash.size()) != 1)
    throw std::bad_alloc();
  return hash;
}

std::optional<Hash> to_hash(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string to_hex(uint64_t number) {
  std::string text(2 * sizeof number, '0');
  for (size_t at = text.size(); number != 0; number >>= 4) text[--at] = kDigits[number & 15];
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc() || end != text.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

}  // namespace vigil::crypto
