// SPDX-License-Identifier: Apache-2.0
// Keys that signatures are checked with (RFC 7517, RFC 7518), on OpenSSL inside.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vigil::hooks {

/// What CDS Hooks 2.0.1 ("Trusting CDS Clients") asks services to support. There is no other: not `none`, and none that
/// signs and checks with one key.
enum class SignatureAlgorithm : uint8_t { kEs384, kRs384 };

/// One public key. Immutable; used by any thread.
class PublicKey {
 public:
  struct Content;
  explicit PublicKey(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

  const std::string& id() const;
  SignatureAlgorithm algorithm() const;
  /// Whether `signature` (as JWS has it: for ES384 two numbers of 48 bytes) is the key's over `text`.
  bool verifies(std::string_view text, std::string_view signature) const;

 private:
  std::shared_ptr<const Content> content_;
};

/// The keys of a JSON Web Key Set that can be used: EC on P-384 and RSA of 2048 bits or more, with an id, for
/// signatures. Others are passed over; a text that is no key set gives none.
std::vector<PublicKey> read_key_set(std::string_view json);

}  // namespace vigil::hooks
