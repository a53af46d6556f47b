// SPDX-License-Identifier: Apache-2.0
// Seals and opens by OpenSSL.
#include "decision-log/key_ring.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "crypto/aes_gcm.h"

namespace vigil::decision_log {
namespace {

constexpr size_t kNonce = 12;
constexpr size_t kTag = 16;

const EVP_CIPHER* aes_256_gcm() {
  static const crypto::Cipher cipher = crypto::find_cipher("AES-256-GCM");
  return cipher.get();
}

/// Fresh random bytes; OpenSSL takes as long to give many as to give few. Of a thread's own stock.
bool make_nonce(unsigned char* nonce) {
  thread_local std::array<unsigned char, 64 * kNonce> stock;
  thread_local size_t used = stock.size();
  if (used == stock.size()) {
    if (RAND_bytes(stock.data(), static_cast<int>(stock.size())) != 1) return false;
    used = 0;
  }
  std::copy_n(stock.begin() + static_cast<std::ptrdiff_t>(used), kNonce, nonce);
  used += kNonce;
  return true;
}

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text, size_t at) { return reinterpret_cast<unsigned char*>(text.data() + at); }

}  // namespace

bool KeyRing::add(std::string_view hex) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!hex.empty() && is_space(hex.back())) hex.remove_suffix(1);
  while (!hex.empty() && is_space(hex.front())) hex.remove_prefix(1);
  auto bytes = crypto::from_hex(hex);
  if (!bytes || bytes->size() != 32) return false;
  Key key;
  key.id = crypto::to_hex(crypto::sha256(*bytes)).substr(0, 16);
  key.chain = std::string(crypto::bytes_of(crypto::hmac_sha256(*bytes, "vigil decision log: chain")));
  key.bytes = std::move(*bytes);
  keys_.push_back(std::move(key));
  return true;
}

const KeyRing::Key* KeyRing::find(std::string_view id) const {
  const auto at = std::ranges::find(keys_, id, &Key::id);
  return at == keys_.end() ? nullptr : &*at;
}

std::optional<std::string> KeyRing::seal(std::string_view text, std::string_view context) const {
  if (keys_.empty()) return std::string(text);
  std::string sealed(kNonce + text.size() + kTag, '\0');
  if (!make_nonce(raw(sealed, 0))) return std::nullopt;
  auto* cipher = crypto::cipher_context();
  int count = 0;
  const bool done =
      cipher != nullptr &&
      EVP_EncryptInit_ex2(cipher, aes_256_gcm(), raw(keys_.front().bytes), raw(sealed, 0), nullptr) == 1 &&
      EVP_EncryptUpdate(cipher, nullptr, &count, raw(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher, raw(sealed, kNonce), &count, raw(text), static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher, raw(sealed, kNonce + text.size()), &count) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, kTag, raw(sealed, kNonce + text.size())) == 1;
  return done ? std::optional(std::move(sealed)) : std::nullopt;
}

std::optional<std::string> KeyRing::open(std::string_view sealed, std::string_view context,
                                         std::string_view key_id) const {
  if (key_id.empty()) return std::string(sealed);
  const auto* key = find(key_id);
  if (key == nullptr || sealed.size() < kNonce + kTag) return std::nullopt;
  const size_t size = sealed.size() - kNonce - kTag;
  std::string text(size, '\0');
  std::string tag(sealed.substr(kNonce + size));
  auto* cipher = crypto::cipher_context();
  int count = 0;
  const bool done =
      cipher != nullptr && EVP_DecryptInit_ex2(cipher, aes_256_gcm(), raw(key->bytes), raw(sealed), nullptr) == 1 &&
      EVP_DecryptUpdate(cipher, nullptr, &count, raw(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher, raw(text, 0), &count, raw(sealed.substr(kNonce)), static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher, raw(text, size), &count) == 1;
  return done ? std::optional(std::move(text)) : std::nullopt;
}

std::optional<crypto::Hash> KeyRing::mac(std::string_view bytes, std::string_view key_id) const {
  if (key_id.empty()) return crypto::sha256(bytes);
  const auto* key = find(key_id);
  if (key == nullptr) return std::nullopt;
  return crypto::hmac_sha256(key->chain, bytes);
}

}  // namespace vigil::decision_log
