// SPDX-License-Identifier: Apache-2.0
// A rule pack as one file: its manifest, who signed it, and its files, each of which is what the manifest says.
//
//   auto pack = open_pack(bytes, "anticoagulation.vigilpack", sink);
//   if (pack && check_signature(*pack, trust, sink)) ...
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "packs/pack_archive.h"
#include "packs/pack_manifest.h"
#include "packs/signing_key.h"

namespace vigil {

/// What was read and found whole. Nothing of it is trusted yet: see check_signature() and try_pack().
struct PackFile {
  std::string name;  ///< of the file, for messages
  PackManifest manifest;
  std::string manifest_text;  ///< as it stands in the file; signatures are over these bytes
  std::vector<PackSignature> signatures;
  std::vector<PackMember> members;  ///< without manifest and signatures, sorted by path

  /// SHA-256 of the manifest, as hex digits: names the pack's content, whoever signed it.
  std::string digest() const;
  std::string to_bytes() const;
};

/// Paths of a pack that are not the author's.
inline constexpr std::string_view kManifestPath = "manifest.json";
inline constexpr std::string_view kSignaturesPath = "signatures.json";
/// Value sets of the pack's own stand below this; libraries of other packs that it includes below the next.
inline constexpr std::string_view kValueSetFolder = "value-sets/";
inline constexpr std::string_view kIncludeFolder = "include/";

/// VGL1241 where the bytes are no pack; VGL1242 where a file is missing, too many, or other than the manifest says.
std::optional<PackFile> open_pack(std::string_view bytes, const std::string& name, DiagnosticSink& sink);
/// The same from disk; VGL1202 where there is no such file.
std::optional<PackFile> read_pack(const std::filesystem::path& path, DiagnosticSink& sink);
/// The bytes of a file that is not too large; VGL1202 or VGL1241.
std::optional<std::string> read_pack_bytes(const std::filesystem::path& path, DiagnosticSink& sink);

/// Whose signatures count.
struct PackTrust {
  std::vector<PublicKey> keys;
  bool allows_unsigned = false;  ///< packs that nobody known signed, too; a signature that does not hold never passes
};

/// True where a trusted key signed the manifest. VGL1243 where none did; every signature that names a trusted key must
/// hold.
bool check_signature(const PackFile& pack, const PackTrust& trust, DiagnosticSink& sink);

/// The pack that a service uses now.
struct PackInForce {
  std::string version;  ///< empty: of no version, so that any is above
  std::string digest;   ///< empty: no file
};

/// True where the pack's version is above the one in force, or it is the same pack. VGL1247: old packs, signed long
/// ago, are how known mistakes come back; and one number is one content.
bool check_upgrade(const PackFile& pack, const PackInForce& in_force, DiagnosticSink& sink);

/// Adds the key's signature, in place of an earlier one of the same key.
bool sign_pack(PackFile& pack, const SigningKey& key);

}  // namespace vigil
