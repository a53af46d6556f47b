// SPDX-License-Identifier: Apache-2.0
// Pseudonyms of patients, resources and users.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil::replay {

/// Keyed pseudonyms: HMAC-SHA-256 (RFC 2104), its first 96 bits as hexadecimal digits. Who does not have the key can
/// neither go back from one nor make one of an id they guess. Immutable.
class Pseudonyms {
 public:
  explicit Pseudonyms(std::string key) : key_(std::move(key)) {}
  /// `kind` tells apart what may have one id: "Patient", "trigger".
  std::string of(std::string_view kind, std::string_view id) const;

 private:
  std::string key_;
};

/// The bytes of a file that hold a key; VGL1225 where it cannot be read or has fewer than 16 bytes.
std::optional<std::string> read_pseudonym_key(const std::string& path, DiagnosticSink& sink);
/// The key kept in a run's own folder, made at random (32 bytes, mode 0600) where there is none; VGL1225.
std::optional<std::string> keep_pseudonym_key(const std::string& folder, DiagnosticSink& sink);

}  // namespace vigil::replay
