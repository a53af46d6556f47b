// SPDX-License-Identifier: Apache-2.0
// The keys that sensitive columns are sealed with: AES-256-GCM (NIST SP 800-38D).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hashes.h"

namespace vigil::decision_log {

/// The key that seals, and older ones that only open. Without a key texts stay as they are. Immutable once filled; used
/// by any thread. A key must seal no more than 2^32 rows, since nonces are drawn at random: change it before.
class KeyRing {
 public:
  /// 32 bytes as 64 hex digits, white space around them aside; false where the text is no such key. The first one added
  /// seals.
  bool add(std::string_view hex);

  bool empty() const { return keys_.empty(); }
  /// Of the key that seals: the first 16 hex digits of its SHA-256. Empty without a key.
  std::string id() const { return keys_.empty() ? std::string() : keys_.front().id; }

  /// Nonce, cipher text and tag; bound to `context`, which must be given again to open. None where OpenSSL fails.
  std::optional<std::string> seal(std::string_view text, std::string_view context) const;
  /// None where the key is not here, or the bytes are not what it sealed in this context.
  std::optional<std::string> open(std::string_view sealed, std::string_view context, std::string_view key_id) const;
  /// Links of the chain are keyed, so that who can write to the store but has no key cannot make a chain that verifies.
  /// Plain SHA-256 where `key_id` is empty; none where the key is not here.
  std::optional<crypto::Hash> mac(std::string_view bytes, std::string_view key_id) const;

 private:
  struct Key {
    std::string id;
    std::string bytes;
    std::string chain;  ///< derived from it, for mac()
  };
  const Key* find(std::string_view id) const;
  std::vector<Key> keys_;
};

}  // namespace vigil::decision_log
