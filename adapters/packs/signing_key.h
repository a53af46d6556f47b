// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032) by OpenSSL: keys as PEM, as `openssl genpkey -algorithm ed25519` makes them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// A key that signatures are held against.
struct PublicKey {
  std::array<unsigned char, 32> bytes{};

  /// The first 16 hex digits of the SHA-256 of its 32 bytes: names it in signatures and messages.
  std::string id() const;
  /// SubjectPublicKeyInfo (RFC 8410).
  std::string to_pem() const;
  bool operator==(const PublicKey&) const = default;
};

/// A key that signs. Its bytes are overwritten when it goes; it cannot be copied or printed.
class SigningKey {
 public:
  ~SigningKey();
  SigningKey(SigningKey&& other) noexcept;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  SigningKey& operator=(SigningKey&&) = delete;

  const PublicKey& public_key() const { return public_; }
  /// 64 bytes.
  std::string sign(std::string_view message) const;
  /// PKCS #8, not encrypted: keep it where only its owner can read.
  std::string to_pem() const;

  /// None where the machine gives no randomness.
  static std::optional<SigningKey> generate();
  /// None where the text is no such key, or one of another kind.
  static std::optional<SigningKey> read(std::string_view pem);

 private:
  SigningKey() = default;
  static std::optional<SigningKey> from_handle(const void* handle);
  std::array<unsigned char, 32> seed_{};
  PublicKey public_;
};

/// None where the text is no Ed25519 public key as PEM.
std::optional<PublicKey> read_public_key(std::string_view pem);

/// Whether the signature is the key's, of this message.
bool verify_signature(const PublicKey& key, std::string_view message, std::string_view signature);

}  // namespace vigil
