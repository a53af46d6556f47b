// SPDX-License-Identifier: Apache-2.0
// Seals and opens by OpenSSL.
#include "decision-log/key_ring.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

namespace vigil::decision_log {
namespace {

constexpr size_t kNonce = 12;
constexpr size_t kTag = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text, size_t at) { return reinterpret_cast<unsigned char*>(text.data() + at); }

}  // namespace

bool KeyRing::add(std::string_view hex) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!hex.empty() && is_space(hex.back())) hex.remove_suffix(1);
  while (!hex.empty() && is_space(hex.front())) hex.remove_prefix(1);
  auto bytes = from_hex(hex);
  if (!bytes || bytes->size() != 32) return false;
  Key key;
  key.id = to_hex(bytes_of(sha256(*bytes))).substr(0, 16);
  key.chain = std::string(bytes_of(hmac_sha256(*bytes, "vigil decision log: chain")));
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
  if (RAND_bytes(raw(sealed, 0), kNonce) != 1) return std::nullopt;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int count = 0;
  const bool done =
      cipher != nullptr &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(keys_.front().bytes), raw(sealed, 0)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &count, raw(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), raw(sealed, kNonce), &count, raw(text), static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), raw(sealed, kNonce + text.size()), &count) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, raw(sealed, kNonce + text.size())) == 1;
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
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int count = 0;
  const bool done =
      cipher != nullptr &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key->bytes), raw(sealed)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &count, raw(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), raw(text, 0), &count, raw(sealed.substr(kNonce)), static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), raw(text, size), &count) == 1;
  return done ? std::optional(std::move(text)) : std::nullopt;
}

std::optional<Hash> KeyRing::mac(std::string_view bytes, std::string_view key_id) const {
  if (key_id.empty()) return sha256(bytes);
  const auto* key = find(key_id);
  if (key == nullptr) return std::nullopt;
  return hmac_sha256(key->chain, bytes);
}

}  // namespace vigil::decision_log
