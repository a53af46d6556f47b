// SPDX-License-Identifier: Apache-2.0
// Hashes by OpenSSL, and hex.
#include "decision-log/hashes.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <memory>
#include <new>

namespace vigil::decision_log {

namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// SHA-256 over texts that follow each other. OpenSSL looks an algorithm up by its name, under locks: once a program;
/// and a context is made once a thread.
Hash sha256_of(std::initializer_list<std::string_view> texts) {
  static const std::unique_ptr<EVP_MD, FreeDigest> digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  Hash hash;
  if (EVP_DigestInit_ex2(context.get(), digest.get(), nullptr) != 1) throw std::bad_alloc();
  for (const auto text : texts) EVP_DigestUpdate(context.get(), text.data(), text.size());
  EVP_DigestFinal_ex(context.get(), hash.data(), nullptr);
  return hash;
}

}  // namespace

Hash sha256(std::string_view bytes) { return sha256_of({bytes}); }

Hash hmac_sha256(std::string_view key, std::string_view bytes) {
  constexpr size_t kBlock = 64;
  const Hash short_key = key.size() > kBlock ? sha256(key) : Hash{};
  if (key.size() > kBlock) key = bytes_of(short_key);
  std::array<char, kBlock> inner;
  std::array<char, kBlock> outer;
  for (size_t i = 0; i < kBlock; ++i) {
    const char c = i < key.size() ? key[i] : '\0';
    inner[i] = static_cast<char>(c ^ 0x36);
    outer[i] = static_cast<char>(c ^ 0x5C);
  }
  const auto inside = sha256_of({{inner.data(), inner.size()}, bytes});
  return sha256_of({{outer.data(), outer.size()}, bytes_of(inside)});
}

std::optional<Hash> to_hash(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
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

}  // namespace vigil::decision_log
