// SPDX-License-Identifier: Apache-2.0
// OpenSSL's EVP interface for Ed25519.
#include "packs/signing_key.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/hashes.h"
#include "crypto/openssl_handles.h"

namespace vigil {
namespace {

using openssl::bytes_of;
using openssl::DigestContext;
using openssl::KeyContext;
using KeyHandle = openssl::Key;
using Memory = openssl::Handle<BIO, BIO_free_all>;

constexpr size_t kSignatureSize = 64;

Memory memory_of(std::string_view text) { return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

std::string text_of(BIO* memory) {
  char* begin = nullptr;
  const long size = BIO_get_mem_data(memory, &begin);
  return size <= 0 ? std::string() : std::string(begin, static_cast<size_t>(size));
}

/// A PEM that asks for a passphrase is refused; nobody is asked at a terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

KeyHandle public_handle(const PublicKey& key) {
  return KeyHandle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
}

std::optional<PublicKey> public_key_of(const EVP_PKEY* handle) {
  PublicKey key;
  size_t size = key.bytes.size();
  if (EVP_PKEY_get_base_id(handle) != EVP_PKEY_ED25519) return std::nullopt;
  if (EVP_PKEY_get_raw_public_key(handle, key.bytes.data(), &size) != 1 || size != key.bytes.size())
    return std::nullopt;
  return key;
}

}  // namespace

std::string PublicKey::id() const {
  const std::string_view raw(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return crypto::to_hex(crypto::sha256(raw)).substr(0, 16);
}

std::string PublicKey::to_pem() const {
  const auto handle = public_handle(*this);
  const Memory memory(BIO_new(BIO_s_mem()));
  if (handle == nullptr || PEM_write_bio_PUBKEY(memory.get(), handle.get()) != 1) return {};
  return text_of(memory.get());
}

SigningKey::SigningKey(SigningKey&& other) noexcept : seed_(other.seed_), public_(other.public_) {
  OPENSSL_cleanse(other.seed_.data(), other.seed_.size());
}
SigningKey::~SigningKey() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

std::optional<SigningKey> SigningKey::from_handle(const void* handle) {
  const auto* key = static_cast<const EVP_PKEY*>(handle);
  SigningKey made;
  size_t size = made.seed_.size();
  const auto public_part = public_key_of(key);
  if (!public_part || EVP_PKEY_get_raw_private_key(key, made.seed_.data(), &size) != 1) return std::nullopt;
  made.public_ = *public_part;
  return made;
}

std::optional<SigningKey> SigningKey::generate() {
  const KeyContext context(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
  EVP_PKEY* raw = nullptr;
  if (context == nullptr || EVP_PKEY_keygen_init(context.get()) != 1 || EVP_PKEY_keygen(context.get(), &raw) != 1)
    return std::nullopt;
  const KeyHandle handle(raw);
  return from_handle(handle.get());
}

std::optional<SigningKey> SigningKey::read(std::string_view pem) {
  const auto memory = memory_of(pem);
  const KeyHandle handle(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  return handle == nullptr ? std::nullopt : from_handle(handle.get());
}

std::string SigningKey::sign(std::string_view message) const {
  const KeyHandle handle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed_.data(), seed_.size()));
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(kSignatureSize, '\0');
  size_t size = signature.size();
  const bool signs = handle != nullptr && context != nullptr &&
                     EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
                     EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                    bytes_of(message), message.size()) == 1;
  return signs ? signature : std::string();
}

std::string SigningKey::to_pem() const {
  const KeyHandle handle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed_.data(), seed_.size()));
  const Memory memory(BIO_new(BIO_s_secmem()));
  if (handle == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(memory.get(), handle.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return {};
  return text_of(memory.get());
}

std::optional<PublicKey> read_public_key(std::string_view pem) {
  const auto memory = memory_of(pem);
  const KeyHandle handle(PEM_read_bio_PUBKEY(memory.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  return handle == nullptr ? std::nullopt : public_key_of(handle.get());
}

bool verify_signature(const PublicKey& key, std::string_view message, std::string_view signature) {
  const auto handle = public_handle(key);
  const DigestContext context(EVP_MD_CTX_new());
  const bool holds =
      signature.size() == kSignatureSize && handle != nullptr && context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
  ERR_clear_error();
  return holds;
}

}  // namespace vigil
